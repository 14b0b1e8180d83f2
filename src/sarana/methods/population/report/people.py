"""Tables of people by age, sex, district and subdistrict, as far as the protected figures let them be seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sarana.methods.population.report.counts import Counts
from sarana.methods.population.report.figures import LOST, Atlas, Figures
from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.tables import Block, Column, Row, chip, data_table, facts, folded, sign
from sarana.methods.population.report.values import ReportSettings
from sarana.methods.population.report.words import Words

FIRST_SHOWN = 15
"""Subdistricts named in the short list of rates that lie clearly above the province's."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every table needs at hand: words of one language, figures, and what the run is."""

    words: Words
    atlas: Atlas
    counts: Counts
    settings: ReportSettings

    def name(self, level: str, code: str) -> Html:
        """What an area is called, in the language of the page."""
        if code.endswith(LOST):
            return self.words(f"lost-{level}")
        return escaped(self.atlas.place(level, code).called(self.words.language))

    def district_of(self, figures: Figures) -> Html:
        """The name of the district that a subdistrict lies in."""
        return self.name("district", self.atlas.parent_of("subdistrict", figures.code))

    def about(self, missing: Html) -> Html:
        """Population, period, source, definition, and what is missing: behind every table of figures."""
        words, run = self.words, self.settings.run
        sources = words.listed(*(source_name(words, s.name) for s in self.settings.sources))
        return folded(
            words("about-figures"),
            facts(
                [
                    (words("about-population"), words("population-says")),
                    (words("about-period"), words("period-says", day=words.date(run.as_of))),
                    (words("about-source"), sources or words("unknown")),
                    (words("about-definition"), words("definition-says")),
                    (words("about-missing"), missing),
                ]
            ),
        )

    def number(self, value: int | None, *, protected: bool) -> Html:
        """A count, or the sign for why there is none."""
        return self.words.number(value) if value is not None else self.no_figure(protected=protected)

    def rate(self, value: float | None, *, protected: bool) -> Html:
        """A rate, or the sign for why there is none."""
        return self.words.decimal(value) if value is not None else self.no_figure(protected=protected)

    def interval(self, low: float | None, high: float | None, *, protected: bool) -> Html:
        """An interval, or the sign for why there is none."""
        if low is None or high is None:
            return self.no_figure(protected=protected)
        return self.words("from-to", low=self.words.decimal(low), high=self.words.decimal(high))

    def known(self, figures: Figures) -> Html:
        """The share of people who could be scored."""
        if figures.n_scored is None or figures.n_people is None or figures.n_people == 0:
            return self.no_figure(protected=figures.protected)
        return self.words.share(figures.n_scored, figures.n_people)

    def no_figure(self, *, protected: bool) -> Html:
        """The sign for a figure that is withheld, or that cannot be computed."""
        return sign(self.words, "withheld" if protected else "no-figure")

    def compared(self, figures: Figures) -> Html:
        """Whether an area lies clearly above or below its province, given chance."""
        return self.words(f"compared-{comparison(figures, self.province_of(figures))}")

    def province_of(self, figures: Figures) -> Figures | None:
        """The figures of the province that an area lies in."""
        code, level = figures.code, figures.level
        if level == "subdistrict":
            code, level = self.atlas.parent_of(level, code), "district"
        if level == "district":
            code, level = self.atlas.parent_of(level, code), "province"
        return self.atlas.at("province", code)

    def map_class(self, found: str | None, *, protected: bool) -> Html:
        """A class of a map in words, or the sign for why there is none."""
        return self.words(f"class-name-{found}") if found else self.no_figure(protected=protected)

    def missing_in(self, lines: Sequence[Figures]) -> Html:
        """How much is missing in a table: people too little is known of, and figures withheld."""
        grey = sum(f.n_grey for f in lines if f.n_grey is not None)
        held = sum(1 for f in lines if f.protected)
        return self.words("missing-says", grey=grey, held=held, lines=len(lines))


def source_name(words: Words, name: str) -> Html:
    """A source by the name of its sector where the report knows it, else by its own name."""
    return words(f"sector-{name}") if words.has(f"sector-{name}") else escaped(from_file(name))


def comparison(area: Figures, whole: Figures | None) -> str:
    """`above`, `below`, `same` (chance may explain the difference), or `unknown`."""
    if whole is None or whole.rate is None or area.low is None or area.high is None:
        return "unknown"
    if area.low > whole.rate:
        return "above"
    return "below" if area.high < whole.rate else "same"


