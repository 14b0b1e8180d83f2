"""Zawgyi told from Unicode: pairs set by hand, code point by code point."""

import pytest

from sarana.methods.names.scripts import tidy
from sarana.methods.names.zawgyi import is_zawgyi, to_unicode

PAIRS = [
    # e typed before its letter; asat is U+1039 in Zawgyi: aung (a, o vowel, nga, asat)
    ("\u1031\u1021\u102c\u1004\u1039", "\u1021\u1031\u102c\u1004\u103a"),
    # kyaw: e, ra form before ka in Zawgyi is ya-pin U+103A after ka
    ("\u1031\u1000\u103a\u102c\u1039", "\u1000\u103b\u1031\u102c\u103a"),
    # ra before its letter: mra
    ("\u103b\u1019", "\u1019\u103c"),
    # myint: ra + ma + i + nga + dot below + asat
    ("\u103b\u1019\u1004\u1037\u1039", "\u1019\u103c\u1004\u1037\u103a"),
    # hla: la + ha medial (U+103D in Zawgyi), aa
    ("\u101c\u103d\u1004\u1039", "\u101c\u103e\u1004\u103a"),
    # stacked: pa + stacked pa (U+1079 is stacked pha, U+1078 stacked pa)
    ("\u1015\u1078", "\u1015\u1039\u1015"),
    # kinzi typed after its letter: ga + kinzi
    ("\u1021\u1002\u1064\u101c\u1039", "\u1021\u1004\u103a\u1039\u1002\u101c\u103a"),
    # htun: tha + wa medial + nya form
    ("\u1011\u103c\u1014\u1039\u1038", "\u1011\u103d\u1014\u103a\u1038"),
    # the second form of na, and u below
    ("\u108f\u102f\u1036\u1038\u1031\u1014", "\u1014\u102f\u1036\u1038\u1014\u1031"),
]


@pytest.mark.parametrize(("zawgyi", "unicode"), PAIRS)
def test_zawgyi_becomes_unicode(zawgyi: str, unicode: str) -> None:
    assert tidy(to_unicode(zawgyi)) == tidy(unicode)


@pytest.mark.parametrize("zawgyi", [pair[0] for pair in PAIRS])
def test_zawgyi_is_told(zawgyi: str) -> None:
    assert is_zawgyi(zawgyi)


@pytest.mark.parametrize("unicode", [pair[1] for pair in PAIRS])
def test_unicode_is_left_alone(unicode: str) -> None:
    assert not is_zawgyi(tidy(unicode))


def test_other_scripts_are_never_zawgyi() -> None:
    assert not is_zawgyi("สมชาย Somchai សុជាតិ")
