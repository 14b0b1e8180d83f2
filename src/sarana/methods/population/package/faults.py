"""What is said of a value that the form does not know, or that tells of few people; and codes of areas, so checked."""

import re

from sarana.basics.errors import BadTable

AREA = re.compile(r"[A-Z]{2}[0-9A-Za-z]{1,28}")


def code_of(pcode: str, country: str, where: str) -> str:
    """The code of an area without its country.

    Raises:
        BadTable: POPULATION-075 it is no P-code of this country.
    """
    if not AREA.fullmatch(pcode) or not pcode.startswith(country):
        raise not_of_the_form(where)
    return pcode[len(country) :]


def not_of_the_form(where: str) -> BadTable:
    """What is said of a column or a value that the form does not know."""
    return BadTable(
        "POPULATION-075",
        "A column or a value in the file is none that this form of files knows; nothing of it was taken in.",
        where=where,
        cure="Ask the province to make the file anew with the same version of Sarana as here, and not to open it in a "
        "spreadsheet.",
    )


def not_protected(where: str) -> BadTable:
    """What is said of a number of few people."""
    return BadTable(
        "POPULATION-076",
        "A number in the file stands for too few people; nothing of it was taken in, and it must go no further.",
        where=where,
        cure="Destroy the file, and tell the data-protection officer of the province: its table is not protected.",
    )
