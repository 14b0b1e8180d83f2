"""Every address of the house as a walker finds it: from the resolver, with example arguments, in every method."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

WORDS: dict[str, dict[str, str | int]] = {
    "accounts:invitation": {"word": "no-such-word"},
    "accounts:remove-factor": {"ref": "no-such-factor"},
    "desk:area": {"code": "XX00"},
    "desk:list-translate": {"name": "no-such-list"},
    "desk:list-words": {"name": "no-such-list"},
    "accounts:tie": {"code": "nothing"},
    "population:our-set": {"name": "no-such-set"},
    "population:change-indicator": {"ref": "00000000-0000-4000-8000-000000000000", "key": "none"},
    "accounts:issuer-sign-in": {"code": "nothing"},
    "accounts:issuer-back": {"code": "nothing"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
"""Example arguments of addresses whose arguments are no references; a new one of that kind has to be named here.

A value here must be one that leads nowhere: a word nobody was given.
"""


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name, and the names of its arguments with their kinds."""

    name: str
    arguments: tuple[tuple[str, str], ...]

    @property
    def takes_references(self) -> bool:
        """True where every argument is a reference of a thing."""
        return bool(self.arguments) and all(kind == "UUIDConverter" for _, kind in self.arguments)

    def paths(self, refs: Sequence[UUID]) -> list[str]:
        """The address for each of these references, or the one address that it is.

        Raises:
            LookupError: it takes arguments of which nobody gave an example.
        """
        if not self.arguments:
            return [reverse(self.name)]
        if self.takes_references:
            return [reverse(self.name, kwargs={name: ref for name, _ in self.arguments}) for ref in refs]
        if self.name not in WORDS:
            raise LookupError(
                f"{self.name} takes {self.arguments}: name example arguments in tests/makers/addresses.py"
            )
        return [reverse(self.name, kwargs=WORDS[self.name])]


def addresses() -> list[Address]:
    """Every address that has a view."""
    return sorted(_walk(get_resolver().url_patterns, "", ()), key=lambda address: address.name)


def _walk(patterns: Sequence[Any], space: str, before: tuple[tuple[str, str], ...]) -> Iterator[Address]:
    for pattern in patterns:
        arguments = before + tuple(
            (name, type(kind).__name__) for name, kind in getattr(pattern.pattern, "converters", {}).items()
        )
        groups = getattr(pattern.pattern, "regex", re.compile("")).groupindex
        arguments += tuple((name, "regex") for name in groups if name not in dict(arguments))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, arguments)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield Address(f"{space}{pattern.name}", arguments)


CHANGING = re.compile(
    rb'name="(?:csrfmiddlewaretoken|form_word)" value="[^"]+"|nonce="[^"]+"|[0-9a-f]{64}'
    rb'|<p class="only-print">[^<]*</p>'
)
"""What differs by itself between two answers; the line on paper says the minute."""


def told_apart_by(body: bytes, ref: UUID) -> bytes:
    """A page without what differs by itself: tokens, and the reference that was asked for."""
    for form in (str(ref), ref.hex):
        body = body.replace(form.encode(), b"REF")
    return CHANGING.sub(b"", body)


def absent() -> UUID:
    """A reference that nothing has."""
    return uuid4()
