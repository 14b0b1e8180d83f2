"""How the keys of an agency stand, for whoever keeps them: since when, what is sealed with which, what goes when."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.ground.vault import places
from sarana.ground.vault.identities import policy, queries
from sarana.methods.sealing.agencies import KEPT_DAYS
from sarana.methods.sealing.organisation import EPOCH_DAYS


@dataclass(frozen=True, slots=True)
class Older:
    """Keys that seal nothing new: their days, how much they still hold, and after which day they are destroyed."""

    began_on: dt.date
    until: dt.date
    n_people: int
    n_given: int
    goes_after: dt.date | None

    @property
    def is_needed(self) -> bool:
        """Whether something opens with them alone."""
        return bool(self.n_people or self.n_given)


@dataclass(frozen=True, slots=True)
class Standing:
    """The keys of one agency; `began_on` is None where it has none yet."""

    agency: UUID
    began_on: dt.date | None
    n_people: int
    n_given: int
    older: tuple[Older, ...]
    is_due: bool
    n_erased: int = 0
    """Whom older backups still open with these keys although they were erased."""

    @property
    def n_people_older(self) -> int:
        """The people who are sealed with older keys."""
        return sum(each.n_people for each in self.older)

    @property
    def is_unended(self) -> bool:
        """Whether a change was begun and did not come to its end."""
        return any(each.goes_after is None for each in self.older)

    @property
    def due_on(self) -> dt.date | None:
        """The day from which on they should be changed."""
        return None if self.began_on is None else self.began_on + dt.timedelta(EPOCH_DAYS)


def standing_of(actor: Actor, agency: UUID) -> Standing:
    """How the keys of an agency stand; opens nothing.

    Raises:
        Refused: VAULT-060 the actor does not keep them.
        BadFile: VAULT-007 the file of the keys was changed; VAULT-008 it cannot be read.
    """
    policy.check_may(actor, policy.KEYS, agency)
    file = places.store().find_agency_file(str(agency))
    people, given = queries.people_by_epoch(agency), queries.given_by_epoch(agency)
    if file is None:
        return Standing(agency, None, sum(people.values()), sum(given.values()), (), is_due=False)
    *old, newest = file.epochs
    ends = [epoch.began_on for epoch in file.epochs[1:]]
    older = tuple(
        Older(
            epoch.began_on,
            until,
            people[epoch.number],
            given[epoch.number],
            epoch.retired_on + dt.timedelta(KEPT_DAYS) if epoch.retired_on else None,
        )
        for epoch, until in zip(old, ends, strict=True)
    )
    return Standing(
        agency,
        newest.began_on,
        people[newest.number],
        given[newest.number],
        older,
        is_due=is_due(newest.began_on, actor.today),
        n_erased=len(queries.erased_since_turned(agency, actor.now)),
    )


def is_due(began_on: dt.date, today: dt.date) -> bool:
    """Whether keys seal for ninety days; or since a day that has not come: then they began by a clock that was ahead.

    A day's difference is none: days are told in the zone of whoever turned them.
    """
    return not -1 <= (today - began_on).days < EPOCH_DAYS
