"""Invented activities of the demonstration: a programme that moved from the north of its province to the south.

Nothing of it happened. They are written down through the door that the page uses, by the officer of the demonstration.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.ground.accounts.demonstration import check_is_demonstration
from sarana.ground.accounts.queries import actor_of, demonstration_memberships
from sarana.learning.population.changes.queries import run_before
from sarana.learning.population.models import AreaLevel, Run
from sarana.learning.population.queries import figures_for, runs_for
from sarana.learning.population.year.doing.actions import Done, write_activity
from sarana.learning.population.year.doing.queries import activities_for
from sarana.learning.population.year.models import Activity

Kind, Group = Activity.Kind, Activity.Group
OFFICER, CURRENCY = "provincial-data-officer", "THB"
SCHOOLS = "สำนักงานการศึกษาตัวอย่าง (Demo school office)"
REGISTRY = "สำนักทะเบียนตัวอย่าง (Demo registry office)"
HEALTH = "โรงพยาบาลตัวอย่าง (Demo hospital)"
LABOUR = "สำนักงานแรงงานตัวอย่าง (Demo labour office)"
FOUNDATION = "มูลนิธิตัวอย่าง (Demo foundation)"
WELFARE = "สำนักงานพัฒนาสังคมตัวอย่าง (Demo social welfare office)"


@dataclass(frozen=True, slots=True)
class Invented:
    """What was never done: who, where by the end of its code, for whom, how many days after the first map, how long."""

    organiser: str
    place: str
    kind: str
    group: str
    after_days: int
    n_days: int
    n_reached: int
    cost: int | None


ACTIVITIES = (
    # The north, in the first months: the mobile registry, and schools.
    Invented(REGISTRY, "09", Kind.PAPERS, Group.HAMLET, 20, 5, 412, 86_000),
    Invented(REGISTRY, "10", Kind.PAPERS, Group.HAMLET, 41, 5, 365, 79_500),
    Invented(SCHOOLS, "09", Kind.SCHOOL, Group.CLASS, 55, 30, 640, 210_000),
    Invented(SCHOOLS, "21", Kind.SCHOOL, Group.CLASS, 62, 30, 280, 96_000),
    Invented(FOUNDATION, "10", Kind.KNOWING, Group.AGES, 70, 2, 190, 18_400),
    Invented(FOUNDATION, "22", Kind.KNOWING, Group.HAMLET, 78, 1, 9, 4_200),
    # The south, from the winter on: where the map said that need was, and nobody worked.
    Invented(REGISTRY, "18", Kind.PAPERS, Group.HAMLET, 150, 10, 958, 196_000),
    Invented(SCHOOLS, "18", Kind.SCHOOL, Group.CLASS, 165, 60, 1_240, 405_000),
    Invented(HEALTH, "18", Kind.HEALTH, Group.ALL, 172, 3, 530, 61_000),
    Invented(LABOUR, "17", Kind.WORK, Group.AGES, 188, 40, 146, 322_000),
    Invented(WELFARE, "16", Kind.INCOME, Group.ALL, 201, 90, 77, 462_000),
    Invented(SCHOOLS, "17", Kind.SCHOOL, Group.CLASS, 214, 45, 388, 120_000),
    Invented(FOUNDATION, "03", Kind.FAMILY, Group.HAMLET, 240, 12, 214, 54_800),
    Invented(LABOUR, "16", Kind.MIGRATION, Group.AGES, 260, 4, 163, 27_000),
    # The whole province.
    Invented(WELFARE, "", Kind.OTHER, Group.OFFICIALS, 300, 2, 120, None),
)
"""Districts by the two digits behind those of their province: the demonstration draws Chiang Mai."""


@transaction.atomic
def seed_activities(actor: Actor) -> int:
    """Write the invented activities down between the last two maps of the officer's province; gives how many.

    None is written where one stands already, where there are not two maps, or of a district that the map does not know.

    Raises:
        Refused: ACCOUNTS-011 not in demo mode.
    """
    check_is_demonstration()
    officer = next(row for row in demonstration_memberships() if row.role.code == OFFICER)
    acting = actor_of(officer.account, actor.now, is_strong=True)
    area = officer.agency.areas[0]
    run = runs_for(acting).filter(area=area).order_by("-as_of", "-pk").first()
    before = run_before(acting, run) if run is not None else None
    if run is None or before is None or activities_for(acting).filter(area=area).exists():
        return 0
    written = list(_between(before, run, figures_for(acting, run, AreaLevel.DISTRICT).values_list("code", flat=True)))
    for done in written:
        write_activity(acting, done, agency=officer.agency, area=area)
    return len(written)


def _between(before: Run, run: Run, codes: Iterable[str]) -> Iterable[Done]:
    """Those of districts that the map knows, on days between both maps."""
    known, province = frozenset(codes), run.area[2:]
    for n, one in enumerate(ACTIVITIES, 1):
        begins = before.as_of + dt.timedelta(days=one.after_days)
        place = f"{province}{one.place}" if one.place else ""
        if begins > run.as_of or (place and place not in known):
            continue
        yield Done(
            organiser=one.organiser,
            kind=one.kind,
            group=one.group,
            from_on=begins,
            until_on=min(begins + dt.timedelta(days=one.n_days - 1), run.as_of),
            n_reached=one.n_reached,
            source_line=f"Invented report {n}",
            place=place,
            cost=one.cost,
            currency="" if one.cost is None else CURRENCY,
        )
