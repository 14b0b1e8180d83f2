"""Tables that a tired reader, a screen reader and a printer can all follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sarana.methods.population.report.markup import Html, joined, tag
from sarana.methods.population.report.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and whether it holds numbers."""

    head: Html
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its first cell is its head; `at` makes it a place that a link can lead to."""

    cells: Sequence[Html]
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under a heading of their own; without heading, all rows of a table."""

    rows: Sequence[Row]
    heading: Html | None = None


def data_table(
    words: Words,
    at: str,
    caption: Html,
    columns: Sequence[Column],
    blocks: Iterable[Block],
    *,
    about: Html | None = None,
    has_notice: bool = True,
) -> Html:
    """A table in a frame that can be moved sideways by finger, wheel and keyboard.

    The notice stands in the caption, so that it goes along when the table is copied or printed.
    """
    caption_at = f"{words.language}-{at}-caption"
    notice = tag("small", words("notice")) if has_notice else None
    table = tag(
        "table",
        tag("caption", tag("span", tag("b", caption), notice, class_="caption"), id=caption_at),
        tag("thead", tag("tr", *(_head(c) for c in columns))),
        *(_body(block, columns) for block in blocks),
    )
    frame = tag("div", table, class_="scroll", tabindex=0, role="region", aria_labelledby=caption_at)
    return tag("div", frame, signs_explained(words, table), about, class_="card table", id=f"{words.language}-{at}")


def signs_explained(words: Words, table: Html) -> Html | None:
    """What the signs in a table mean, for those that stand in it."""
    found = [
        words(f"{sign}-explained", sign=words(f"{sign}-sign"))
        for sign in ("withheld", "no-figure")
        if f'class="sign {sign}"' in table
    ]
    return tag("p", *joined_sentences(found), class_="signs") if found else None


def joined_sentences(sentences: Sequence[Html]) -> list[Html]:
    """Sentences with a space between."""
    return [joined(*sentences, between=" ")]


def sign(words: Words, kind: str) -> Html:
    """A sign in place of a number: `withheld` or `no-figure`, with its meaning for who cannot see the note."""
    return tag("abbr", words(f"{kind}-sign"), title=words(f"{kind}-short"), class_=f"sign {kind}")


def chip(kind: str) -> Html:
    """The symbol of a band or class: circle, diamond, square or hatched, as on the map."""
    return Html(f'<svg class="chip" viewBox="-12 -12 24 24" aria-hidden="true"><use href="#chip-{kind}"/></svg>')


def facts(pairs: Iterable[tuple[Html, Html]], kind: str = "facts") -> Html:
    """Names and values, one below the other; a `facts glossary` holds words and their meanings."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs), class_=kind)


def folded(summary: Html, *inside: Html) -> Html:
    """Something that opens when asked."""
    return tag("details", tag("summary", summary), *inside)


def _head(column: Column) -> Html:
    return tag("th", column.head, scope="col", class_=None if column.is_number else "t")


def _body(block: Block, columns: Sequence[Column]) -> Html:
    heading = (
        tag("tr", tag("th", block.heading, scope="rowgroup", colspan=len(columns)), class_="group")
        if block.heading
        else None
    )
    rows = [
        tag(
            "tr",
            tag("th", row.cells[0], scope="row"),
            *(
                tag("td", cell, class_=None if column.is_number else "t")
                for cell, column in zip(row.cells[1:], columns[1:], strict=True)
            ),
            id=row.at,
        )
        for row in block.rows
    ]
    return tag("tbody", heading, *rows)
