"""How good the files are: what came in from each source, what was missing, flagged, set aside, how it was joined."""

from collections.abc import Mapping

from sarana.methods.population.chain_told import code_says
from sarana.methods.population.report.markup import Html, joined, tag
from sarana.methods.population.report.people import Desk, source_name
from sarana.methods.population.report.tables import Block, Column, Row, data_table, facts, folded, sign
from sarana.methods.population.report.words import Words

LINKED = ("people_with_two_rows_or_more", "pairs_joined", "pairs_for_review")
"""Counts of linking that are shown, by their names in `link_counts`; whatever else is there is not.

How many people linking found is not: less the people of the protected table it tells how many stand in none, and
beside another year's report how few came or left.
"""


def quality_table(desk: Desk) -> Html:
    """One row a source: rows in, used, set aside, values made missing on reading, flags, rows without an ID."""
    words = desk.words
    rows = [_line(desk, s.name) for s in desk.settings.sources]
    heads = ("rows-in", "rows-used", "rows-aside", "made-missing", "values-flagged", "without-id")
    columns = [Column(words("source-head"), is_number=False), *(Column(words(f"{h}-head")) for h in heads)]
    about = tag("p", words("quality-about"), class_="signs")
    return data_table(words, "quality", words("quality-caption"), columns, [Block(rows)], about=about)


def source_details(desk: Desk, source: str) -> Html:
    """What was flagged and what is missing in one source, folded."""
    words, counts = desk.words, desk.counts.of(source)
    at = f"source-{[s.name for s in desk.settings.sources].index(source)}"
    name = source_name(words, source)
    tables = [
        _codes_table(desk, f"{at}-flags", words("flags-caption", source=name), counts.flags)
        if counts.flags
        else tag("p", words("flags-none"), class_="empty")
    ]
    for kind, found in (("missing", counts.missing), ("made-missing", counts.made_missing)):
        if any(found.values()):
            tables.append(
                _fields_table(desk, f"{at}-{kind}", words(f"{kind}-caption", source=name), found, counts.rows)
            )
    return folded(words("source-fold", source=name), *tables)


def set_aside(desk: Desk) -> Html:
    """Every row that was set aside, counted by source and reason."""
    words = desk.words
    rows = [
        Row([source_name(words, s.name), _code(code), _reason(words, code), words.number(n)])
        for s in desk.settings.sources
        for code, n in sorted(desk.counts.of(s.name).set_aside.items())
    ]
    total = sum(sum(desk.counts.of(s.name).set_aside.values()) for s in desk.settings.sources)
    if not rows:
        return tag("p", words("aside-none"), class_="empty")
    said = tag("p", words("aside-says", n=total))
    columns = [
        Column(words("source-head"), is_number=False),
        Column(words("code-head"), is_number=False),
        Column(words("reason-head"), is_number=False),
        Column(words("rows-head")),
    ]
    return joined(said, data_table(words, "aside", words("aside-caption"), columns, [Block(rows)], has_notice=False))


def linked(desk: Desk) -> Html:
    """How rows became people, in counts."""
    words, link = desk.words, desk.counts.link
    rows = sum(desk.counts.of(s.name).rows for s in desk.settings.sources)
    counts = [(words("link-rows"), words.number(rows))]
    counts += [(words(f"link-{key}"), words.number(link[key])) for key in LINKED if key in link]
    return joined(tag("p", words("link-says")), tag("div", facts(counts), class_="card"))


def _line(desk: Desk, source: str) -> Row:
    words, counts = desk.words, desk.counts.of(source)
    no_id = counts.missing.get("national_id")
    return Row(
        [
            source_name(words, source),
            words.number(counts.rows_in),
            words.number(counts.rows),
            words.number(sum(counts.set_aside.values())),
            words.number(sum(counts.made_missing.values())),
            words.number(sum(counts.flags.values())),
            words.share(no_id, counts.rows) if no_id is not None and counts.rows else sign(words, "no-figure"),
        ]
    )


def _fields_table(desk: Desk, at: str, caption: Html, found: Mapping[str, int], rows: int) -> Html:
    words = desk.words
    lines = [
        Row([_field(words, name), words.number(n), words.share(n, rows) if rows else sign(words, "no-figure")])
        for name, n in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = [
        Column(words("field-head"), is_number=False),
        Column(words("rows-head")),
        Column(words("share-head")),
    ]
    return data_table(words, at, caption, columns, [Block(lines)], has_notice=False)


def _codes_table(desk: Desk, at: str, caption: Html, counts: Mapping[str, int]) -> Html:
    words = desk.words
    rows = [
        Row([_code(code), _reason(words, code), words.number(n)])
        for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = [
        Column(words("code-head"), is_number=False),
        Column(words("reason-head"), is_number=False),
        Column(words("rows-head")),
    ]
    return data_table(words, at, caption, columns, [Block(rows)], has_notice=False)


def _code(code: str) -> Html:
    return tag("code", code)


def _reason(words: Words, code: str) -> Html:
    """What a code says: translated where the words were written for what it says now, else in English and marked so."""
    english = code_says().get(code)
    if english is None:
        return words("reason-unknown")
    if words.rows.get(f"code-{code}", {}).get("en") == english:
        return words(f"code-{code}")
    return tag("span", english, lang="en")


def _field(words: Words, field: str) -> Html:
    """A standard field by its name for people, and its own."""
    key = f"field-{field}"
    return joined(words(key), tag("code", field), between=" ") if words.has(key) else tag("code", field)
