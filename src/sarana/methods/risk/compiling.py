"""Turns a rule's tree into SQL of ours, checking every name, kind and code on the way.

Not known is carried by SQL's own three values: what depends on an unknown value is unknown, unless the rest decides it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sarana.basics.errors import BadSetting
from sarana.methods.engine import literal, quoted
from sarana.methods.risk.fields import Kind
from sarana.methods.risk.language import Among, Call, Chain, Logic, Name, Number, Sign, Text, Tree, parts_of, wrong

FORBIDDEN = frozenset({"sex", "ethnicity", "race", "religion", "hiv", "sexual_orientation", "hill", "highland"})
"""What no rule may look at: it would mark whole groups, and nobody can act on it."""

_KINDS: Mapping[Kind, str] = {"number": "a number", "text": "a text", "truth": "yes or no"}


@dataclass(frozen=True, slots=True)
class Value:
    """A name that rules may use: its SQL, its kind, and its codes where they are a closed list.

    `points` is not empty where the value points at one person or one day, and says at what: such values are held
    against their like only, never against something written in a rule.
    """

    sql: str
    kind: Kind
    codes: tuple[str, ...] = ()
    points: str = ""


@dataclass(slots=True)
class Scope:
    """What a rule may name, and what it turned out to need.

    Args:
        where: set, indicator and level, for messages.
        names: fields, parameters and derived values.
        registers: names of the set's registers, for `in_register`.
        as_of_sql: the run's date as SQL.
        members: conditions asked of the members of a household, as SQL; shared by all rules of a set.
        parents: values asked of a parent: (SQL of the parent's ID, SQL of the value); shared by all rules of a set.
        used: the names that the rule was found to use.
        undeclared: facts that exist, but that this indicator does not name.
    """

    where: str
    names: Mapping[str, Value]
    registers: Mapping[str, str] = field(default_factory=dict)
    as_of_sql: str = "NULL::DATE"
    members: list[str] = field(default_factory=list)
    parents: list[tuple[str, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    undeclared: frozenset[str] = frozenset()
    is_inside: bool = False

    def wrong(self, code: str, what: str, at: int, cure: str) -> BadSetting:
        """The error for a slip in this rule."""
        return wrong(code, what, self.where, at, cure)


def compile_truth(tree: Tree, scope: Scope) -> str:
    """The SQL of a rule that must come out as yes, no or unknown.

    Raises:
        BadSetting: RISK-004 a name or function is unknown; RISK-005 kinds do not fit; RISK-006 a code is not one of the
            field's; RISK-007 a fact is not among the indicator's fields; RISK-008 the
            rule looks at what must never be scored; RISK-018 it names one person or one day.
    """
    return _of_kind(tree, scope, "truth")


def _compile(tree: Tree, scope: Scope) -> Value:
    match tree:
        case Number():
            return Value(f"{tree.value}::DOUBLE", "number")
        case Text():
            return Value(literal(tree.value), "text")
        case _:
            return _compile_inner(tree, scope)


def _compile_inner(tree: Name | Call | Sign | Chain | Among | Logic, scope: Scope) -> Value:
    match tree:
        case Name():
            return _name(tree, scope)
        case Call():
            return _call(tree, scope)
        case Sign():
            return _sign(tree, scope)
        case Chain():
            return _chain(tree, scope)
        case Among() | Logic():
            return _among(tree, scope) if isinstance(tree, Among) else _logic(tree, scope)


def _of_kind(tree: Tree, scope: Scope, kind: Kind) -> str:
    value = _compile(tree, scope)
    if value.kind != kind:
        what = f"{_KINDS[kind]} is needed, and {_KINDS[value.kind]} stands there."
        raise scope.wrong("RISK-005", what, tree.at, "Compare it first.")
    return value.sql


def _name(tree: Name, scope: Scope) -> Value:
    if tree.name in FORBIDDEN:
        what = f"'{tree.name}' is never scored."
        raise scope.wrong("RISK-008", what, tree.at, "Use it to compare groups afterwards, not in a rule.")
    if tree.name not in scope.names and tree.name in scope.undeclared:
        what = f"'{tree.name}' is not among the fields of the indicator."
        raise scope.wrong("RISK-007", what, tree.at, "Name it under fields, with its register.")
    if tree.name not in scope.names:
        what = f"'{tree.name}' is no fact, parameter or derived value."
        raise scope.wrong("RISK-004", what, tree.at, "See reference/fields.toml.")
    scope.used.add(tree.name)
    return scope.names[tree.name]


def _sign(tree: Sign, scope: Scope) -> Value:
    parts = [_of_kind(part, scope, "number") for part in tree.parts]
    if len(parts) == 1:
        return Value(f"(-{parts[0]})", "number")
    left, right = parts
    return Value(f"({left} / nullif({right}, 0))" if tree.sign == "/" else f"({left} {tree.sign} {right})", "number")


def _chain(tree: Chain, scope: Scope) -> Value:
    links, left, left_value = [], tree.first, _compile(tree.first, scope)
    for sign, right in tree.links:
        value = _compile(right, scope)
        is_same = sign in {"==", "!="}
        if left_value.kind != value.kind or (value.kind == "truth" and not is_same):
            what = f"{_KINDS[left_value.kind]} is compared with {_KINDS[value.kind]}."
            raise scope.wrong("RISK-005", what, right.at, "Compare like with like.")
        _check_points((left_value, value) if is_same else (left_value, value, Value("", "text")), right.at, scope)
        if is_same:
            _check_code(left, value, scope)
            _check_code(right, left_value, scope)
        links.append(f"({left_value.sql} {'=' if sign == '==' else sign} {value.sql})")
        left, left_value = right, value
    return Value(f"({' AND '.join(links)})", "truth")


def _check_points(values: Sequence[Value], at: int, scope: Scope) -> None:
    """What points at one person or one day is held against its like only: a rule is about many, or it is no rule."""
    if len({value.points for value in values}) > 1:
        what = "a person, a household or a day would be named or put in order."
        cure = (
            "Ask known(), father(), mother(), age, age_on() or months_since(), or hold two such fields to be the same."
        )
        raise scope.wrong("RISK-018", what, at, cure)


def _check_code(part: Tree, other: Value, scope: Scope) -> None:
    """What is held equal to a field of closed codes must be one of its codes."""
    if isinstance(part, Text | Number) and other.codes and str(part.value) not in other.codes:
        what = f"'{part.value}' is not one of {', '.join(other.codes)}."
        raise scope.wrong("RISK-006", what, part.at, "Write one of these.")


def _among(tree: Among, scope: Scope) -> Value:
    value = _compile(tree.value, scope)
    choices = [_of_kind(choice, scope, value.kind) for choice in tree.choices]
    _check_points((value, Value("", value.kind)), tree.at, scope)
    for choice in tree.choices:
        _check_code(choice, value, scope)
    return Value(f"({value.sql} {'NOT IN' if tree.is_denied else 'IN'} ({', '.join(choices)}))", "truth")


def _logic(tree: Logic, scope: Scope) -> Value:
    parts = [_of_kind(part, scope, "truth") for part in tree.parts]
    return Value(f"(NOT {parts[0]})" if tree.word == "not" else f"({f' {tree.word.upper()} '.join(parts)})", "truth")


def _call(tree: Call, scope: Scope) -> Value:
    if tree.name not in FUNCTIONS:
        raise scope.wrong(
            "RISK-004", f"'{tree.name}' is no function.", tree.at, f"The functions are {', '.join(sorted(FUNCTIONS))}."
        )
    fewest, most, function = FUNCTIONS[tree.name]
    if not fewest <= len(tree.given) <= most:
        raise scope.wrong("RISK-005", f"'{tree.name}' is given {len(tree.given)} values.", tree.at, "See the manual.")
    return function(tree, scope)


def _known(tree: Call, scope: Scope) -> Value:
    return Value(f"({_compile(tree.given[0], scope).sql} IS NOT NULL)", "truth")


def _first_known(tree: Call, scope: Scope) -> Value:
    values = [_compile(part, scope) for part in tree.given]
    if len({value.kind for value in values}) > 1:
        raise scope.wrong("RISK-005", "its values are of several kinds.", tree.at, "Give values of one kind.")
    _check_points(values, tree.at, scope)
    first = values[0]
    return Value(f"coalesce({', '.join(value.sql for value in values)})", first.kind, first.codes, first.points)


def _at_least(tree: Call, scope: Scope) -> Value:
    n = _whole(tree.given[0], scope)
    truths = [_of_kind(part, scope, "truth") for part in tree.given[1:]]
    surely = " + ".join(f"coalesce({truth}, false)::INTEGER" for truth in truths)
    maybe = " + ".join(f"coalesce({truth}, true)::INTEGER" for truth in truths)
    return Value(f"(CASE WHEN {surely} >= {n} THEN true WHEN {maybe} < {n} THEN false END)", "truth")


def _whole(tree: Tree, scope: Scope) -> int:
    if not isinstance(tree, Number) or tree.value != int(tree.value):
        raise scope.wrong("RISK-005", "a whole number is needed here.", tree.at, "Write a number such as 2.")
    return int(tree.value)


def _lesser(tree: Call, scope: Scope) -> Value:
    parts = [_of_kind(part, scope, "number") for part in tree.given]
    unknown = " OR ".join(f"{part} IS NULL" for part in parts)
    return Value(f"(CASE WHEN {unknown} THEN NULL ELSE {tree.name}({', '.join(parts)}) END)", "number")


def _in_register(tree: Call, scope: Scope) -> Value:
    given = tree.given[0]
    if not isinstance(given, Text) or given.value not in scope.registers:
        raise scope.wrong(
            "RISK-004", "this register is not one of the set's.", tree.at, f"They are {', '.join(scope.registers)}."
        )
    return Value(scope.registers[given.value], "truth")


def _months_since(tree: Call, scope: Scope) -> Value:
    return Value(f"date_diff('month', {_date(tree.given[0], scope)}, {scope.as_of_sql})::DOUBLE", "number")


def _age_on(tree: Call, scope: Scope) -> Value:
    born = _name(Name("birth_date", tree.at), scope).sql
    return Value(f"date_sub('year', {born}, {_date(tree.given[0], scope)})::DOUBLE", "number")


def _date(tree: Tree, scope: Scope) -> str:
    text = f"({_of_kind(tree, scope, 'text')})::VARCHAR"
    if not any(isinstance(part, Name) for part in parts_of(tree)):
        raise scope.wrong("RISK-018", "a day would be named.", tree.at, "Give a field that holds a date.")
    return f"coalesce(try_strptime({text}, '%Y-%m-%d'), try_strptime({text}, '%Y%m%d'))::DATE"


def _inside(tree: Call, scope: Scope) -> Scope:
    if scope.is_inside:
        raise scope.wrong(
            "RISK-005", f"'{tree.name}' stands inside another question about people.", tree.at, "Ask one at a time."
        )
    inner = Scope(scope.where, scope.names, scope.registers, scope.as_of_sql, is_inside=True)
    inner.used, inner.undeclared = scope.used, scope.undeclared
    return inner


def _member_column(tree: Call, at: int, scope: Scope) -> int:
    condition = _of_kind(tree.given[at], _inside(tree, scope), "truth")
    if condition not in scope.members:
        scope.members.append(condition)
    return scope.members.index(condition)


def _members_at_least(tree: Call, scope: Scope) -> Value:
    return _members(_member_column(tree, 1, scope), _whole(tree.given[0], scope))


def _any_member(tree: Call, scope: Scope) -> Value:
    return _members(_member_column(tree, 0, scope), 1)


def _members(n: int, fewest: int) -> Value:
    """Yes if enough members surely fulfil condition n; no if even with the unknown ones there are not enough."""
    yes, maybe = f"member_{n}_yes", f"(member_{n}_yes + member_{n}_unknown)"
    return Value(f"(CASE WHEN {yes} >= {fewest} THEN true WHEN {maybe} < {fewest} THEN false END)", "truth")


def _any_other(tree: Call, scope: Scope) -> Value:
    n = _member_column(tree, 0, scope)
    own = scope.members[n]
    return Value(
        f"(CASE WHEN member_{n}_yes - coalesce({own}, false)::INTEGER >= 1 THEN true "
        f"WHEN member_{n}_yes + member_{n}_unknown - coalesce({own}, true)::INTEGER < 1 THEN false END)",
        "truth",
    )


def _parent(tree: Call, scope: Scope) -> Value:
    ref = f"{tree.name}_id"
    id_sql = _name(Name(ref, tree.at), scope).sql
    value = _compile(tree.given[0], _inside(tree, scope))
    asked = (id_sql, value.sql)
    if asked not in scope.parents:
        scope.parents.append(asked)
    return Value(quoted(f"parent_{scope.parents.index(asked)}"), value.kind, value.codes, value.points)


FUNCTIONS: Mapping[str, tuple[int, int, Callable[[Call, Scope], Value]]] = {
    "known": (1, 1, _known),
    "first_known": (2, 9, _first_known),
    "at_least": (2, 20, _at_least),
    "least": (2, 9, _lesser),
    "greatest": (2, 9, _lesser),
    "in_register": (1, 1, _in_register),
    "months_since": (1, 1, _months_since),
    "age_on": (1, 1, _age_on),
    "any_member": (1, 1, _any_member),
    "any_other": (1, 1, _any_other),
    "members_at_least": (2, 2, _members_at_least),
    "father": (1, 1, _parent),
    "mother": (1, 1, _parent),
}
"""The functions of the language: fewest and most values given, and how they become SQL."""
