"""The acts of the place Sources, beside those of `makers.acts`; files that are sent have tests of their own."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.acts import Act, House, Prepare, Ready
from makers.agencies import a_person
from makers.browsers import sign_in
from makers.handed import SAID, a_profile, a_source
from sarana.learning.population.sources.models import CodeMeaning, HandedFile, Source

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
    Act("population:let-go", by_a_specialist(_let_go), ("population.file-let-go",)),
)
