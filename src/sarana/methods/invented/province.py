"""Invent a province: places, people, facts, registers, and the files of four sectors with the truth beside them."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.events import places_of_events
from sarana.methods.invented.facts import make_facts
from sarana.methods.invented.files import Column, write_csv
from sarana.methods.invented.messy import make_messy
from sarana.methods.invented.papers import make_ids
from sarana.methods.invented.people import make_people
from sarana.methods.invented.places import Places, make_places
from sarana.methods.invented.pools import make_pools
from sarana.methods.invented.registers import SECTORS, Register, make_register
from sarana.methods.invented.sectors import World, make_row_ids, write_sector
from sarana.methods.invented.settings import ProvinceSettings, check_settings
from sarana.methods.invented.truth import Sizes, write_truth
from sarana.methods.invented.written import make_nomen
from sarana.methods.invented.year_before import make_year_before, write_year_before

MARKER = "INVENTED.md"
"""The file that says a folder holds invented people, and may be written anew."""

STEPS = 8
POOR_INCOME = 5_200


def invent_province(settings: ProvinceSettings, out: Path, progress: Progress) -> StepReport:
    """Write an invented province into a folder: the same settings give the same bytes.

    Args:
        settings: how many people, from which seed, with how many defects.
        out: a new or empty folder, or one that this step wrote before.
        progress: is told each part.

    Returns:
        People in, rows out, and the rows of each sector.

    Raises:
        BadSetting: INVENT-001 to INVENT-005, see `check_settings`.
        BadFile: INVENT-006 the folder holds something else; INVENT-007 the folder cannot be made or written.

    Source: layout of ../shared/data/population-sample/README.md; rates in `reference/invented/defects.toml`.
    Cost: 32 CPU s and 1.2 GiB for 1.68 million people (2.19 million rows) on one core.
    """
    check_settings(settings)
    make_room(out)
    world, sizes = make_world(settings, progress, STEPS)
    year = make_year_before(world) if settings.year_before else None
    rows: list[tuple[str, pa.Array, Register]] = []
    for at, sector in enumerate(SECTORS):
        progress.report(3 + at, STEPS, sector)
        register, numbers, columns = _written(world, sector) if year is None else write_year_before(year, sector)
        rows.append((sector, numbers, register))
        write_csv(out / f"{sector}.csv", columns)
    progress.report(7, STEPS, "truth")
    write_village_list(out, world.places, settings.province)
    _write_crosswalks(out, world.places)
    if year is None:
        write_truth(out, world, rows, sizes)
    else:
        write_truth(out, year.everybody, rows, sizes, year.were_here)
        _write_events(out, year.was)
    if settings.messy:
        make_messy(out)
    progress.report(STEPS, STEPS, "done")
    counts = {sector: len(register.person) for sector, _numbers, register in rows}
    villages = {"villages": len(world.places.lat)}
    return StepReport(rows_in=settings.people, rows_out=sum(counts.values()), counts=counts | villages)


def _written(world: World, sector: str) -> tuple[Register, pa.Array, dict[str, Column]]:
    """A sector's file: its rows, their numbers, and its columns."""
    register = make_register(world.settings, sector, world.people)
    return register, make_row_ids(register), write_sector(world, register)


def make_world(settings: ProvinceSettings, progress: Progress, steps: int) -> tuple[World, Sizes]:
    """Places, people, papers and facts: all that is true before anybody writes it down; three of `steps` steps.

    Returns:
        The world, and the sizes of the pools of names that its numbers of names come from.
    """
    progress.report(0, steps, "places")
    places = make_places(settings)
    pools = make_pools()
    progress.report(1, steps, "people")
    people = make_people(settings, places, pools)
    progress.report(2, steps, "facts")
    facts = make_facts(settings, people)
    grant = chosen(
        stream(settings.seed, "grants"), np.where(facts["hh_income"] < POOR_INCOME, 0.82, 0.03), len(people.sex)
    )
    facts |= {"poverty_grant": grant, "stateless": people.stateless, "disability_card": facts["disability"] > 0}
    world = World(settings, places, people, make_ids(settings, people, places), facts, make_nomen(pools, settings.seed))
    return world, (len(pools.male), len(pools.female), len(pools.highland), len(pools.surname))


def make_room(out: Path) -> None:
    """See that the folder is new, empty, or ours; mark it before anything else is written."""
    if out.exists() and not out.is_dir():
        raise BadFile(
            "INVENT-006", "The target is a file, not a folder.", where=str(out), cure="Name a new or empty folder."
        )
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise BadFile(
            "INVENT-006",
            "The folder holds files that were not invented here; nothing was written.",
            where=str(out),
            cure="Name a new or empty folder.",
        )
    try:
        (out / "truth").mkdir(parents=True, exist_ok=True)
        (out / MARKER).write_text(
            "# An invented province\n\nNobody in these files exists. Sarana wrote them for demonstration and tests.\n",
            encoding="utf-8",
        )
    except OSError as err:
        raise BadFile(
            "INVENT-007",
            "The folder cannot be written.",
            where=str(out),
            cure="See that you may write there and that the disk has room.",
        ) from err


def _write_events(out: Path, was: World) -> None:
    """Say in the folder what was invented of the year, and where."""
    events = places_of_events(was.places, was.people)
    if events:
        lines = "".join(f"* {code}: {says}\n" for says, code in events.values())
        with (out / MARKER).open("a", encoding="utf-8") as file:
            file.write(f"\nThese are the files of a year before. What happened since is invented too:\n\n{lines}")


def write_village_list(out: Path, places: Places, province: str) -> None:
    """The province's own list of villages, with the areas above them."""
    n = len(places.lat)
    district = places.subdistrict_district[places.subdistrict]
    thai, latin = (np.array([names[side] for names in places.subdistrict_names], dtype=object) for side in (0, 1))
    district_thai, district_latin = (
        np.array([names[side] for names in places.district_names], dtype=object) for side in (0, 1)
    )
    write_csv(
        out / "villages.csv",
        {
            "village_code": places.village_code,
            "subdistrict_code": places.subdistrict_code[places.subdistrict],
            "district_code": places.village_code // 10_000,
            "province_code": np.full(n, int(province)),
            "district_name": district_latin[district],
            "lat": places.lat,
            "lon": places.lon,
            "subdistrict_name": latin[places.subdistrict],
            "subdistrict_name_th": thai[places.subdistrict],
            "district_name_th": district_thai[district],
        },
    )


def _write_crosswalks(out: Path, places: Places) -> None:
    """Each sector's crosswalk."""
    write_csv(out / "crosswalk_health.csv", {"sector_code": places.health_code, "village_code": places.village_code})
    welfare = np.char.mod("FW%06d", places.welfare_code).astype(object)
    write_csv(out / "crosswalk_family_welfare.csv", {"sector_code": welfare, "village_code": places.village_code})
    write_csv(
        out / "crosswalk_education.csv",
        {"sector_code": places.school_area, "subdistrict_code": places.subdistrict_code},
    )
    write_csv(
        out / "crosswalk_human_security.csv",
        {"sector_code": places.security_area, "subdistrict_code": places.subdistrict_code},
    )
