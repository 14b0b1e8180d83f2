"""The page of strengths, in English and Thai."""

from sarana.methods.engine import Engine
from sarana.methods.population.report.markup import Html, escaped, joined, tag
from sarana.methods.population.report.tables import Block, Column, Row, data_table, sign
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.questions.question_page import Leaf, question_page
from sarana.methods.questions.strengths import AreaStrengths, Strengths

EFFECTS = ("circumstance-head", "rise-head", "interval-head")
BETTER = ("subdistrict-head", "rate-head")


def strengths_page(engine: Engine, run: AskedRun, answer: Strengths) -> bytes:
    """One HTML file with the strengths of every published area.

    Args:
        engine: holds `areas` and `area_names`.
        run: the run that was asked.
        answer: what was found.
    """
    return question_page(
        engine,
        run,
        "strengths",
        (
            ("better-heading", lambda leaf: _better(leaf, answer)),
            ("shares-heading", lambda leaf: _shares(leaf, answer)),
        ),
    )


def _better(leaf: Leaf, answer: Strengths) -> Html:
    words = leaf.words
    if answer.spread is None:
        return tag("p", words("too-few-areas"), class_="empty")
    effects = [
        [
            words(f"circumstance-{effect.circumstance.replace('_', '-')}"),
            words.decimal(effect.rise),
            leaf.span((effect.low, effect.high)),
        ]
        for effect in answer.effects
    ]
    better = [area for area in answer.areas if area.is_better]
    found = (
        leaf.table("better", BETTER, [_better_row(leaf, area) for area in better], n_words=1)
        if better
        else tag("p", words("none-better"), class_="empty")
    )
    return joined(tag("p", words("better-says")), found, leaf.table("effects", EFFECTS, effects, n_words=1))


def _better_row(leaf: Leaf, area: AreaStrengths) -> list[Html]:
    return [leaf.area(area.level, area.code), leaf.words.decimal(area.rate)]


def _shares(leaf: Leaf, answer: Strengths) -> Html:
    words = leaf.words
    named = [escaped(s.th if words.language == "th" else s.en) for s in answer.strengths]
    tables = []
    for level in ("district", "subdistrict"):
        rows = [Row(_area(leaf, area, answer)) for area in answer.areas if area.level == level]
        columns = [Column(words(f"{level}-head"), is_number=False), *map(Column, [words("rate-head"), *named])]
        caption = words(f"shares-{level}-caption", n=len(rows))
        tables.append(data_table(words, f"shares-{level}", caption, columns, [Block(rows)]))
    return joined(tag("p", words("shares-says")), *tables)


def _area(leaf: Leaf, area: AreaStrengths, answer: Strengths) -> list[Html]:
    words = leaf.words
    shares = [area.shares[strength.key] for strength in answer.strengths]
    return [
        leaf.area(area.level, area.code),
        words.decimal(area.rate),
        *(
            sign(words, "withheld")
            if s is None
            else words("share-of", share=words.share(s.n_good, s.n_known), n=s.n_known)
            for s in shares
        ),
    ]
