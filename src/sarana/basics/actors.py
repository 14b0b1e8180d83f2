"""Who acts: one value that goes first into every reading and every writing door."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

NOBODY = UUID(int=0)
"""The reference of the machine itself: commands of its operator, sealing, jobs that nobody started."""


AREA_CODE = re.compile(r"[A-Za-z]{2}[A-Za-z0-9._-]*")
"""What an area of a mandate looks like: two letters of a country, then what that country adds."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role that a person holds in one agency, from the memberships in force.

    `agency_path` is the chain of agencies from the topmost down to this one, each as its hex reference between
    slashes ("/a…/b…/"), so that an agency lies below another when its path begins with the other's. `areas` are codes
    of the agency's mandate; an area lies within one when its code begins with it. `agency_kind` is what the agency is,
    "" where whoever made this grant did not look.
    """

    role: str
    agency_ref: UUID
    agency_path: str = ""
    areas: tuple[str, ...] = ()
    agency_kind: str = ""

    @property
    def branch(self) -> str:
        """The chain with which this agency's and all lower ones begin; "" where it does not end in this agency.

        A chain cut short ("/", or one that ends in another agency) would reach too many, so it reaches none.
        """
        whole = self.agency_path.startswith("/") and self.agency_path.endswith(f"/{self.agency_ref.hex}/")
        return self.agency_path if whole else ""

    @property
    def mandate(self) -> tuple[str, ...]:
        """The areas that are written as codes; a blank, a letter or a sign alone would reach too many."""
        return tuple(area for area in self.areas if AREA_CODE.fullmatch(area))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the machine) that asks, with all that a rule may want to know, and the one clock of a request.

    `is_strong` is true when this sitting was opened with a second factor or a passkey. `purpose` is the code of
    a purpose in force for one of her roles, or "" where none was stated.
    """

    account_ref: UUID
    now: dt.datetime
    grants: tuple[Grant, ...] = ()
    purpose: str = ""
    is_strong: bool = False
    is_local: bool = False
    request_ref: UUID = field(default=NOBODY)

    @classmethod
    def local(cls, now: dt.datetime) -> "Actor":
        """The operator at the machine's own command line: no agency, no person's data; every act is in the ledger."""
        return cls(NOBODY, now, is_strong=True, is_local=True)

    @property
    def today(self) -> dt.date:
        """The day of the request, in the time zone of its clock."""
        return self.now.date()

    @property
    def roles(self) -> frozenset[str]:
        """The codes of all roles held."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def agency_refs(self) -> frozenset[UUID]:
        """The agencies in which any role is held."""
        return frozenset(grant.agency_ref for grant in self.grants)

    def grants_as(self, roles: Iterable[str]) -> tuple[Grant, ...]:
        """The grants whose role is one of these."""
        wanted = frozenset(roles)
        return tuple(grant for grant in self.grants if grant.role in wanted)
