"""The measures said once more, in SQL that DuckDB and PostGIS both read: from the definitions, not from our code.

NULL is a value that the sources do not give. A point strictly inside a unit counts for each such unit; on an edge it
counts for the first of these units by id, so that it counts once. Text is compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Functions of the BAG but housing, and whether they are work.
_FUNCTIONS = {
    "housing": ("woonfunctie", False), "office": ("kantoorfunctie", True), "industry": ("industriefunctie", True),
    "retail": ("winkelfunctie", True), "education": ("onderwijsfunctie", True),
    "health_care": ("gezondheidszorgfunctie", True), "assembly": ("bijeenkomstfunctie", True),
    "sport": ("sportfunctie", True), "lodging": ("logiesfunctie", True), "prison": ("celfunctie", True),
    "other": ("overige gebruiksfunctie", False),
}  # fmt: skip
_SIZES = {
    "below_50_m2": "usable < 50",
    "50_to_75_m2": "usable >= 50 AND usable < 75",
    "75_to_100_m2": "usable >= 75 AND usable < 100",
    "100_to_150_m2": "usable >= 100 AND usable < 150",
    "150_to_250_m2": "usable >= 150 AND usable < 250",
    "from_250_m2": "usable >= 250",
    "size_unknown": "usable IS NULL",
}
_YEARS = {
    "before_1945": "year BETWEEN 1006 AND 1944",
    "1945_to_1960": "year BETWEEN 1945 AND 1959",
    "1960_to_1970": "year BETWEEN 1960 AND 1969",
    "1970_to_1980": "year BETWEEN 1970 AND 1979",
    "1980_to_1990": "year BETWEEN 1980 AND 1989",
    "1990_to_2000": "year BETWEEN 1990 AND 1999",
    "2000_to_2010": "year BETWEEN 2000 AND 2009",
    "from_2010": "year BETWEEN 2010 AND 2100",
    "year_unknown": "(year IS NULL OR year < 1006 OR year > 2100)",
}
_GROUPS = {
    "traffic": 1, "built_up": 2, "semi_built": 3, "recreation": 4, "agriculture": 5, "nature": 6,
    "inland_water": 7, "outer_water": 8, "abroad": 9,
}  # fmt: skip
_CLASSES = {
    10: "railway", 11: "main_road", 20: "residential", 21: "retail", 22: "public", 23: "social", 24: "business",
    32: "cemetery", 34: "building_site", 40: "park", 41: "sports", 42: "allotment", 51: "farmland", 60: "woodland",
    75: "recreational_water", 78: "other_water",
}  # fmt: skip
_GROUND = ("green", "water", "paved", "built", "bare", "yard", "other")
#: Tables of the BGT in the order in which they have the ground.
BGT = (
    "bgt_pand", "bgt_overigbouwwerk", "bgt_kunstwerkdeel", "bgt_scheiding", "bgt_waterdeel", "bgt_wegdeel",
    "bgt_ondersteunendwegdeel", "bgt_ondersteunendwaterdeel", "bgt_begroeidterreindeel", "bgt_onbegroeidterreindeel",
)  # fmt: skip

_ADDRESS_COUNTS = (
    "('Verblijfsobject in gebruik', 'Verblijfsobject in gebruik (niet ingemeten)', 'Verbouwing verblijfsobject')"
)
_PAND_COUNTS = "('Pand in gebruik', 'Pand in gebruik (niet ingemeten)', 'Verbouwing pand')"
_NO_STREET = "('FP','VP','RP','VV','VD','PP','PC','PR','PKP','PKB','BST','CADO')"
_MAIN = "('HR','OPR','AFR','PST','TN','DST','VBD','VBI','VBS','VBR','VBK','VBW')"

#: The edge of a unit is as wide as this; what runs along it for less crosses it.
_EDGE_M, _CROSSING_M = 0.1, 1.0


def _addresses(settings: Mapping[str, float]) -> Iterator[str]:
    yield f"""CREATE TABLE address AS
