"""What an indicator of the map says, and what it does not: one sentence each, for a reader who plans and does not compute.

The definition stands in the declaration of the indicator. Here stands how to read it, with the caution that changes a
conclusion most often. Radii and sizes that the config can change are named as the usual ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract import Text


@dataclass(frozen=True)
class Advice:
    """How to read one indicator.

    Attributes
    ----------
    short
        Label of at most 14 characters, for a narrow list.
    says
        What a high and a low value mean, in one sentence.
    says_not
        What must not be read in it, in one sentence.
    """

    short: Text
    says: Text
    says_not: Text


#: Column -> how to read it, for every indicator of the maps.
ADVICE: Mapping[str, Advice] = {
    "inhabitants_per_km2": Advice(
        Text("Inwoners", "Inhabitants"),
        Text("Hoog: er wonen veel mensen dicht bij elkaar; laag: er wonen er weinig, zoals op een bedrijventerrein of buiten de stad.",
             "High: many people live close together; low: few live there, as in a business park or out of town."),
        Text("Het zegt niet hoe hoog of dicht er gebouwd is, en waar weinig mensen wonen is het onzeker, omdat het CBS aantallen afrondt op vijf en kleine aantallen niet geeft.",
             "It does not say how high or how closely it is built, and where few people live it is uncertain, as Statistics Netherlands (CBS) rounds numbers to five and withholds small ones."),
    ),
    "dwellings_per_ha": Advice(
        Text("Woningen", "Dwellings"),
        Text("Hoog: veel woningen op weinig grond, meestal appartementen of smalle rijhuizen; laag: ruim opgezet, of er is weinig plaats voor wonen.",
             "High: many dwellings on little ground, mostly flats or narrow terraces; low: spaciously laid out, or little of it is for housing."),
        Text("Straten, water en bedrijven tellen mee in de grond, dus het is lager dan de dichtheid van een bouwplan, en hoe groot de woningen zijn zegt het niet.",
             "Streets, water and businesses count in the ground, so it is lower than the density of a building plan, and it does not say how large the dwellings are."),
    ),
    "usable_area_m2_per_dwelling": Advice(
        Text("Woninggrootte", "Dwelling size"),
        Text("Hoog: de woningen zijn gemiddeld groot; laag: ze zijn gemiddeld klein, zoals waar veel appartementen staan.",
             "High: the dwellings are large on average; low: they are small on average, as where there are many flats."),
        Text("Een gemiddelde zegt niet of er grote en kleine woningen door elkaar staan, en het gaat om vloer binnenshuis, niet om de tuin of het aantal kamers.",
             "A mean does not say whether large and small dwellings stand side by side, and it is about floor indoors, not about the garden or the number of rooms."),
    ),
    "age_65_plus_share": Advice(
        Text("65 en ouder", "65 and over"),
        Text("Hoog: een groot deel van de inwoners is 65 jaar of ouder; laag: er wonen vooral jongere mensen (in heel Nederland is het ongeveer een op de vijf).",
             "High: many of the inhabitants are 65 or older; low: mostly younger people live there (in the Netherlands it is about one in five)."),
        Text("Het zegt niet om hoeveel mensen het gaat, en waar weinig mensen wonen is het geschat of leeg, omdat het CBS kleine aantallen niet geeft.",
             "It does not say how many people they are, and where few live it is estimated or empty, as Statistics Netherlands (CBS) withholds small numbers."),
    ),
    "fsi_gross": Advice(
        Text("Vloer (FSI)", "Floor (FSI)"),
        Text("Hoog: veel vloer op weinig grond, dus hoge gebouwen of gebouwen dicht op elkaar (bij 1 is er evenveel vloer als grond); laag: ruim opgezet of onbebouwd.",
             "High: much floor on little ground, so high buildings or buildings close together (at 1 there is as much floor as ground); low: spacious or not built on."),
        Text("Straten, parken en water tellen mee in de grond en de vloer is berekend uit het register van gebouwen (BAG), dus vergelijk het niet met de FSI van een los bouwplan.",
             "Streets, parks and water count in the ground and the floor is worked out from the register of buildings (BAG), so don't compare it with the FSI of a single building plan."),
    ),
    "gsi": Advice(
        Text("Bebouwd (GSI)", "Built on (GSI)"),
        Text("Hoog: een groot deel van de grond ligt onder gebouwen (0,5 is de helft); laag: er is veel open grond.",
             "High: much of the ground lies under buildings (0.5 is half of it); low: there is much open ground."),
        Text("Het zegt niet hoe hoog er gebouwd is, en ook niet of de open grond groen is of bestraat.",
             "It does not say how high it is built, nor whether the open ground is green or paved."),
    ),
    "building_layers": Advice(
        Text("Bouwlagen", "Layers"),
        Text("Hoog: er wordt gemiddeld hoog gebouwd; laag: het zijn vooral hallen, schuren en huizen met één laag.",
             "High: buildings are high on average; low: they are mostly halls, sheds and houses of one storey."),
        Text("Het is vloer gedeeld door bebouwde grond en geen telling van verdiepingen: schuren zonder adres hebben wel grond maar geen vloer en maken het cijfer lager.",
             "It is floor divided by built ground and no count of storeys: sheds without an address have ground but no floor and make it lower."),
    ),
    "osr": Advice(
        Text("Open ruimte", "Open space"),
        Text("Hoog: er is veel onbebouwde grond voor elke vierkante meter vloer; laag: wie er woont en werkt deelt weinig open grond.",
             "High: there is much unbuilt ground for each square metre of floor; low: those who live and work there share little open ground."),
        Text("Open is alles wat niet bebouwd is, ook straten, spoor, parkeerplaatsen en akkers, dus het zegt niet of u er mag komen of of het er prettig is.",
             "Open is all that is not built on, streets, tracks, car parks and fields among it, so it does not say whether you may enter it or whether it is pleasant."),
    ),
    "floor_area_work_m2_per_ha": Advice(
        Text("Werkruimte", "Work space"),
        Text("Hoog: er is veel vloer voor kantoren, winkels, industrie en voorzieningen; laag: er is binnen weinig plaats om te werken.",
             "High: there is much floor for offices, shops, industry and amenities; low: there is little room indoors to work in."),
        Text("Het zegt niet of de vloer in gebruik is of hoeveel mensen er werken, en bij een adres met meer functies is de vloer gelijk over die functies verdeeld.",
             "It does not say whether the floor is in use or how many people work there, and at an address with several uses the floor is split equally over them."),
    ),
    "jobs_estimate_per_ha": Advice(
        Text("Banen", "Jobs"),
        Text("Hoog: in de gebouwen is plaats voor veel banen; laag: er is plaats voor weinig banen.",
             "High: the buildings have room for many jobs; low: they have room for few."),
        Text("Het is een schatting uit vloer en een vast aantal vierkante meters per baan, geen telling: leegstand telt mee, en werk aan huis of buiten ontbreekt.",
             "It is an estimate from floor area and a fixed number of square metres per job, no count: empty floor is in it, and work at home or outdoors is not."),
    ),
    "mxi": Advice(
        Text("Menging (MXI)", "Mix (MXI)"),
        Text("Hoog: bijna alle vloer is om te wonen (1 is alles); laag: bijna alle vloer is voor werk en voorzieningen; rond 0,5 zijn ze in evenwicht.",
             "High: nearly all floor is for housing (1 is all of it); low: nearly all floor is for work and amenities; around 0.5 they are in balance."),
        Text("Het zegt niet om hoeveel vloer het gaat, dus één gebouw in een leeg vierkant geeft al 0 of 1, en of er kantoren, winkels of fabrieken staan laat het niet zien.",
             "It does not say how much floor there is, so one building in an empty square gives 0 or 1, and it does not show whether there are offices, shops or factories."),
    ),
    "oad_per_km2": Advice(
        Text("Stedelijkheid", "Urbanity"),
        Text("Hoog: rond de adressen liggen veel andere adressen, dus het is er stedelijk (CBS: vanaf 2.500 zeer sterk stedelijk); laag: het is er landelijk.",
             "High: many other addresses lie around those here, so it is urban (CBS: very strongly urban from 2,500); low: it is rural."),
        Text("Het telt adressen in een cirkel rond elk adres (CBS: 1 km), dus een bijna leeg gebied naast een centrum krijgt ook een hoog cijfer, en adressen over de landsgrens tellen niet mee.",
             "It counts addresses in a circle around each address (CBS: 1 km), so a nearly empty area beside a centre gets a high figure too, and addresses across the border don't count."),
    ),
    "station_walk_distance_m": Advice(
        Text("Naar station", "To a station"),
        Text("Laag: de woningen liggen gemiddeld dicht bij een station (800 m is ongeveer tien minuten lopen); hoog: het is ver lopen.",
             "Low: the dwellings are near a station on average (800 m is about ten minutes on foot); high: it is a long walk."),
        Text("Paden zonder naam, zoals door een park, staan niet in het wegennet (NWB), dus de echte weg kan korter zijn, en hoe vaak er een trein stopt zegt het niet.",
             "Paths without a name, as through a park, are not in the road network (NWB), so the real way can be shorter, and it does not say how often a train stops."),
    ),
    "dwellings_walk_800m_share": Advice(
        Text("Station 800 m", "Station 800 m"),
        Text("Hoog: de meeste woningen hebben een station binnen 800 m lopen, ongeveer tien minuten; laag: de meeste hebben dat niet.",
             "High: most dwellings have a station within 800 m on foot, about ten minutes; low: most have none."),
        Text("Het is een ondergrens, omdat paden zonder naam in het wegennet ontbreken (de bovengrens is het deel dat hemelsbreed binnen 800 m ligt), en hoe vaak er een trein stopt zegt het niet.",
             "It is a lower bound, as paths without a name are not in the road network (the upper bound is the share within 800 m as the crow flies), and it does not say how often a train stops."),
    ),
    "green_walk_distance_m": Advice(
        Text("Naar groen", "To green"),
        Text("Laag: een park, bos of natuurgebied is gemiddeld dichtbij; hoog: het is ver lopen.",
             "Low: a park, wood or nature area is near on average; high: it is a long walk."),
        Text("Alleen groen vanaf de ingestelde grootte telt (gewoonlijk 1 hectare), ook als het niet openbaar is; een plantsoen, een bomenrij of een tuin telt niet.",
             "Only green from the set size on counts (usually 1 hectare), public or not; a small garden square, a row of trees or a garden does not."),
    ),
    "dwellings_green_300m_share": Advice(
        Text("Groen 300 m", "Green 300 m"),
        Text("Hoog: de meeste woningen hebben een park, bos of natuurgebied binnen 300 m lopen, zoals de vuistregel 3-30-300 vraagt; laag: de meeste hebben dat niet.",
             "High: most dwellings have a park, wood or nature area within 300 m on foot, as the 3-30-300 rule asks; low: most have none."),
        Text("Het zegt niet of u erin mag of hoe goed het groen is, en door paden die in het wegennet ontbreken kan het echte deel hoger zijn.",
             "It does not say whether you may enter it or how good the green is, and as the road network lacks paths the real share can be higher."),
    ),
    "ground_green_share": Advice(
        Text("Groene grond", "Green ground"),
        Text("Hoog: veel van de grond is beplant of begroeid, ook als akker of weiland; laag: er is weinig groen.",
             "High: much of the ground is planted or overgrown, fields and meadows among it; low: there is little green."),
        Text("Tuinen tellen niet mee: de kaart van de grond (BGT) noemt ze ‘erf’ en zegt niet of er planten of tegels liggen, dus in een woonbuurt is er meer groen dan dit.",
             "Gardens don't count: the map of the ground (BGT) calls them “yard” and does not say whether there are plants or tiles, so in a residential area there is more green than this."),
    ),
    "ground_paved_share": Advice(
        Text("Verharding", "Paving"),
        Text("Hoog: veel grond is straat, plein, parkeerplaats of spoorbaan; laag: er is weinig verhard.",
             "High: much of the ground is street, square, car park or track bed; low: little of it is paved."),
        Text("Gebouwen en erven tellen niet mee, en of een erf betegeld is zegt de kaart van de grond (BGT) niet: op een bedrijventerrein is vaak meer verhard dan dit.",
             "Buildings and yards don't count, and the map of the ground (BGT) does not say whether a yard is paved: in a business park more is often paved than this."),
    ),
    "tree_canopy_share": Advice(
        Text("Boomkronen", "Tree canopy"),
        Text("Hoog: veel grond ligt onder boomkronen (de vuistregel 3-30-300 vraagt 30 % per buurt); laag: er staan weinig of kleine bomen.",
             "High: much of the ground lies under the crowns of trees (the 3-30-300 rule asks for 30% per neighbourhood); low: trees are few or small."),
        Text("Het is alleen bekend waar hoogten geladen zijn, rond de corridor, en alles buiten gebouwen dat hoog genoeg is telt als boom, dus ook masten, draden en viaducten.",
             "It is known only where heights were loaded, around the corridor, and all that is high enough outside buildings counts as a tree, masts, wires and viaducts among it."),
    ),
    "land_use_built_up_share": Advice(
        Text("Bebouwd land", "Built-up land"),
        Text("Hoog: het gebied is vooral ingericht voor wonen, winkels, voorzieningen of bedrijven; laag: het is vooral landbouw, natuur, recreatie, water of verkeer.",
             "High: the area is mostly laid out for housing, shops, amenities or businesses; low: it is mostly farmland, nature, recreation, water or traffic."),
        Text("Tuinen en straten ertussen tellen mee als bebouwd, en de kaart van het bodemgebruik (BBG) tekent vlakken vanaf ongeveer 1 hectare, dus een klein park valt weg in zijn omgeving.",
             "Gardens and streets in between count as built-up, and the map of land use (BBG) draws areas from about 1 hectare on, so a small park is lost in what surrounds it."),
    ),
    "land_use_entropy": Advice(
        Text("Mix van grond", "Land-use mix"),
        Text("Hoog: veel soorten grondgebruik komen ongeveer even veel voor; laag: één soort overheerst (0 is één soort).",
             "High: many kinds of land use take about as much each; low: one kind prevails (0 is one kind)."),
        Text("Het zegt niet welke soorten het zijn of of ze goed samengaan, en een groot gebied scoort vanzelf hoger dan een klein vierkant, dus vergelijk alleen gebieden van één niveau.",
             "It does not say which kinds they are or whether they go well together, and a large area scores higher than a small square by itself, so compare areas of one level only."),
    ),
}  # fmt: skip