def province_facts(desk: Desk, province: Figures) -> Html:
    """The province as a whole, one figure a line."""
    words = desk.words
    held = province.protected
    n_people = desk.number(province.n_people, protected=held)
    scored = desk.number(province.n_scored, protected=held)
    if province.n_scored is not None and province.n_people is not None:
        scored = words("with-share", number=scored, share=desk.known(province))
    return facts(
        [
            (words("fact-people"), n_people),
            (words("fact-scored"), scored),
            (words("fact-rate"), _with_interval(desk, province.rate, province.low, province.high, protected=held)),
            (
                words("fact-rate-without"),
                _with_interval(
                    desk,
                    province.rate_without_status,
                    province.low_without_status,
                    province.high_without_status,
                    protected=held,
                ),
            ),
            (
                words("fact-mean"),
                words.index(province.mean) if province.mean is not None else desk.no_figure(protected=held),
            ),
        ]
    )


def group_table(desk: Desk, kind: str, province: Figures) -> Html:
    """People of a province by `age` or `sex`."""
    words = desk.words
    lines = [f for g in desk.atlas.groups(kind) if (f := desk.atlas.at("province", province.code, g))]
    return data_table(
        words,
        f"{kind}-{province.code}",
        words(f"{kind}-caption", place=desk.name("province", province.code)),
        _columns(words, words(f"{kind}-head"), compares=False),
        [Block([_row(desk, f, group_name(words, f.group), compares=False) for f in lines])],
        about=desk.about(desk.missing_in(lines)),
    )


def group_name(words: Words, group: str) -> Html:
    """A group as people say it: `12 to 17`, `60 and over`, `women and girls`, `not known`."""
    kind, _, value = group.partition("=")
    if value == "U" or kind == "sex":
        return words(f"{kind}-{value.lower()}")
    if value.endswith("+"):
        return words("age-over", from_=value.rstrip("+"))
    first, _, last = value.partition("-")
    return words("age-range", from_=first, to=last)


def district_table(desk: Desk) -> Html:
    """All districts in the dictionary order of their names."""
    words = desk.words
    lines = desk.atlas.areas("district", words.language)
    shown = [*lines, *desk.atlas.lost("district")]
    return data_table(
        words,
        "district",
        words("district-caption", n=len(lines)),
        _columns(words, words("district-head"), compares=True),
        [Block([_row(desk, f, desk.name("district", f.code), compares=True) for f in shown])],
        about=desk.about(desk.missing_in(shown)),
    )


def subdistrict_table(desk: Desk) -> Html:
    """All subdistricts under their districts, both in the dictionary order of their names."""
    words, atlas = desk.words, desk.atlas
    lines = atlas.areas("subdistrict", words.language)
    shown = [*lines, *atlas.lost("subdistrict")]
    by_district: dict[str, list[Figures]] = {}
    for line in shown:
        by_district.setdefault(atlas.parent_of("subdistrict", line.code), []).append(line)
    order = [d.code for d in atlas.areas("district", words.language)]
    order += sorted(set(by_district) - set(order))
    blocks = [
        Block(
            [_row(desk, f, desk.name("subdistrict", f.code), compares=True) for f in by_district[code]],
            desk.name("district", code) or words("unknown"),
        )
        for code in order
        if code in by_district
    ]
    return data_table(
        words,
        "subdistrict",
        words("subdistrict-caption", n=len(lines)),
        _columns(words, words("subdistrict-head"), compares=True),
        blocks,
        about=desk.about(desk.missing_in(shown)),
    )


def groups_by_district(desk: Desk, kind: str) -> Html:
    """The rate of each age band or sex in each district: one number a cell."""
    words = desk.words
    groups = desk.atlas.groups(kind)
    districts = desk.atlas.areas("district", words.language)

    def cell(district: Figures, group: str) -> Html:
        found = desk.atlas.at("district", district.code, group)
        return desk.rate(found.rate, protected=found.protected) if found else desk.no_figure(protected=False)

    rows = [Row([desk.name("district", d.code), *(cell(d, g) for g in groups)]) for d in districts]
    lines = [f for d in districts for g in groups if (f := desk.atlas.at("district", d.code, g))]
    return data_table(
        words,
        f"{kind}-by-district",
        words(f"{kind}-by-district-caption"),
        [Column(words("district-head"), is_number=False), *(Column(group_name(words, g)) for g in groups)],
        [Block(rows)],
        about=desk.about(desk.missing_in(lines)),
    )


