"""Who hands a run to the nation, who says whose key is trusted, and who takes in what it signed."""

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import Access, Thing, applicable, decide
from sarana.ground.rules import Paths, openable
from sarana.learning.population.models import Run
from sarana.learning.population.policy import CLOSED_ROLES, HAND_OVER, ROLLUP, STATION

OF_AN_AREA = Paths(area="area")


def stations_openable_by(actor: Actor) -> Q:
    """The stations of which an actor may know."""
    return openable(ROLLUP, actor, STATION, OF_AN_AREA)


def has_station_role(actor: Actor) -> bool:
    """True for the national officer, with a second factor."""
    return _has(actor, STATION)


def has_hand_over_role(actor: Actor) -> bool:
    """True for the officer of a province, with a second factor."""
    return _has(actor, HAND_OVER)


def may_hand_over(actor: Actor, run: Run) -> bool:
    """True for the officer of the province of a run that was made here."""
    thing = Thing(HAND_OVER, area=run.area)
    return run.station_id is None and has_hand_over_role(actor) and decide(ROLLUP, actor, thing).access >= Access.CHANGE


def check_may_hand_over(actor: Actor, run: Run) -> None:
    """The officer of its province, or the operator; a run that was made here and says how it was measured.

    Raises:
        Refused: POPULATION-083 it is somebody else, or the run came from another station.
        NotYet: POPULATION-087 an earlier version took it in, or it was withdrawn.
    """
    if run.station_id is not None or not (actor.is_local or may_hand_over(actor, run)):
        raise _not_the_officer()
    if run.threshold is None or not run.measured_by or run.withdrawn_at is not None:
        raise NotYet(
            "POPULATION-087",
            "This run cannot be handed over: it was withdrawn, or an earlier version took it in and did not keep how "
            "it was measured.",
            cure="Have the operator withdraw it and take the same run in anew; then hand that over.",
        )


def check_may_give_own_key(actor: Actor) -> None:
    """The officer of a province, or the operator.

    Raises:
        Refused: POPULATION-083 it is somebody else.
    """
    if not (actor.is_local or has_hand_over_role(actor)):
        raise _not_the_officer()


def check_may_know_stations(actor: Actor) -> None:
    """The national officer, or the operator.

    Raises:
        Refused: POPULATION-082 it is somebody else.
    """
    if not (actor.is_local or has_station_role(actor)):
        raise _not_national()


def check_may_trust(actor: Actor, area: str) -> None:
    """The national officer for provinces of her mandate, or the operator.

    Raises:
        Refused: POPULATION-082 it is somebody else.
    """
    if not (actor.is_local or may_trust(actor, area)):
        raise _not_national()


def may_trust(actor: Actor, area: str) -> bool:
    """True for the national officer, for a province of her mandate."""
    return has_station_role(actor) and decide(ROLLUP, actor, Thing(STATION, area=area)).access >= Access.CHANGE


def _has(actor: Actor, kind: str) -> bool:
    rules = (rule for rule in ROLLUP if rule.kind == kind)
    return any(applicable(rule, actor) for rule in rules) and not actor.roles & CLOSED_ROLES


def _not_national() -> Refused:
    return Refused(
        "POPULATION-082",
        "Files of provinces, and the keys that sign them, are for the national officer.",
        cure="Ask the national officer; the province must lie in the mandate of her agency.",
    )


def _not_the_officer() -> Refused:
    return Refused(
        "POPULATION-083",
        "Only the data officer of a province hands its own run to the nation.",
        cure="Ask the provincial data officer. A run that came from a province is handed on by that province.",
    )
