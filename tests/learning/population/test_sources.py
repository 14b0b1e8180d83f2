"""Sources and the files handed over for them: who has a door, what stays on the disk, and what is refused."""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency, give, local
from makers.handed import ROWS, SAID, a_source, hand_over
from makers.ledger import full
from makers.sittings import come_in
from makers.vaults import Place, a_place
from makers.work import work
from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.models import Entry
from sarana.ground.vault import places
from sarana.learning.population.sources import describing, incoming, sweeping
from sarana.learning.population.sources.describing import WORKING
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.methods.reference import read_reference
from sarana.methods.sealing.handed import open_handed

pytestmark = pytest.mark.django_db

Kind = Agency.Kind
ROLES = tuple(read_reference("roles.toml"))


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Place:
    return a_place(tmp_path, settings)


@pytest.fixture
def office(place: Place) -> Agency:
    return an_agency("Health office", kind=Kind.HEALTH)


@pytest.fixture
def specialist(office: Agency) -> Account:
    return a_person(office, "data-specialist")


@pytest.fixture
def source(specialist: Account, office: Agency) -> Source:
    return a_source(specialist, office)


def on_disk() -> list[Path]:
    return sorted(path for path in incoming.folder().rglob("*") if path.is_file())


def handed(action: str = "population.file-handed") -> list[int | None]:
    return list(Entry.objects.filter(action=action).order_by("pk").values_list("n_things", flat=True))


def page_of(client: Client, source: Source) -> str:
    return client.get(reverse("population:source", args=[source.ref])).content.decode()


def test_specialists_and_the_officer_have_a_door_and_nobody_else(office: Agency, source: Source) -> None:
    for role in ROLES:
        client = come_in(a_person(office, role))
        may = role in ("data-specialist", "provincial-data-officer")
        for name in ("population:sources", "population:register"):
            assert client.get(reverse(name)).status_code == (200 if may else 403), (role, name)
        assert client.get(reverse("population:source", args=[source.ref])).status_code == (200 if may else 403), role


@pytest.mark.parametrize("kind", [Kind.POLICE, Kind.PROSECUTION, Kind.COURT, Kind.IMMIGRATION])
@pytest.mark.parametrize("role", ["data-specialist", "provincial-data-officer"])
def test_who_also_works_in_police_prosecution_court_or_immigration_has_no_door(
    office: Agency, source: Source, kind: Agency.Kind, role: str
) -> None:
    person = a_person(office, role)
    give(person, an_agency("Another", kind=kind), "analyst")
    client = come_in(person)
    assert client.get(reverse("population:source", args=[source.ref])).status_code == 403
    answer = hand_over(client, source)
    assert (answer.status_code, "POPULATION-030" in answer.content.decode()) == (403, True)
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)


def test_another_agency_and_another_province_see_nothing(source: Source) -> None:
    elsewhere = accounts.make_agency(local(), name="Far", kind=Kind.HEALTH, country="TH", areas=["TH57"])
    same_province = an_agency("School office", kind=Kind.EDUCATION)
    for agency, role, status in (
        (elsewhere, "provincial-data-officer", 404),
        (same_province, "data-specialist", 404),
        (same_province, "provincial-data-officer", 200),
    ):
        client = come_in(a_person(agency, role))
        assert client.get(reverse("population:source", args=[source.ref])).status_code == status
        assert hand_over(client, source).status_code == (302 if status == 200 else 404)


