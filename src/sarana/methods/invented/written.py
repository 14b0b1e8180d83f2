"""Names as a clerk puts them down: script, slips, order, titles, nicknames and surnames left out or changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarana.methods.invented.draws import chosen
from sarana.methods.invented.people import FEMALE, People
from sarana.methods.invented.pools import Pool, Pools
from sarana.methods.invented.romanise import HANDS, Sounds, read_sounds, write_latin
from sarana.methods.invented.slips import Slips

MARRIED_FROM = 20
GROWN = 15

TITLES_THAI = np.array(["นาย", "เด็กชาย", "ด.ช.", "นาง", "นางสาว", "น.ส.", "เด็กหญิง", "ด.ญ."], dtype=object)
TITLES_LATIN = np.array(["Mr. ", "Master ", "Master ", "Mrs. ", "Ms. ", "Ms. ", "Miss ", "Miss "], dtype=object)
"""The blank after a Latin title is how such files have it."""

SHARE_SHORT = 0.75
"""How often a child's title is shortened; of an unmarried woman's a quarter."""

Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Nomen:
    """The writer's tools: pools end to end, sounds, slips, and the province's seed."""

    given: Pool
    family: Pool
    sounds: Sounds
    slips: Slips
    seed: int


@dataclass(slots=True)
class Written:
    """Title, given name, surname of each row, in the script of the row; a missing surname is None."""

    title: Texts
    given: Texts
    family: Texts
    latin: NDArray[np.bool_]


def make_nomen(pools: Pools, seed: int) -> Nomen:
    """Lay the tools out once for all sectors."""
    return Nomen(given=pools.given, family=pools.family, sounds=read_sounds(), slips=Slips(), seed=seed)


def write_names(
    rng: np.random.Generator, nomen: Nomen, people: People, person: NDArray[np.int64], rates: dict[str, float]
) -> Written:
    """The names of a sector's rows, gone wrong at the sector's rates.

    Args:
        rng: the sector's draws.
        nomen: tools.
        people: everybody.
        person: shape (rows,), whose row each is.
        rates: shares of rows by kind of fault.
    """
    n = len(person)
    latin = rng.random(n) < np.where(people.stateless[person], rates["latin_stateless"], rates["latin"])
    given = np.where(chosen(rng, rates["nickname_instead"], n), people.nickname[person], people.given[person])
    wed = (people.sex[person] == FEMALE) & (people.age[person] >= MARRIED_FROM)
    family = np.where(
        wed & chosen(rng, rates["family_changed"], n), people.other_surname[person], people.surname[person]
    )
    hands = rng.integers(0, HANDS, n)
    written = Written(
        title=_titles(rng, people, person, latin),
        given=_in_script(nomen, nomen.given, given, latin, hands),
        family=_in_script(nomen, nomen.family, family, latin, hands),
        latin=latin,
    )
    for names, rate in ((written.given, rates["given_slip"]), (written.family, rates["family_slip"])):
        at = np.flatnonzero(chosen(rng, rate, n))
        names[at] = nomen.slips.make(rng, names[at])
    swapped = chosen(rng, rates["swapped"], n)
    written.given[swapped], written.family[swapped] = written.family[swapped], written.given[swapped]
    written.family[chosen(rng, rates["family_missing"], n) & ~swapped] = None
    return written


def in_two_fields(rng: np.random.Generator, written: Written, rates: dict[str, float]) -> None:
    """Health and welfare: title, given name and surname apart, at times the title twice. Changes `written`."""
    n = len(written.given)
    inside = chosen(rng, rates["title_inside"], n)
    written.given[inside] = written.title[inside] + written.given[inside]
    written.title[chosen(rng, rates["title_missing"], n)] = None


def in_school_field(rng: np.random.Generator, written: Written, nicknames: Texts, rates: dict[str, float]) -> Texts:
    """Education: one field, title glued on, surname or a dash, at times the nickname in brackets."""
    n = len(written.given)
    gap = np.where(chosen(rng, rates["title_blank"], n), " ", "").astype(object)
    between = np.where(chosen(rng, rates["double_blank"], n), "  ", " ").astype(object)
    family = np.where(_missing(written.family), "-", written.family)
    nick = np.where(chosen(rng, rates["nickname_bracket"], n), " (" + nicknames + ")", "").astype(object)
    small = written.latin
    name = written.given + between + family
    name[small] = [text.lower() for text in name[small]]
    full: Texts = written.title + gap + name + nick
    return full


def in_case_field(rng: np.random.Generator, written: Written, rates: dict[str, float]) -> Texts:
    """Human security: one field in either order, with or without title and comma, at times in capitals."""
    n = len(written.given)
    titled = chosen(rng, rates["titled"], n) & (written.latin | (rng.random(n) < 0.55))
    title = np.where(titled, written.title, "").astype(object)
    missing = _missing(written.family)
    family = np.where(missing, "", written.family).astype(object)
    plain = title + written.given + np.where(missing, "", " ").astype(object) + family
    comma = written.latin & chosen(rng, rates["comma"] * 1.15, n)
    dash = missing & (rng.random(n) < rates["dash"])
    turned = np.where(missing, "-", family).astype(object) + ", " + title + written.given
    full: Texts = np.where(comma & (~missing | dash), turned, plain)
    large = np.flatnonzero(written.latin & ~comma & chosen(rng, rates["upper"] * 1.6, n))
    full[large] = [text.upper() for text in full[large]]
    return full


def _missing(texts: Texts) -> NDArray[np.bool_]:
    """Where there is no text."""
    return np.array([text is None for text in texts], dtype=np.bool_)


def _titles(rng: np.random.Generator, people: People, person: NDArray[np.int64], latin: NDArray[np.bool_]) -> Texts:
    """Titles after sex and age; grown women are Mrs the likelier the older they are."""
    n = len(person)
    female = people.sex[person] == FEMALE
    age = people.age[person]
    grown = age >= GROWN
    short = rng.random(n) < SHARE_SHORT
    married = (age >= MARRIED_FROM - 2) & (rng.random(n) < 0.60)
    man = np.where(grown, 0, np.where(short, 2, 1))
    unmarried = np.where(rng.random(n) < 0.25, 5, 4)
    woman = np.where(grown, np.where(married, 3, unmarried), np.where(short, 7, 6))
    code = np.where(female, woman, man)
    return np.where(latin, TITLES_LATIN[code], TITLES_THAI[code])


def _in_script(
    nomen: Nomen, pool: Pool, names: NDArray[np.int64], latin: NDArray[np.bool_], hands: NDArray[np.int64]
) -> Texts:
    """Names in Thai, or in Latin letters as the row's hand writes them."""
    text: Texts = pool.thai[names]
    text[latin] = write_latin(pool, names[latin], hands[latin], nomen.sounds, nomen.seed)
    return text
