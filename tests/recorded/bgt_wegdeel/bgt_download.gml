<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31">
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b1">
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
    <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
    <imgeo-s:plus-functie>verbindingsweg</imgeo-s:plus-functie>
    <imgeo-s:bgt-fysiekVoorkomen>gesloten verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>asfalt</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475100.000 250338.000 475100.000 250338.000 475110.000 250300.000 475110.000 250300.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
    <imgeo-s:kruinlijn><gml:LineString><gml:posList>250300.000 475100.000 250338.000 475100.000</gml:posList></gml:LineString></imgeo-s:kruinlijn>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b2">
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
    <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
    <imgeo-s:plus-functie>verbindingsweg</imgeo-s:plus-functie>
    <imgeo-s:bgt-fysiekVoorkomen>gesloten verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>asfalt</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475100.000 250340.000 475100.000 250340.000 475110.000 250300.000 475110.000 250300.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
    <imgeo-s:kruinlijn><gml:LineString><gml:posList>250300.000 475100.000 250340.000 475100.000</gml:posList></gml:LineString></imgeo-s:kruinlijn>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b3">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0164.00000000000000000000000000000002</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0164</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>-1</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>fietspad</imgeo-s:bgt-functie>
    <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475120.000 250340.000 475120.000 250340.000 475128.000 250300.000 475128.000 250300.000 475120.000</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>250304.000 475122.000 250306.000 475122.000 250306.000 475124.000 250304.000 475124.000 250304.000 475122.000</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b4">
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
    <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
    <imgeo-s:plus-functie>verbindingsweg</imgeo-s:plus-functie>
    <imgeo-s:bgt-fysiekVoorkomen>gesloten verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>asfalt</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475140.000 250305.000 475140.000 250305.000 475145.000 250300.000 475145.000 250300.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b5">
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
    <imgeo-s:bgt-functie>rijbaan lokale weg</imgeo-s:bgt-functie>
    <imgeo-s:plus-functie>verbindingsweg</imgeo-s:plus-functie>
    <imgeo-s:bgt-fysiekVoorkomen>gesloten verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:plus-fysiekVoorkomen>asfalt</imgeo-s:plus-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250310.000 475140.000 250315.000 475140.000 250315.000 475145.000 250310.000 475145.000 250310.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b6">
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
    <imgeo-s:bgt-functie>fietspad</imgeo-s:bgt-functie>
    <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250320.000 475140.000 250325.000 475140.000 250325.000 475145.000 250320.000 475145.000 250320.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b7">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>L0002.00000000000000000000000000000007</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>L0002</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>overweg</imgeo-s:bgt-functie>
    <imgeo-s:bgt-fysiekVoorkomen>gesloten verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475160.000 250312.000 475160.000 250312.000 475168.000 250300.000 475168.000 250300.000 475160.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b8">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>L0002.00000000000000000000000000000007</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>L0002</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>spoorbaan</imgeo-s:bgt-functie>
    <imgeo-s:bgt-fysiekVoorkomen>half verhard</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250300.000 475160.000 250312.000 475160.000 250312.000 475169.000 250300.000 475169.000 250300.000 475160.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
  <gml:featureMember><imgeo-s:Wegdeel gml:id="b9">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000063</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>voetpad</imgeo-s:bgt-functie>
    <imgeo-s:bgt-fysiekVoorkomen>open verharding</imgeo-s:bgt-fysiekVoorkomen>
    <imgeo-s:geometrie2d><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>258400.000 476400.000 258410.000 476400.000 258410.000 476410.000 258400.000 476410.000 258400.000 476400.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo-s:geometrie2d>
  </imgeo-s:Wegdeel></gml:featureMember>
</gml:FeatureCollection>
