"""The Thai national ID: its digits, its check digit, and what can be said of a number that fails."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.coded import fixed_bytes

LEADING_ZERO, LETTERS, BAD_CHECK, BAD_LENGTH, SHARED, FILLER, IN_POWERS = (
    "ID-001", "ID-002", "ID-003", "ID-004", "ID-005", "ID-006", "ID-007",
)  # fmt: skip

type IdState = Literal["valid", "check", "length", "shared"]

LENGTH = 13
FILLERS = (*(digit * 12 for digit in "0123456789"), "123456789012", "012345678901", "987654321098")
"""How the first twelve digits of a number begin that was typed to fill the field."""

_FILLERS = np.array([int(filler) for filler in FILLERS], np.int64)

_TOGETHER = 1 << 20
"""Numbers that are looked at together."""

OTHER_DIGITS = "๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙០១២៣៤៥៦៧៨៩၀၁၂၃၄၅၆၇၈၉０１２３４５６７８９"
"""Thai, Lao, Khmer, Burmese and wide digits, each from 0 to 9."""


def check_digit(first_twelve: str) -> int:
    """The thirteenth digit of a Thai national ID, from the twelve before it.

    Source: weights 13 down to 2, sum modulo 11, taken from 11, last digit (Department of Provincial Administration).
    """
    return (11 - sum(int(d) * w for d, w in zip(first_twelve, range(13, 1, -1), strict=True)) % 11) % 10


def are_plainly_valid(numbers: pa.Array) -> NDArray[np.bool_]:
    """Whether each number is thirteen plain digits that end in their check digit and were not typed to fill a field.

    Args:
        numbers: text, none missing.

    Cost: a twentieth of a microsecond a number.
    """
    parts = [_are_valid(numbers[at : at + _TOGETHER]) for at in range(0, len(numbers), _TOGETHER)]
    return np.concatenate([np.zeros(0, np.bool_), *parts])


def _are_valid(numbers: pa.Array) -> NDArray[np.bool_]:
    """The same of some numbers: what this takes is many times what it leaves."""
    is_long = pc.equal(pc.binary_length(numbers), LENGTH).to_numpy(zero_copy_only=False)
    digits = fixed_bytes(numbers if is_long.all() else numbers.filter(pa.array(is_long)), LENGTH) - np.uint8(ord("0"))
    is_good = np.ones(len(digits), np.bool_)
    total, first = np.zeros(len(digits), np.uint16), np.zeros(len(digits), np.int64)
    for place in range(LENGTH - 1):
        sign = np.ascontiguousarray(digits[:, place])
        is_good &= sign <= 9
        total += sign * np.uint16(LENGTH - place)
        first = first * 10 + sign
    is_good &= (LENGTH - 2 - total % (LENGTH - 2)) % 10 == digits[:, -1]
    is_good[is_good] = ~np.isin(first[is_good], _FILLERS)
    is_valid = np.zeros(len(numbers), np.bool_)
    is_valid[is_long] = is_good
    return is_valid


def digits_sql(column: str) -> str:
    """SQL for the digits of a number as written, other scripts' digits made plain; NULL where there are none.

    A number that a spreadsheet turned into powers of ten (`1.50E+12`) has lost its digits: NULL too.
    """
    plain = f"translate({column}, '{OTHER_DIGITS}', '{'0123456789' * 5}')"
    return (
        f"CASE WHEN regexp_full_match({column}, '[0-9]+') THEN {column} "
        f"WHEN {in_powers_sql(column)} THEN NULL "
        f"ELSE nullif(regexp_replace({plain}, '[^0-9]+', '', 'g'), '') END"
    )


def in_powers_sql(column: str) -> str:
    """SQL for whether a spreadsheet has turned the number into powers of ten."""
    return f"regexp_full_match(trim({column}), '[0-9][.,]?[0-9]*[eE][+]?[0-9]+')"


def has_letters_sql(column: str) -> str:
    r"""SQL for whether letters stand in the number: a passport, or a pupil's G-code."""
    return f"regexp_matches({column}, '\\pL')"


def checks_sql(digits: str, number: str) -> str:
    """SQL for whether thirteen digits end in their check digit; any other length is false.

    Args:
        digits: the digits as text.
        number: the same as BIGINT, best a column: computed once it is cheap, it stands here thirteen times.
    """
    total = " + ".join(f"({number} // {10 ** (13 - place)} % 10) * {14 - place}" for place in range(1, 13))
    return f"(length({digits}) = 13 AND coalesce((11 - ({total}) % 11) % 10 = {number} % 10, false))"


def filler_sql(digits: str) -> str:
    """SQL for whether the first twelve digits are one digit over and over, or count up: typed to fill the field."""
    return f"(left({digits}, 12) IN ({', '.join(repr(f) for f in FILLERS)}) AND length({digits}) = 13)"


def lost_zero_sql(digits: str) -> str:
    """SQL for whether twelve digits are an ID of the group 0-xxxx-89 (people without registered status) less its zero.

    Spreadsheets cut leading zeros. Of the thirteen-digit IDs only this group begins with zero; its sixth and seventh
    digits are 89, which with the check digit leaves a random number a chance of one in a thousand.
    """
    checked = checks_sql(f"('0' || {digits})", f"try_cast({digits} AS BIGINT)")
    return f"(length({digits}) = 12 AND substr({digits}, 5, 2) = '89' AND {checked})"
