"""What the pages of consent say, in plain words."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from sarana.basics.actors import Actor
from sarana.care.consent.models import Consent, State
from sarana.care.people import policy
from sarana.care.people.conflict.queries.hiding import agencies_kept_out
from sarana.care.people.consents import queries
from sarana.care.people.consents.forms import (
    EVIDENCE,
    EXPLAINED,
    GROUNDS,
    SPEAKERS,
    TIER_WORDS,
    WAYS,
    AgreedForm,
    LawForm,
)
from sarana.care.people.models import Person
from sarana.care.people.queries import working_with
from sarana.care.people.world import language_name
from sarana.ground.accounts import queries as accounts
from sarana.ground.codelists.queries import purposes_for
from sarana.ground.vault.identities.models import Basis
from sarana.ground.vault.identities.policy import ENDING, PURPOSES, may
from sarana.methods.sealing.identities import Tier

UNREADY = 422


def page_of(actor: Actor, person: Person, seen: list[Consent], **given: Any) -> dict[str, Any]:
    """Everything on the page of what a person agreed to; `given` are forms that were sent, and what was wrong."""
    names, purposes = _agency_names(actor), purpose_names(actor)
    staff = queries.names_of_staff(each.explained_by_ref for each in seen)
    rows = [{**_consent(actor, each, names, purposes), "by": staff.get(each.explained_by_ref, "")} for each in seen]
    has_purpose = policy.has_purpose(actor)
    laws = queries.by_law(actor, person)
    return {
        "person": person,
        "living": [row for row in rows if row["state"] == State.LIVING],
        "over": [row for row in rows if row["state"] != State.LIVING],
        "laws": [_by_law(actor, basis, names, purposes) for basis in laws],
        "ways": WAYS,
        "has_purpose": has_purpose,
        "form": given.get("form") or (agreed_form(actor, person) if has_purpose else None),
        "law_form": given.get("law_form") or (law_form(actor, person) if may_decide(actor, person) else None),
        "fault": given.get("fault", ""),
    }


def may_decide(actor: Actor, person: Person) -> bool:
    """Whether an actor decides by law who reads a person: her purpose is stated, and she is a supervisor there."""
    return policy.has_purpose(actor) and may(actor, ENDING, person.agency_ref)


def agreed_form(actor: Actor, person: Person, posted: Any = None) -> AgreedForm:
    """The form in which is written down what a person agreed to; whoever writes stands first among those who help."""
    working, free = working_with(actor, person)
    others = {each.ref: each.name for each in (*working, *free)}
    own = others.pop(actor.account_ref, "") or queries.names_of_staff([actor.account_ref]).get(actor.account_ref, "")
    helpers = [(str(ref), name) for ref, name in ({actor.account_ref: own} | others).items()]
    return AgreedForm(_others(actor, person), _purposes(actor), helpers, posted)


def law_form(actor: Actor, person: Person, posted: Any = None) -> LawForm:
    """The form in which a supervisor decides by law."""
    return LawForm(_others(actor, person), _purposes(actor), posted, auto_id="law_%s")


def tier_words(tiers: Iterable[Tier]) -> list[str]:
    """What is read, in words."""
    return [str(TIER_WORDS[tier]) for tier in tiers if tier in TIER_WORDS]


def given_rows(actor: Actor, people: list[Person]) -> list[dict[str, Any]]:
    """People of other agencies, each with what the actor's agencies may read of her now, and until when."""
    names, purposes, bases = _agency_names(actor), purpose_names(actor), queries.bases_given(actor, people)
    return [
        {
            "person": person,
            "agency": names.get(person.agency_ref, ""),
            "bases": [_basis(actor, basis, names, purposes) for basis in bases.get(person.subject_id, [])],
        }
        for person in people
    ]


def purpose_names(actor: Actor) -> dict[str, str]:
    """What purposes are called."""
    return {each.code: each.called(_here()) for each in purposes_for(actor)}


def _consent(actor: Actor, consent: Consent, names: dict[UUID, str], purposes: dict[str, str]) -> dict[str, Any]:
    state = consent.state(actor.today)
    return {
        **_basis(actor, consent.basis, names, purposes),
        "row": consent,
        "state": state,
        "state_words": state.label,
        "language": language_name(consent.language),
        "explained": dict(EXPLAINED)[Consent.Explained(consent.explained)],
        "evidence": dict(EVIDENCE)[Consent.Evidence(consent.evidence)],
        "speaker": dict(SPEAKERS)[Consent.Speaker(consent.agreed_by)],
        "how": dict(WAYS)[Consent.Way(consent.withdrawn_how)] if consent.withdrawn_how else "",
    }


def _by_law(actor: Actor, basis: Basis, names: dict[UUID, str], purposes: dict[str, str]) -> dict[str, Any]:
    return {**_basis(actor, basis, names, purposes), "lives": basis.lives(actor.today)}


def _basis(actor: Actor, basis: Basis, names: dict[UUID, str], purposes: dict[str, str]) -> dict[str, Any]:
    return {
        "basis": basis,
        "recipient": names.get(basis.recipient_ref, ""),
        "tiers": tier_words(basis.all_tiers()),
        "purpose": purposes.get(basis.purpose, basis.purpose),
        "is_agreed": basis.kind == Basis.Kind.CONSENT,
        "ground": dict(GROUNDS).get(Basis.Ground(basis.ground), "") if basis.ground else "",
    }


def _others(actor: Actor, person: Person) -> list[tuple[str, str]]:
    out = {person.agency_ref, *agencies_kept_out(person)}
    return [(str(ref), name) for ref, name in _agency_names(actor).items() if ref not in out]


def _purposes(actor: Actor) -> list[tuple[str, str]]:
    names = purpose_names(actor)
    return [(code, names.get(code, code)) for code in sorted(PURPOSES)]


def _agency_names(actor: Actor) -> dict[UUID, str]:
    return accounts.agency_names(actor, _here())


def _here() -> str:
    return get_language() or "en"
