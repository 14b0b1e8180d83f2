"""The reading doors of sealed identities: rows as they lie, for those who may open them; opening is an act."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from sarana.basics.actors import Actor
from sarana.ground.ledger.models import Entry
from sarana.ground.vault.identities import policy
from sarana.ground.vault.identities.listing import is_listed
from sarana.ground.vault.identities.models import Basis, Earlier, Erased, Sealed, Shared, Subject
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.erased import is_of_erasing, said_moment
from sarana.methods.sealing.identities import Tier

TURNED = "vault.agency-keys-turned"
OF_ERASING = tuple(reason for reason in Erased.Reason.values if is_of_erasing(reason))

SILENCE_DAYS = 7
"""A longer time of which nothing is written down counts as so much: a clock that jumped ahead, or a machine that was
off. Then keys are kept longer, never shorter."""


def get_subject(actor: Actor, ref: UUID) -> Subject:
    """A person of the actor's own agency, or one whom a living basis lets it read.

    Raises:
        Refused: VAULT-060 she has no door. NotYet: VAULT-061 no purpose is stated.
        BadFile: VAULT-066, VAULT-067 it is not known who was erased.
        Subject.DoesNotExist: there is none, or none for her, or she was erased whatever rows say.
    """
    policy.check_may_look(actor)
    if is_listed(ref):
        raise Subject.DoesNotExist
    given = shared_for(actor).values("basis__subject")
    found = Subject.objects.filter(policy.openable_by(actor) | Q(pk__in=given)).fetch_mode(models.FETCH_RAISE)
    return found.get(ref=ref)


def get_own(actor: Actor, ref: UUID, kind: str) -> Subject:
    """A person of an agency in which the actor may change things of a kind, locked.

    Raises:
        Refused: VAULT-060 she may not.
        Subject.DoesNotExist: there is none in her agencies.
    """
    if is_listed(ref):
        raise Subject.DoesNotExist
    subject = Subject.objects.select_for_update(of=("self",)).filter(agency_ref__in=actor.agency_refs).get(ref=ref)
    policy.check_may(actor, kind, subject.agency_ref)
    return subject


def own_subjects(actor: Actor, refs: Iterable[UUID]) -> QuerySet[Subject]:
    """Those of some people who are of the actor's own agencies, and were not erased."""
    wanted = [ref for ref in refs if not is_listed(ref)]
    mine = policy.agencies_of(actor)
    return Subject.objects.filter(ref__in=wanted, agency_ref__also_in=mine).fetch_mode(models.FETCH_RAISE)


def shared_for(actor: Actor) -> QuerySet[Shared]:
    """What an actor's agencies were given, on bases that live today, for the purpose that she stated."""
    return Shared.objects.filter(
        recipient_ref__in=policy.agencies_of(actor),
        basis__ended_at__isnull=True,
        basis__until__gte=actor.today,
        basis__purpose=actor.purpose,
    ).select_related("basis")


def sealed_of(subject: Subject, tiers: Iterable[Tier]) -> dict[Tier, Sealed]:
    """The sealed tiers of a person that was given, of those that are there."""
    return {Tier(row.tier): row for row in Sealed.objects.filter(subject=subject, tier__in=list(tiers))}


def earlier_of(subject: Subject) -> QuerySet[Earlier]:
    """What was changed of a person since she is held, tier by tier, the first version first."""
    return Earlier.objects.filter(subject=subject).order_by("until_at", "version", "id").fetch_mode(models.FETCH_RAISE)


def has_earlier(actor: Actor, ref: UUID) -> bool:
    """Whether anything earlier is kept of a person of an agency whose custodian the actor is."""
    rows = Earlier.objects.filter(subject__ref=ref, agency_ref__in=policy.agencies_kept_by(actor))
    return not is_listed(ref) and rows.exists()


def bases_of(actor: Actor, ref: UUID) -> QuerySet[Basis]:
    """On which bases others read a person of the actor's own agency, or did, the newest first.

    Raises:
        Refused: VAULT-060 she has no door. NotYet: VAULT-061 no purpose is stated.
    """
    policy.check_may_look(actor)
    rows = Basis.objects.filter(policy.openable_by(actor), subject__ref=ref)
    return rows.order_by("-begins_at", "-id").fetch_mode(models.FETCH_RAISE)


