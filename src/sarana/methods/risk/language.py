"""The small language in which an indicator's rules are written, read by us into a tree; it never is SQL.

    rule     = and-part { "or" and-part }
    and-part = not-part { "and" not-part }
    not-part = "not" not-part | compare
    compare  = sum { ("==" | "!=" | "<" | "<=" | ">" | ">=") sum } | sum ["not"] "in" "[" value {"," value} "]"
    sum      = product { ("+" | "-") product }
    product  = part { ("*" | "/") part }
    part     = number | "-" number | "text" | name | name "(" [rule {"," rule}] ")" | "(" rule ")"

A chain such as `6 <= age <= 17` holds when every link of it holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from sarana.basics.errors import BadSetting

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"\\]*")|(?P<name>[a-z][a-z0-9_]*)"""
    r"""|(?P<sign>==|!=|<=|>=|<|>|\+|-|\*|/|\(|\)|\[|\]|,))"""
)
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"and", "or", "not", "in"})
LONGEST = 2000
"""How many characters a rule may have: longer ones cannot be explained to anyone."""
MOST_DIGITS = 15
"""How many characters a number may have: more cannot be reckoned with exactly."""
DEEPEST = 40
"""How deep brackets and calls may be nested: deeper is a slip, and would exhaust the reader."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text in double quotes, such as a code."""

    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a field, a parameter or a derived value such as `age`."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    name: str
    given: tuple["Tree", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Sign:
    """Arithmetic: `+ - * /` between two parts, or `-` before one."""

    sign: str
    parts: tuple["Tree", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One comparison or more: `a <= b < c`."""

    first: "Tree"
    links: tuple[tuple[str, "Tree"], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Among:
    """Is a value one of a list?"""

    value: "Tree"
    choices: tuple["Tree", ...]
    is_denied: bool
    at: int


@dataclass(frozen=True, slots=True)
class Logic:
    """`and`, `or` (two parts or more), `not` (one part)."""

    word: str
    parts: tuple["Tree", ...]
    at: int


Tree = Number | Text | Name | Call | Sign | Chain | Among | Logic


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read_rule(rule: str, where: str) -> Tree:
    """Read a rule into a tree.

    Args:
        rule: the text of the rule.
        where: the set, indicator and level that the rule stands in, for messages.

    Raises:
        BadSetting: RISK-003 the rule cannot be read; the message names the indicator and the position.
    """
    if len(rule) > LONGEST:
        raise wrong("RISK-003", f"the rule has more than {LONGEST} characters.", where, LONGEST, "Split the indicator.")
    reader = _Reader(_tokens_of(rule, where), where)
    tree = reader.either()
    reader.expect_end()
    return tree


def parts_of(tree: Any) -> Iterator["Tree"]:
    """A tree and every tree inside it."""
    if isinstance(tree, tuple):
        for each in tree:
            yield from parts_of(each)
    elif is_dataclass(tree):
        yield tree  # type: ignore[misc]
        for each in fields(tree):
            yield from parts_of(getattr(tree, each.name))


def shape_of(tree: Any) -> Any:
    """What a tree says, wherever in a rule it stands."""
    if isinstance(tree, tuple):
        return tuple(shape_of(each) for each in tree)
    if is_dataclass(tree):
        told = (shape_of(getattr(tree, each.name)) for each in fields(tree) if each.name != "at")
        return (type(tree).__name__, *told)
    return tree


def wrong(code: str, what: str, where: str, at: int, cure: str) -> BadSetting:
    """The error for a slip at a position of a rule (counted from 1)."""
    return BadSetting(code, f"at position {at + 1}: {what}", where=where, cure=cure)


def _tokens_of(rule: str, where: str) -> list[_Token]:
    tokens, at = [], 0
    while rule[at:].strip():
        found = _TOKEN.match(rule, at)
        if not found or not found.lastgroup:
            at += len(rule[at:]) - len(rule[at:].lstrip())
            raise wrong("RISK-003", f"'{rule[at]}' has no meaning here.", where, at, "Take it out.")
        kind = str(found.lastgroup)
        text = found[kind]
        tokens.append(_Token("word" if text in _WORDS else kind, text, found.start(kind)))
        at = found.end()
    return [*tokens, _Token("end", "the end", len(rule))]


class _Reader:
    """Goes through the tokens of one rule from left to right, looking one token ahead."""

    def __init__(self, tokens: list[_Token], where: str) -> None:
        self.tokens = tokens
        self.where = where
        self.here = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.here]

    def take(self) -> _Token:
        token = self.next
        self.here += 1
        return token

    def took(self, *texts: str) -> bool:
        if self.next.kind in {"word", "sign"} and self.next.text in texts:
            self.here += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.took(text):
            raise self.slip(f"'{text}' was expected, and '{self.next.text}' stands there.")

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self.slip(f"'{self.next.text}' comes after the end of the rule.")

    def slip(self, what: str) -> BadSetting:
        return wrong("RISK-003", what, self.where, self.next.at, "See the rule language in the manual.")

    def either(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.slip(f"brackets are nested more than {DEEPEST} deep.")
        at, parts = self.next.at, [self.both()]
        while self.took("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Logic("or", tuple(parts), at)

    def both(self) -> Tree:
        at, parts = self.next.at, [self.denied()]
        while self.took("and"):
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts), at)

    def denied(self) -> Tree:
        at, times = self.next.at, 0
        while self.took("not"):
            times += 1
        tree = self.compare()
        return Logic("not", (tree,), at) if times % 2 else tree

    def compare(self) -> Tree:
        at = self.next.at
        first = self.sum()
        is_denied = self.next.text == "not" and self.tokens[self.here + 1].text == "in" and self.took("not")
        if self.took("in"):
            return self.among(first, at, is_denied=is_denied)
        links = []
        while self.next.kind == "sign" and self.next.text in _COMPARISONS:
            sign = self.take().text
            links.append((sign, self.sum()))
        return Chain(first, tuple(links), at) if links else first

    def among(self, value: Tree, at: int, *, is_denied: bool) -> Tree:
        self.expect("[")
        choices = [self.part()]
        while self.took(","):
            choices.append(self.part())
        self.expect("]")
        return Among(value, tuple(choices), is_denied, at)

    def sum(self) -> Tree:
        at, tree = self.next.at, self.product()
        while self.next.text in {"+", "-"} and self.next.kind == "sign":
            sign = self.take().text
            tree = Sign(sign, (tree, self.product()), at)
        return tree

    def product(self) -> Tree:
        at, tree = self.next.at, self.part()
        while self.next.text in {"*", "/"} and self.next.kind == "sign":
            sign = self.take().text
            tree = Sign(sign, (tree, self.part()), at)
        return tree

    def part(self) -> Tree:
        token = self.take()
        if token.kind == "number" and len(token.text) > MOST_DIGITS:
            self.here -= 1
            raise self.slip(f"a number has more than {MOST_DIGITS} digits.")
        if token.kind == "number":
            return Number(Decimal(token.text), token.at)
        if token.kind == "text":
            return Text(token.text[1:-1], token.at)
        if token.kind == "name":
            return Call(token.text, self.given(), token.at) if self.took("(") else Name(token.text, token.at)
        if token.kind == "sign" and token.text == "(":
            tree = self.either()
            self.expect(")")
            return tree
        if token.kind == "sign" and token.text == "-" and self.next.kind == "number":
            return Sign("-", (self.part(),), token.at)
        self.here -= 1
        raise self.slip(f"a value was expected, and '{token.text}' stands there.")

    def given(self) -> tuple[Tree, ...]:
        if self.took(")"):
            return ()
        given = [self.either()]
        while self.took(","):
            given.append(self.either())
        self.expect(")")
        return tuple(given)
