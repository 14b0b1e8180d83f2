"""A page of its own for the answer to a question: the report's frame, both languages, one file without a script."""

from collections.abc import Callable
from dataclasses import dataclass

from sarana.methods.engine import Engine
from sarana.methods.population.report.figures import Atlas, read_atlas
from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.page import framed_page
from sarana.methods.population.report.tables import Block, Column, Row, data_table, sign
from sarana.methods.population.report.words import LANGUAGES, Words, read_words
from sarana.methods.questions.asked_run import AskedRun


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a page needs at hand in one language."""

    words: Words
    atlas: Atlas

    def area(self, level: str, code: str) -> Html:
        """What an area is called."""
        return escaped(self.atlas.place(level, code).called(self.words.language))

    def district_of(self, code: str) -> Html:
        """What the district of a subdistrict is called."""
        return self.area("district", self.atlas.parent_of("subdistrict", code))

    def count(self, n: int | None) -> Html:
        """A count, or that it is not said."""
        return sign(self.words, "withheld") if n is None else self.words.number(n)

    def span(self, ends: tuple[float, float] | None) -> Html:
        """Two ends of a rate, or that they are not said."""
        if ends is None:
            return sign(self.words, "withheld")
        return self.words("from-to", low=self.words.decimal(ends[0]), high=self.words.decimal(ends[1]))

    def table(self, at: str, heads: tuple[str, ...], rows: list[list[Html]], *, n_words: int) -> Html:
        """A table: `at` names it and its caption, heads are rows of words; first come columns of words."""
        columns = [Column(self.words(head), is_number=place >= n_words) for place, head in enumerate(heads)]
        caption = self.words(f"{at}-caption", n=len(rows))
        return data_table(self.words, at, caption, columns, [Block([Row(row) for row in rows])])


type Part = tuple[str, Callable[[Leaf], Html]]


def question_page(engine: Engine, run: AskedRun, question: str, parts: tuple[Part, ...], *, first: str = "en") -> bytes:
    """The page of a question.

    Args:
        engine: holds `areas` and `area_names`.
        run: the run that was asked.
        question: names the file of words, and the rows of its title and lead.
        parts: the heading of each part, a row of words, and what makes it.
        first: the language seen first.
    """
    rows = read_words(f"question.{question}")
    atlas = read_atlas(engine)
    sections = joined(*(_section(Leaf(Words(lang, rows), atlas), run, question, parts) for lang in LANGUAGES))
    return framed_page(rows, first, sections, title=f"{question}-title")


def _section(leaf: Leaf, run: AskedRun, question: str, parts: tuple[Part, ...]) -> Html:
    words = leaf.words
    set_name = f"{run.settings.set.id} {run.settings.set.version}"
    return tag(
        "section",
        tag("h1", words(f"{question}-title")),
        tag(
            "p",
            words(f"{question}-lead", run=from_file(run.name), set=set_name, day=words.date(run.as_of)),
            class_="lead",
        ),
        tag("p", words("notice"), class_="notice"),
        tag("p", words("invented"), class_="invented") if run.is_invented else None,
        *(tag("section", tag("h2", words(heading)), make(leaf)) for heading, make in parts),
        lang=words.language,
        id=words.language,
        class_="language",
    )
