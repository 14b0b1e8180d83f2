"""How numbers are written in sectors' files: digits of the region, and commas between thousands."""

from sarana.methods.identifiers import OTHER_DIGITS

_PLAIN = "0123456789" * (len(OTHER_DIGITS) // 10)


def number_sql(raw: str, *, is_percent: bool = False) -> str:
    """The expression of a number as plain text that can be cast; what is no number stays as it is.

    A comma counts only between thousands: elsewhere it may be a decimal point, and 3,2 km would become 32.

    Args:
        raw: the expression of the text.
        is_percent: whether a sign of per cent may follow.
    """
    plain = f"translate({raw}, '{OTHER_DIGITS}', '{_PLAIN}')"
    if is_percent:
        plain = f"regexp_replace({plain}, '\\s*[%\uff05]$', '')"
    is_grouped = f"regexp_full_match({plain}, '[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]*)?')"
    return f"CASE WHEN {is_grouped} THEN replace({plain}, ',', '') ELSE {plain} END"
