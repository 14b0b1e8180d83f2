"""From provinces to the nation: what is handed over, whose key is trusted, what comes in, and what does not."""

import datetime as dt
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse

from makers.agencies import a_person, local
from makers.mapfiles import an_office, asked_for, fetched, read_csv
from makers.packages import a_centre, send, trust, trusted
from makers.protected import SURVEY
from makers.provinces import Somewhere, in_head, in_table, rows_in
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.basics.errors import NotYet
from sarana.config.commands import entry
from sarana.ground.accounts.models import Agency
from sarana.ground.codelists.models import Area, Edition
from sarana.ground.ledger.models import Entry
from sarana.learning.population import actions
from sarana.learning.population.models import Drawing, Figure, MapFile, Run, Station
from sarana.learning.population.reasons.models import Answer, Better, Indicator
from sarana.learning.population.rollup import actions as rollup
from sarana.learning.population.rollup.country import SUMMED
from sarana.methods.population.package.reading import MOST_ROUNDINGS, read_package
from sarana.methods.population.package.writing import RATES
from sarana.methods.population.protected_tables import COUNTS, ProtectedRun

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
HERE, THERE = Somewhere("50"), Somewhere("51")


def lines(action: str) -> list[int]:
    """How many things each line of the ledger with this act names."""
    return list(Entry.objects.filter(action=action).order_by("pk").values_list("n_things", flat=True))


def rows() -> tuple[int, ...]:
    """How many rows of runs there are, of every kind."""
    return tuple(each.objects.count() for each in (Run, Figure, Drawing, Indicator, Answer, Better))


@pytest.fixture
def officer(run: Run, centre: Agency, tmp_path: Path, settings: Any) -> Client:
    """The data officer of a province, whose installation has keys."""
    a_place(tmp_path / "place", settings)
    return come_in(a_person(centre, "provincial-data-officer"))


def handed_over(officer: Client, run: Run) -> tuple[MapFile, bytes]:
    """Ask for the file for the nation on its page, let a worker make it, and fetch it."""
    page = reverse("population:to-nation", args=[run.ref])
    assert officer.get(page).status_code == 200
    assert officer.post(page).status_code == 302
    while work():
        pass
    file = MapFile.objects.get(kind="nation")
    return file, fetched(officer, file)


def test_the_file_says_what_map_and_csv_say_and_no_village(officer: Client, run: Run) -> None:
    _file, content = handed_over(officer, run)
    told = {(row["level"], row["pcode"], row["people"]): row for row in rows_in(content)}
    kept = {(each.level, each.area, each.group): each for each in Figure.objects.exclude(level="village")}
    assert set(told) == set(kept)
    for key, figure in kept.items():
        for name in (*COUNTS, *RATES):
            value = getattr(figure, name)
            assert told[key][name] == ("" if value is None else str(value))
    for level, group in (("subdistrict", "all"), ("district", "all"), ("district", "sex=F")):
        table = read_csv(fetched(officer, asked_for(officer, run, "csv", {"level": level, "group": group})))
        assert len(table) > 2
        for row in table:
            mine = told[level, row["area_code"], group]
            pairs = (("rate", "rate_per_1000"), ("low", "interval_low"), ("n_scored", "people_known_well_enough"))
            assert [mine[a] for a, _b in pairs] == [str(row[b]) if row[b] is not None else "" for _a, b in pairs]
    assert lines("population.handed-over") == [len(told)]
    key = officer.get(reverse("population:own-key"))
    assert (key.status_code, b"public" in key.content) == (200, True)
    assert handed_over(officer, run)[1] == content, "asked for again it is the same file"
    Run.objects.update(status="not-passed")
    assert officer.post(reverse("population:to-nation", args=[run.ref])).status_code == 302
    while work():
        pass
    anew = fetched(officer, MapFile.objects.get(which="not-passed"))
    assert read_package(anew, {key.json()["public"]: "TH50"}).run.standing == "not-passed"


