"""SOURCES.toml: what it says is loaded as it stands, and what it cannot mean is refused with a code and a cure."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from makers.protected import a_receipt
from methods.population.small_province import Province
from sarana.basics.errors import BadFile, BadSetting, NotYet, SaranaError
from sarana.methods.population.chain_card import run_card
from sarana.methods.population.guards import check_guards
from sarana.methods.population.sources_file import load_sources
from sarana.methods.reference import examples_folder


def refused(province: Province) -> SaranaError:
    with pytest.raises(SaranaError) as caught:
        province.sources()
    return caught.value


def test_settings_are_loaded_as_they_stand(province: Province) -> None:
    sources = province.sources()
    clinic = sources.sources["clinic"]
    assert sources.run.as_of == dt.date(2026, 6, 30)
    assert clinic.fields["sex"].codes == {"1": "male", "2": "female"}
    assert clinic.fields["given"].columns == ("NAME",)
    assert sources.standard_fields("clinic") == (
        "area", "birth", "disability", "family", "given", "national_id", "sex",
    )  # fmt: skip


def test_every_file_the_run_reads_is_named_for_the_receipt(province: Province) -> None:
    assert list(province.sources().files()) == ["crosswalk.csv", "people.csv", "villages.csv"]


def test_settings_hold_no_path_of_this_machine(province: Province, tmp_path: Path) -> None:
    assert str(tmp_path) not in str(province.sources().settings())


def test_a_source_without_a_date_has_the_date_of_the_run(province: Province) -> None:
    assert province.sources().as_of("clinic") == dt.date(2026, 6, 30)
    province.say('row_id = "row_id"', 'row_id = "row_id"\nas_of = 2025-01-31')
    assert province.sources().as_of("clinic") == dt.date(2025, 1, 31)


def test_ethics_decisions_are_told_by_indicator(province: Province) -> None:
    province.head += '[[run.ethics]]\nindicators = ["h06"]\nreference = "board 12/2569"\n'
    assert province.sources().run.allowed_indicators == {"H06"}


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('row_id = "row_id"', 'row_ids = "row_id"', "SOURCES-003", "row_id"),
        ('column = "SEX"', 'colum = "SEX"', "SOURCES-003", "column"),
        ('level = "village"', 'level = "hamlet"', "SOURCES-004", "hamlet"),
        ('row_id = "row_id"\n', "", "SOURCES-004", "row_id"),
        ("[sources.clinic]", "[sources.Clinic]", "SOURCES-003", ""),
        ('given = "NAME"', 'givn = "NAME"', "SOURCES-007", "given"),
        ('"male"', '"man"', "SOURCES-009", "female, male"),
        ('given = "NAME"', 'full_name = "NAME"', "SOURCES-010", "full_name"),
        ('to = "village_code", ', "", "SOURCES-010", "crosswalk"),
        ('"people.csv"', '"../people.csv"', "SOURCES-006", ".."),
        ('"people.csv"', '"/etc/passwd"', "SOURCES-006", "out of the data folder"),
        ('"crosswalk.csv"', '"C:\\\\cross.csv"', "SOURCES-006", "out of the data folder"),
        ('given = "NAME"', 'given = "NAME"\narea = "AREA"', "SOURCES-008", "area"),
        ('given = "NAME"', 'given = "NAME"\ngiven = "N2"', "SOURCES-002", "line"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_code(
    province: Province, old: str, new: str, code: str, said: str
) -> None:
    if code == "SOURCES-003" and "Clinic" in new:
        code = "SOURCES-005"
        province.source = province.source.replace("sources.clinic", "sources.Clinic")
    else:
        province.say(old, new)
    error = refused(province)
    assert error.code == code
    assert said in str(error)


def test_a_day_of_the_buddhist_era_is_refused_and_told_in_the_common_era(province: Province) -> None:
    province.say('path = "people.csv"', 'path = "people.csv"\nagreement_until = 2570-12-31')
    error = refused(province)
    assert (error.code, error.where) == ("SOURCES-014", "[sources.clinic]")
    assert "2027-12-31" in error.cure
    province.head = province.head.replace("as_of = 2026-", "as_of = 2569-")
    error = refused(province)
    assert (error.code, error.where) == ("SOURCES-014", "[run]")
    assert "2026-06-30" in error.cure


def test_two_sources_of_one_name_are_refused(province: Province) -> None:
    province.source += CLINIC_AGAIN
    error = refused(province)
    assert error.code == "SOURCES-002"
    assert "twice" in error.what


CLINIC_AGAIN = '\n[sources.clinic]\npath = "other.csv"\n'


def test_a_link_that_leads_out_of_the_data_folder_is_refused(province: Province, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("row_id\n1\n", "utf-8")
    (province.folder / "people.csv").unlink()
    (province.folder / "people.csv").symlink_to(outside)
    assert refused(province).code == "SOURCES-006"


@pytest.mark.parametrize("part", ["run", "areas", "sources"])
def test_a_part_that_is_missing_is_named(province: Province, part: str) -> None:
    for name, kept in (("run", "head"), ("areas", "areas"), ("sources", "source")):
        if name == part:
            setattr(province, kept, "")
    error = refused(province)
    assert (error.code, part in error.what) == ("SOURCES-004", True)


def test_a_data_folder_that_is_not_there_is_told(province: Province, tmp_path: Path) -> None:
    province.sources()
    with pytest.raises(BadFile, match="SOURCES-001"):
        load_sources(tmp_path / "sources.toml", tmp_path / "nowhere")
    with pytest.raises(BadFile, match="SOURCES-001"):
        load_sources(tmp_path / "none.toml", tmp_path)


def test_settings_that_are_not_utf8_or_no_toml_are_told(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes("name = 'ช'".encode("cp874"))
    with pytest.raises(BadSetting, match="SOURCES-002"):
        load_sources(path, tmp_path)
    path.write_text("[run", "utf-8")
    with pytest.raises(BadSetting, match=r"SOURCES-002.*no TOML"):
        load_sources(path, tmp_path)


def test_the_shipped_example_reads_no_column_of_ethnicity(tmp_path: Path) -> None:
    sources = load_sources(examples_folder() / "chiang-mai" / "sources.toml", tmp_path)
    columns = {c for s in sources.sources.values() for f in s.fields.values() for c in f.columns}
    assert sources.run.invented
    assert columns
    assert "RACE_GROUP" not in columns


PAPERS = """
custodian = "office"
legal_basis = "act 1"
agreement = "no. 5"
agreement_until = 2026-12-31
"""


def real(province: Province, papers: str = PAPERS, assessment: str = 'impact_assessment = "DPIA 3"') -> None:
    province.head = province.head.replace("invented = true", assessment)
    province.say('row_id = "row_id"', 'row_id = "row_id"' + papers)


def test_a_run_on_invented_people_needs_no_papers(province: Province) -> None:
    check_guards(province.sources())


def test_a_run_on_real_people_starts_with_all_papers(province: Province) -> None:
    real(province)
    check_guards(province.sources(), dt.date(2026, 12, 31))


@pytest.mark.parametrize("key", ["custodian", "legal_basis", "agreement", "agreement_until"])
def test_a_run_on_real_people_does_not_start_without_a_paper(province: Province, key: str) -> None:
    real(province, "\n".join(line for line in PAPERS.splitlines() if not line.startswith(f"{key} ")))
    with pytest.raises(NotYet, match=f"SOURCES-012.*{key}"):
        check_guards(province.sources())


def test_a_blank_paper_is_no_paper(province: Province) -> None:
    real(province, PAPERS.replace('"office"', '"  "'))
    with pytest.raises(NotYet, match="SOURCES-012"):
        check_guards(province.sources())


def test_a_run_on_real_people_does_not_start_without_an_impact_assessment(province: Province) -> None:
    real(province, assessment="")
    with pytest.raises(NotYet, match="SOURCES-011"):
        check_guards(province.sources())


def test_a_lapsed_agreement_stops_the_run_on_either_day(province: Province) -> None:
    real(province)
    with pytest.raises(NotYet, match="SOURCES-013"):
        check_guards(province.sources(), dt.date(2027, 1, 1))
    province.source = province.source.replace("2026-12-31", "2026-06-29")
    with pytest.raises(NotYet, match="SOURCES-013"):
        check_guards(province.sources())


def test_files_of_a_day_that_has_not_come_are_refused_of_real_people(province: Province) -> None:
    day = province.sources().run.as_of
    check_guards(province.sources(), day - dt.timedelta(days=1))  # invented people may be of any day
    real(province)
    check_guards(province.sources(), day)
    with pytest.raises(BadSetting, match=f"SOURCES-015.*{day.isoformat()}") as told:
        check_guards(province.sources(), day - dt.timedelta(days=1))
    assert told.value.where == "[run]"


def card(province: Province, inputs: dict[str, str] | None = None) -> dict[str, Any]:
    receipts = [a_receipt(inputs or {}, {}, "usual")]
    said: dict[str, Any] = tomllib.loads(run_card(province.sources(), {}, receipts).decode())["boundaries"]
    return said


def test_the_card_of_a_run_says_by_which_boundaries_its_map_is_drawn(province: Province, tmp_path: Path) -> None:
    assert card(province) == {"outlines": "cells computed from village points"}
    plain = '[boundaries]\npath = "lines.geojson"\nlevel = "subdistrict"\ncode = "ADM3_PCODE"\nprefix = "TH"\n'
    said = {"outlines": "boundary file of the province", "level": "subdistrict", "code": "ADM3_PCODE"}
    head = province.head
    province.head = head + plain
    assert card(province, {"lines.geojson": "5" * 64}) == {**said, "sha256": "5" * 64}
    without = province.sources().settings()
    province.head = head + plain + 'drawn_by = "A survey"\nas_of = 2024-07-01\nsha256 = "' + "6" * 64 + '"\n'
    told = {"drawn_by": "A survey", "as_of": dt.date(2024, 7, 1), "sha256": "6" * 64}
    assert card(province, {"lines.geojson": "5" * 64}) == {**said, **told}
    assert province.sources().settings() == without, "who drew a line decides no figure"
    province.head = head + plain.replace("subdistrict", "district")
    assert card(province) == {"outlines": "cells computed from village points"}, "of another level nothing is drawn"
