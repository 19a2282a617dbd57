<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31">
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b1">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251000.500 475100.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b2">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251000.500 475100.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b3">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251000.500 475120.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b4">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251000.500 475140.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b5">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251010.500 475140.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b6">
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
    <imgeo-s:bgt-type>niet-bgt</imgeo-s:bgt-type>
    <imgeo-s:plus-type>boom</imgeo-s:plus-type>
    <imgeo-s:geometrie2d><gml:Point><gml:pos>251020.500 475140.000</gml:pos></gml:Point></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b7">
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000015</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2017-02-02T10:00:00.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-type>haag</imgeo-s:bgt-type>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251000.000 475180.000 251040.000 475180.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
  <gml:featureMember><imgeo-s:VegetatieObject gml:id="b8">
    <imgeo-s:identificatie.lokaalID>G0153.00000000000000000000000000000016</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2017-02-02T10:00:00.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:bronhouder>G0153</imgeo-s:bronhouder>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-type>haag</imgeo-s:bgt-type>
    <imgeo-s:geometrie2d><gml:LineString><gml:posList>251000.000 475190.000 251040.000 475190.000</gml:posList></gml:LineString></imgeo-s:geometrie2d>
  </imgeo-s:VegetatieObject></gml:featureMember>
</gml:FeatureCollection>
