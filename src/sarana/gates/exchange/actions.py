"""The writing door: hand an agency over what it owns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, NotYet
from sarana.gates.exchange import policy, queries, writing
from sarana.ground.accounts.guarded import HAND_OVER
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record
from sarana.ground.words.actions import check_is_agreed, note_carried_out
from sarana.ground.words.models import Proposal
from sarana.ground.words.queries import find_waiting
from sarana.methods.sealing.locks import Slowness
from sarana.methods.sealing.parcels import seal_parcel

WHAT = "what an agency owns, as CSV and JSON in a ZIP archive"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was handed over: rows by table."""

    name: str
    counts: Mapping[str, int]


def check_hand_over(actor: Actor, called: str, *, target: Path, runs: Sequence[Path] = ()) -> tuple[Agency, Proposal]:
    """What `hand_over` asks before anything is made. Not written down: it opens nothing and does nothing."""
    agency = queries.get_agency_called(called)
    policy.check_may_hand_over(actor, agency)
    policy.check_is_free(target)
    for run in runs:
        if not writing.is_run(run):
            raise BadFile("EXCHANGE-007", "This folder holds no run.", where=str(run), cure="Name a folder of a run.")
    return agency, _agreed(actor, agency)


def hand_over(
    actor: Actor,
    called: str,
    *,
    target: Path,
    secrets: Mapping[str, bytes],
    runs: Sequence[Path] = (),
    slowness: Slowness | None = None,
) -> HandedOver:
    """Seal everything that an agency owns into one file, which only what it was given opens.

    The file takes its name after the line in the ledger stands; where that cannot be written there is no file.

    Raises:
        Refused: EXCHANGE-006 it is not the operator who asks.
        NotYet: EXCHANGE-001 no such agency; EXCHANGE-002 it is closed; EXCHANGE-004 nobody asked for it.
        BadFile: EXCHANGE-003 there is such a file; EXCHANGE-007 a folder is no run.
    """
    agency, proposal = check_hand_over(actor, called, target=target, runs=runs)
    counts: dict[str, int] = {}

    def fill(stream: BinaryIO) -> None:
        with transaction.atomic():
            queries.one_moment()
            counts.update(writing.write_archive(stream, agency=agency.ref, name=agency.name, runs=runs, now=actor.now))

    made_on = actor.now.astimezone(dt.UTC).date().isoformat()
    seal_parcel(
        target,
        fill,
        secrets,
        owner=str(agency.ref),
        what=WHAT,
        made_on=made_on,
        done=lambda: _note(actor, agency, proposal, sum(counts.values())),
        slowness=slowness,
    )
    return HandedOver(agency.name, counts)


def _agreed(actor: Actor, agency: Agency) -> Proposal:
    """What two of the agency said.

    Raises:
        NotYet: EXCHANGE-004 nobody proposed it; POLICY-011 nobody agreed yet.
    """
    proposal = find_waiting(HAND_OVER, agency)
    if proposal is None:
        raise NotYet(
            "EXCHANGE-004",
            "Nobody of this agency asked for it.",
            cure="An administrator of it proposes it under Settings, Second words, and a second person agrees.",
        )
    check_is_agreed(actor, proposal)
    return proposal


@transaction.atomic
def _note(actor: Actor, agency: Agency, proposal: Proposal, n_rows: int) -> None:
    """What was agreed is done, and written down."""
    note_carried_out(actor, proposal)
    record(
        actor,
        "exchange.handed-over",
        thing_kind="agency",
        thing_ref=agency.ref,
        owner_agency_ref=agency.ref,
        n_things=n_rows,
    )
