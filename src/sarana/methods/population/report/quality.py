"""How good the files are: what came in from each source, what was missing, flagged, set aside, and how it was joined."""

from collections.abc import Mapping

from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.people import Desk
from sarana.methods.population.report.tables import Block, Column, Row, data_table, facts, folded, sign
from sarana.methods.population.report.values import SourceFacts
from sarana.methods.population.report.words import Words


def quality_table(desk: Desk) -> Html:
    """One row a source: rows in, used, set aside, values made missing, rows without an ID."""
    words = desk.words
    rows = [
        Row(
            [
                escaped(from_file(s.name)),
                words.number(s.rows_in),
                words.number(s.rows_out),
                words.number(sum(s.set_aside.values())),
                words.number(sum(s.flags.values())),
                words.number(sum(s.unknown_codes.values())),
                words.share(s.without_id, s.rows_out) if s.without_id is not None else sign(words, "no-figure"),
            ]
        )
        for s in desk.settings.sources
    ]
    heads = ("rows-in", "rows-used", "rows-aside", "values-flagged", "codes-unknown", "without-id")
    columns = [Column(words("source-head"), is_number=False), *(Column(words(f"{h}-head")) for h in heads)]
    return data_table(words, "quality", words("quality-caption"), columns, [Block(rows)], about=_about(desk))


def source_details(desk: Desk, source: SourceFacts) -> Html:
    """What was flagged and what is missing in one source, folded."""
    words = desk.words
    at = f"source-{desk.settings.sources.index(source)}"
    name = escaped(from_file(source.name))
    flags = _codes_table(desk, f"{at}-flags", words("flags-caption", source=name), source.flags, "values-head")
    missing = data_table(
        words,
        f"{at}-missing",
        words("missing-caption", source=name),
        [
            Column(words("field-head"), is_number=False),
            Column(words("rows-missing-head")),
            Column(words("share-missing-head")),
        ],
        [
            Block(
                [
                    Row([_field(words, f), words.number(n), words.share(n, source.rows_out)])
                    for f, n in sorted(source.missing.items(), key=lambda item: (-item[1], item[0]))
                ]
            )
        ],
        has_notice=False,
    )
    return folded(
        words("source-fold", source=name),
        flags if source.flags else tag("p", words("flags-none"), class_="empty"),
        missing if source.missing else tag("p", words("missing-none"), class_="empty"),
    )


def set_aside(desk: Desk) -> Html:
    """Every row that was set aside, counted by source and reason."""
    words = desk.words
    rows = [
        Row([escaped(from_file(s.name)), _code(code), _reason(desk, code), words.number(n)])
        for s in desk.settings.sources
        for code, n in sorted(s.set_aside.items())
    ]
    total = sum(sum(s.set_aside.values()) for s in desk.settings.sources)
    said = tag("p", words("aside-says", n=total))
    if not rows:
        return said
    columns = [
        Column(words("source-head"), is_number=False),
        Column(words("code-head"), is_number=False),
        Column(words("reason-head"), is_number=False),
        Column(words("rows-head")),
    ]
    return joined(said, data_table(words, "aside", words("aside-caption"), columns, [Block(rows)], has_notice=False))


def linked(desk: Desk) -> Html:
    """How rows became people, in counts."""
    words, link = desk.words, desk.settings.link
    counts = (
        ("link-rows", link.rows),
        ("link-people", link.people),
        ("link-pairs", link.pairs_accepted),
        ("link-review", link.pairs_in_review),
    )
    return joined(
        tag("p", words("link-says")),
        tag("div", facts([(words(k), words.number(n)) for k, n in counts if n is not None]), class_="card"),
    )


def _codes_table(desk: Desk, at: str, caption: Html, counts: Mapping[str, int], head: str) -> Html:
    words = desk.words
    rows = [
        Row([_code(code), _reason(desk, code), words.number(n)])
        for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = [
        Column(words("code-head"), is_number=False),
        Column(words("reason-head"), is_number=False),
        Column(words(head)),
    ]
    return data_table(words, at, caption, columns, [Block(rows)], has_notice=False)


def _code(code: str) -> Html:
    return tag("code", code)


def _reason(desk: Desk, code: str) -> Html:
    """What a code says: in the language of the page where it is known there, else in English and marked so."""
    key = f"code-{code}"
    if desk.words.has(key):
        return desk.words(key)
    english = desk.settings.code_reasons.get(code)
    if english is None:
        return desk.words("reason-unknown")
    return escaped(english) if desk.words.language == "en" else tag("span", english, lang="en")


def _field(words: Words, field: str) -> Html:
    """A standard field by its name for people, and its own."""
    key = f"field-{field}"
    return joined(words(key), tag("code", field), between=" ") if words.has(key) else tag("code", field)


def _about(desk: Desk) -> Html:
    words = desk.words
    return tag("p", words("quality-about"), class_="signs")