def test_only_the_officer_of_its_province_hands_a_run_over(officer: Client, run: Run, client: Client) -> None:
    page, own_key = reverse("population:to-nation", args=[run.ref]), reverse("population:own-key")
    elsewhere = an_office("TH51", "provincial-data-officer")
    for other, status in ((client, 403), (an_office("TH", "national-officer"), 403), (elsewhere, 403)):
        assert [other.get(page).status_code, other.post(page).status_code] == [status, status]
    assert client.get(own_key).status_code == 403
    assert officer.get(own_key).status_code == 404, "none was made yet"
    assert MapFile.objects.count() == 0
    Run.objects.update(measured_by="")
    assert b"POPULATION-087" in officer.post(page).content, "an earlier version took it in"
    # A run that came from a station is handed on by that station, and a withdrawn one by nobody.
    Run.objects.update(station=trusted(run.agency, HERE))
    assert officer.post(page).status_code == 403
    assert Entry.objects.filter(code="POPULATION-083").count() >= 4


def test_a_file_that_was_asked_for_is_not_fetched_by_who_may_no_more(officer: Client, run: Run) -> None:
    file, _content = handed_over(officer, run)
    Run.objects.update(area="TH51")
    answer = officer.get(reverse("population:fetch-file", args=[file.ref]))
    assert (answer.status_code, b"POPULATION-083" in answer.content) == (403, True)


def test_a_key_is_trusted_only_if_what_was_heard_agrees(national: Client, centres: dict[str, Agency]) -> None:
    page = reverse("population:stations")
    wrong = trust(national, centres["50"], HERE, heard=THERE.digits)
    assert (wrong.status_code, b"POPULATION-084" in wrong.content) == (422, True)
    no_key = trust(national, centres["50"], HERE, key=SimpleUploadedFile("key.json", b"{}"))
    assert b"POPULATION-085" in no_key.content
    assert Station.objects.count() == 0
    assert trust(national, centres["50"], HERE).status_code == 302
    assert HERE.digits in national.get(page).content.decode()
    assert b"POPULATION-086" in trust(national, centres["50"], Somewhere("50")).content, "one key of a province"
    assert trust(national, centres["51"], THERE).status_code == 302
    station = Station.objects.get(area="TH50")
    back = reverse("population:station-take-back", args=[station.ref])
    assert national.post(back).status_code == 302
    assert national.post(back).status_code == 409
    assert trust(national, centres["50"], Somewhere("50")).status_code == 302, "a new key after that"
    assert b"POPULATION-088" in national.post(back).content
    assert b"POPULATION-089" in _trusted_by_hand(centres["51"], "TH50")
    assert (lines("population.station-trusted"), lines("population.station-taken-back")) == ([1, 1, 1], [1])
    district = a_centre("5001")
    assert "TH5001" not in national.get(reverse("population:trust-station")).content.decode()
    assert b"POPULATION-022" in _trusted_by_hand(district, "TH5001")
    others = [an_office("TH50", "national-officer"), come_in(a_person(centres["50"], "analyst"))]
    assert others[0].post(back).status_code == 409, "it lies in her mandate"
    denied = others[1].get(page)
    assert (denied.status_code, b"POPULATION-082" in denied.content) == (403, True)
    assert an_office("TH52", "national-officer").post(back).status_code == 404


def _trusted_by_hand(agency: Agency, area: str) -> bytes:
    """What is said where the operator names an agency and a province that is not its own."""
    with pytest.raises(NotYet) as told:
        rollup.trust(local(), agency=agency, area=area, key=HERE.key_file(), heard=HERE.digits)
    return told.value.code.encode()


