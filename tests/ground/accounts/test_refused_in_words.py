"""What accounts refuse, each with its code: the sentences that no other test of this room names."""

import dataclasses
from collections.abc import Callable

import pytest

from makers.agencies import NOW, PASSPHRASE, a_person, acting, an_agency, give, local
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions, demonstration
from sarana.ground.accounts.models import Agency, Invitation, Role

pytestmark = pytest.mark.django_db


def invited_by_a_worker() -> None:
    ours = an_agency()
    role = Role.objects.get(code="shelter")
    actions.invite(acting(a_person(ours)), agency=ours, role=role, name="Noi")


def topmost_made_by_an_administrator() -> None:
    admin = acting(a_person(an_agency(), "organisation-administrator"))
    actions.make_agency(admin, name="Own", kind=Agency.Kind.SHELTER, country="TH")


def demonstration_at_work() -> None:
    demonstration.seed_demonstration(local())


def link_used_twice() -> None:
    made = an_invitation()
    for name in ("noi", "nid"):
        actions.accept_invitation(local(), made, sign_in_name=name, name="Noi", passphrase=PASSPHRASE, language="en")


def name_taken() -> None:
    taken = a_person(an_agency()).sign_in_name.upper()
    actions.make_account(local(), sign_in_name=taken, name="Bob", passphrase=PASSPHRASE)


def role_given_twice() -> None:
    ours = an_agency()
    give(a_person(ours), ours, "case-worker")


def second_app_of_codes() -> None:
    account = a_person(an_agency())
    for _ in range(2):
        actions.add_code_app(acting(account), account, secret="A" * 32, counter=1)


def factor_that_is_gone() -> None:
    account = a_person(an_agency())
    actions.remove_factor(acting(account), account, factor_id=0, is_needed=False)


def form_sent_twice() -> None:
    made = an_agency("Once")
    actions.make_agency(local(), ref=made.ref, name="Once", kind=made.kind, country="TH")


def an_invitation() -> Invitation:
    ours = an_agency()
    made, _word = actions.invite(local(), agency=ours, role=Role.objects.get(code="shelter"), name="Noi")
    return made


SAID: dict[Callable[[], None], tuple[type[Exception], str]] = {
    invited_by_a_worker: (Refused, "ACCOUNTS-002"),
    link_used_twice: (NotYet, "ACCOUNTS-006"),
    name_taken: (NotYet, "ACCOUNTS-007"),
    role_given_twice: (NotYet, "ACCOUNTS-008"),
    topmost_made_by_an_administrator: (Refused, "ACCOUNTS-010"),
    demonstration_at_work: (Refused, "ACCOUNTS-011"),
    second_app_of_codes: (NotYet, "ACCOUNTS-018"),
    factor_that_is_gone: (NotYet, "ACCOUNTS-019"),
    form_sent_twice: (NotYet, "ACCOUNTS-027"),
}


@pytest.mark.parametrize("does", SAID, ids=lambda does: does.__name__)
def test_it_is_refused_with_its_code_and_nothing_is_half_done(does: Callable[[], None]) -> None:
    kind, code = SAID[does]
    with pytest.raises(kind, match=code):
        does()


def test_an_account_of_work_is_not_entered_as_a_demonstration(settings: pytest.FixtureRequest) -> None:
    settings.SARANA_MODE = "demo"  # type: ignore[attr-defined]
    account = a_person(an_agency())
    with pytest.raises(Refused, match="ACCOUNTS-011"):
        demonstration.enter_as(dataclasses.replace(acting(account), now=NOW), account)
