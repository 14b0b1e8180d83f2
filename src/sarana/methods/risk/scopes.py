"""What the rules of a set may name, and the columns that carry it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sarana.methods.engine import literal, quoted
from sarana.methods.risk.compiling import Scope, Value, compile_truth
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.language import read_rule
from sarana.methods.risk.shapes import PERSONS, Indicator, IndicatorSet

DERIVED: Mapping[str, Value] = {
    "age": Value("age", "number"),
    "id_valid": Value("id_valid", "truth"),
    "household": Value("household", "text", points="household"),
    "birth_date": Value("birth", "text", points="birth"),
}
"""What rules may name besides facts and parameters; each comes from one of `OF_PERSONS`."""

POINTS: Mapping[str, str] = {
    **dict.fromkeys(("father_id", "mother_id"), "person"),
    **dict.fromkeys(("discharged_on", "first_pregnancy_on"), "day"),
    "foreigner_type": "foreigner_type",
}
"""Facts that point at one person or one day, or hold whatever a register wrote: never held against a written value."""

OF_PERSONS: Mapping[str, frozenset[str]] = {
    "birth": frozenset({"age", "birth_date"}),
    "national_id": frozenset({"id_valid"}),
    "household": frozenset({"household"}),
}
"""The fields that say who a person is, and what is derived from each."""

INDEX_NAMES: Mapping[str, Value] = {
    "index": Value("(index / 1000.0)", "number"),
    "low": Value("(low / 1000.0)", "number"),
    "high": Value("(high / 1000.0)", "number"),
    "coverage": Value("(coverage / 1000.0)", "number"),
    **{name: Value(name, "number") for name in ("observed", "applicable", "twos", "threes", "sectors")},
}
"""What a rule of banding may name: the index and its bounds (1 to 3), the share of indicators known, and counts."""


@dataclass(slots=True)
class Columns:
    """The columns that the rules of one set need, gathered while the rules are compiled.

    Args:
        register_bits: for each register the bits of the sources that play it; 0 if none does.
        as_of: the day for which the index is computed.
        parameters: the numbers that rules use.
        facts: the columns asked for: name of the column -> (field, months after which a value is too old; 0 never).
        members: conditions asked of the members of a household.
        parents: values asked of a parent.
        used: every name that a rule used.
    """

    register_bits: Mapping[str, int]
    as_of: date
    parameters: Mapping[str, float]
    facts: dict[str, tuple[str, int]] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    parents: list[tuple[str, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def of_indicator(self, of: IndicatorSet, indicator: Indicator, part: str, rule: str) -> tuple[str, set[str]]:
        """The SQL of one rule of an indicator, and the names that it uses.

        Raises:
            BadSetting: RISK-003 to RISK-008 as `read_rule` and `compile_truth`.
        """
        months = of.max_age_months if indicator.max_age_months is None else indicator.max_age_months
        registers = {name: r for r, fields in indicator.fields.items() if r != PERSONS for name in fields}
        facts = {name: self._fact(name, months, register, indicator) for name, register in registers.items()}
        return self._compiled(f"{of.id}, {indicator.id}, {part}", rule, facts, months)

    def of_set(self, of: IndicatorSet, part: str, rule: str) -> str:
        """The SQL of a rule of the set as a whole, which may look at every fact, however old.

        Raises:
            BadSetting: RISK-003 to RISK-008 as `read_rule` and `compile_truth`.
        """
        facts = {name: _value(name, column_of(name, 0)) for name, said in standard_fields().items() if said.is_fact}
        return self._compiled(f"{of.id}, {part}", rule, facts, 0)[0]

    def _compiled(self, where: str, rule: str, facts: Mapping[str, Value], months: int) -> tuple[str, set[str]]:
        scope = self._scope(where, facts)
        sql = compile_truth(read_rule(rule, where), scope)
        self.facts |= {column_of(name, months): (name, months) for name in sorted(scope.used & set(facts))}
        self.used |= scope.used
        return sql, scope.used

    def _fact(self, name: str, months: int, register: str, indicator: Indicator) -> Value:
        value = _value(name, column_of(name, months))
        if indicator.absence.get(register) != "none" or not self.register_bits.get(register):
            return value
        filled = f"CASE WHEN NOT {self._in(register)} THEN {literal(indicator.none[name])} END"
        return Value(f"coalesce({value.sql}, {filled})", value.kind, value.codes, value.points)

    def _in(self, register: str) -> str:
        return f"((source_bits & {self.register_bits.get(register, 0)}) <> 0)"

    def _scope(self, where: str, facts: Mapping[str, Value]) -> Scope:
        numbers = {name: Value(f"{value!r}::DOUBLE", "number") for name, value in self.parameters.items()}
        return Scope(
            where=where,
            names={**DERIVED, **numbers, **facts},
            registers={name: self._in(name) if bits else "NULL::BOOLEAN" for name, bits in self.register_bits.items()},
            as_of_sql=f"DATE {literal(self.as_of.isoformat())}",
            members=self.members,
            parents=self.parents,
            undeclared=frozenset(name for name, said in standard_fields().items() if said.is_fact) - frozenset(facts),
        )


def column_of(name: str, months: int) -> str:
    """The name of the column that holds a fact as far as it is not older than so many months (0: however old)."""
    return f"{name}__{months}"


def _value(name: str, column: str) -> Value:
    said = standard_fields()[name]
    return Value(quoted(column), said.kind, said.codes, POINTS.get(name, ""))