def clearly_above(desk: Desk) -> Html:
    """The subdistricts whose rate lies above their province's by more than chance explains, highest first."""
    words, atlas = desk.words, desk.atlas
    above = [f for f in atlas.areas("subdistrict", words.language) if comparison(f, desk.province_of(f)) == "above"]
    above.sort(key=lambda f: -(f.rate or 0))
    if not above:
        return tag("p", words("above-none"), class_="empty")
    rows = [
        Row(
            [
                desk.name("subdistrict", f.code),
                desk.district_of(f),
                desk.rate(f.rate, protected=f.protected),
                desk.interval(f.low, f.high, protected=f.protected),
                desk.map_class(f.map_class_without_status, protected=f.protected),
                desk.known(f),
            ]
        )
        for f in above[:FIRST_SHOWN]
    ]
    columns = [
        Column(words("subdistrict-head"), is_number=False),
        Column(words("district-head"), is_number=False),
        Column(joined(chip("high"), words("rate-head"))),
        Column(words("interval-head")),
        Column(words("class-without-head"), is_number=False),
        Column(words("known-head")),
    ]
    caption = words("above-caption", n=len(above), shown=min(len(above), FIRST_SHOWN))
    return data_table(words, "above", caption, columns, [Block(rows)], about=desk.about(desk.missing_in(above)))


def changes(desk: Desk, with_status: dict[str, str], without_status: dict[str, str]) -> Html:
    """What the second map changes, in words and, folded, subdistrict by subdistrict."""
    words, atlas = desk.words, desk.atlas
    order = ("low", "mid", "high")
    both = {
        code: (order.index(a), order.index(b))
        for code, a in with_status.items()
        if a in order and (b := without_status.get(code, "none")) in order
    }
    lower = sum(1 for a, b in both.values() if b < a)
    higher = sum(1 for a, b in both.values() if b > a)
    if not both:
        return tag("p", words("changes-none"), class_="empty")
    said = words("changes-says", lower=lower, higher=higher, same=len(both) - lower - higher, compared=len(both))
    moved = [f for f in atlas.areas("subdistrict", words.language) if f.code in both and len(set(both[f.code])) == 2]
    if not moved:
        return tag("p", said)
    table = folded(words("changes-fold", n=len(moved)), _changes_table(desk, moved))
    return joined(tag("p", said), tag("p", words("changes-meaning")), table)


def _changes_table(desk: Desk, moved: Sequence[Figures]) -> Html:
    words = desk.words
    rows = [
        Row(
            [
                desk.name("subdistrict", f.code),
                desk.district_of(f),
                desk.map_class(f.map_class, protected=f.protected),
                desk.map_class(f.map_class_without_status, protected=f.protected),
            ]
        )
        for f in moved
    ]
    columns = [
        Column(words("subdistrict-head"), is_number=False),
        Column(words("district-head"), is_number=False),
        Column(words("class-with-head"), is_number=False),
        Column(words("class-without-head"), is_number=False),
    ]
    return data_table(
        words, "changes", words("changes-caption"), columns, [Block(rows)], about=desk.about(desk.missing_in(moved))
    )


def _with_interval(desk: Desk, rate: float | None, low: float | None, high: float | None, *, protected: bool) -> Html:
    if rate is None:
        return desk.no_figure(protected=protected)
    shown = desk.words("per-1000", rate=desk.words.decimal(rate))
    if low is None or high is None:
        return shown
    return joined(shown, tag("small", Html("("), desk.interval(low, high, protected=protected), Html(")")), between=" ")


def _columns(words: Words, first: Html, *, compares: bool) -> list[Column]:
    """The figure that matters first, then how sure it is, then what it is made of."""
    bands = (("high", "red"), ("mid", "yellow"), ("low", "green"), ("none", "grey"))
    return [
        Column(first, is_number=False),
        Column(words("rate-head")),
        Column(words("interval-head")),
        *([Column(words(f"{h}-head"), is_number=False) for h in ("compared", "class-without")] if compares else []),
        Column(words("people-head")),
        Column(words("known-head")),
        *(Column(joined(chip(symbol), words(f"band-{band}"))) for symbol, band in bands),
    ]


def _row(desk: Desk, figures: Figures, name: Html, *, compares: bool) -> Row:
    held = figures.protected
    bands = (figures.n_red, figures.n_yellow, figures.n_green, figures.n_grey)
    cells = [
        name,
        desk.rate(figures.rate, protected=held),
        desk.interval(figures.low, figures.high, protected=held),
        *(
            [desk.compared(figures), desk.map_class(figures.map_class_without_status, protected=held)]
            if compares
            else []
        ),
        desk.number(figures.n_people, protected=held),
        desk.known(figures),
        *(desk.number(n, protected=held) for n in bands),
    ]
    return Row(cells)