SELECT id, coalesce(use, '') AS use, usable_area_m2 AS usable, coalesce(pand_ids, '') AS pand_ids, geom
FROM verblijfsobject WHERE status IN {_ADDRESS_COUNTS}"""
    yield """CREATE TABLE address_use AS SELECT DISTINCT id, use FROM (
  SELECT id, trim(unnest(string_to_array(use, ','))) AS use FROM address WHERE use <> '') AS u WHERE use <> ''"""
    yield """CREATE TABLE uses AS
SELECT id, count(*) AS n, max(CASE WHEN use = 'woonfunctie' THEN 1.0 ELSE 0.0 END) AS home
FROM address_use GROUP BY id"""
    yield """CREATE TABLE named AS SELECT DISTINCT id, pand FROM (
  SELECT id, trim(unnest(string_to_array(pand_ids, ','))) AS pand FROM address WHERE pand_ids <> '') AS p
WHERE pand <> ''"""
    yield """CREATE TABLE nameless AS SELECT a.id, p.id AS pand, ST_Touches(p.geom, a.geom) AS on_edge
FROM address a JOIN pand p ON ST_Intersects(p.geom, a.geom) WHERE a.id NOT IN (SELECT id FROM named)"""
    yield """CREATE TABLE address_pand AS
SELECT id, pand FROM named
UNION ALL SELECT id, pand FROM nameless WHERE NOT on_edge
UNION ALL SELECT id, min(pand) FROM nameless WHERE on_edge GROUP BY id"""
    yield """CREATE TABLE home_pand AS SELECT l.id, l.pand FROM address_pand l JOIN uses u ON u.id = l.id WHERE u.home = 1"""
    yield """CREATE TABLE alone AS SELECT l.id FROM home_pand l
JOIN (SELECT pand, count(*) AS homes FROM home_pand GROUP BY pand) AS h ON h.pand = l.pand
GROUP BY l.id HAVING max(h.homes) = 1"""
    yield """CREATE TABLE in_pand AS
SELECT l.pand, sum(a.usable * ST_Area(p.geom) / g.m2) AS floor_m2 FROM address_pand l
JOIN address a ON a.id = l.id JOIN pand p ON p.id = l.pand
JOIN (SELECT l.id, sum(ST_Area(p.geom)) AS m2 FROM address_pand l JOIN pand p ON p.id = l.pand GROUP BY l.id) AS g
  ON g.id = l.id
WHERE a.usable IS NOT NULL GROUP BY l.pand"""
    yield f"""CREATE TABLE high AS SELECT DISTINCT l.id FROM address_pand l
JOIN in_pand f ON f.pand = l.pand JOIN pand p ON p.id = l.pand
WHERE f.floor_m2 / {settings["usable_share_of_gross_multi_family"]} / ST_Area(p.geom)
      * {settings["storey_height_m"]} > 15"""
    parts = ", ".join(
        f"sum(CASE WHEN {when} THEN 1.0 ELSE 0.0 END) / count(*) AS {_column(name)}" for name, when in _YEARS.items()
    )
    yield f"""CREATE TABLE years AS SELECT l.id, {parts}
