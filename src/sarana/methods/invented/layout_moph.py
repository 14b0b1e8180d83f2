"""The 43 files of the Ministry of Public Health: people of many health units, and what those wrote of them."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from sarana.methods.invented.dates import write_births
from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.files import Column, write_csv
from sarana.methods.invented.layout_rows import Layout, Rows, Texts, ranked, written_days
from sarana.methods.invented.numbers import id_texts, write_houses, write_ids, write_sexes, write_villages
from sarana.methods.invented.people import FEMALE
from sarana.methods.invented.written import in_two_fields, write_names

FIRST_UNIT = 10_000
SECOND_UNIT = 0.35
VISITOR = 0.6
"""Of those who stand in a second health unit, the share that it only treated (TYPEAREA 4)."""

NO_PERSON = "9{:06}"
OTHER_DIAGNOSES = ("J00", "I10", "E119", "K30", "M545", "J069", "N390", "A099")
EDUCATION = ("01", "02", "03", "04", "05")
FIRST_ADULT = 15
DAYS_OF_UPDATES = 540


def write_moph43(layout: Layout, out: Path) -> pa.Array:
    """Write PERSON, ADDRESS, HOME, VILLAGE, DISABILITY, WOMEN, LABOR and DIAGNOSIS into a folder.

    Returns:
        The row ids: HOSPCODE and PID.
    """
    out.mkdir(exist_ok=True)
    units, homes = _units(layout)
    pid = ranked(units)
    typearea = layout.of("typearea").copy()
    again = layout.register.is_duplicate
    typearea[again] = np.where(chosen(layout.rng, VISITOR, int(again.sum())), 4, 3)
    unit_text = units.astype("U5").astype(object)
    pid_text = np.char.zfill(pid.astype("U6"), 6).astype(object)
    _write(out, "PERSON", _person(layout, (unit_text, pid_text, homes), typearea))
    _write(out, "ADDRESS", _addresses(layout, unit_text, pid_text, typearea))
    _write(out, "HOME", _homes(layout, units, homes))
    _write(out, "VILLAGE", _villages(layout))
    for name, rows, made in _facts(layout):
        keys = {"HOSPCODE": unit_text[rows], "PID": layout.strayed(pid_text[rows], NO_PERSON)}
        _write(out, name, {**keys, **made, "D_UPDATE": _updates(layout, len(rows))})
    return pa.array([f"{unit}-{number}" for unit, number in zip(unit_text.tolist(), pid_text.tolist(), strict=True)])


def _write(out: Path, name: str, columns: dict[str, Column]) -> None:
    """One of the files: fields with a bar between them."""
    write_csv(out / f"{name}.txt", columns, "|")


def _units(layout: Layout) -> tuple[Rows, Texts]:
    """The health unit of each row, the same for a whole household, and the household's number in that unit.

    A second row of somebody stands in another unit, which knows no house of theirs if it only treated them.
    """
    people, places = layout.world.people, layout.world.places
    n_homes = int(people.household[-1]) + 1
    rng = stream(layout.world.settings.seed, "health units")
    is_second = chosen(rng, SECOND_UNIT, n_homes)[people.household[layout.person]]
    unit = FIRST_UNIT + 2 * places.subdistrict[people.village[layout.person]] + is_second
    n_units = 2 * len(places.subdistrict_code)
    again = layout.register.is_duplicate
    moved = 1 + rng.integers(0, n_units - 1, layout.n_rows)
    unit = np.where(again, FIRST_UNIT + (unit - FIRST_UNIT + moved) % n_units, unit)
    number = 1 + rng.permutation(n_homes)[people.household[layout.person]]
    homes = np.char.zfill(number.astype("U8"), 8).astype(object)
    homes[again] = None
    return unit, homes


def _updates(layout: Layout, n: int) -> Texts:
    """Day and time of the last change, fourteen digits."""
    days = layout.days_before(layout.rng.integers(0, DAYS_OF_UPDATES, n))
    seconds = layout.rng.integers(8 * 3600, 17 * 3600, n)
    clock = 10_000 * (seconds // 3600) + 100 * (seconds // 60 % 60) + seconds % 60
    text: Texts = days + np.char.zfill(clock.astype("U6"), 6).astype(object)
    text[chosen(layout.rng, layout.faults["update_missing"], n)] = None
    return text


def _person(layout: Layout, keys: tuple[Texts, Texts, Texts], typearea: Rows) -> dict[str, Column]:
    """PERSON: who is registered at, lives near, or was treated by a health unit."""
    world, person, rng = layout.world, layout.person, layout.rng
    people, n = world.people, layout.n_rows
    written = write_names(rng, world.nomen, people, person, layout.rates)
    in_two_fields(rng, written, layout.rates)
    cid = id_texts(rng, write_ids(rng, people, world.ids, person, layout.rates), 0.0)
    parents = {}
    for who in ("father", "mother"):
        parent = layout.of(who)
        number = np.where(parent >= 0, world.ids[np.maximum(parent, 0)], 0)
        number[chosen(rng, layout.faults["parent_missing"], n)] = 0
        parents[who.upper()] = id_texts(rng, number, 0.0)
    left = layout.days_before(layout.of("left_days_ago"))
    left[layout.of("discharge") == 9] = None
    schooling = layout.with_blanks(np.array(EDUCATION)[layout.of("education")])
    schooling[people.age[person] < FIRST_ADULT] = None
    permit = layout.of("permit").astype("U2").astype(object)
    permit[layout.of("permit") == 0] = None
    passport = np.char.add("P", (1_000_000 + person).astype("U7")).astype(object)
    passport[~layout.of("passport")] = None
    return {
        "HOSPCODE": keys[0],
        "CID": cid,
        "PID": keys[1],
        "HID": keys[2],
        "PRENAME": written.title,
        "NAME": written.given,
        "LNAME": written.family,
        "SEX": write_sexes(rng, people.sex[person], ("1", "2"), layout.rates),
        "BIRTH": write_births(rng, "health", people.birth[person], people.stateless[person], layout.rates),
        "MSTATUS": layout.with_blanks(layout.of("marital")),
        "NATION": layout.with_blanks(layout.of("nation")),
        "EDUCATION": schooling,
        "FSTATUS": layout.with_blanks(np.where(layout.of("head"), "1", "2")),
        **parents,
        "DISCHARGE": layout.of("discharge").astype("U1").astype(object),
        "DDISCHARGE": left,
        "LABOR": permit,
        "PASSPORT": passport,
        "TYPEAREA": layout.with_blanks(typearea),
        "D_UPDATE": _updates(layout, n),
    }


def _addresses(layout: Layout, units: Texts, pids: Texts, typearea: Rows) -> dict[str, Column]:
    """ADDRESS: where everybody lives (2), and of some where else they are registered (1)."""
    people, places, rng = layout.world.people, layout.world.places, layout.rng
    here = write_villages(rng, places, people.village[layout.person], layout.rates)
    other = np.flatnonzero((typearea == 2) | (typearea == 3))
    rows = np.concatenate([np.arange(layout.n_rows), other])
    village = np.concatenate([here, rng.integers(0, len(places.lat), len(other))])
    kind = np.where(np.arange(len(rows)) < layout.n_rows, "2", "1")
    house = np.concatenate(
        [write_houses(rng, people.house[layout.person], layout.rates), rng.integers(1, 421, len(other)).astype("U3")]
    )
    known = np.flatnonzero(village >= 0)
    code = places.health_code[village[known]].astype("U8").astype(object)
    parts = {"VILLAGE": (6, 8), "TAMBON": (4, 6), "AMPUR": (2, 4), "CHANGWAT": (0, 2)}
    return {
        "HOSPCODE": units[rows[known]],
        "PID": layout.strayed(pids[rows[known]], NO_PERSON),
        "ADDRESSTYPE": kind[known].astype(object),
        "HOUSENO": house[known].astype(object),
        **{name: np.array([text[a:b] for text in code], dtype=object) for name, (a, b) in parts.items()},
        "D_UPDATE": _updates(layout, len(known)),
    }


def _homes(layout: Layout, units: Rows, homes: Texts) -> dict[str, Column]:
    """HOME: the houses of each health unit."""
    people, places = layout.world.people, layout.world.places
    known = np.flatnonzero(~layout.register.is_duplicate)
    _, first = np.unique(people.household[layout.person[known]], return_index=True)
    rows = known[first]
    village = people.village[layout.person[rows]]
    n = len(rows)
    return {
        "HOSPCODE": units[rows].astype("U5").astype(object),
        "HID": layout.strayed(homes[rows], "99{:06}"),
        "HOUSE": people.house[layout.person[rows]].astype("U3").astype(object),
        "VHVID": places.health_code[village].astype("U8").astype(object),
        "LATITUDE": places.lat[village],
        "LONGITUDE": places.lon[village],
        "DURABILITY": layout.with_blanks(np.where(layout.facts["met_durable"], "1", "0")[layout.person])[rows],
        "D_UPDATE": _updates(layout, n),
    }


def _villages(layout: Layout) -> dict[str, Column]:
    """VILLAGE: what stands beside the indicators: factories, places of vice, communities without nationality."""
    places, rng = layout.world.places, layout.rng
    n = len(places.lat)
    return {
        "HOSPCODE": (FIRST_UNIT + 2 * places.subdistrict).astype("U5").astype(object),
        "VID": places.health_code.astype("U8").astype(object),
        "NFACTORY": rng.poisson(0.4, n),
        "LATITUDE": places.lat,
        "LONGITUDE": places.lon,
        "NUMACTUALLY": rng.poisson(0.1, n),
        "NUMSTATELESS": rng.poisson(2 * places.highland, n),
        "D_UPDATE": _updates(layout, n),
    }


type FactFile = tuple[str, Rows, dict[str, Column]]


def _facts(layout: Layout) -> list[FactFile]:
    """The files with any number of rows a person: name, whose row each is, and the columns beside the keys."""
    return [_disability(layout), _women(layout), _labor(layout), _diagnosis(layout)]


def _disability(layout: Layout) -> FactFile:
    """DISABILITY: kind and cause."""
    rng = layout.rng
    rows = layout.facts_of(np.flatnonzero(layout.of("disability_type") > 0))
    columns: dict[str, Column] = {
        "DISABTYPE": layout.of("disability_type")[rows].astype("U1").astype(object),
        "DISABCAUSE": rng.integers(1, 4, len(rows)),
        "DATE_DETECT": layout.days_before(rng.integers(30, 2000, len(rows))),
    }
    return "DISABILITY", rows, columns


def _women(layout: Layout) -> FactFile:
    """WOMEN: those of 15 to 49, with family planning and living children."""
    people = layout.world.people
    age = people.age[layout.person]
    rows = layout.facts_of(np.flatnonzero((people.sex[layout.person] == FEMALE) & (age >= 15) & (age < 50)))
    return "WOMEN", rows, {"FPTYPE": layout.rng.integers(1, 8, len(rows)), "NUMBERSON": layout.of("births")[rows]}


def _labor(layout: Layout) -> FactFile:
    """LABOR: a row a birth."""
    as_of = int(np.datetime64(layout.world.settings.as_of, "D").astype(np.int64))
    births = layout.of("births")
    rows = layout.facts_of(np.repeat(np.arange(layout.n_rows), births))
    order = np.minimum(ranked(rows), births[rows])
    days = ((layout.of("first_birth_age")[rows] + 2.0 * (order - 1)) * 365.25).astype(np.int64)
    born = layout.world.people.birth[layout.person[rows]] + days + layout.rng.integers(0, 300, len(rows))
    born = np.minimum(born, as_of - 1).astype("datetime64[D]")
    results = np.full(len(rows), "O80", dtype=object)
    return "LABOR", rows, {"GRAVIDA": order, "BDATE": written_days(born, "plain"), "BRESULT": results}


def _diagnosis(layout: Layout) -> FactFile:
    """DIAGNOSIS: visits, most of them for other things than the mind."""
    rng = layout.rng
    ill = layout.of("diagnosis")
    mental = layout.facts_of(np.flatnonzero(ill != ""))
    other = np.flatnonzero(chosen(rng, 0.3, layout.n_rows))
    code = np.concatenate([ill[mental], np.array(OTHER_DIAGNOSES)[rng.integers(0, len(OTHER_DIAGNOSES), len(other))]])
    rows = np.concatenate([mental, other])
    columns: dict[str, Column] = {
        "DATE_SERV": layout.days_before(rng.integers(0, 1000, len(rows))),
        "DIAGTYPE": rng.integers(1, 3, len(rows)),
        "DIAGCODE": code.astype(object),
    }
    return "DIAGNOSIS", rows, columns
