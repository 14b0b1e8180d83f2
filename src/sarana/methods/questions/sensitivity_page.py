"""The page of the answer on sensitivity, in English and Thai."""

from sarana.methods.engine import Engine
from sarana.methods.population.report.markup import Html, escaped, joined, tag
from sarana.methods.population.report.people import source_name
from sarana.methods.population.report.tables import sign
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.questions.question_page import Leaf, question_page
from sarana.methods.questions.sensitivity import AreaSpan, Change, Sensitivity

CHANGES = ("what-head", "changed-head", "into-head", "out-head", "districts-moved-head", "subdistricts-moved-head")
AREAS = ("rank-head", "area-head", "rate-head", "ranks-head", "missing-head", "missing-all-head", "links-head")


def sensitivity_page(engine: Engine, run: AskedRun, answer: Sensitivity) -> bytes:
    """One HTML file with every change and every published area.

    Args:
        engine: holds `areas` and `area_names`.
        run: the run that was asked.
        answer: what was found.
    """
    names = {indicator.id: indicator.name for indicator in run.settings.set.indicators}
    return question_page(
        engine,
        run,
        "sensitivity",
        (
            ("changes-heading", lambda leaf: _changes(leaf, answer, names)),
            ("spans-heading", lambda leaf: _areas(leaf, answer)),
        ),
    )


def _changes(leaf: Leaf, answer: Sensitivity, names: dict[str, str]) -> Html:
    words = leaf.words
    tables = [
        leaf.table(
            kind,
            CHANGES,
            [_change(leaf, change, names) for change in answer.changes if change.kind == kind],
            n_words=1,
        )
        for kind in dict.fromkeys(change.kind for change in answer.changes)
    ]
    return joined(tag("p", words("one-change-says", n=answer.n_people)), *tables)


def _change(leaf: Leaf, change: Change, names: dict[str, str]) -> list[Html]:
    words, moves = leaf.words, change.moves
    share = moves.share_changed
    return [
        _what(leaf, change.of, names),
        sign(words, "withheld") if share is None else Html(f"{100 * share:.2f}&nbsp;%"),
        leaf.count(moves.n_into_high),
        leaf.count(moves.n_out_of_high),
        *(
            words("moved-by", number=words.number(moves.n_moved(level)), most=words.number(moves.most_moved(level)))
            for level in ("district", "subdistrict")
        ),
    ]


def _what(leaf: Leaf, of: str, names: dict[str, str]) -> Html:
    """An indicator or source by its name in the language of the page."""
    if of not in names:
        return source_name(leaf.words, of)
    key = f"indicator-{names[of]}"
    name = leaf.words(key) if leaf.words.has(key) else tag("span", names[of], lang="en")
    return joined(tag("code", escaped(of.upper())), name, between=" ")


def _areas(leaf: Leaf, answer: Sensitivity) -> Html:
    words = leaf.words
    pairs = tag("p", words("links-says", apart=answer.n_taken_apart, joined=answer.n_joined))
    tables = [
        leaf.table(
            f"spans-{level}", AREAS, [_area(leaf, area) for area in answer.areas if area.level == level], n_words=2
        )
        for level in ("district", "subdistrict")
    ]
    return joined(tag("p", words("spans-says")), pairs, *tables)


def _area(leaf: Leaf, area: AreaSpan) -> list[Html]:
    words = leaf.words
    name = leaf.area(area.level, area.code)
    if area.level == "subdistrict":
        name = joined(name, tag("small", leaf.district_of(area.code)), between=" ")
    return [
        words.number(area.rank),
        name,
        words.decimal(area.rate),
        words("from-to", low=words.number(area.best_rank), high=words.number(area.worst_rank)),
        leaf.span(area.missing),
        leaf.span(area.missing_all),
        leaf.span(area.links),
    ]
