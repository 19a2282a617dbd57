<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31">
  <gml:featureMember><imgeo-s:Pand gml:id="b1">
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
    <imgeo-s:identificatieBAGPND>0153100000000101</imgeo-s:identificatieBAGPND>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250700.000 475100.000 250711.000 475100.000 250711.000 475111.000 250700.000 475111.000 250700.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250701.000 475101.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
  <gml:featureMember><imgeo-s:Pand gml:id="b2">
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
    <imgeo-s:identificatieBAGPND>0153100000000101</imgeo-s:identificatieBAGPND>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250700.000 475100.000 250712.000 475100.000 250712.000 475112.000 250700.000 475112.000 250700.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250701.000 475101.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
  <gml:featureMember><imgeo-s:Pand gml:id="b3">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0164.00000000000000000000000000000002</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0164</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>0</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250730.000 475100.000 250738.000 475100.000 250738.000 475108.000 250730.000 475108.000 250730.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250750.000 475100.000 250754.000 475100.000 250754.000 475104.000 250750.000 475104.000 250750.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250731.000 475101.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
  <gml:featureMember><imgeo-s:Pand gml:id="b4">
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
    <imgeo-s:identificatieBAGPND>0153100000000105</imgeo-s:identificatieBAGPND>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250700.000 475140.000 250715.000 475140.000 250715.000 475155.000 250700.000 475155.000 250700.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250701.000 475141.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
  <gml:featureMember><imgeo-s:Pand gml:id="b5">
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
    <imgeo-s:identificatieBAGPND>0153100000000107</imgeo-s:identificatieBAGPND>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250720.000 475140.000 250735.000 475140.000 250735.000 475155.000 250720.000 475155.000 250720.000 475140.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250721.000 475141.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
  <gml:featureMember><imgeo-s:Pand gml:id="b6">
    <imgeo-s:objectBeginTijd>2014-10-31</imgeo-s:objectBeginTijd>
    <imgeo-s:identificatie.namespace>NL.IMGeo</imgeo-s:identificatie.namespace>
    <imgeo-s:identificatie.lokaalID>G0164.00000000000000000000000000000005</imgeo-s:identificatie.lokaalID>
    <imgeo-s:tijdstipRegistratie>2021-06-03T09:12:07.000</imgeo-s:tijdstipRegistratie>
    <imgeo-s:LV-publicatiedatum>2021-06-03T14:55:41.000</imgeo-s:LV-publicatiedatum>
    <imgeo-s:bronhouder>G0164</imgeo-s:bronhouder>
    <imgeo-s:inOnderzoek>false</imgeo-s:inOnderzoek>
    <imgeo-s:relatieveHoogteligging>1</imgeo-s:relatieveHoogteligging>
    <imgeo-s:bgt-status>bestaand</imgeo-s:bgt-status>
    <imgeo-s:plus-status>geenWaarde</imgeo-s:plus-status>
    <imgeo-s:identificatieBAGPND>0164100000000104</imgeo-s:identificatieBAGPND>
    <imgeo-s:geometrie2d><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>250770.000 475100.000 250776.000 475100.000 250776.000 475106.000 250770.000 475106.000 250770.000 475100.000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></imgeo-s:geometrie2d>
    <imgeo-s:nummeraanduidingreeks_1.tekst>07</imgeo-s:nummeraanduidingreeks_1.tekst><imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt><gml:Point><gml:pos>250771.000 475101.000</gml:pos></gml:Point></imgeo-s:nummeraanduidingreeks_1.positie_1.plaatsingspunt>
  </imgeo-s:Pand></gml:featureMember>
</gml:FeatureCollection>