FROM address_pand l LEFT JOIN (SELECT id, construction_year AS year FROM pand) AS p ON p.id = l.pand GROUP BY l.id"""
    known = ", ".join(f"'{bag}'" for bag, _ in _FUNCTIONS.values())
    functions = ", ".join(
        f"coalesce(sum(CASE WHEN u.use = '{bag}'{f' OR u.use NOT IN ({known})' if name == 'other' else ''}"
        f" THEN 1.0 END) / max(s.n), 0) AS f_{name}"
        for name, (bag, _) in _FUNCTIONS.items()
    )
    yield f"CREATE TABLE function AS SELECT u.id, {functions} FROM address_use u JOIN uses s ON s.id = u.id GROUP BY u.id"
    work = " + ".join(f"f_{name}" for name, (_, is_work) in _FUNCTIONS.items() if is_work)
    per_job = {"office": "office", "industry": "industry", "retail": "retail"}
    jobs = " + ".join(
        f"f_{name} / {settings['usable_share_of_gross_other']}"
        f" / {settings['gross_m2_per_job_' + per_job.get(name, 'other')]}"
        for name, (_, is_work) in _FUNCTIONS.items()
        if is_work
    )
    years = ", ".join(
        f"CASE WHEN s.home = 1 THEN coalesce(y.{_column(n)}, {1.0 if n == 'year_unknown' else 0.0}) ELSE 0 END AS {_column(n)}"
        for n in _YEARS
    )
    f_columns = ", ".join(f"coalesce(f_{name}, 0) AS f_{name}" for name in _FUNCTIONS)
    share = settings
    yield f"""CREATE TABLE fact AS SELECT a.id, a.usable, coalesce(s.home, 0) AS home, {f_columns},
  coalesce({work}, 0) AS f_work, coalesce({jobs}, 0) AS f_jobs, CASE WHEN s.n > 0 THEN 1 ELSE 0 END AS f_use,
  CASE WHEN s.home = 1 AND l.id IS NOT NULL THEN 1.0 ELSE 0.0 END AS single,
  CASE WHEN s.home = 1 AND l.id IS NULL THEN 1.0 ELSE 0.0 END AS multi, {years},
  a.usable * (coalesce(f_housing, 0) / CASE WHEN h.id IS NOT NULL THEN {share["usable_share_of_gross_high_rise"]}
      WHEN l.id IS NOT NULL THEN {share["usable_share_of_gross_single_family"]}
      ELSE {share["usable_share_of_gross_multi_family"]} END
    + (1 - coalesce(f_housing, 0)) / {share["usable_share_of_gross_other"]}) AS gross
FROM address a LEFT JOIN uses s ON s.id = a.id LEFT JOIN function f ON f.id = a.id LEFT JOIN alone l ON l.id = a.id
LEFT JOIN high h ON h.id = a.id LEFT JOIN years y ON y.id = a.id"""
    yield """CREATE TABLE near AS SELECT u.kind, u.id AS unit, a.id, ST_Touches(u.geom, a.geom) AS on_edge
FROM unit u JOIN address a ON ST_Intersects(u.geom, a.geom)"""
    yield """CREATE TABLE inside AS SELECT kind, unit, id FROM near WHERE NOT on_edge
UNION ALL SELECT kind, min(unit), id FROM near WHERE on_edge GROUP BY kind, id"""


def _column(name: str) -> str:
    return f"c_{name}"


def _sum(part: str, amount: str = "usable") -> str:
    """Sum of an amount over rows with a part: 0 where there is none, NULL where none of those that have is measured."""
    return f"CASE WHEN sum(CASE WHEN {part} > 0 THEN 1 END) IS NULL THEN 0 ELSE sum(CASE WHEN {part} > 0 THEN {amount} * {part} END) END"


def _built() -> Iterator[str]:
    sums = [f"{_sum(f'f_{name}')} AS floor_area_{name}_m2" for name in _FUNCTIONS]
    sums += [
        f"{_sum('f_work')} AS floor_area_work_m2",
        f"{_sum('f_jobs')} AS jobs",
        f"{_sum('f_use')} AS with_use",
        f"{_sum('(1 - f_use)')} AS floor_area_without_use_m2",
        f"{_sum('home')} AS dwellings_usable_area_m2",
        "sum(gross) AS gross", "sum(usable) AS usable", "count(*) AS n", "count(usable) AS measured",
        "sum(home) AS homes", "sum(single) AS single", "sum(multi) AS multi",
        "sum(CASE WHEN home = 1 AND usable IS NOT NULL THEN 1 ELSE 0 END) AS homes_measured",
    ]  # fmt: skip
    sums += [f"sum(CASE WHEN home = 1 AND {when} THEN 1 ELSE 0 END) AS {_column(n)}" for n, when in _SIZES.items()]
    sums += [f"sum({_column(n)}) AS {_column(n)}" for n in _YEARS]
    yield f"""CREATE TABLE floor AS SELECT i.kind, i.unit, {", ".join(sums)}
