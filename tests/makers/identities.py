"""Two agencies whose case workers keep sealed identities, and an installation whose keys open by themselves."""

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from makers.agencies import NOW, a_person, acting, an_agency, give
from methods.sealing.making import some_store
from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Agency
from sarana.ground.vault.identities import opening
from sarana.ground.vault.identities.actions.sealing import begin
from sarana.ground.vault.identities.actions.sharing import Terms, share
from sarana.ground.vault.identities.models import Basis
from sarana.methods.sealing.identities import Tier

NAMES = {"names": [{"kind": "legal", "text": "Zqxnamed Invented-Person"}], "birth": "1999-03-04"}
CONTACT = {"phone": "zqx 0812345678", "where": "house zqx 9"}
STORY = {"text": "zqxstory of what happened"}
ALL = {Tier.NAMES: NAMES, Tier.CONTACT: CONTACT, Tier.STORY: STORY}


@dataclass(frozen=True, slots=True)
class TwoHouses:
    """Ours with a case worker and a supervisor, theirs with an investigator."""

    ours: Agency
    theirs: Agency
    worker: Actor
    supervisor: Actor
    custodian: Actor
    police: Actor
    outsider: Actor


def keys_that_open(folder: Path, settings: Any) -> None:
    """Keys of an installation that a key file opens, and nothing remembered of other ones."""
    _store, file = some_store(folder)
    for key in Path(settings.SARANA_KEYS).glob("*.key"):
        shutil.copy(key, folder / "keys")
    settings.SARANA_KEYS, settings.SARANA_KEYFILE = folder / "keys", str(file)
    assert isinstance(opening.OPENS, opening.Embedded)
    opening.OPENS.opened.clear()


def keys_for_commands(folder: Path) -> None:
    """Keys in a folder that settings name already."""
    some_store(folder)


def two_houses(now: dt.datetime = NOW) -> TwoHouses:
    """Both agencies and who acts in them."""
    ours, theirs = an_agency("Baan Rak shelter"), an_agency("Police unit", kind=Agency.Kind.POLICE)
    third = an_agency("Elsewhere")
    lead = a_person(ours, "supervisor", name="Lead")
    give(lead, ours, "case-worker")
    return TwoHouses(
        ours,
        theirs,
        _doing(acting(a_person(ours, "case-worker"), now=now), "help"),
        _doing(acting(lead, now=now), "help"),
        _doing(acting(a_person(ours, "data-custodian", name="Custodian"), now=now), "care-of-data"),
        _doing(acting(a_person(theirs, "investigator", name="Bob"), now=now), "justice"),
        _doing(acting(a_person(third, "case-worker", name="Charlie"), now=now), "help"),
    )


def _doing(actor: Actor, purpose: str) -> Actor:
    return replace(actor, purpose=purpose)


def somebody(houses: TwoHouses, values: Any = None) -> UUID:
    """A person of ours, sealed."""
    return begin(houses.worker, agency=houses.ours.ref, values=values or ALL)


def terms(houses: TwoHouses, *tiers: Tier, days: int = 30) -> Terms:
    """Let theirs read tiers for justice."""
    until = houses.worker.today + dt.timedelta(days=days)
    return Terms(tiers or (Tier.NAMES,), houses.theirs.ref, "justice", until)


def let_read(houses: TwoHouses, ref: UUID, *tiers: Tier, days: int = 30) -> Basis:
    """The same, as a court ordered it."""
    return share(houses.supervisor, ref, terms(houses, *tiers, days=days), ground=Basis.Ground.ORDER)
