"""From a query to people: near words, who bears them, whom the asker may know of, and the best of those."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sarana.methods.search.entry import Birth, Found, May, Query
from sarana.methods.search.heard import Heard, Span, hear, spans_asked, units_of
from sarana.methods.search.near import Near, alike_ears, faintly_near, joined_nearness, nearnesses, tokens_of
from sarana.methods.search.numbered import Numbered
from sarana.methods.search.numbers import normal_number, normal_phone, numbers_apart, plain_code
from sarana.methods.search.ranking import Asked, Hit, Weights, best_of, birth_worth, whole_of
from sarana.methods.search.sounds import Sounds, is_nearly
from sarana.methods.search.tables import (
    BORN,
    NAME,
    NUMBER,
    PHONE,
    PLACE,
    Connection,
    bearers_of,
    heard_words,
    numbers_in,
    numbers_of,
    read_born,
    rows_in,
    unpack,
)

MOST_OWN = 500
"""So many people, where only they are looked at, are looked through one by one."""

SPARE = 4
"""One in so many more than are ranked is asked for at once: some may be hidden from the asker."""

_ANSWERED, _SURELY = 0.85, 0.91
"""What somebody weighs of whom all words are answered, of 1; and of whom they are beyond doubt."""

_LEVELS = 10_000
_SURE = 1.5
"""What a number that agrees weighs, where a name weighs 1."""

type Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A query taken into words of the file: which of them answers which word that was asked, and how well."""

    asked: Asked
    heard: tuple[Heard, ...]
    """The words that were asked, one by one."""
    numbers: tuple[int, ...]
    phones: tuple[int, ...]
    born: dict[int, float]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A search file as it is looked through: its connection, who has which number, and how its words sound."""

    connection: Connection
    people: Numbered
    sounds: Sounds


@dataclass(frozen=True, slots=True)
class _Own:
    """The names and the bearers of the only people who are looked at: nothing of others, not even time."""

    heard: dict[int, Heard]
    bearers: dict[int, list[bytes]]


def look(
    file: Opened,
    query: Query,
    *,
    limit: int,
    cap: int,
    may: May | None,
    among: Collection[UUID] | None,
) -> Found:
    """The best matches of a query; see `SearchFile.search`."""
    connection, n = file.connection, len(file.people)
    cap = max(cap, limit, 1)
    own = _own(connection, among) if among is not None and len(among) <= MOST_OWN else None
    spoken = _speak(file, query, own)
    likely = _likely(connection, spoken, n, own)
    if among is not None and own is None:
        likely *= _mask(connection, among, n)
    hits: list[Hit] = []
    is_cut = False
    for people in _in_turn(likely, file.people.turns, cap + cap // SPARE):
        allowed = _allowed(file, people, may)
        left = cap - len(hits)
        is_cut = len(allowed) > left
        hits += _meet(connection, allowed[:left], likely)
        if len(hits) == cap:
            break
    more = 0.0
    if _is_half_answered(spoken.asked, hits, limit):
        more = _look_again(connection, spoken, hits)
    matches, is_more = best_of(spoken.asked, hits, limit, more)
    return Found(tuple(matches), is_more or is_cut)


def _is_half_answered(asked: Asked, hits: Sequence[Hit], limit: int) -> bool:
    """Whether of several words one at least is answered by too few for a page, and nobody answers all beyond doubt."""
    if len(asked.weights) < 2 or not hits or hits[0].most >= _SURELY * (whole := whole_of(asked)):
        return False
    return hits[min(limit, len(hits)) - 1].most < _ANSWERED * whole


def _look_again(connection: Connection, spoken: _Spoken, hits: Sequence[Hit]) -> float:
    """Judge the rest of the names of those who answer one word, by the same rules, or order them by how alike it is.

    What was misheard so badly that nothing finds it is still more like the right name than like most. What that may add
    to anybody is returned.
    """
    near = spoken.asked.near
    words = {
        word for hit in hits for _, _, spans in hit.known.names for word, first, end in spans if end - first == 1
    } - near.keys()
    rest = heard_words(connection, f"word w WHERE w.id IN ({numbers_in(words)})")
    for unit, asked in enumerate(spoken.heard):
        for word, how in faintly_near(asked, rest).items():
            near.setdefault(word, []).append((unit, unit + 1, how))
    return 1.0


def _own(connection: Connection, among: Collection[UUID]) -> _Own:
    people: dict[int, list[int]] = {}
    for person, known in rows_in(
        connection, "SELECT id, known FROM person WHERE ref IN ({})", [ref.bytes for ref in among]
    ):
        for word in unpack(known).words():
            people.setdefault(word, []).append(person)
    heard = heard_words(connection, f"word w WHERE w.kind = {NAME} AND w.id IN ({numbers_in(people)})")
    return _Own(heard, {word: [np.array(bearers, np.uint32).tobytes()] for word, bearers in people.items()})


def _speak(file: Opened, query: Query, own: _Own | None) -> _Spoken:
    """The words of the file that answer a query."""
    connection = file.connection
    words, typed = numbers_apart(query.words)
    units = units_of(words)
    spans = spans_asked(units)
    heard = hear([span.form for span in spans])
    near: dict[int, list[tuple[int, int, Near]]] = {}
    for span, its in zip(spans, heard, strict=True):
        for word, how in _near_words(file, its, span, own).items():
            near.setdefault(word, []).append((span.first, span.end, how))
    numbers = [normal_number(text) for text in (*query.identifiers, *chain(*typed))]
    phones = [normal_phone(text) for text in (*query.phones, *chain(*typed))]
    weights = tuple(0.5 + 0.5 * min(len(its.ear or its.form), 6) / 6 for its in heard[: len(units)])
    asked_numbers = tuple(_words_of(connection, NUMBER, numbers).values())
    asked_phones = tuple(_words_of(connection, PHONE, phones).values())
    born = _born_words(connection, query.born)
    places = tuple(_words_of(connection, PLACE, [plain_code(place) for place in query.places]).values())
    n_numbers = len(query.identifiers) + len(query.phones) + len(typed)
    share = Weights(n_numbers * _SURE, bool(query.places))
    sure = frozenset(asked_numbers), frozenset(asked_phones)
    asked = Asked(near, weights, *sure, query.born, query.sex or "", frozenset(places), share)
    return _Spoken(asked, tuple(heard[: len(units)]), asked_numbers, asked_phones, born, places)


def _near_words(file: Opened, asked: Heard, span: Span, own: _Own | None) -> dict[int, Near]:
    """Words of names that are near one that was asked; of several taken as one only those that differ little."""
    is_one = span.end - span.first == 1
    tokens = tokens_of(asked)
    if own is None:
        found = _found_words(file, asked, tokens, is_one=is_one)
    else:
        found = {word: its for word, its in own.heard.items() if _is_found(asked, its, tokens, is_one=is_one)}
    if is_one:
        return nearnesses(asked, found)
    judged = ((word, joined_nearness(asked, heard)) for word, heard in found.items())
    return {word: how for word, how in judged if how is not None}


def _found_words(file: Opened, asked: Heard, tokens: set[int], *, is_one: bool) -> dict[int, Heard]:
    """Words with a token in common, that sound nearly so or begin so.

    No limit here: it would count words of people who are hidden.
    """
    connection = file.connection
    found = heard_words(
        connection, f"word w WHERE w.id IN (SELECT word FROM near WHERE token IN ({numbers_in(tokens)}))"
    )
    if not is_one:
        return found
    file.sounds.read(connection)
    words, ears = file.sounds.alike(asked.key)
    alike = {word for word, is_alike in zip(words, alike_ears(asked.ear, ears), strict=True) if is_alike}
    found |= heard_words(connection, f"word w WHERE w.id IN ({numbers_in(alike - found.keys())})")
    if len(asked.form) >= 3:
        found |= _beginning(connection, f"w.kind = {NAME} AND w.form", asked.form)
        if len(asked.ear) >= 3:
            found |= _beginning(connection, "w.ear <> '' AND w.ear", asked.ear)
    return found


def _is_found(asked: Heard, known: Heard, tokens: set[int], *, is_one: bool) -> bool:
    """Whether `_found_words` would find a word."""
    if is_one:
        if len(asked.form) >= 3 and known.form.startswith(asked.form):
            return True
        if len(asked.form) >= 3 and len(asked.ear) >= 3 and known.ear.startswith(asked.ear):
            return True
        if is_nearly(asked.key, known.key) and alike_ears(asked.ear, [known.ear])[0]:
            return True
    return not tokens.isdisjoint(tokens_of(known))


def _beginning(connection: Connection, column: str, text: str) -> dict[int, Heard]:
    last = column.rpartition(" ")[2]
    where = f"word w WHERE {column} > ? AND {last} < ?"
    return heard_words(connection, where, (text, text + "\U0010ffff"))


def _words_of(connection: Connection, kind: int, forms: Sequence[str]) -> dict[str, int]:
    sql = f"SELECT form, id FROM word WHERE kind = {kind} AND form IN ({{}})"
    return dict(rows_in(connection, sql, [form for form in dict.fromkeys(forms) if form]))


def _born_words(connection: Connection, born: Birth | None) -> dict[int, float]:
    """Births that agree at all with one that was asked, and what each of them counts; *unknown* is one of them."""
    if born is None:
        return {}
    rows = connection.execute(f"SELECT id, form FROM word WHERE kind = {BORN}")
    worth = {word: birth_worth(born, read_born(form)) for word, form in rows}
    return {word: its for word, its in worth.items() if its > 0}


def _likely(connection: Connection, spoken: _Spoken, n: int, own: _Own | None) -> Scores:
    """How likely each person is meant, by number; 0 where neither a name nor a number agrees."""
    asked = spoken.asked
    words = [*asked.near, *spoken.numbers, *spoken.phones, *spoken.born, *spoken.places]
    bearers = bearers_of(connection, words) if own is None else own.bearers
    total, one = np.zeros(n, np.float32), np.zeros(n, np.float32)
    for unit, weight in enumerate(asked.weights):
        scored = [
            (how.score, word)
            for word, hows in asked.near.items()
            for first, end, how in hows
            if first <= unit < end and word in bearers
        ]
        _let_best(one, scored, bearers)
        total += one * np.float32(weight / sum(asked.weights))
    for word in {*spoken.numbers, *spoken.phones} & bearers.keys():
        total[numbers_of(bearers[word])] += np.float32(_SURE)
    is_met = total > 0
    born = [(worth * asked.share.born, word) for word, worth in spoken.born.items() if word in bearers]
    _let_best(one, born, bearers)
    total += one
    for word in set(spoken.places) & bearers.keys():
        total[numbers_of(bearers[word])] += np.float32(asked.share.place / max(len(spoken.places), 1))
    return total * is_met


def _let_best(one: Scores, scored: list[tuple[float, int]], bearers: Mapping[int, Sequence[bytes]]) -> None:
    """Let each person have the best score of the words that they bear, and whoever bears none have none."""
    one[:] = 0
    scored.sort()  # of what is set twice, the last one stays
    pieces = [bearers[word] for _, word in scored]
    lengths = [sum(map(len, its)) // 4 for its in pieces]
    scores = np.repeat(np.array([score for score, _ in scored], np.float32), lengths)
    one[numbers_of(chain.from_iterable(pieces))] = scores


def _mask(connection: Connection, among: Collection[UUID], n: int) -> NDArray[np.bool_]:
    """Whether each person is among some, by number."""
    mask = np.zeros(n, np.bool_)
    refs = [ref.bytes for ref in among]
    mask[[row[0] for row in rows_in(connection, "SELECT id FROM person WHERE ref IN ({})", refs)]] = True
    return mask


def _in_turn(likely: Scores, turns: NDArray[np.uint32], size: int) -> Iterator[list[int]]:
    """People by likelihood, those of one likelihood by their turn, in batches that grow."""
    people = np.flatnonzero(likely)
    if not len(people):
        return
    levels = np.rint(likely[people].astype(np.float64) * _LEVELS).astype(np.uint64)
    order = (levels.max() - levels) << np.uint64(32) | turns[people].astype(np.uint64)
    while len(people):
        if len(people) > size:
            near = np.argpartition(order, size)
            now, later = near[:size], near[size:]
        else:
            now, later = np.arange(len(people)), np.zeros(0, np.int64)
        now = now[np.argsort(order[now], kind="stable")]
        yield [int(person) for person in people[now]]
        people, order = people[later], order[later]
        size *= 4


def _allowed(file: Opened, people: Sequence[int], may: May | None) -> list[tuple[int, UUID]]:
    """Those of some people whom the asker may know of, in the same order; of the others nothing is read."""
    refs = file.people.refs_of(people)
    allowed = set(refs) if may is None else may(list(refs))
    return [(person, ref) for ref, person in refs.items() if ref in allowed]


def _meet(connection: Connection, people: Sequence[tuple[int, UUID]], likely: Scores) -> list[Hit]:
    """What is known of some people, in the same order."""
    numbers = numbers_in(person for person, _ in people)
    known = dict(connection.execute(f"SELECT id, known FROM person WHERE id IN ({numbers})"))
    return [Hit(ref, float(likely[person]), unpack(known[person])) for person, ref in people if person in known]