FROM inside i JOIN fact f ON f.id = i.id GROUP BY i.kind, i.unit"""
    yield f"CREATE TABLE stands AS SELECT id, geom FROM pand WHERE status IN {_PAND_COUNTS}"
    yield """CREATE TABLE print AS SELECT u.kind, u.id AS unit, ST_Area({union}(
  CASE WHEN ST_Contains(u.geom, p.geom) THEN p.geom ELSE ST_Intersection(u.geom, p.geom) END)) AS m2
FROM unit u JOIN stands p ON ST_Intersects(u.geom, p.geom) GROUP BY u.kind, u.id"""


def _built_result() -> str:
    of = [f"{_zero(f'f.floor_area_{n}_m2')} AS floor_area_{n}_m2" for n in (*_FUNCTIONS, "work", "without_use")]
    of += [f"f.floor_area_{n}_m2 / nullif(f.with_use, 0) AS floor_area_{n}_share" for n in _FUNCTIONS]
    p = {n: f"(coalesce(f.floor_area_{n}_m2, 0) / nullif(f.with_use, 0))" for n in _FUNCTIONS}
    entropy = " + ".join(f"CASE WHEN {q} > 0 THEN -{q} * ln({q}) WHEN {q} = 0 THEN 0 END" for q in p.values())
    for n in (*_SIZES, *_YEARS):
        of.append(f"coalesce(f.{_column(n)}, 0) AS dwellings_{n}_count")
        if not n.endswith("unknown"):
            of.append(f"f.{_column(n)} / nullif(f.homes, 0) AS dwellings_{n}_share")
    mxi = "f.floor_area_housing_m2 / nullif(f.with_use, 0)"
    usable, gross = _zero("f.usable"), _zero("f.gross")
    ground = "coalesce(p.m2, 0)"
    area = "ST_Area(u.geom)"
    return f"""SELECT u.kind, u.id AS unit, {area} AS area_m2,
  coalesce(f.n, 0) AS addresses_count, coalesce(f.n, 0) / {area} * 1e6 AS addresses_per_km2,
  coalesce(f.homes, 0) AS dwellings_count, coalesce(f.homes, 0) / {area} * 1e4 AS dwellings_per_ha,
  coalesce(f.single, 0) AS dwellings_single_family_count, coalesce(f.multi, 0) AS dwellings_multi_family_count,
  {usable} AS floor_area_usable_m2, {usable} / {area} AS fsi_usable,
  f.measured * 1.0 / f.n AS floor_area_coverage_share,
  {gross} AS floor_area_gross_m2, {gross} / {area} AS fsi_gross,
  {ground} AS footprint_area_m2, {ground} / {area} AS gsi,
  {gross} / nullif(p.m2, 0) AS building_layers, (1 - {ground} / {area}) / nullif({gross} / {area}, 0) AS osr,
  {_zero("f.with_use")} AS floor_area_with_use_m2, {mxi} AS mxi, 1 - abs(2 * {mxi} - 1) AS mixedness,
  ({entropy}) / ln(11) AS function_entropy, f.floor_area_work_m2 / nullif(f.with_use, 0) AS floor_area_work_share,
  {_zero("f.jobs")} AS jobs_estimate_count, {_zero("f.jobs")} / {area} * 1e4 AS jobs_estimate_per_ha,
  {_zero("f.dwellings_usable_area_m2")} AS dwellings_usable_area_m2,
  f.dwellings_usable_area_m2 / nullif(f.homes_measured, 0) AS usable_area_m2_per_dwelling,
  {", ".join(of)}
FROM unit u LEFT JOIN floor f ON f.kind = u.kind AND f.unit = u.id LEFT JOIN print p ON p.kind = u.kind AND p.unit = u.id"""


def _zero(value: str) -> str:
    """0 where no address is in the unit; else the value, which can be NULL."""
    return f"CASE WHEN f.n IS NULL THEN 0 ELSE {value} END"


def _parts(table: str, code: str) -> str:
    return f"""CREATE TABLE {table}_part AS SELECT u.kind, u.id AS unit, b.{code} AS code,
  sum(ST_Area(CASE WHEN ST_Contains(u.geom, b.geom) THEN b.geom ELSE ST_Intersection(u.geom, b.geom) END)) AS m2
