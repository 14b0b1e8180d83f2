"""From a copy to the map: the effect of a draft on a sealed run, two words, and an update that is measured by it."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from makers.agencies import a_person, acting, give
from makers.counted import on_one
from makers.handed_province import an_office, handed_over, invented
from makers.sittings import come_in
from makers.vaults import a_place
from makers.work import work
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.jobs.models import Job
from sarana.learning.population.models import OwnSet, Run, SetEffect, Update
from sarana.learning.population.sets import actions
from sarana.learning.population.sources.models import Source
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.risk.changing import changed_set
from sarana.methods.risk.sets import COPY, load_set

pytestmark = pytest.mark.django_db

NAME = "chiang-mai-28"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented(tmp_path_factory)


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> tuple[Agency, Account]:
    a_place(tmp_path, settings)
    settings.SARANA_THREADS, settings.SARANA_MEMORY = 1, "2GiB"
    centre, account = an_office()
    give(account, centre, "provincial-data-officer")
    return centre, account


def form(centre: Agency, source: Source, **more: Any) -> dict[str, Any]:
    said = {"name": "2568", "agency": str(centre.ref), "area": "TH50", "as_of": "2026-06-30", "indicators": NAME}
    return {**said, "until": "2027-10-01", "sources": [str(source.ref)], **more}


def looser(held: Any) -> Any:
    """The set by which whoever is known at all is in the highest band."""
    rules = {**held.bandings["measured"].rules, "red": "observed >= 1"}
    bandings = {**held.bandings, "measured": {"says": "All.", "order": held.bandings["measured"].order, "rules": rules}}
    return changed_set(held, bandings=bandings)


def done() -> Job:
    assert work()
    job = Job.objects.latest("pk")
    assert job.state == "done", (job.code, job.says)
    return job


@on_one("sqlite")
def test_a_draft_is_held_against_a_sealed_run_adopted_by_two_and_measures_the_next_update(
    office: tuple[Agency, Account], province: Path
) -> None:
    centre, officer = office
    handed_over(officer, centre, province, "areas")
    source = handed_over(officer, centre, province, "health")
    client, updates = come_in(officer), reverse("population:updates")
    assert client.post(updates, form(centre, source)).status_code == 302
    done()
    first = Update.objects.get()
    draft = actions.copy(acting(officer), load_set(NAME), agency=centre, area="TH50")
    actions.change(acting(officer), draft, looser(draft.held()), version=1)
    page, ask = reverse("population:own-set", args=[draft.ref]), reverse("population:set-effect", args=[draft.ref])
    assert str(first.ref) in client.get(page).content.decode()
    assert client.post(ask, {"run": str(first.ref)}).status_code == 302
    done()
    told = SetEffect.objects.get().told
    assert told["parts"] == ["bandings"]
    assert told["n_changed"] > 0, "somebody changes band"
    assert all(flow["n"] % 10 == 0 and flow["n"] >= 100 and flow["before"] != flow["after"] for flow in told["flows"])
    assert "What this version would change" in client.get(page).content.decode()
    # It is offered only when two people adopted it.
    own = {"indicators": str(draft.ref), "name": "2569", "as_of": "2026-07-01"}
    assert client.post(updates, form(centre, source, **own)).status_code == 422
    assert client.post(reverse("population:propose-set", args=[draft.ref]), {"version": "2"}).status_code == 302
    other = come_in(a_person(centre, "data-custodian", name="Cus"))
    assert other.post(reverse("population:agree-set", args=[draft.ref]), {"version": "3"}).status_code == 302
    assert client.post(updates, form(centre, source, **own)).status_code == 302
    done()
    run = Run.objects.latest("pk")
    assert run.indicator_set == OwnSet.objects.get().called == f"th50-{NAME} 1"
    assert run.measured_by != Run.objects.earliest("pk").measured_by, "a difference of the two would say nothing"
    second = Update.objects.latest("pk")
    fetched = client.get(reverse("population:set-file", args=[draft.ref]))
    copy = folder_of(second.ref) / COPY
    assert copy.read_bytes() == fetched.content
    assert load_set(copy) == draft.held()

    assert run.indicator_set in client.get(reverse("population:map", args=[run.ref])).content.decode()
    # Later drafts are held against the run that was measured by it.
    again = actions.copy(acting(officer), draft.held(), agency=centre, area="TH50")
    assert client.post(reverse("population:set-effect", args=[again.ref]), {"run": str(second.ref)}).status_code == 302
    done()
    assert SetEffect.objects.latest("pk").told["first"] == run.indicator_set
