<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31">
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b1">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000001</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:eindRegistratie>2021-06-03T09:12:07.000</imgeo-s:eindRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>groenvoorziening</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>gras- en kruidachtigen</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250100.000 475100.000 250138.000 475100.000 250138.000 475110.000 250100.000 475110.000 250100.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
    <imgeo-s:kruinlijn><gml:LineString><gml:posList>250100.000 475100.000 250138.000 475100.000</gml:posList></gml:LineString></imgeo-s:kruinlijn>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b2">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000001</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>groenvoorziening</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>gras- en kruidachtigen</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250100.000 475100.000 250140.000 475100.000 250140.000 475110.000 250100.000 475110.000 250100.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
    <imgeo-s:kruinlijn><gml:LineString><gml:posList>250100.000 475100.000 250140.000 475100.000</gml:posList></gml:LineString></imgeo-s:kruinlijn>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b3">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0164.00000000000000000000000000000002</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0164</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>1</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>gemengd bos</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250100.000 475120.000 250140.000 475120.000 250140.000 475128.000 250100.000 475128.000 250100.000 475120.000</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>250104.000 475122.000 250106.000 475122.000 250106.000 475124.000 250104.000 475124.000 250104.000 475122.000</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b4">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:objectEindTijd>2020-02-01</imgeo-s:objectEindTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000003</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>groenvoorziening</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>gras- en kruidachtigen</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250100.000 475140.000 250105.000 475140.000 250105.000 475145.000 250100.000 475145.000 250100.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b5">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000004</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>plan</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>groenvoorziening</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>gras- en kruidachtigen</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250110.000 475140.000 250115.000 475140.000 250115.000 475145.000 250110.000 475145.000 250110.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
  <gml:featureMember><imgeo-s:BegroeidTerreindeel gml:id="b6">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000005</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>historie</imgeo-s:plus-status>
    <imgeo-s:bgt-fysiekVoorkomen>gemengd bos</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250120.000 475140.000 250125.000 475140.000 250125.000 475145.000 250120.000 475145.000 250120.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:BegroeidTerreindeel></gml:featureMember>
</gml:FeatureCollection>
