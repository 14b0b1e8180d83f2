"""Plain words: how to read an index, what the bands mean, where the limits of the figures lie, and what it is made of."""

from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.people import Desk
from sarana.methods.population.report.tables import Block, Column, Row, chip, data_table, facts, folded
from sarana.methods.population.report.values import BandRule, IndicatorLine, SourceFacts
from sarana.methods.population.report.words import Words

READING = ("what", "unknown", "rate", "chance", "known", "status", "signs", "use", "not")
LIMITS = ("unvalidated", "absent", "age", "linking", "weights", "loop", "chance", "classes", "villages")


def how_to_read(desk: Desk) -> Html:
    """How to read an index, question by question."""
    words = desk.words
    n = sum(1 for i in desk.settings.indicator_set.indicators if i.is_on)
    return joined(
        *(joined(tag("h3", words(f"read-{part}-title")), tag("p", words(f"read-{part}", n=n))) for part in READING)
    )


def limits(desk: Desk) -> Html:
    """What the figures cannot tell."""
    return tag("ul", *(tag("li", desk.words(f"limit-{part}")) for part in LIMITS), class_="prose")


def band_rule(desk: Desk) -> Html:
    """The rule of the bands, band by band."""
    words, rule = desk.words, desk.settings.indicator_set.bands
    if rule is None:
        return tag("p", words("bands-not-said"), class_="empty")
    if words.language in rule.says:
        return joined(tag("p", rule.says[words.language]), _band_list(words, rule))
    return _band_list(words, rule)


def indicators(desk: Desk) -> Html:
    """Every indicator of the set: what it is about, how good its evidence is, and whether it was used."""
    words = desk.words
    chosen = desk.settings.indicator_set
    rows = [Row(_indicator(words, i)) for i in chosen.indicators]
    heads = ("indicator", "sector", "grade", "absence", "used")
    columns = [Column(words("id-head"), is_number=False), *(Column(words(f"{h}-head"), is_number=False) for h in heads)]
    caption = words("indicators-caption", set=escaped(chosen.id), n=len(rows))
    return folded(
        words("indicators-fold", n=len(rows)),
        tag("p", words("grades-say")),
        data_table(words, "indicators", caption, columns, [Block(rows)], has_notice=False),
    )


def sources(desk: Desk) -> Html:
    """Who keeps each source, under which law, and from which day its values are."""
    words = desk.words
    rows = [Row(_source(words, s)) for s in desk.settings.sources]
    heads = ("custodian", "basis", "agreement", "as-of")
    columns = [Column(words("source-head"), is_number=False), *(Column(words(f"{h}-head"), is_number=False) for h in heads)]
    return data_table(words, "sources", words("sources-caption"), columns, [Block(rows)], has_notice=False)


def versions(desk: Desk) -> Html:
    """What made these figures, and the command that makes them again."""
    words, run = desk.words, desk.settings.run
    chosen = desk.settings.indicator_set
    pairs = [
        (words("version-set"), escaped(f"{chosen.id} {chosen.version}".strip())),
        (words("version-status"), words("status-unvalidated")),
        *((escaped(name), escaped(version)) for name, version in sorted(run.versions.items())),
    ]
    if run.settings_hash:
        pairs.append((words("version-settings"), tag("code", run.settings_hash[:16])))
    if run.impact_assessment:
        pairs.append((words("version-assessment"), escaped(from_file(run.impact_assessment))))
    return joined(
        tag("div", facts(pairs), class_="card"),
        tag("p", words("repeat-says")),
        tag("pre", tag("code", run.command), tabindex=0, role="region", aria_label=words("repeat-label")),
    )


def _band_list(words: Words, rule: BandRule) -> Html:
    lines = [
        ("high", joined(words("rule-red", index=words.index(rule.red_from)), _by_count(words, rule), between=" ")),
        ("mid", words("rule-yellow", index=words.index(rule.yellow_from))),
        ("low", words("rule-green", index=words.index(rule.yellow_from))),
        ("none", _grey(words, rule)),
    ]
    return tag("ul", *(tag("li", chip(symbol), tag("span", said)) for symbol, said in lines), class_="legend rules")


def _by_count(words: Words, rule: BandRule) -> Html | None:
    return words("rule-red-count", n=rule.red_if_scored_high) if rule.red_if_scored_high is not None else None


def _grey(words: Words, rule: BandRule) -> Html:
    parts = [words("rule-grey")]
    if rule.grey_below_coverage is not None:
        parts.append(words("rule-grey-coverage", share=words.share(rule.grey_below_coverage, 1000)))
    if rule.min_sectors is not None:
        parts.append(words("rule-grey-sectors", n=rule.min_sectors))
    return joined(*parts, between=" ")


def _indicator(words: Words, line: IndicatorLine) -> list[Html]:
    name = line.name.get(words.language)
    shown = escaped(name) if name else tag("span", line.name.get("en", line.id), lang="en")
    absence = [
        words("absence-line", source=escaped(from_file(source)), meaning=words(f"absence-{meaning}"))
        for source, meaning in sorted(line.absence.items())
    ]
    used = words("used-yes") if line.is_on else joined(words("used-no"), escaped(line.why_off), between=" ")
    return [
        tag("code", line.id),
        joined(shown, tag("small", words("status-marked")) if line.is_status else None, between=" "),
        words(f"sector-{line.sector}") if words.has(f"sector-{line.sector}") else escaped(line.sector),
        escaped(line.grade),
        words.listed(*absence) if absence else words("unknown"),
        used,
    ]


def _source(words: Words, source: SourceFacts) -> list[Html]:
    agreement = escaped(from_file(source.agreement)) or words("not-said")
    if source.agreement_until:
        agreement = words("agreement-until", agreement=agreement, day=words.date(source.agreement_until))
    return [
        escaped(from_file(source.name)),
        escaped(from_file(source.custodian)) or words("not-said"),
        escaped(from_file(source.legal_basis)) or words("not-said"),
        agreement,
        words.date(source.as_of),
    ]