FROM unit u JOIN {table} b ON ST_Intersects(u.geom, b.geom) GROUP BY u.kind, u.id, b.{code}"""


def _land_use() -> Iterator[str]:
    yield _parts("bodemgebruik", "bbg_code")
    yield _parts("bodemgebruik_nieuw", "nbbg_code")


def _land_use_result() -> str:
    group = ", ".join(_share_of(f"floor(code / 10) = {d}", f"land_use_{n}_share") for n, d in _GROUPS.items())
    classes = ", ".join(_share_of(f"code = {c}", f"land_use_class_{n}_share") for c, n in _CLASSES.items())
    p = [f"(sum(CASE WHEN floor(code / 10) = {d} THEN m2 ELSE 0 END) / nullif(sum(CASE WHEN code < 70 THEN m2 ELSE 0 END), 0))"
         for d in range(1, 7)]  # fmt: skip
    entropy = " + ".join(f"CASE WHEN {q} > 0 THEN -{q} * ln({q}) WHEN {q} = 0 THEN 0 END" for q in p)
    return f"""SELECT u.kind, u.id AS unit, coalesce(c.land_use_covered_area_m2, 0) AS land_use_covered_area_m2,
  coalesce(c.land_use_covered_area_m2, 0) / ST_Area(u.geom) AS land_use_coverage_share,
  {", ".join(f"c.land_use_{n}_share" for n in _GROUPS)},
  {", ".join(f"c.land_use_class_{n}_share" for n in _CLASSES.values())}, c.land_use_entropy, c.land_use_hhi
FROM unit u LEFT JOIN (SELECT kind, unit, sum(m2) AS land_use_covered_area_m2, {group}, {classes},
  ({entropy}) / ln(6) AS land_use_entropy, {" + ".join(f"{q} * {q}" for q in p)} AS land_use_hhi
  FROM bodemgebruik_part WHERE m2 > 0 GROUP BY kind, unit) AS c ON c.kind = u.kind AND c.unit = u.id"""


def _land_use_new_result() -> str:
    group = ", ".join(_share_of(f"floor(code / 10) = {d}", f"land_use_new_{n}_share") for n, d in _GROUPS.items())
    return f"""SELECT u.kind, u.id AS unit, coalesce(c.m2, 0) AS land_use_new_covered_area_m2,
  {", ".join(f"c.land_use_new_{n}_share" for n in _GROUPS)}
FROM unit u LEFT JOIN (SELECT kind, unit, sum(m2) AS m2, {group} FROM bodemgebruik_nieuw_part WHERE m2 > 0
  GROUP BY kind, unit) AS c ON c.kind = u.kind AND c.unit = u.id"""


def _share_of(when: str, name: str) -> str:
    return f"sum(CASE WHEN {when} THEN m2 ELSE 0 END) / sum(m2) AS {name}"


def _ground() -> Iterator[str]:
    surface = """CASE WHEN word IN ('gesloten verharding', 'open verharding', 'half verhard') THEN 'paved'
    WHEN word IN ('onverhard', 'zand') THEN 'bare' WHEN word = 'groenvoorziening' THEN 'green'
    WHEN word = 'erf' THEN 'yard' ELSE 'other' END"""
    kinds = {
        "bgt_pand": ("''", "'built'"),
        "bgt_overigbouwwerk": ("type", "CASE WHEN word = 'bassin' THEN 'water' ELSE 'built' END"),
        "bgt_kunstwerkdeel": ("type", "CASE WHEN word IN ('perron', 'steiger', 'strekdam') THEN 'paved' ELSE 'built' END"),
        "bgt_scheiding": ("''", "'built'"),
        "bgt_waterdeel": ("''", "'water'"),
        "bgt_wegdeel": ("cover", surface),
        "bgt_ondersteunendwegdeel": ("cover", surface),
        "bgt_ondersteunendwaterdeel": ("type", "CASE WHEN word = 'oever, slootkant' THEN 'green' WHEN word = 'slik' THEN 'bare' ELSE 'other' END"),
        "bgt_begroeidterreindeel": ("cover", "CASE WHEN word IS NULL OR word = 'transitie' THEN 'other' ELSE 'green' END"),
        "bgt_onbegroeidterreindeel": ("cover", surface),
    }  # fmt: skip
    each = [
        f"""SELECT {rank} AS rank, id, {kinds[name][1]} AS sort, {"function" if name == "bgt_wegdeel" else "''"} AS function, geom
