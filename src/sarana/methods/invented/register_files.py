"""Invent the registers of four ministries in their own layouts: the people of a province, written another way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from sarana.basics.errors import BadSetting
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.invented.files import write_csv
from sarana.methods.invented.layout_bmn import SET_31, SET_38, write_bmn
from sarana.methods.invented.layout_dmc import write_dmc
from sarana.methods.invented.layout_facts import make_register_facts, read_rules
from sarana.methods.invented.layout_moph import write_moph43
from sarana.methods.invented.layout_msdhs import write_cases, write_logbook
from sarana.methods.invented.layout_rows import Layout, make_layout
from sarana.methods.invented.messy import make_old_fashioned
from sarana.methods.invented.places import Places
from sarana.methods.invented.province import make_room, make_world, write_village_list
from sarana.methods.invented.registers import Register, make_logbook, make_register
from sarana.methods.invented.sectors import World
from sarana.methods.invented.settings import ProvinceSettings, check_settings, count_rows
from sarana.methods.invented.truth import write_truth
from sarana.methods.workbook import MOST_ROWS

STEPS = 9


def invent_registers(settings: ProvinceSettings, out: Path, progress: Progress) -> StepReport:
    """Write the registers of an invented province into a folder: the same settings give the same bytes.

    The 43 files of the Ministry of Public Health (`moph43/*.txt`), the school export (`dmc.xlsx`), the survey of basic
    minimum needs in both sets (`bmn31_*.csv`, `bmn38_*.csv`), the family logbook and the cases of the Ministry of
    Social Development and Human Security (`msdhs_*.csv`), villages, crosswalks, and the truth. The people are those
    of `invent_province` with the same settings. Some files arrive in an old code page or with a byte order mark,
    unless there are to be no defects.

    Args:
        settings: how many people, from which seed, with how many defects.
        out: a new or empty folder, or one that this step wrote before.
        progress: is told each part.

    Returns:
        People in, rows of people out, and the rows of each register.

    Raises:
        BadSetting: INVENT-001 to INVENT-005, see `check_settings`; INVENT-008 more pupils than a sheet can hold.
        BadFile: INVENT-006 the folder holds something else; INVENT-007 the folder cannot be made or written.

    Source: standards/reference.md, section 9; rates in `reference/invented/registers.toml` and `defects.toml`.
    """
    check_settings(settings)
    _check_sheet(settings)
    make_room(out)
    world, sizes = make_world(settings, progress, STEPS)
    facts = make_register_facts(world)
    files = []
    for at, (name, register) in enumerate(_registers(world).items()):
        progress.report(3 + at, STEPS, name)
        layout = make_layout(world, facts, register, name)
        files.append((name, _write(layout, name, out), register))
    write_village_list(out, world.places, settings.province)
    _write_crosswalks(out, world.places)
    write_truth(out, world, files, sizes)
    if settings.defects:
        make_old_fashioned(out)
    progress.report(STEPS, STEPS, "done")
    counts = {name: len(register.person) for name, _, register in files}
    villages = {"villages": len(world.places.lat)}
    return StepReport(rows_in=settings.people, rows_out=sum(counts.values()), counts=counts | villages)


def _check_sheet(settings: ProvinceSettings) -> None:
    """Refuse more pupils than the one sheet of the school export can hold."""
    pupils = count_rows(settings.people)["education"]
    if pupils > MOST_ROWS:
        raise BadSetting(
            "INVENT-008",
            f"{pupils:,} pupils do not fit into one sheet of {MOST_ROWS:,} rows.",
            where="--people",
            cure="Invent fewer people.",
        )


def _registers(world: World) -> dict[str, Register]:
    """Who stands in which register; every other subdistrict still asks by the set of 31 needs."""
    made = {
        "moph43": make_register(world.settings, "health", world.people),
        "dmc": make_register(world.settings, "education", world.people),
    }
    needs = make_register(world.settings, "family_welfare", world.people)
    is_odd = world.places.subdistrict[world.people.village[needs.person]] % 2 == 1
    for name, is_own in (("bmn31", ~is_odd), ("bmn38", is_odd)):
        made[name] = replace(needs, person=needs.person[is_own], is_duplicate=needs.is_duplicate[is_own])
    made["msdhs_logbook"] = make_logbook(world.settings, world.people, read_rules()["rows"]["logbook"])
    made["msdhs_cases"] = make_register(world.settings, "human_security", world.people)
    return made


def _write(layout: Layout, name: str, out: Path) -> pa.Array:
    """One register in its layout; its row ids."""
    match name:
        case "moph43":
            return write_moph43(layout, out / name)
        case "dmc":
            return write_dmc(layout, out / f"{name}.xlsx")
        case "bmn31":
            return write_bmn(layout, SET_31, name, out)
        case "bmn38":
            return write_bmn(layout, SET_38, name, out)
        case "msdhs_logbook":
            return write_logbook(layout, out / f"{name}.csv")
        case _:
            return write_cases(layout, out / f"{name}.csv")


def _write_crosswalks(out: Path, places: Places) -> None:
    """How each register's own areas lead to the list of villages."""
    code = places.health_code.astype("U8").tolist()
    parts = np.array([f"{c[:2]}-{c[2:4]}-{c[4:6]}-{c[6:]}" for c in code], dtype=object)
    write_csv(out / "crosswalk_moph43.csv", {"sector_code": parts, "village_code": places.village_code})
    of = places.subdistrict_district
    names = [f"{s[0]}-{places.district_names[d][0]}" for s, d in zip(places.subdistrict_names, of, strict=True)]
    subdistricts = {"subdistrict_code": places.subdistrict_code}
    write_csv(out / "crosswalk_dmc.csv", {"sector_code": np.array(names, dtype=object), **subdistricts})
    needs = np.char.mod("BM%06d", places.welfare_code).astype(object)
    write_csv(out / "crosswalk_bmn.csv", {"sector_code": needs, "village_code": places.village_code})
    write_csv(out / "crosswalk_msdhs.csv", {"sector_code": places.security_area, **subdistricts})
