<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31">
  <gml:featureMember><imgeo-s:Spoor gml:id="b1">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>L0002.00000000000000000000000000000001</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:eindRegistratie>2021-06-03T09:12:07.000</imgeo-s:eindRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>L0002</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>trein</imgeo-s:bgt-functie>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251100.000 475100.000 251400.000 474930.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:Spoor></gml:featureMember>
  <gml:featureMember><imgeo-s:Spoor gml:id="b2">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>L0002.00000000000000000000000000000001</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>L0002</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>trein</imgeo-s:bgt-functie>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251100.000 475100.000 251250.000 475014.000 251400.000 474929.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:Spoor></gml:featureMember>
  <gml:featureMember><imgeo-s:Spoor gml:id="b3">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>L0002.00000000000000000000000000000002</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>L0002</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>1</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>trein</imgeo-s:bgt-functie>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251100.000 475104.000 251400.000 474934.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:Spoor></gml:featureMember>
  <gml:featureMember><imgeo-s:Spoor gml:id="b4">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:objectEindTijd>2018-11-30</imgeo-s:objectEindTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0164.00000000000000000000000000000003</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2016-01-15T11:35:50.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2016-01-15T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0164</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:bgt-functie>(haven)kraan</imgeo-s:bgt-functie>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251100.000 475120.000 251140.000 475120.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:Spoor></gml:featureMember>
  <gml:featureMember><imgeo-s:Spoor gml:id="b5">
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
    <imgeo-s:bgt-functie>tram</imgeo-s:bgt-functie>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251100.000 475130.000 251190.000 475130.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:Spoor></gml:featureMember>
</gml:FeatureCollection>