FROM (SELECT *, {kinds[name][0]} AS word FROM {name}) AS t WHERE level = 0"""
        for rank, name in enumerate(BGT)
    ]
    yield f"CREATE TABLE drawn AS {' UNION ALL '.join(each)}"
    yield "{index_drawn}"
    yield """CREATE TABLE above AS SELECT a.rank, a.id, {union}(b.geom) AS geom FROM drawn a JOIN drawn b
  ON ST_Intersects(a.geom, b.geom) WHERE (b.rank < a.rank OR (b.rank = a.rank AND b.id < a.id))
  AND NOT ST_Touches(a.geom, b.geom) GROUP BY a.rank, a.id"""
    yield """CREATE TABLE ground AS SELECT d.sort, d.function,
  CASE WHEN a.id IS NULL THEN d.geom ELSE ST_Difference(d.geom, a.geom) END AS geom
FROM drawn d LEFT JOIN above a ON a.rank = d.rank AND a.id = d.id"""
    yield "{index_ground}"
    yield """CREATE TABLE ground_part AS SELECT u.kind, u.id AS unit, g.sort, g.function,
  sum(ST_Area(CASE WHEN ST_Contains(u.geom, g.geom) THEN g.geom ELSE ST_Intersection(u.geom, g.geom) END)) AS m2
FROM unit u JOIN ground g ON ST_Intersects(u.geom, g.geom) GROUP BY u.kind, u.id, g.sort, g.function"""


def _ground_result() -> str:
    area = {k: f"sum(CASE WHEN sort = '{k}' THEN m2 ELSE 0 END)" for k in _GROUND}
    unknown = f"({area['yard']} + {area['other']})"
    public = f"({' + '.join(area[k] for k in ('green', 'water', 'paved', 'bare', 'other'))})"
    columns = {f"ground_{k}_area_m2": a for k, a in area.items()}
    columns |= {f"ground_{k}_share": f"{a} / sum(m2)" for k, a in area.items()}
    columns |= {
        "ground_paved_high_share": f"({area['paved']} + {unknown}) / sum(m2)",
        "ground_green_high_share": f"({area['green']} + {unknown}) / sum(m2)",
        "car_park_area_m2": "sum(CASE WHEN function = 'parkeervlak' THEN m2 ELSE 0 END)",
    }
    made = ", ".join(f"{what} AS {name}" for name, what in columns.items())
    tare = ", ".join(f"{area[k]} / nullif({public}, 0) AS tare_{k}_share" for k in ("green", "water", "paved", "bare"))
    net = "CASE WHEN c.covered >= 0.99 * ST_Area(u.geom) THEN c.ground_yard_area_m2 + c.ground_built_area_m2 END"
    gross = _zero("f.gross")
    return f"""SELECT u.kind, u.id AS unit, coalesce(c.covered, 0) AS ground_covered_area_m2,
  coalesce(c.covered, 0) / ST_Area(u.geom) AS ground_coverage_share, {", ".join(f"c.{name}" for name in columns)},
  {net} AS net_area_m2, 1 - {net} / ST_Area(u.geom) AS tare_share,
  {gross} / nullif({net}, 0) AS fsi_net, coalesce(p.m2, 0) / nullif({net}, 0) AS gsi_net,
  CASE WHEN {net} > 0 THEN ({net} - coalesce(p.m2, 0)) / nullif({gross}, 0) END AS osr_net,
  coalesce(f.homes, 0) * 1e4 / nullif({net}, 0) AS dwellings_net_per_ha,
  {", ".join(f"c.tare_{k}_share" for k in ("green", "water", "paved", "bare"))}
