"""The acts of the place Sources, beside those of `makers.acts`; files that are sent have tests of their own."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.acts import Act, House, Prepare, Ready
from makers.agencies import NOW, a_person, acting
from makers.boundaries import a_list, brought
from makers.boundary_files import a_file
from makers.browsers import sign_in
from makers.handed import SAID, a_profile, a_source
from sarana.basics.actors import Actor
from sarana.learning.population.models import FileColumns
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Source
from sarana.learning.population.year.asking import actions as asking
from sarana.learning.population.year.doing import actions as doing
from sarana.methods.population.relaid import named_columns

GIVEN: dict[str, Any] = {name: getattr(SAID, name) for name in SAID.__slots__ if getattr(SAID, name)}


def by_a_specialist(act: Any) -> Prepare:
    """Done by a data specialist of the house: `act` gives the reference and the form, for a source of hers."""

    def prepare(house: House, address: str) -> Ready:
        person = a_person(house.ours, "data-specialist", name="Spe")
        house.people["spe"] = person
        ref, data = act(house, a_source(person, house.ours))
        client = sign_in(Client(raise_request_exception=False), person)
        return Ready(client, reverse(address, kwargs={"ref": ref} if ref else {}), data)

    return prepare


def _registered(house: House, _source: Source) -> tuple[None, dict[str, Any]]:
    return None, {**GIVEN, "agency": str(house.ours.ref), "area": "TH50", "layout": "education"}


def _changed(_house: House, source: Source) -> tuple[Any, dict[str, Any]]:
    return source.ref, {**GIVEN, "name": "Changed", "version": "1"}


def _let_go(_house: House, source: Source) -> tuple[Any, dict[str, Any]]:
    now = timezone.localtime()
    file = HandedFile.objects.create(
        source=source, part="health.csv", sha256="0", n_bytes=1, handed_at=now, handed_by_ref=uuid4()
    )
    return file.ref, {}


def _all_here(source: Source) -> None:
    """Rows for all its files, though nothing lies on a disk."""
    now = timezone.localtime()
    for part in source.laid_out().parts:
        HandedFile.objects.create(
            source=source, part=part.name, sha256=part.name, n_bytes=1, handed_at=now, handed_by_ref=uuid4()
        )


def _looked_through(house: House, source: Source) -> tuple[Any, dict[str, Any]]:
    villages = a_source(house.people["spe"], house.ours, "areas")
    _all_here(villages)
    _all_here(source)
    return source.ref, {}


def _told(_house: House, source: Source) -> tuple[Any, dict[str, Any]]:
    return a_profile(source).ref, {"field": "sex", "to-9": "female"}


def _taken_back(_house: House, source: Source) -> tuple[Any, dict[str, Any]]:
    now = timezone.localtime()
    said = CodeMeaning.objects.create(
        source=source, field="sex", code="9", target="female", version=1, said_at=now, said_by_ref=uuid4()
    )
    return said.ref, {}


def _pointed_at(house: House, address: str) -> Ready:
    specialist = a_person(house.ours, "data-specialist", name="Spe")
    house.people["spe"] = specialist
    source = a_source(specialist, house.ours)
    file = HandedFile.objects.create(
        source=source, part="health.csv", sha256="0", n_bytes=1, handed_at=NOW, handed_by_ref=uuid4()
    )
    told = [{"header": "เพศ", "filled": "all", "is_codes": False, "samples": []}]
    seen = FileColumns.objects.create(source=source, file=file, part=file.part, told=told, seen_at=NOW)
    number = next(n for n, each in enumerate(named_columns("health")) if each.header == "SEX")
    client = sign_in(Client(raise_request_exception=False), specialist)
    sent = {"columns": str(seen.ref), f"at-{number}": "เพศ"}
    return Ready(client, reverse(address, kwargs={"ref": source.ref}), sent)


WRITTEN = {"name": "Register of farms", "sector": "other", "holder": "Office of farms", "stands": "asked"}


def by_an_officer(act: Any) -> Prepare:
    """Done by the officer of the province: `act` gives the reference and the form."""

    def prepare(house: House, address: str) -> Ready:
        officer = a_person(house.ours, "provincial-data-officer", name="Off")
        house.people["off"] = officer
        ref, data = act(house, acting(officer))
        client = sign_in(Client(raise_request_exception=False), officer)
        return Ready(client, reverse(address, kwargs={"ref": ref} if ref else {}), data)

    return prepare


def _written(house: House, _actor: Actor) -> tuple[None, dict[str, Any]]:
    return None, {**WRITTEN, "agency": str(house.ours.ref), "area": "TH50"}


def _rewritten(house: House, actor: Actor) -> tuple[Any, dict[str, Any]]:
    made = asking.write_holding(actor, asking.Told(**WRITTEN), agency=house.ours, area="TH50")
    return made.ref, {**WRITTEN, "stands": "yes", "version": "1"}


DONE = {
    "organiser": "Office of schools",
    "kind": "school",
    "group": "class",
    "from_on": "2026-01-10",
    "until_on": "2026-01-12",
    "n_reached": "240",
    "source_line": "Report 7/2569",
}


def _activity(house: House, _actor: Actor) -> tuple[None, dict[str, Any]]:
    return None, {**DONE, "agency": str(house.ours.ref), "area": "TH50"}


def _activity_back(house: House, actor: Actor) -> tuple[Any, dict[str, Any]]:
    days = {name: dt.date.fromisoformat(DONE[name]) for name in ("from_on", "until_on")}
    done = doing.Done(**{**DONE, **days, "n_reached": 240})
    return doing.write_activity(actor, done, agency=house.ours, area="TH50").ref, {}


def _brought(house: House, actor: Actor) -> tuple[Any, dict[str, Any]]:
    codes = [f"TH50010{n}" for n in range(1, 4)]
    a_list(codes, gone={})
    return brought(actor, a_file(codes), agency=house.ours).ref, {}


def _updated(house: House, address: str) -> Ready:
    officer = a_person(house.ours, "provincial-data-officer", name="Off")
    source = a_source(officer, house.ours)
    for each in (source, a_source(officer, house.ours, "areas")):
        _all_here(each)
    today = timezone.localdate()
    sent = {"name": "2569", "agency": str(house.ours.ref), "area": "TH50", "as_of": "2026-06-30"}
    more = {"indicators": "chiang-mai-28", "until": today.isoformat(), "sources": [str(source.ref)]}
    return Ready(sign_in(Client(raise_request_exception=False), officer), reverse(address), {**sent, **more})


ACTS: tuple[Act, ...] = (
    Act("population:register", by_a_specialist(_registered), ("population.source-registered",)),
    Act("population:change", by_a_specialist(_changed), ("population.source-changed",)),
    Act("population:look-through", by_a_specialist(_looked_through), ("jobs.asked",)),
    Act("population:updates", _updated, ("jobs.asked",)),
    Act("population:codes", by_a_specialist(_told), ("population.codes-told",)),
    Act("population:take-back", by_a_specialist(_taken_back), ("population.code-taken-back",)),
    Act("population:point-at-columns", _pointed_at, ("population.columns-pointed-at",)),
    Act("population:write-holding", by_an_officer(_written), ("population.holding-written",)),
    Act("population:holding", by_an_officer(_rewritten), ("population.holding-written",)),
    Act("population:write-activity", by_an_officer(_activity), ("population.activity-written",)),
    Act("population:take-activity-back", by_an_officer(_activity_back), ("population.activity-taken-back",)),
    Act("population:put-boundary-in-force", by_an_officer(_brought), ("population.boundaries-in-force",)),
    Act("population:put-boundary-aside", by_an_officer(_brought), ("population.boundaries-put-aside",)),
    Act("population:let-go", by_a_specialist(_let_go), ("population.file-let-go",)),
)