def law_of(actor: Actor, ref: UUID) -> QuerySet[Basis]:
    """What was decided by law about a person of the actor's own agency, the newest first; asks for no purpose."""
    rows = Basis.objects.filter(policy.endable_by(actor), subject__ref=ref, kind=Basis.Kind.LAW)
    return rows.order_by("-begins_at", "-id").fetch_mode(models.FETCH_RAISE)


def own_basis(actor: Actor, ref: UUID) -> Basis:
    """One decision by law of the actor's own agency, with its person; asks for no purpose.

    Raises:
        Basis.DoesNotExist: there is none, or none that she may end.
    """
    rows = Basis.objects.filter(policy.endable_by(actor), kind=Basis.Kind.LAW).select_related("subject")
    return rows.fetch_mode(models.FETCH_RAISE).get(ref=ref)


def lapsed(day: dt.date) -> QuerySet[Basis]:
    """Bases whose last day is over and that nobody ended yet; they open nothing any more."""
    return Basis.objects.filter(ended_at__isnull=True, until__lt=day)


def newest_epoch(agency: UUID) -> int:
    """The newest epoch in which something of an agency is sealed, or 0; asked as one from whom no row is hidden."""
    with postgres.as_task(OPERATOR):
        return max(rows.aggregate(newest=Max("epoch"))["newest"] or 0 for rows in _sealed_for(agency))


def numbers_written_down(agency: UUID) -> int:
    """How many keys an agency had at most, as the ledger tells: the first ones, and those of each turn; 0 for none."""
    with postgres.as_task(OPERATOR):
        lines = Entry.objects.filter(owner_agency_ref=agency)
        if not lines.filter(thing_kind=policy.KIND).exists():
            return 0
        return 1 + lines.filter(action=TURNED).count()


def rows_by_epoch(agency: UUID) -> Counter[int]:
    """How much of an agency is sealed in each epoch; counted as one from whom no row is hidden."""
    return people_by_epoch(agency) + given_by_epoch(agency)


def people_by_epoch(agency: UUID) -> Counter[int]:
    """How many people of an agency are sealed in each epoch; counted as one from whom no row is hidden."""
    return _by_epoch(_sealed_for(agency)[0])


def given_by_epoch(agency: UUID) -> Counter[int]:
    """How many tiers of people of others an agency reads with keys of each epoch; counted as above."""
    return _by_epoch(_sealed_for(agency)[1])


def _by_epoch(rows: QuerySet[Any]) -> Counter[int]:
    with postgres.as_task(OPERATOR):
        return Counter(dict(rows.values_list("epoch").annotate(n=Count("pk")).order_by("epoch")))


def _sealed_for(agency: UUID) -> tuple[QuerySet[Subject], QuerySet[Shared]]:
    return Subject.objects.filter(agency_ref=agency), Shared.objects.filter(recipient_ref=agency)


def days_seen(now: dt.datetime, since: dt.date) -> int:
    """How many days passed since a day, as what was written down meanwhile bears out."""
    zone = now.tzinfo
    begins = dt.datetime.combine(since, dt.time(), tzinfo=zone)
    rows = Entry.objects.filter(at__gte=begins, at__lte=now).annotate(day=TruncDate("at", tzinfo=zone))
    days = [since, *rows.values_list("day", flat=True).distinct().order_by("day"), now.date()]
    return sum(min((after - before).days, SILENCE_DAYS) for before, after in pairwise(days))


def erased_lines() -> QuerySet[Erased]:
    """Who was erased, as the database knows it, from the first on."""
    return Erased.objects.order_by("id")


def erased_told() -> tuple[int, str]:
    """How many lines the database knows, and the mark of the last one."""
    return Erased.objects.count(), Erased.objects.order_by("-id").values_list("mark", flat=True).first() or ""


def erased_since_turned(agency: UUID, now: dt.datetime) -> list[dt.date]:
    """On which days people of an agency were erased since its keys were turned last, the first day first.

    Until they are turned, whoever has an older backup and the keys of today opens these people. A turn that a clock
    wrote down that was ahead counts for none. Asked as one from whom no row is hidden.
    """
    with postgres.as_task(OPERATOR):
        turned = Entry.objects.filter(owner_agency_ref=agency, action=TURNED, result=Entry.Result.DONE, at__lte=now)
        since = turned.order_by("-at").values_list("at", flat=True).first()
        rows = Erased.objects.filter(agency_ref=agency, reason__in=OF_ERASING)
        if since is not None:
            rows = rows.filter(at__gt=said_moment(since))
        return [dt.date.fromisoformat(at[:10]) for at in rows.order_by("at").values_list("at", flat=True)]
