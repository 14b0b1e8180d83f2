"""What may not be said of a person to everyone: sensitive answers, and what was told of another member of the home."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sarana.methods.engine import Engine, quoted
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.sets import looks_at_others
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import PERSONS, Indicator, IndicatorSet

Told = Sequence[tuple[bool, date | None, Any]]
"""What rows of a household say of a fact: whether the row is the person's own, its day, and the value."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What reads *a protected reason*: the ids of indicators, and the sources whose rows are not shown."""

    indicators: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


def hide(engine: Engine, risk: RiskSettings, person_id: str) -> Hidden:
    """What of one person may be shown to the custodian of the data only.

    Hidden are indicators that the set marks as sensitive; those whose answer rests on another member of the household
    or on a parent; and, since standing in a register of cases is itself a sensitive fact, the rows of such registers
    and the indicators that only they answer. Where it cannot be told whose value counted, it is hidden.

    Args:
        engine: holds `persons`, `people` and `standardised` of the run.
        risk: how the index was computed.
        person_id: the person.

    Cost: under a second for 2,279,000 rows.
    """
    return hidden_of(risk, _told_by_others(engine, risk, person_id))


def hidden_of(risk: RiskSettings, shared: Collection[str]) -> Hidden:
    """What of a person is hidden where these facts of the home came from a row of somebody else."""
    of_cases = case_registers(risk.set)
    hidden = frozenset(i.id for i in risk.set.indicators if _is_hidden(i, of_cases, shared))
    return Hidden(hidden, frozenset(s for s in risk.sources if risk.registers.get(s, s) in of_cases))


def facts_of_homes(engine: Engine, risk: RiskSettings) -> list[str]:
    """The facts of households at which an indicator of households looks, and which the rows of the run have."""
    there = {name for (name,) in engine.rows("SELECT column_name FROM (DESCRIBE standardised)")}
    return sorted(
        {name for i in risk.set.indicators if i.level == "household" for name in _facts(i)}
        & {name for name, said in standard_fields().items() if said.is_of_household}
        & there
    )


def case_registers(of: IndicatorSet) -> frozenset[str]:
    """Registers in which nobody stands without a case: those that would know of something sensitive."""
    return frozenset(
        register
        for indicator in of.indicators
        if indicator.sensitivity == "high"
        for register, means in indicator.absence.items()
        if means == "none"
    )


def _is_hidden(indicator: Indicator, of_cases: Collection[str], shared: Collection[str]) -> bool:
    registers = set(indicator.fields) - {PERSONS}
    return (
        indicator.sensitivity == "high"
        or (bool(registers) and registers <= set(of_cases))
        or looks_at_others(indicator)
        or (indicator.level == "household" and any(name in shared for name in _facts(indicator)))
    )


def _facts(indicator: Indicator) -> list[str]:
    """The facts that an indicator looks at."""
    return [name for register, names in indicator.fields.items() if register != PERSONS for name in names]


def _told_by_others(engine: Engine, risk: RiskSettings, person_id: str) -> frozenset[str]:
    """The facts of households whose value, for this person, came from a row of somebody else."""
    wanted = facts_of_homes(engine, risk)
    if not wanted:
        return frozenset()
    told = _rows_of_home(engine, wanted, person_id)
    return frozenset(name for name, rows in told.items() if is_of_another(rows))


def _rows_of_home(engine: Engine, facts: Sequence[str], person_id: str) -> Mapping[str, Told]:
    """What each row of a person's household says of facts; where no household is known, the person's own rows."""
    members = engine.rows(
        "SELECT person_id FROM persons WHERE person_id = $1 OR household = "
        "(SELECT household FROM persons WHERE person_id = $1)",
        [person_id],
    )
    theirs = engine.arrow(
        "SELECT source, row_id, person_id = $1 AS is_own FROM people WHERE person_id IN (SELECT unnest($2::VARCHAR[]))",
        [person_id, [member for (member,) in members]],
    )
    engine.load("explained_home", theirs)
    ids = theirs["row_id"].to_pylist()
    rows = engine.rows(
        f"SELECT is_own, as_of, {', '.join(map(quoted, facts))} FROM standardised JOIN explained_home "
        "USING (source, row_id) WHERE row_id IN (SELECT unnest($1::VARCHAR[]))",
        [ids],
    )
    engine.run("DROP TABLE explained_home")
    return {name: [(row[0], row[1], row[2 + at]) for row in rows] for at, name in enumerate(facts)}


def is_of_another(told: Told) -> bool:
    """Whether the newest value of a household is one that the person's own rows do not give.

    Of two values of one day the more worrying one counts; which of them was taken is not asked here: if any value of
    the newest day is not the person's own, the answer is yes.
    """
    known = [(is_own, day, value) for is_own, day, value in told if value is not None and day is not None]
    newest = max((day for _, day, _ in known), default=None)
    own = {value for is_own, day, value in known if is_own and day == newest}
    return any(value not in own for is_own, day, value in known if not is_own and day == newest)