def test_a_source_is_registered_with_its_papers_and_changed_by_one_at_a_time(
    office: Agency, specialist: Account
) -> None:
    client = come_in(specialist)
    given: dict[str, Any] = {name: getattr(SAID, name) for name in SAID.__slots__ if getattr(SAID, name)}
    given |= {"agency": str(office.ref), "area": "TH50", "layout": "health", "as_of": "2026-06-30"}
    real = {name: value for name, value in given.items() if name != "is_invented"}
    answer = client.post(reverse("population:register"), real)
    assert (answer.status_code, Source.objects.count()) == (422, 0)
    papers = {"agreement": "MoU 5/2568", "agreement_until": "31/12/2570", "impact_assessment": "DPIA 3/2569"}
    assert (
        client.post(reverse("population:register"), {**real, **papers, "agreement_until": "2570-12-31"}).status_code
        == 302
    )
    made = Source.objects.get()
    assert (made.code, made.agreement_until and made.agreement_until.year, made.is_invented) == ("health", 2027, False)
    address = reverse("population:change", args=[made.ref])
    thai = client.get(address, headers={"accept-language": "th"}).content.decode()
    assert 'value="2026-06-30"' in thai, "a browser shows the day again"
    assert client.post(address, {**given, "name": "First", "version": "1"}).status_code == 302
    late = client.post(address, {**given, "name": "Second", "version": "1"})
    assert (late.status_code, "POPULATION-037" in late.content.decode()) == (409, True)
    made.refresh_from_db()
    assert (made.name, made.version, made.layout) == ("First", 2, "health")
    again = a_source(specialist, office)
    assert again.code == "health_2"


def test_a_province_has_one_list_of_villages(office: Agency, specialist: Account) -> None:
    a_source(specialist, office, "areas")
    given: dict[str, Any] = {name: getattr(SAID, name) for name in SAID.__slots__ if getattr(SAID, name)}
    given |= {"agency": str(office.ref), "area": "TH50", "layout": "areas", "as_of": "2026-06-30"}
    answer = come_in(specialist).post(reverse("population:register"), given)
    assert (answer.status_code, "POPULATION-036" in answer.content.decode()) == (422, True)


def test_a_file_lies_sealed_and_opens_as_it_was(specialist: Account, source: Source) -> None:
    client = come_in(specialist)
    assert hand_over(client, source).status_code == 302
    row = HandedFile.objects.get()
    assert (row.part, row.n_bytes, row.n_lines) == ("health.csv", len(ROWS), 3)
    assert [path.name for path in on_disk()] == [f"{row.ref}.sealed"]
    kept = on_disk()[0].read_bytes()
    assert b"Somchai" not in kept
    assert on_disk()[0].stat().st_mode & 0o777 == 0o600
    plain = io.BytesIO()
    assert open_handed(on_disk()[0], plain, places.unlocked()) == row.sha256
    assert plain.getvalue() == ROWS
    shown = page_of(client, source)
    assert row.sha256[:16] in shown
    for person in ("Somchai", "HYPERLINK", "names of people"):
        assert person not in shown
    assert handed() == [1]


def test_the_same_file_again_changes_nothing_and_another_takes_its_place(specialist: Account, source: Source) -> None:
    client = come_in(specialist)
    hand_over(client, source)
    first = HandedFile.objects.get()
    answer = client.get(hand_over(client, source)["Location"])
    assert "here already" in answer.content.decode()
    assert (HandedFile.objects.count(), handed()) == (1, [1, 0])
    hand_over(client, source, ROWS + b"3,Malee\n")
    first.refresh_from_db()
    now = HandedFile.objects.get(let_go_at__isnull=True)
    assert first.let_go_at is not None
    assert now.pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_what_is_let_go_or_replaced_leaves_the_disk(specialist: Account, source: Source) -> None:
    client = come_in(specialist)
    hand_over(client, source)
    hand_over(client, source, ROWS + b"3,Malee\n")
    row = HandedFile.objects.get(let_go_at__isnull=True)
    assert [path.stem for path in on_disk()] == [str(row.ref)]
    assert client.post(reverse("population:let-go", args=[row.ref])).status_code == 302
    assert (on_disk(), handed("population.file-let-go")) == ([], [1])
    assert client.post(reverse("population:let-go", args=[row.ref])).status_code == 404


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (b"%PDF-1.7 \n", {}, "POPULATION-033"),
        (b"PK\x03\x04 no workbook", {}, "POPULATION-033"),
        (b"\x00\x01\x02", {}, "POPULATION-033"),
        (ROWS, {"part": "../../etc/passwd"}, "POPULATION-032"),
    ],
)
def test_what_is_no_table_of_the_layout_is_refused_and_leaves_nothing(
    specialist: Account, source: Source, content: bytes, more: dict[str, str], code: str
) -> None:
    answer = hand_over(come_in(specialist), source, content, **more)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count(), handed()) == ([], 0, [])


