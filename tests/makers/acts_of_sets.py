"""The acts of the pages of indicator sets, each prepared in a house with an officer and a draft of hers."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.acts import Act, House, Prepare, Ready
from makers.agencies import a_person, acting
from makers.browsers import sign_in
from sarana.ground.accounts.models import Account
from sarana.learning.population.models import OwnSet, Run, Update
from sarana.learning.population.sets import actions
from sarana.learning.population.sets.forms import IndicatorForm, WholeForm
from sarana.learning.population.sources.updating import folder_of
from sarana.methods.questions.sets_diff import SetsDiff
from sarana.methods.risk.changing import find_indicator
from sarana.methods.risk.sets import load_set

NAME = "chiang-mai-28"
NOTHING = SetsDiff("a 1", "b 1", (), (), 300, 0, (), {"district": 0, "subdistrict": 0}, ())


def by_an_officer(act: Any, *, second: bool = False) -> Prepare:
    """Done by a provincial data officer, or by the data custodian of the house: `act` gives arguments and form."""

    def prepare(house: House, address: str) -> Ready:
        officer = a_person(house.ours, "provincial-data-officer", name="Off")
        draft = actions.copy(_now(officer), load_set(NAME), agency=house.ours, area="TH50")
        arguments, data = act(house, draft, officer)
        who = house.people["kim"] if second else officer
        client = sign_in(Client(raise_request_exception=False), who)
        return Ready(client, reverse(address, kwargs=arguments), data)

    return prepare


def _now(account: Account) -> Any:
    return acting(account, now=timezone.localtime())


def _note(house: House) -> dict[str, str]:
    return {"agency": str(house.ours.ref), "indicator": "h01", "text": "Age says little.", "source": "Study 7"}


def _sent(form: IndicatorForm | WholeForm) -> dict[str, Any]:
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def _one(_house: House, draft: OwnSet, _officer: Account) -> Any:
    of = draft.held()
    one = find_indicator(of, "h01")
    assert one is not None
    return {"ref": draft.ref, "key": "h01"}, _sent(IndicatorForm(of, one, initial={"version": 1}))


def _taken_back(house: House, draft: OwnSet, officer: Account) -> Any:
    said = actions.Said("", "Age says little.", "Study 7")
    return {"ref": actions.note(_now(officer), str(draft.ref), said, agency=house.ours).ref}, {}


def _an_update(house: House, *, is_here: bool = False) -> Update:
    """A yearly update of the house, with the card of its run where its folder is asked for."""
    now = timezone.localtime()
    run = Run.objects.create(
        agency=house.ours, name="2569", area="TH50", as_of=now.date(), is_invented=True, indicator_set=NAME,
        opens_at="district", fingerprint="1", table_hash="2", taken_in_at=now,
    )  # fmt: skip
    update = Update.objects.create(
        agency=house.ours, area="TH50", name="2569", as_of=now.date(), indicators=NAME, until=now.date(),
        asked_at=now, asked_by_ref=house.ours.ref, run_ref=run.ref,
    )  # fmt: skip
    if is_here:
        folder_of(update.ref).mkdir(parents=True)
        card = 'kind = "sarana population run"\ncomplete = true\nerased = false\n'
        (folder_of(update.ref) / "run.toml").write_text(card, "utf-8")
    return update


def _reckoned(house: House, draft: OwnSet, _officer: Account) -> Any:
    return {"ref": draft.ref}, {"run": str(_an_update(house, is_here=True).ref)}


def _proposed(house: House, draft: OwnSet, officer: Account) -> Any:
    actions.keep_effect(_now(officer), draft, _an_update(house), NOTHING)
    return {"ref": draft.ref}, {"version": "1"}


def _agreed(house: House, draft: OwnSet, officer: Account) -> Any:
    _proposed(house, draft, officer)
    actions.propose(_now(officer), draft, version=1)
    return {"ref": draft.ref}, {"version": "2"}


ACTS: tuple[Act, ...] = (
    Act("population:our-set", by_an_officer(lambda h, *_: ({"name": NAME}, _note(h))), ("population.set-noted",)),
    Act("population:own-set", by_an_officer(lambda h, d, _o: ({"ref": d.ref}, _note(h))), ("population.set-noted",)),
    Act(
        "population:copy-set",
        by_an_officer(lambda h, *_: ({}, {"of": NAME, "agency": str(h.ours.ref), "area": "TH50"})),
        ("population.set-copied",),
    ),
    Act(
        "population:change-set",
        by_an_officer(lambda _h, d, _o: ({"ref": d.ref}, _sent(WholeForm(d.held(), initial={"version": 1})))),
        ("population.set-changed",),
    ),
    Act("population:change-indicator", by_an_officer(_one), ("population.set-changed",)),
    Act("population:set-effect", by_an_officer(_reckoned), ("jobs.asked",)),
    Act("population:propose-set", by_an_officer(_proposed), ("population.set-proposed",)),
    Act("population:agree-set", by_an_officer(_agreed, second=True), ("population.set-adopted",)),
    Act(
        "population:put-set-aside",
        by_an_officer(lambda _h, d, _o: ({"ref": d.ref}, {"version": "1"})),
        ("population.set-put-aside",),
    ),
    Act("population:take-note-back", by_an_officer(_taken_back), ("population.set-note-taken-back",)),
)
