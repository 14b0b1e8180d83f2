"""The record of breaches: deadlines from the reference data, red when over, one line an act, nobody named."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency, local
from makers.browsers import sign_in
from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.privacy import Privacy
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.breaches import actions, deadlines, queries, waiting
from sarana.ground.breaches.models import Affected, Duty, Incident
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.models import Backup
from sarana.methods.reference import read_reference

pytestmark = pytest.mark.django_db

OFFICER, ADMIN = "data-protection-officer", "organisation-administrator"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def agency() -> Agency:
    return an_agency("Our house")


@pytest.fixture
def officer(agency: Agency) -> Account:
    return a_person(agency, OFFICER, name="Orn")


def record(actor: Actor, agency: Agency, *, known_at: dt.datetime, **more: Any) -> Incident:
    given = {"what": "backup", "found": "outside", "since_at": known_at - 30 * HOUR, **more}
    made = actions.record_incident(actor, agency=agency, known_at=known_at, **given)
    return queries.get_incident(actor, made.ref)


def duty(incident: Incident, code: str) -> Duty:
    return Duty.objects.select_related("incident__agency").get(incident=incident, code=code)


def test_deadlines_are_data_with_words_in_both_languages() -> None:
    for country in read_reference(deadlines.TABLE):
        for each in deadlines.deadlines_of(country):
            for language in ("en", "th"):
                assert all(deadlines.words_of(each.country, each.code, language).values()), (country, each.code)
    thai = {each.code: each for each in deadlines.deadlines_of("TH")}
    assert (thai["authority"].hours, thai["authority"].is_law) == (72, True)
    assert {each.country for each in deadlines.deadlines_of("KH")} == {deadlines.OTHER}
    assert not any(each.is_law for each in deadlines.deadlines_of("KH")), "what nobody verified is called no law"


def test_the_authority_is_told_within_72_hours_of_knowing_and_overdue_after(
    agency: Agency, officer: Account, now: dt.datetime
) -> None:
    actor = acting(officer, now=now)
    found = record(actor, agency, known_at=now - 71 * HOUR)
    first = duty(found, "authority")
    assert first.due_at == now + HOUR
    assert not first.is_overdue(now + HOUR)
    assert first.is_overdue(now + HOUR + dt.timedelta(seconds=1))
    later = acting(officer, now=now + 2 * HOUR)
    actions.note_told(later, duty(found, "authority"), told_at=now + 2 * HOUR)
    told = duty(found, "authority")
    assert (told.was_late(), told.is_overdue(later.now), told.told_by_ref) == (True, False, officer.ref)


def test_each_change_is_one_line_and_names_nobody(agency: Agency, officer: Account, now: dt.datetime) -> None:
    actor = acting(officer, now=now)
    found = record(actor, agency, known_at=now - HOUR, file_number="2569/17")
    actions.count_people(actor, found, agency_ref=agency.ref, tier="names", n_people=40)
    actions.count_people(actor, found, agency_ref=agency.ref, tier="names", n_people=41)
    with pytest.raises(NotYet, match="BREACHES-004"):
        actions.close_incident(actor, queries.get_incident(actor, found.ref))
    actions.note_told(actor, duty(found, "authority"), told_at=now)
    actions.close_incident(actor, queries.get_incident(actor, found.ref))
    acts = Entry.objects.filter(thing_ref=found.ref).order_by("id").values_list("action", "n_things")
    assert list(acts) == [
        ("breaches.recorded", 1),
        ("breaches.counted", 40),
        ("breaches.counted", 41),
        ("breaches.told", 1),
        ("breaches.closed", 1),
    ]
    assert [row.n_people for row in Affected.objects.all()] == [41]
    for model in (Incident, Affected, Duty):
        assert not {Privacy.SENSITIVE, Privacy.IDENTIFYING} & set(model.PRIVACY.values())
    with pytest.raises(NotYet, match="BREACHES-005"):
        actions.count_people(
            actor, queries.get_incident(actor, found.ref), agency_ref=agency.ref, tier="story", n_people=1
        )


def test_bad_times_and_strangers_are_refused_in_words(agency: Agency, officer: Account, now: dt.datetime) -> None:
    actor = acting(officer, now=now)
    for more in ({"since_at": now}, {"known_at": now + HOUR}):
        with pytest.raises(NotYet, match="BREACHES-002"):
            record(actor, agency, **{"known_at": now - HOUR, **more})
    found = record(actor, agency, known_at=now - HOUR)
    for told_at in (now + HOUR, now - 2 * HOUR):
        with pytest.raises(NotYet, match="BREACHES-003"):
            actions.note_told(actor, duty(found, "people"), told_at=told_at)
    actions.note_told(actor, duty(found, "people"), told_at=now)
    with pytest.raises(NotYet, match="BREACHES-003"):
        actions.note_told(actor, duty(found, "people"), told_at=now)
    other = an_agency("Another house")
    strangers = (
        acting(a_person(agency, ADMIN), now=now),
        acting(a_person(other, OFFICER), now=now),
        acting(officer, is_strong=False, now=now),
        local(now),
    )
    for stranger in strangers:
        assert list(queries.incidents_for(stranger)) == []
        with pytest.raises(Refused, match="BREACHES-001"):
            actions.close_incident(stranger, found)


def test_an_officer_is_asked_on_today_and_nobody_else(agency: Agency, officer: Account, now: dt.datetime) -> None:
    actor = acting(officer, now=now)
    assert list(waiting.lines(actor)) == []
    record(actor, agency, known_at=now - 25 * HOUR)
    [line] = waiting.lines(actor)
    assert ("3 have to be told" in line.what, "1 deadline is over" in line.why) == (True, True)
    assert list(waiting.lines(acting(a_person(agency, ADMIN), now=now))) == []


def test_what_lay_here_is_what_was_made_until_then(agency: Agency, officer: Account, now: dt.datetime) -> None:
    actor = acting(officer, now=now)
    for number, hours in enumerate((50, 2, -1)):
        Backup.objects.create(
            ref=f"00000000-0000-0000-0000-00000000000{number}",
            made_at=now - hours * HOUR,
            where=f"/disk/{number}",
            n_bytes=1,
            sha256="0" * 64,
        )
    lay = queries.what_lay_here(actor, record(actor, agency, known_at=now - HOUR))
    assert [backup.where for backup in lay.backups] == ["/disk/1", "/disk/0"]
    assert lay.knows_keys


def test_an_officer_records_counts_tells_and_closes_on_the_pages(
    client: Client, agency: Agency, officer: Account, now: dt.datetime
) -> None:
    sign_in(client, officer)
    page = reverse("breaches:breaches")
    given = {
        "agency": str(agency.ref),
        "what": "database",
        "found": "ledger",
        "since_at": f"{timezone.localtime(now - 90 * HOUR):%Y-%m-%dT%H:%M}",
        "known_at": f"{timezone.localtime(now - 80 * HOUR):%Y-%m-%dT%H:%M}",
        "file_number": "Mrs Somebody",
    }
    assert client.get(page).status_code == 200
    assert client.post(page, given).status_code == 422, "a name is no number of a file"
    done = client.post(page, {**given, "file_number": "17/2569"})
    assert done.status_code == 302, done.content.decode()
    shown = client.get(done["Location"]).content.decode()
    assert shown.count("overdue") >= 3, "the authority, the people, the agencies"
    assert "since=" in shown
    found = Incident.objects.get()
    counted = client.post(
        reverse("breaches:count", args=[found.ref]), {"agency": str(agency.ref), "tier": "names", "n_people": "12"}
    )
    assert counted.status_code == 302
    assert client.post(reverse("breaches:count", args=[found.ref]), {"n_people": "-1"}).status_code == 422
    first = duty(found, "authority")
    told = {"told_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}"}
    assert client.post(reverse("breaches:told", args=[first.ref]), {"told_at": "soon"}).status_code == 422
    assert duty(found, "authority").told_at is None
    assert client.post(reverse("breaches:told", args=[first.ref]), told).status_code == 302
    assert "late" in client.get(done["Location"]).content.decode()
    assert client.post(reverse("breaches:close", args=[found.ref])).status_code == 302
    assert Incident.objects.get().closed_at is not None
    assert "Breaches" in client.get(reverse("desk:settings")).content.decode()


def test_a_thousand_breaches_are_leafed_through_newest_first(
    agency: Agency, officer: Account, now: dt.datetime
) -> None:
    n_rows = 1_000
    Incident.objects.bulk_create(
        Incident(
            agency=agency,
            what="backup",
            found="staff",
            since_at=now - (hours + 1) * HOUR,
            known_at=now - hours * HOUR,
            recorded_at=now,
            recorded_by_ref=officer.ref,
        )
        for hours in range(n_rows)
    )
    client, seen, address = sign_in(Client(), officer), [], ""
    while True:
        page = client.get(reverse("breaches:breaches") + address).context["page"]
        seen += [row.known_at for row in page.rows]
        address = page.onward
        if not address:
            break
    assert seen == [now - hours * HOUR for hours in range(n_rows)]


def test_an_incident_is_closed_once_whoever_comes_second(agency: Agency, officer: Account, now: dt.datetime) -> None:
    actor = acting(officer, now=now)
    found = record(actor, agency, known_at=now - HOUR)
    actions.note_told(actor, duty(found, "authority"), told_at=now)
    actions.count_people(actor, found, agency_ref=agency.ref, tier="names", n_people=0)
    beside = queries.get_incident(actor, found.ref)
    actions.close_incident(actor, found)
    with pytest.raises(NotYet, match="BREACHES-005"):
        actions.close_incident(acting(officer, now=now + HOUR), beside)
    assert queries.get_incident(actor, found.ref).closed_at == now
    assert Entry.objects.filter(action="breaches.closed").count() == 1