FROM unit u LEFT JOIN (SELECT kind, unit, sum(m2) AS covered, {made}, {tare} FROM ground_part WHERE m2 > 0
  GROUP BY kind, unit) AS c ON c.kind = u.kind AND c.unit = u.id
LEFT JOIN floor f ON f.kind = u.kind AND f.unit = u.id LEFT JOIN print p ON p.kind = u.kind AND p.unit = u.id"""


def _streets() -> Iterator[str]:
    yield f"""CREATE TABLE street AS SELECT id, geom FROM wegvak WHERE coalesce(carriageway, '') NOT IN {_NO_STREET}
  AND NOT (coalesce(road_authority, '') = 'R' AND coalesce(carriageway, '') IN {_MAIN})"""
    yield "CREATE TABLE edge AS SELECT kind, id AS unit, ST_Boundary(geom) AS geom, {buffer_edge} AS wide FROM unit"
    yield """CREATE TABLE street_in AS SELECT u.kind, u.id AS unit, s.id AS street, CASE WHEN ST_Contains(u.geom, s.geom)
  THEN s.geom ELSE ST_Intersection(s.geom, u.geom) END AS geom FROM unit u JOIN street s ON ST_Intersects(u.geom, s.geom)"""
    yield """CREATE TABLE beside AS SELECT kind, unit, street, {line} AS geom FROM (
  SELECT e.kind, e.unit, s.id AS street, {dump} AS d FROM edge e JOIN street s ON ST_Intersects(s.geom, e.wide)) AS t"""
    # What of a piece lies within is looked for in the street: the ends of the piece may lie off the edge by rounding.
    yield f"""CREATE TABLE street_edge AS SELECT b.kind, b.unit, sum(ST_Length(b.geom)) / 2 AS half,
  sum(coalesce(ST_Length(ST_Intersection(i.geom, {{along}})), 0)) AS within
FROM beside b LEFT JOIN street_in i ON i.kind = b.kind AND i.unit = b.unit AND i.street = b.street
WHERE ST_Length(b.geom) >= {_CROSSING_M}
GROUP BY b.kind, b.unit"""


_STREETS_RESULT = """SELECT u.kind, u.id AS unit,
  coalesce(i.m, 0) - coalesce(e.within, 0) + coalesce(e.half, 0) AS street_length_m,
  (coalesce(i.m, 0) - coalesce(e.within, 0) + coalesce(e.half, 0)) / ST_Area(u.geom) AS network_density_m_per_m2
FROM unit u LEFT JOIN (SELECT kind, unit, sum(ST_Length(geom)) AS m FROM street_in GROUP BY kind, unit) AS i
  ON i.kind = u.kind AND i.unit = u.id
LEFT JOIN street_edge e ON e.kind = u.kind AND e.unit = u.id"""


def _stations() -> Iterator[str]:
    yield """CREATE TABLE straight AS SELECT a.id, min(ST_Distance(a.geom, s.geom)) AS m
FROM address a JOIN uses u ON u.id = a.id CROSS JOIN station s WHERE u.home = 1 GROUP BY a.id"""


def _stations_result() -> str:
    within = ", ".join(
        f"avg(CASE WHEN m <= {r} THEN 1.0 ELSE 0.0 END) AS dwellings_circle_{r}m_share" for r in (400, 800, 1200, 3000)
    )
    names = ", ".join(f"c.dwellings_circle_{r}m_share" for r in (400, 800, 1200, 3000))
    return f"""SELECT u.kind, u.id AS unit, c.station_straight_distance_m, {names} FROM unit u LEFT JOIN (
  SELECT i.kind, i.unit, avg(m) AS station_straight_distance_m, {within} FROM inside i JOIN straight s ON s.id = i.id
  GROUP BY i.kind, i.unit) AS c ON c.kind = u.kind AND c.unit = u.id"""


def _people() -> Iterator[str]:
    yield """CREATE TABLE living AS SELECT u.kind, u.id AS unit, p.id, ST_Touches(u.geom, p.geom) AS on_edge