def test_the_nation_takes_two_provinces_in_and_reads_their_maps(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    for n, where in enumerate((HERE, THERE)):
        trust(national, centres[where.province], where)
        lines_of = {"boundaries": SURVEY} if where is HERE else {}
        assert send(national, where.file(where.run(tmp_path / where.province, rise=n, **lines_of))).status_code == 302
    first, second = Run.objects.order_by("area")
    assert [(run.area, run.agency) for run in (first, second)] == [("TH50", centres["50"]), ("TH51", centres["51"])]
    assert {run.station for run in (first, second)} == set(Station.objects.all())
    assert not Figure.objects.filter(level="village").exists()
    source = HERE.run(tmp_path / "again")
    said = {(r["level"], r["code"], r["group"]): r for r in source.rows if r["level"] != "village"}
    for figure in first.figures.all():
        row = said.pop((figure.level, figure.code, figure.group))
        assert [getattr(figure, name) for name in (*COUNTS, *RATES)] == [row[name] for name in (*COUNTS, *RATES)]
        assert (figure.band or None, figure.name_local) == (row["class"], row["name_local"])
    assert said == {}
    assert len(first.drawing.areas) == 12
    told = {
        run.area: (run.drawing.drawn_from, run.drawing.drawn_as_of, run.drawing.drawn_sha256)
        for run in Run.objects.all()
    }
    assert told == {"TH50": ("file", dt.date(2024, 7, 1), "5" * 64), "TH51": ("cells", None, "")}
    for run, says in (
        (first, "Survey of trials, open data</bdi> (as of 1 July 2024)"),
        (second, "No boundary file was"),
    ):
        assert says in national.get(reverse("population:map", args=[run.ref])).content.decode()
    assert (first.opens_at, first.limits, first.threshold) == ("subdistrict", _limits(source), 11)
    country = national.get(reverse("population:country"))
    drawn = country.context["picture"].patches
    assert [patch.address for patch in drawn] == [reverse("population:map", args=[run.ref]) for run in (second, first)]
    assert all(98 <= x <= 99.3 for ring in first.outline for x, _y in ring)
    for run in (first, second):
        for level, count in (("subdistrict", 12), ("district", 3), ("village", 0)):
            page = national.get(reverse("population:map", args=[run.ref]), {"level": level, "within": "all"})
            assert page.content.count(b'<th scope="row">') == count
    area = Figure.objects.get(run=first, level="district", code="5001", group="all")
    assert national.get(reverse("population:area", args=[area.ref])).status_code == 200
    assert lines("population.handed-in") == [first.figures.count(), second.figures.count()]


def _limits(found: ProtectedRun) -> dict[str, list[float | None]]:
    return {level: [limit.mid_from, limit.high_from] for level, limit in found.limits.items()}


def test_what_must_not_come_in_is_said_in_words_and_nothing_is_written(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    trust(national, centres["50"], HERE)
    found = HERE.run(tmp_path / "now")
    file = HERE.file(found)
    stranger = Somewhere("50").file(found)
    broken = bytearray(file)
    broken[len(file) // 2] ^= 1
    before = rows()
    for content, year, code in (
        (file, 2025, "POPULATION-078"),
        (stranger, 2026, "POPULATION-072"),
        (bytes(broken), 2026, "POPULATION-071"),
        (file[:-40], 2026, "POPULATION-070"),
        (HERE.signed(file, in_head(area="TH51")), 2026, "POPULATION-073"),
        (HERE.signed(file, in_table("areas.csv", lambda told: told[1].update(n_red="4"))), 2026, "POPULATION-076"),
    ):
        answer = send(national, content, year)
        assert (answer.status_code, rows()) == (422, before), code
        assert code in answer.content.decode()
    assert send(national, file).status_code == 302
    after = rows()
    older = HERE.file(HERE.run(tmp_path / "older", rise=1, card={"as_of": dt.date(2025, 6, 30)}))
    apart = HERE.file(HERE.run(tmp_path / "apart", rise=2, card={"as_of": dt.date(2026, 7, 30)}))
    for content, year, code in (
        (file, 2026, "POPULATION-080"),
        (older, 2025, "POPULATION-079"),
        (apart, 2026, "POPULATION-005"),
    ):
        answer = send(national, content, year)
        assert (answer.status_code, rows()) == (422, after), code
        assert code in answer.content.decode()
    Station.objects.update(taken_back_at=dt.datetime(2026, 11, 29, tzinfo=dt.UTC))
    assert "POPULATION-072" in send(national, apart).content.decode()
    assert lines("population.handed-in") == [Figure.objects.count()]
    assert set(Entry.objects.exclude(code="").values_list("code", flat=True)) >= {"POPULATION-005", "POPULATION-071"}


def test_a_later_year_comes_in_where_it_was_made_beside_the_one_before(
    officer: Client, run: Run, national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    """The province shows two years, the later made beside the earlier; its files say so, and the nation takes both."""
    _file, earlier = handed_over(officer, run)
    second = HERE.run(
        tmp_path / "second", rise=1, after=[run.table_hash], rounded_to=13, card={"as_of": dt.date(2026, 9, 30)}
    )
    later, _is_new = actions.take_in(local(), second, agency="Centre")
    assert officer.post(reverse("population:to-nation", args=[later.ref])).status_code == 302
    while work():
        pass
    content = fetched(officer, MapFile.objects.get(run=later))
    key = officer.get(reverse("population:own-key")).json()["public"]
    handed = read_package(content, {key: "TH50"})
    assert handed.run.beside == {run.table_hash}
    assert (handed.run.rounded_to, handed.run.n_roundings) == (13, 1)
    # From here on the database is that of the nation: what the province has lies out of its sight.
    Run.objects.update(area="TH49", fingerprint=F("table_hash"))
    Station.objects.create(agency=centres["50"], area="TH50", public=key, told_at=NOW)
    for file in (earlier, content):
        assert send(national, file).status_code == 302
    first, second_here = Run.objects.filter(area="TH50").order_by("as_of")
    assert (first.table_hash, second_here.table_hash) == (run.table_hash, later.table_hash)
    page = national.get(reverse("population:changes", args=[second_here.ref]))
    assert page.context["off_by"] == 12
    # Of a province whose earlier tables are not here, the word of the province counts; without it nothing is clear.
    for said, off in ((3, 36), (None, 12 * MOST_ROUNDINGS)):
        Run.objects.filter(pk=second_here.pk).update(n_roundings=said)
        page = national.get(reverse("population:changes", args=[second_here.ref]))
        assert page.context["off_by"] == off
    assert not any(line.change and line.change.is_clear for line in page.context["lines"])


def test_only_the_national_officer_of_the_country_takes_in(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    trust(national, centres["50"], HERE)
    file = HERE.file(HERE.run(tmp_path / "run"))
    others = [come_in(a_person(centres["50"], role)) for role in ("analyst", "provincial-data-officer")]
    police = Agency.objects.create(name="Police", kind="police", country="TH", areas=["TH"], path="/p/", made_at=NOW)
    for other in (*others, come_in(a_person(police, "national-officer"))):
        assert send(other, file).status_code == 403
        assert other.get(reverse("population:stations")).status_code == 403
    assert "POPULATION-072" in send(an_office("TH52", "national-officer"), file).content.decode()
    assert Run.objects.count() == 0


def test_the_operator_does_all_of_it_by_command(
    officer: Client, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del officer
    for name in ("HOME", "KEYS", "KEYFILE"):
        monkeypatch.setenv(f"SARANA_{name}", str(getattr(settings, f"SARANA_{name}")))
    file, key = tmp_path / "handed.zip", tmp_path / "key.json"
    assert entry.run(["population", "hand-to-nation", run.fingerprint[:8], "--out", str(file)]) == 0
    assert entry.run(["population", "station-key", "--out", str(key)]) == 0
    digits = re.search(r"(\d{5} ){7}\d{5}", capsys.readouterr().out)
    assert digits
    told = {row["level"] for row in rows_in(file.read_bytes())}
    assert told == {"province", "district", "subdistrict"}
    trusts = ["population", "trust-station", str(key), "--agency", "Centre", "--area", "TH50", "--digits"]
    assert entry.run([*trusts, digits[0][::-1]]) == 3
    assert entry.run([*trusts, digits[0]]) == 0
    assert entry.run(["population", "take-in-handed", str(file), "--year", "2026"]) == 4, "it is here already"
    assert "POPULATION-080" in capsys.readouterr().err
    actions.withdraw(local(), run.fingerprint, because="wrong-agency")
    assert entry.run(["population", "take-in-handed", str(file), "--year", "2026"]) == 0
    taken = Run.objects.get(withdrawn_at__isnull=True)
    assert (taken.fingerprint, taken.station) == (run.fingerprint, Station.objects.get())
    assert (lines("population.handed-over"), Station.objects.get().told_by) == ([len(rows_in(file.read_bytes()))], None)


def test_the_country_says_what_is_missing_stale_and_measured_otherwise(
    national: Client, centres: dict[str, Agency], tmp_path: Path
) -> None:
    """Seven provinces: three alike, of which one withholds a count, one old, one measured otherwise, one withheld."""
    edition = Edition.objects.create(
        list_code="areas.TH", version="1", fingerprint="1", state="in-force", begun_at=NOW, brought_by_ref=uuid4()
    )
    for line, code in enumerate(("49", "50", "51", "52", "53", "54", "55")):
        name = f"Province {code}"
        Area.objects.create(edition=edition, line=line, level=1, code=f"TH{code}", name_local=name, name_latin=name)
    more: dict[str, dict[str, Any]] = {
        "49": {"rows": _one_withheld},
        "50": {"boundaries": SURVEY},
        "51": {"rise": 60, "boundaries": SURVEY},
        "52": {"card": {"as_of": dt.date(2024, 6, 30)}},
        "53": {"banding": "another", "boundaries": None},
        "54": {"rows": _all_withheld},
    }
    for code, told in more.items():
        where, agency = Somewhere(code), centres.get(code) or a_centre(code)
        trusted(agency, where)
        as_of = told.get("card", {}).get("as_of", dt.date(2026, 6, 30))
        assert send(national, where.file(where.run(tmp_path / code, **told)), as_of.year).status_code == 302
    answer = national.get(reverse("population:country"))
    found = answer.context["country"]
    assert [one.name for one in found.compared] == ["Province 51", "Province 49", "Province 50"]
    marks = {one.code: one.marks for one in (*found.apart, *found.missing)}
    wanted = {"TH52": ("stale",), "TH53": ("otherwise",), "TH54": ("unsaid",), "TH55": ("missing",)}
    assert marks == wanted
    page = answer.content.decode()
    assert "Provinces: 7. Side by side: 3. Missing: 1. Stale: 1. Measured otherwise: 1." in page
    assert {each.words.split(":")[0]: each.names for each in answer.context["lines"]} == {
        "Boundaries": ("Province 51", "Province 50"),
        "No boundary file was in force": ("Province 49", "Province 52", "Province 54"),
        "By which boundaries this map is drawn is not known here": ("Province 53",),
    }
    assert "Boundaries: Survey of trials, open data (as of 1 July 2024)." in page
    assert "neighbours need not meet" in page
    # A sum is one of figures that stand on pages, so nothing can be subtracted from it that does not.
    shown = Figure.objects.filter(level="province", group="all", run__area__in=("TH50", "TH51"))
    assert found.sums.counts == {name: sum(shown.values_list(name, flat=True)) for name in SUMMED}
    assert found.sums.n_provinces == 2
    Edition.objects.update(state="replaced")
    page = national.get(reverse("population:country")).content.decode()
    assert "nobody can say which are missing" in page
    assert lines("population.country-seen") == [6, 6]


def _one_withheld(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many people the province has is not said, though its rate is."""
    return [{**row, "n_people": None} if row["level"] == "province" else row for row in rows]


def _all_withheld(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nothing is said of the province, and of whatever would give it away."""
    figures = (*COUNTS, *RATES, "class", "class_without_status")
    return [{**row, **dict.fromkeys(figures)} for row in rows if row["level"] != "province" or row["group"] == "all"]
