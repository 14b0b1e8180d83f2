"""Invent a province: places, people, facts, registers, and the files of four sectors with the truth beside them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile
from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.invented.draws import chosen, stream
from sarana.methods.invented.facts import make_facts
from sarana.methods.invented.files import write_csv
from sarana.methods.invented.messy import make_messy
from sarana.methods.invented.papers import make_ids
from sarana.methods.invented.people import make_people
from sarana.methods.invented.places import Places, make_places
from sarana.methods.invented.pools import make_pools
from sarana.methods.invented.registers import SECTORS, Register, make_register
from sarana.methods.invented.sectors import World, make_row_ids, write_sector
from sarana.methods.invented.settings import ProvinceSettings, check_settings
from sarana.methods.invented.written import make_nomen

MARKER = "INVENTED.md"
"""The file that says a folder holds invented people, and may be written anew."""

STEPS = 8
POOR_INCOME = 5_200
HIGHLAND_CODE = 20_000_000
FEMALE_CODE = 10_000_000


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
    _make_room(out)
    progress.report(0, STEPS, "places")
    places = make_places(settings)
    pools = make_pools()
    progress.report(1, STEPS, "people")
    people = make_people(settings, places, pools)
    progress.report(2, STEPS, "facts")
    facts = make_facts(settings, people)
    grant = chosen(
        stream(settings.seed, "grants"), np.where(facts["hh_income"] < POOR_INCOME, 0.82, 0.03), len(people.sex)
    )
    facts |= {"poverty_grant": grant, "stateless": people.stateless, "disability_card": facts["disability"] > 0}
    world = World(settings, places, people, make_ids(settings, people, places), facts, make_nomen(pools, settings.seed))
    registers = []
    for at, sector in enumerate(SECTORS):
        progress.report(3 + at, STEPS, sector)
        register = make_register(settings, sector, people)
        registers.append(register)
        write_csv(out / f"{sector}.csv", write_sector(world, register))
    progress.report(7, STEPS, "truth")
    _write_places(out, places, settings.province)
    _write_truth(
        out, world, registers, pools_size=(len(pools.male), len(pools.female), len(pools.highland), len(pools.surname))
    )
    if settings.messy:
        make_messy(out)
    progress.report(STEPS, STEPS, "done")
    rows = {register.sector: len(register.person) for register in registers}
    return StepReport(
        rows_in=settings.people, rows_out=sum(rows.values()), counts={**rows, "villages": len(places.lat)}
    )


def _make_room(out: Path) -> None:
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


def _write_places(out: Path, places: Places, province: str) -> None:
    """The list of villages, and each sector's crosswalk."""
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


def _write_truth(out: Path, world: World, registers: list[Register], pools_size: tuple[int, int, int, int]) -> None:
    """Who is who: one line a row, and one line a person, in the columns of the population sample."""
    rows = [
        pa.table(
            {
                "sector": pa.array([register.sector]).take(pa.array(np.zeros(len(register.person), dtype=np.int64))),
                "row_id": make_row_ids(register),
                "person_id": pa.array(register.person, pa.int32()),
                "is_duplicate": pa.array(register.is_duplicate),
            }
        )
        for register in registers
    ]
    pq.write_table(pa.concat_tables(rows), out / "truth" / "rows.parquet", compression="zstd", compression_level=1)
    people, facts = world.people, world.facts
    n_male, n_female, _, n_surnames = pools_size
    given = people.given
    given = np.where(
        given >= n_male + n_female,
        HIGHLAND_CODE + given - n_male - n_female,
        np.where(given >= n_male, FEMALE_CODE + given - n_male, given),
    )
    surname = np.where(people.surname >= n_surnames, FEMALE_CODE + people.surname - n_surnames, people.surname)
    columns = {
        "person_id": pa.array(np.arange(len(given)), pa.int32()),
        "household": pa.array(people.household, pa.int32()),
        "village_code": world.places.village_code[people.village],
        "sex": people.sex,
        "dob": people.birth.astype("datetime64[D]"),
        "national_id": world.ids,
        "stateless": people.stateless,
        "hill": people.highland,
        "twin": people.twin,
        "given": given,
        "surname": surname,
        "latent": people.need,
        **{name: facts[name] for name in TRUTH_FACTS},
    }
    pq.write_table(pa.table(columns), out / "truth" / "persons.parquet", compression="zstd", compression_level=1)


TRUTH_FACTS = (
    "disability", "chronic", "mental", "substance", "teen_preg", "no_insurance", "vacc_missed",
    "injury_violence", "malnutrition", "dropout", "attendance", "gpa", "grade_delay", "lives_with",
    "distance_km", "migrant_parent", "homeless", "exploited_before", "debt_bond", "seasonal_migration",
    "dv_case", "hh_income", "hh_debt", "hh_land", "alcohol", "gambling", "parent_absent", "orphan",
    "worker_away", "single_parent",
)  # fmt: skip
"""Facts in the order of the truth's columns."""
