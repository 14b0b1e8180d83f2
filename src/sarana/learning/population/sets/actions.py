"""The writing doors of indicator sets: leave a note, copy, change, ask for the effect, and adopt with two words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Agency
from sarana.ground.jobs import actions as jobs
from sarana.ground.jobs.models import Job
from sarana.ground.ledger.actions import record
from sarana.learning.population.policy import SET, SET_NOTE
from sarana.learning.population.sets import policy, queries
from sarana.learning.population.sets.models import OwnSet, SetEffect, SetNote
from sarana.learning.population.sources.models import Update
from sarana.methods.population.chain_sets import check_own
from sarana.methods.questions.sets_diff import SetsDiff
from sarana.methods.risk.changing import changed_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.risk.writing import write_set
from sarana.methods.runs.receipts import text_hash

CODE = "population.set-effect"
MOST_EFFECTS = 6
"""So often the people of a province are asked within a year what another set would change (decision 57)."""
A_YEAR = timedelta(days=365)

State = OwnSet.State


@dataclass(frozen=True, slots=True)
class Said:
    """A note: of which indicator, what, and where it is written."""

    indicator: str
    text: str
    source: str


@transaction.atomic
def note(actor: Actor, about: str, said: Said, *, agency: Agency) -> SetNote:
    """Leave a note on a set or on one of its indicators.

    Raises:
        Refused: POPULATION-140 she has no door here; POPULATION-141 she leaves no notes.
    """
    queries.check_may_look(actor)
    policy.check_may_argue(actor, agency.ref)
    made = SetNote(agency=agency, about=about, indicator=said.indicator, text=said.text, source=said.source)
    made.said_at, made.said_by_ref = actor.now, actor.account_ref
    made.save(force_insert=True)
    record(actor, "population.set-noted", thing_kind=SET_NOTE, thing_ref=made.ref, owner_agency_ref=agency.ref)
    return made


@transaction.atomic
def take_back(actor: Actor, said: SetNote) -> None:
    """Take a note back; that it was left stays.

    Raises:
        Refused: POPULATION-141 it is another's.
    """
    policy.check_may_take_back(actor, said)
    n = SetNote.objects.filter(pk=said.pk, taken_back_at__isnull=True).update(taken_back_at=actor.now)
    record(
        actor,
        "population.set-note-taken-back",
        thing_kind=SET_NOTE,
        thing_ref=said.ref,
        owner_agency_ref=said.agency.ref,
        n_things=n,
    )


@transaction.atomic
def copy(actor: Actor, of: IndicatorSet, *, agency: Agency, area: str) -> OwnSet:
    """Make a draft of a province's own out of a set.

    Raises:
        Refused: POPULATION-140, POPULATION-142 the province is not hers.
        NotYet: POPULATION-146 somebody else made the next version just now.
    """
    queries.check_may_look(actor)
    policy.check_may_change(actor, area, agency.ref)
    begins = f"{area.lower()}-"
    set_id = of.id if of.id.startswith(begins) else f"{begins}{of.id}"[:40]
    number = _next_number(set_id)
    made = OwnSet(agency=agency, area=area, set_id=set_id, number=number, copied_from=f"{of.id} {of.version}"[:80])
    _hold(made, changed_set(of, id=set_id, version=str(number), status="unvalidated"))
    made.made_at = made.changed_at = actor.now
    made.made_by_ref = actor.account_ref
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "POPULATION-146",
            "Somebody else made the next version of this set just now.",
            cure="See the list of sets, and work on that one, or copy again.",
        ) from err
    _record(actor, made, "population.set-copied")
    return made


@transaction.atomic
def change(actor: Actor, own: OwnSet, held: IndicatorSet, *, version: int) -> OwnSet:
    """Give a draft another content, checked throughout.

    Raises:
        Refused: POPULATION-142 the province is not hers.
        NotYet: POPULATION-147 it is no draft; POPULATION-148 somebody changed it meanwhile.
        BadSetting: RISK-015 to RISK-019 it may not be used.
    """
    policy.check_may_change(actor, own.area)
    check_own(held, own.called)
    _hold(own, held)
    own.changed_at = actor.now
    values = {name: getattr(own, name) for name in ("title", "content", "content_hash", "changed_at")}
    _move(own, State.DRAFT, version=version, **values)
    _record(actor, own, "population.set-changed")
    return own


@transaction.atomic
def ask_effect(actor: Actor, own: OwnSet, update: Update) -> Job:
    """Ask what a draft would change on a run that was made here.

    Raises:
        Refused: POPULATION-142 the province is not hers.
        NotYet: POPULATION-145 the province was asked often enough; JOBS-003 it is worked on already.
    """
    policy.check_may_change(actor, own.area)
    check_may_ask_more(actor, own, update)
    return jobs.ask(actor, CODE, {"set": str(own.ref), "update": str(update.ref), "area": own.area})


def check_may_ask_more(actor: Actor, own: OwnSet, update: Update) -> None:
    """Each answer tells a little: of the people of a province there are so many, however often they are run.

    Not written down: acts ask it that write a line of their own.

    Raises:
        NotYet: POPULATION-145 there are.
    """
    if queries.count_effects(own.area, update.pk, actor.now - A_YEAR) >= MOST_EFFECTS:
        raise NotYet(
            "POPULATION-145",
            "The people of this province were asked six times within a year what another set would change: more "
            "answers could tell of one person.",
            cure="Ask the operator to hold the sets against each other at the machine, or wait until the oldest answer "
            "is a year old and there is a new run.",
        )


@transaction.atomic
def keep_effect(actor: Actor, own: OwnSet, update: Update, found: SetsDiff) -> SetEffect:
    """Keep what a draft would change; it is forgotten where the draft was changed meanwhile.

    Raises:
        Refused: POPULATION-142 the province is not hers any more.
        NotYet: POPULATION-148 the draft was changed meanwhile; POPULATION-145 others asked often enough meanwhile.
    """
    policy.check_may_change(actor, own.area)
    queries.lock_sets_of(own.area)
    now = OwnSet.objects.select_for_update().get(pk=own.pk)
    if now.content_hash != own.content_hash:
        raise _changed()
    is_kept = SetEffect.objects.filter(own=own, update=update, content_hash=own.content_hash).exists()
    if not is_kept:
        check_may_ask_more(actor, own, update)
    told = {**msgspec.to_builtins(found), "run": update.name, "as_of": update.as_of.isoformat()}
    told["names"] = queries.local_names(update, {area.code for area in found.areas})
    values: dict[str, Any] = {"told": told}
    values |= {"made_at": actor.now, "made_by_ref": actor.account_ref}
    kept, _is_new = SetEffect.objects.get_or_create(
        own=own, update=update, content_hash=own.content_hash, defaults=values
    )
    _record(actor, own, "population.set-effect-kept")
    return kept


@transaction.atomic
def propose(actor: Actor, own: OwnSet, *, version: int) -> OwnSet:
    """Propose that the yearly update use this version; its effect must stand beside it.

    Raises:
        Refused: POPULATION-142 she is no officer of the province.
        NotYet: POPULATION-149 nobody knows yet what it would change; POPULATION-147, POPULATION-148 as `change`.
        BadSetting: as `check_own`, where this version of the program asks more than the one that took the draft.
    """
    policy.check_may_propose(actor, own)
    check_own(own.held(), own.called)
    if not SetEffect.objects.filter(own=own, content_hash=own.content_hash).exists():
        raise NotYet(
            "POPULATION-149",
            "Nobody knows yet what this version would change.",
            cure="Have its effect on a run reckoned first; after each change anew.",
        )
    said = {"state": State.PROPOSED, "proposed_at": actor.now, "proposed_by_ref": actor.account_ref}
    _move(own, State.DRAFT, version=version, **said)
    _record(actor, own, "population.set-proposed")
    return own


@transaction.atomic
def agree(actor: Actor, own: OwnSet, *, version: int) -> OwnSet:
    """Give the second word: the version is adopted, and never changed again.

    Raises:
        Refused: POPULATION-143 her word is not the second one.
        NotYet: POPULATION-147 it is not proposed; POPULATION-148 somebody was quicker.
        BadSetting: as `check_own`, where this version of the program asks more than the one that took the draft.
    """
    policy.check_may_agree(actor, own)
    check_own(own.held(), own.called)
    said = {"state": State.ADOPTED, "second_at": actor.now, "second_by_ref": actor.account_ref}
    _move(own, State.PROPOSED, version=version, **said)
    _record(actor, own, "population.set-adopted")
    return own


@transaction.atomic
def put_aside(actor: Actor, own: OwnSet, *, version: int) -> OwnSet:
    """Put a version aside, whatever came of it: no update uses it any more, and it stays to be read and copied.

    Raises:
        Refused: POPULATION-142 she is no officer of the province, and it is not a draft that she may change.
        NotYet: POPULATION-147 it is put aside already; POPULATION-148 somebody changed it meanwhile.
    """
    if own.state == State.ASIDE:
        raise _no_such_state(own)
    if not policy.may_put_aside(actor, own):
        raise policy.not_hers()
    _move(own, own.state, version=version, state=State.ASIDE)
    _record(actor, own, "population.set-put-aside")
    return own


def _next_number(set_id: str) -> int:
    return int(OwnSet.objects.filter(set_id=set_id).aggregate(last=Max("number"))["last"] or 0) + 1


def _hold(own: OwnSet, held: IndicatorSet) -> None:
    own.title, own.content = held.title[:200], msgspec.json.decode(msgspec.json.encode(held))
    own.content_hash = text_hash(write_set(held))


def _move(own: OwnSet, before: str, *, version: int, **values: Any) -> None:
    """From one state to the next, once, by whoever saw it as it is; the row is the judge."""
    rows = OwnSet.objects.filter(pk=own.pk, state=before, version=version)
    if not rows.update(**values, version=version + 1):
        now = OwnSet.objects.get(pk=own.pk)
        raise _changed() if now.state == before else _no_such_state(now)
    for name, value in values.items():
        setattr(own, name, value)
    own.version = version + 1


def _changed() -> NotYet:
    return NotYet(
        "POPULATION-148",
        "Somebody changed this version meanwhile; nothing was saved.",
        cure="Open it in another window, see what stands there now, and change that.",
    )


def _no_such_state(now: OwnSet) -> NotYet:
    return NotYet(
        "POPULATION-147",
        "This version is not in the state for that: it was proposed, adopted or put aside.",
        where=now.called,
        cure="Copy it, and work on the copy.",
    )


def _record(actor: Actor, own: OwnSet, act: str) -> None:
    record(actor, act, thing_kind=SET, thing_ref=own.ref, owner_agency_ref=own.agency.ref)