def test_a_cut_file_leaves_nothing(specialist: Account, source: Source) -> None:
    head = b"--B\r\nContent-Disposition: form-data; "
    body = head + b'name="part"\r\n\r\nhealth.csv\r\n' + head + b'name="file"; filename="x.csv"\r\n\r\n' + ROWS * 5000
    answer = come_in(specialist).generic(
        "POST",
        reverse("population:hand-over", args=[source.ref]),
        body,
        content_type="multipart/form-data; boundary=B",
    )
    assert (answer.status_code, "POPULATION-032" in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)


def test_a_file_above_the_limit_and_a_disk_that_is_full_are_said_in_words(
    specialist: Account, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in(specialist)
    with monkeypatch.context() as patch:
        patch.setattr(incoming, "MOST_BYTES", 100)
        answer = hand_over(client, source)
        assert (answer.status_code, "POPULATION-031" in answer.content.decode()) == (422, True)

    def full(*_words: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = hand_over(client, source)
    assert (answer.status_code, "ENGINE-004" in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)
    with monkeypatch.context() as patch:
        patch.setattr(incoming, "open_nameless", lambda _place: None)
        assert "POPULATION-035" in hand_over(client, source).content.decode()
    for _again in range(3):
        assert hand_over(client, source).status_code == 302


def test_without_keys_the_folder_of_the_machine_is_not_told(place: Place, specialist: Account, source: Source) -> None:
    client = come_in(specialist)
    place.lose_the_vault()
    answer = hand_over(client, source)
    text = answer.content.decode()
    assert (answer.status_code, "Tell its operator the code" in text, "VAULT-" in text) == (422, True, True)
    assert str(place.keys) not in text
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)


def test_a_file_that_was_changed_or_is_anothers_does_not_open(specialist: Account, source: Source) -> None:
    hand_over(come_in(specialist), source)
    (file,) = on_disk()
    kept, keys = file.read_bytes(), places.unlocked()
    for content, code in (
        (kept[:-1], "VAULT-001"),
        (kept.replace(b'"id":"', b'"id":"0', 1), "VAULT-001"),
        (kept.replace(b"HANDED", b"HANDET", 1), "VAULT-044"),
        (kept[:30] + b"\n" + kept[30:], "VAULT-044"),
    ):
        file.write_bytes(content)
        with pytest.raises(SaranaError) as told:
            open_handed(file, io.BytesIO(), keys)
        assert told.value.code == code


def test_a_forged_form_and_one_that_cannot_be_written_down_keep_no_file(
    specialist: Account, source: Source, settings: Any, tmp_path: Path
) -> None:
    client = come_in(specialist)
    forging = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forging.cookies = client.cookies
    settings.SARANA_INBOX = tmp_path / "inbox"
    (settings.SARANA_INBOX / str(source.agency.ref)).mkdir(parents=True)
    (settings.SARANA_INBOX / str(source.agency.ref) / "big.csv").write_bytes(ROWS)
    there = {"part": "health.csv", "name": "big.csv"}
    pointing = reverse("population:point", args=[source.ref])
    assert hand_over(forging, source).status_code == forging.post(pointing, there).status_code == 403
    with full():
        for answer in (hand_over(client, source), client.post(pointing, there)):
            assert (answer.status_code, "could not be written down" in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count(), handed()) == ([], 0, [])


def test_no_third_file_comes_in_beside_two_and_strangers_send_none_to_the_disk(
    specialist: Account, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in(specialist)
    held = [incoming.Incoming(), incoming.Incoming()]
    assert "POPULATION-034" in hand_over(client, source).content.decode()
    for each in held:
        each.let_go()
    monkeypatch.setattr(incoming, "open_nameless", lambda _place: pytest.fail("a stranger's file came in"))
    stranger = Client(enforce_csrf_checks=True)
    assert hand_over(stranger, source).status_code == 403
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert hand_over(stranger, source, b"x" * 3_000_000).status_code == 403


def test_a_file_of_the_folder_that_was_allowed_is_taken_and_no_link_and_nothing_outside(
    specialist: Account, source: Source, tmp_path: Path, settings: Any
) -> None:
    inbox = tmp_path / "inbox" / str(source.agency.ref)
    inbox.mkdir(parents=True)
    other = tmp_path / "inbox" / str(an_agency("School office", kind=Kind.EDUCATION).ref)
    other.mkdir()
    (other / "theirs.csv").write_bytes(ROWS)
    (inbox / "big.csv").write_bytes(ROWS)
    (tmp_path / "secret.csv").write_bytes(ROWS)
    (inbox / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(inbox / "pipe.csv")
    client, address = come_in(specialist), reverse("population:point", args=[source.ref])
    given = {"part": "health.csv", "name": "big.csv"}
    assert "POPULATION-038" in client.post(address, given).content.decode()
    settings.SARANA_INBOX = inbox.parent
    assert 'value="big.csv"' in page_of(client, source)
    assert "link.csv" not in page_of(client, source)
    assert "theirs.csv" not in page_of(client, source)
    for name in (
        "link.csv",
        "pipe.csv",
        "theirs.csv",
        f"../{other.name}/theirs.csv",
        "../secret.csv",
        str(tmp_path / "secret.csv"),
        "",
        "none.csv",
        "a\x00b",
    ):
        answer = client.post(address, {**given, "name": name})
        assert (answer.status_code, "POPULATION-038" in answer.content.decode()) == (422, True), name
    assert client.post(address, given).status_code == 302
    assert HandedFile.objects.get().n_bytes == len(ROWS)
    assert (inbox / "big.csv").is_file()
    settings.SARANA_INBOX = settings.SARANA_KEYS
    assert "POPULATION-038" in client.post(address, {**given, "name": "secret.key"}).content.decode()


def test_two_files_in_one_form_are_refused_in_words(specialist: Account, source: Source) -> None:
    client = come_in(specialist)
    two = [SimpleUploadedFile("a.csv", ROWS), SimpleUploadedFile("b.csv", ROWS)]
    answer = hand_over(client, source, part="health.csv", file=two)
    assert (answer.status_code, "PAGES-005" in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)
    assert hand_over(client, source).status_code == 302


def test_a_disk_that_is_full_in_the_middle_is_said_in_words(
    specialist: Account, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() > 2_000_000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(incoming, "_opened", Full)
    answer = hand_over(come_in(specialist), source, ROWS * 200_000)
    assert (answer.status_code, "ENGINE-004" in answer.content.decode()) == (422, True)
    assert (on_disk(), HandedFile.objects.count()) == ([], 0)


def test_text_of_two_bytes_a_letter_is_taken_and_no_line_of_it_counted(specialist: Account, source: Source) -> None:
    rows = "row_id,NAME\n1,ชช\n".encode("utf-16")
    assert hand_over(come_in(specialist), source, rows).status_code == 302
    assert HandedFile.objects.get().n_lines is None


def test_only_what_is_nobodys_is_swept_however_little_its_sweeper_may_see(
    specialist: Account, source: Source, office: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two agencies, one sweep: on PostgreSQL nobody but the machine itself sees the rows of both."""
    hand_over(come_in(specialist), source)
    school = an_agency("School office", kind=Kind.EDUCATION)
    teacher = a_person(school, "data-specialist")
    hand_over(come_in(teacher), a_source(teacher, school, "education"), part="education.csv")
    kept = on_disk()
    assert len(kept) == 2
    (incoming.folder() / "no-row.sealed").write_bytes(b"x")
    left = incoming.folder() / f"{WORKING}broken"
    (left / "data").mkdir(parents=True)
    monkeypatch.setattr(sweeping, "LEFT_BEHIND_SECONDS", -1)
    local_now = Actor.local(timezone.localtime())
    with describing.held(left):
        assert [each.code for each in sweeping.due(local_now)] == ["population.sweep-sources"]
        jobs.ask(local_now, "population.sweep-sources")
        assert work()
        assert left.exists(), "somebody works there"
    assert on_disk() == kept
    jobs.ask(local_now, "population.sweep-sources")
    assert work()
    assert not left.exists()
    assert (on_disk(), list(sweeping.due(local_now))) == (kept, [])
    with pytest.raises(SaranaError, match="POPULATION-002"):
        jobs.ask(acting(specialist), "population.sweep-sources")
