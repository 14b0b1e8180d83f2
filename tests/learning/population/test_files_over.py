"""Files that were handed over do not stay for ever: the machine takes them away after their last day."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from makers.agencies import a_person, acting, an_agency
from makers.handed import a_source, hand_over
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.ledger.models import Entry
from sarana.learning.population.sources import actions, incoming, sweeping
from sarana.learning.population.sources.models import HandedFile

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_goes_after_the_last_day_of_its_agreement_and_invented_people_after_400_days(
    tmp_path: Path, settings: Any
) -> None:
    a_place(tmp_path, settings)
    office = an_agency("Health office", kind=Agency.Kind.HEALTH)
    specialist = a_person(office, "data-specialist")
    real = a_source(specialist, office, is_invented=False, agreement="4", agreement_until=dt.date(2027, 3, 31))
    other = a_source(specialist, office, "education", agreement_until=dt.date(2027, 3, 31))
    client = come_in(specialist)
    hand_over(client, real)
    hand_over(client, other, part="education.csv")
    (of_real, of_other) = HandedFile.objects.order_by("pk")
    assert of_real.last_day(real) == dt.date(2027, 3, 31)
    days = (of_other.last_day(other) - timezone.localtime(of_other.handed_at).date()).days
    assert days == 400
    assert "31 March 2027" in client.get(reverse("population:source", args=[real.ref])).content.decode()
    kept = {incoming.path_of(of_real.ref), incoming.path_of(of_other.ref)}
    for day, left in (("2027-03-31", kept), ("2027-04-01", {incoming.path_of(of_other.ref)}), ("2030-01-01", set())):
        with time_machine.travel(dt.datetime.fromisoformat(f"{day}T12:00:00+07:00"), tick=False):
            now = Actor.local(timezone.localtime())
            assert bool(list(sweeping.due(now))) == (left != kept)
            jobs.ask(now, "population.sweep-sources")
            assert work()
        assert set(incoming.folder().glob("*.sealed")) == left
        kept = left
    assert list(Entry.objects.filter(action="population.file-over").values_list("n_things", flat=True)) == [1, 1]
    assert "not here yet" in client.get(reverse("population:source", args=[real.ref])).content.decode()
    with pytest.raises(SaranaError, match="POPULATION-002"):
        actions.let_go_of_those_over(acting(specialist))