FROM unit u JOIN people p ON ST_Intersects(u.geom, p.geom) WHERE u.kind <> 'buurt'"""
    yield """CREATE TABLE lives AS SELECT kind, unit, id FROM living WHERE NOT on_edge
UNION ALL SELECT kind, min(unit), id FROM living WHERE on_edge GROUP BY kind, id"""


#: Of whole buurten it is what CBS publishes; of the rest the sum of the points where we placed inhabitants.
_PEOPLE_RESULT = """SELECT u.kind, u.id AS unit, coalesce(c.n, 0) AS inhabitants_count,
  coalesce(c.low, 0) AS inhabitants_low_count, coalesce(c.high, 0) AS inhabitants_high_count,
  coalesce(c.n, 0) / ST_Area(u.geom) * 1e4 AS inhabitants_per_ha
FROM unit u LEFT JOIN (SELECT l.kind, l.unit, sum(p.estimate) AS n, sum(p.low) AS low, sum(p.high) AS high
  FROM lives l JOIN people p ON p.id = l.id GROUP BY l.kind, l.unit) AS c ON c.kind = u.kind AND c.unit = u.id
WHERE u.kind <> 'buurt'"""


def _oad() -> Iterator[str]:
    yield """CREATE TABLE place AS SELECT ST_X(geom) AS x, ST_Y(geom) AS y, count(*) AS n,
  CAST(floor(ST_X(geom) / 1000) AS INT) AS i, CAST(floor(ST_Y(geom) / 1000) AS INT) AS j
FROM address GROUP BY ST_X(geom), ST_Y(geom)"""
    yield """CREATE TABLE crowd AS SELECT a.x, a.y, sum(b.n) / pi() AS oad FROM place a JOIN (
  SELECT x, y, n, i + di AS i, j + dj AS j FROM place, (VALUES (-1), (0), (1)) AS p(di), (VALUES (-1), (0), (1)) AS q(dj)
) AS b ON b.i = a.i AND b.j = a.j
WHERE (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) <= 1e6 GROUP BY a.x, a.y"""


_OAD_RESULT = """SELECT u.kind, u.id AS unit, c.oad_per_km2, CASE WHEN c.oad_per_km2 >= 2500 THEN 1
  WHEN c.oad_per_km2 >= 1500 THEN 2 WHEN c.oad_per_km2 >= 1000 THEN 3 WHEN c.oad_per_km2 >= 500 THEN 4
  WHEN c.oad_per_km2 >= 0 THEN 5 END AS urbanity_class
FROM unit u LEFT JOIN (SELECT i.kind, i.unit, avg(w.oad) AS oad_per_km2 FROM inside i JOIN address a ON a.id = i.id
  JOIN crowd w ON w.x = ST_X(a.geom) AND w.y = ST_Y(a.geom) GROUP BY i.kind, i.unit) AS c
ON c.kind = u.kind AND c.unit = u.id"""


def themes(settings: Mapping[str, Any]) -> dict[str, tuple[list[str], str]]:
    """Give what is asked of a database.

    Parameters
    ----------
    settings
        ``[indicators]`` of the config.

    Returns
    -------
    dict
        Theme -> statements that make its tables, and the query for its measures, a row per ``kind`` and ``unit``.
        ``{union}`` and such stand for what the two databases spell differently. Later themes use tables of earlier.
    """
    return {
        "dwellings, floor and form": ([*_addresses(settings), *_built()], _built_result()),
        "land use (BBG)": ([*_land_use()], _land_use_result()),
        "land use (BBG, new method)": ([], _land_use_new_result()),
        "ground (BGT)": ([*_ground()], _ground_result()),
        "streets": ([*_streets()], _STREETS_RESULT),
        "stations, straight": ([*_stations()], _stations_result()),
        "inhabitants, summed": ([*_people()], _PEOPLE_RESULT),
        "address density": ([*_oad()], _OAD_RESULT),
    }
