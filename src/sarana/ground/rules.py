"""Rows of the policy table as a query: the twin of `sarana.basics.policy.decide`.

The lowest stone of the ground floor: it knows Django's `Q` and the table, and no room.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Lookup, Q, QuerySet, TextField, UUIDField
from django.db.models.lookups import Exact, In

from sarana.basics.actors import Actor
from sarana.basics.policy import Access, Level, Reach, Rule, applicable

NO_ROW = Q(pk__in=())
EVERY_ROW = Q()


class Begins(Lookup):
    """`__begins`: a text begins with another, letter for letter, in every database.

    Django's `startswith` forgets the case of letters on SQLite, so a mandate over "TH50" would have reached "th50".
    """

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: LIKE keeps the case, and an index of patterns answers it."""
        column, known = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*known, connection.ops.prep_for_like_query(str(self.rhs)) + "%")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite: GLOB keeps the case, and the column's own index answers it."""
        column, known = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", (*known, re.sub(r"([*?\[])", r"[\1]", str(self.rhs)) + "*")


class Also(Exact):
    """`__also`: equal, of rows that other conditions find; no index of the column answers it.

    SQLite keeps no statistics here. It takes an agency for rarer than two references, and so would read a million rows
    of an agency to find twenty (0.4 s) that another index finds at once. PostgreSQL counts, and is asked as always.
    """

    lookup_name = "also"

    def get_rhs_op(self, _connection: Any, rhs: str) -> str:
        """As of `exact`, whose name Django looks up."""
        return f"= {rhs}"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """SQLite: a column behind a plus sign is looked at, not looked up."""
        sql, values = self.as_sql(compiler, connection)
        return f"+{sql}", values


class AlsoIn(In):
    """`__also_in`: the same for one of several values."""

    lookup_name = "also_in"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """See `Also`."""
        sql, values = self.as_sql(compiler, connection)
        return f"+{sql}", values


CharField.register_lookup(Begins)
TextField.register_lookup(Begins)
UUIDField.register_lookup(Also)
UUIDField.register_lookup(AlsoIn)


def tables() -> tuple[Rule, ...]:
    """The rows of every room that is served: the whole policy, for the pages and tests that speak of all of it."""
    names = [f"{each.name}.policy" for each in apps.get_app_configs() if each.name.startswith("sarana.")]
    found = [import_module(name) for name in names if find_spec(name)]
    return tuple(rule for module in found for rule in getattr(module, "TABLE", ()))


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a model keeps what rules ask about, as look-ups from the row; "" where it has no such thing.

    `assigned` leads to accounts, which joins to many; or, with `assigned_to`, to one of the keys that this gives for an
    account, which joins nothing. `is_found`: other conditions find the rows, and these are only looked at (`Also`).
    """

    agency: str = ""
    agency_path: str = ""
    area: str = ""
    level: str = ""
    owner: str = ""
    assigned: str = ""
    assigned_to: Callable[[UUID], QuerySet[Any, Any]] | None = None
    is_found: bool = False


def openable(table: Iterable[Rule], actor: Actor, kind: str, paths: Paths, *, at_least: Access = Access.MASKED) -> Q:
    """The rows of a kind with which an actor may go at least so far; no row where no rule allows it.

    A look-up through `assigned` alone joins to many: give the query `.distinct()` where it is used. Never turn the
    answer round with `~`: what no rule allows would be what is shown.
    """
    parts = [
        _reached(rule, actor, paths) & _at_levels(rule, paths)
        for rule in table
        if rule.kind == kind and rule.access >= at_least and applicable(rule, actor)
    ]
    return _any(parts)


def _any(parts: list[Q]) -> Q:
    """Any of the parts; an empty Q among them means every row, which Django's `|` would forget."""
    if any(not part for part in parts):
        return EVERY_ROW
    return reduce(or_, parts, NO_ROW)


def _at_levels(rule: Rule, paths: Paths) -> Q:
    """Only rows at the levels of which the rule speaks; a model without levels is open throughout.

    A row rule of all levels asks too: a level that nobody knows is opened by none.
    """
    if not paths.level:
        return EVERY_ROW if Level.OPEN in rule.levels else NO_ROW
    return Q(**{f"{paths.level}__in": sorted(rule.levels)})


def _reached(rule: Rule, actor: Actor, paths: Paths) -> Q:
    grants = actor.grants_as(rule.roles)
    match rule.reach:
        case Reach.EVERYWHERE:
            return EVERY_ROW
        case Reach.SELF:
            return Q(**{paths.owner: actor.account_ref}) if paths.owner else NO_ROW
        case Reach.ASSIGNED:
            return _assigned(actor.account_ref, paths)
        case Reach.AGENCY:
            refs = sorted({grant.agency_ref for grant in grants})
            return Q(**{f"{paths.agency}__{'also_in' if paths.is_found else 'in'}": refs}) if paths.agency else NO_ROW
        case Reach.BELOW:
            return _begins(paths.agency_path, [grant.branch for grant in grants])
        case Reach.AREA:
            return _begins(paths.area, [area for grant in grants for area in grant.mandate])


def _assigned(account: UUID, paths: Paths) -> Q:
    if not paths.assigned:
        return NO_ROW
    if paths.assigned_to is None:
        return Q(**{paths.assigned: account})
    return Q(**{f"{paths.assigned}__in": paths.assigned_to(account)})


def _begins(path: str, beginnings: list[str]) -> Q:
    if not path:
        return NO_ROW
    return _any([Q(**{f"{path}__begins": begin}) for begin in sorted(set(beginnings)) if begin])
