"""Plain words: how to read an index, what the bands mean, what the figures cannot tell, and what they are made of."""

import re

from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.people import Desk, source_name
from sarana.methods.population.report.tables import Block, Column, Row, chip, data_table, facts, folded
from sarana.methods.population.report.values import IndicatorLine, SourceFacts
from sarana.methods.population.report.words import Words

READING = ("what", "unknown", "rate", "chance", "known", "status", "signs", "use", "not")
SYMBOLS = {"red": "high", "yellow": "mid", "green": "low", "grey": "none"}
RULE_WORDS = ("index", "low", "high", "coverage", "observed", "sectors", "threes")
"""Words that a banding may use, and that the report explains."""
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
    """The rules of the bands in the order in which they are tried, and what the words in them mean."""
    words, rule = desk.words, desk.settings.indicator_set.bands
    if rule is None:
        return tag("p", words("bands-not-said"), class_="empty")
    lines = [
        tag("li", chip(SYMBOLS[band]), tag("span", tag("b", words(f"rule-{band}")), Html(" "), _rule(words, text)))
        for band, text in rule.rules
    ]
    used = [w for w in RULE_WORDS if any(re.search(rf"\b{w}\b", text) for _, text in rule.rules)]
    return joined(
        tag("p", rule.says, lang="en") if rule.says else None,
        tag("p", words("rules-order")),
        tag("ol", *lines, class_="legend rules"),
        facts(((tag("code", w), words(f"rule-word-{w}")) for w in used), "facts glossary"),
    )


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
    columns = [
        Column(words("source-head"), is_number=False),
        *(Column(words(f"{h}-head"), is_number=False) for h in heads),
    ]
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
    if run.impact_assessment:
        pairs.append((words("version-assessment"), escaped(from_file(run.impact_assessment))))
    return joined(
        tag("div", facts(pairs), class_="card"),
        tag("p", words("repeat-says")),
        tag("pre", tag("code", run.command), tabindex=0, role="region", aria_label=words("repeat-label")),
    )


def _rule(words: Words, text: str) -> Html:
    return words("rule-otherwise") if text.strip() == "otherwise" else tag("code", text)


def _indicator(words: Words, line: IndicatorLine) -> list[Html]:
    key = f"indicator-{line.name}"
    shown = words(key) if words.has(key) else tag("span", line.name, lang="en")
    absence = [
        words("absence-line", source=source_name(words, source), meaning=words(f"absence-{meaning}"))
        for source, meaning in sorted(line.absence.items())
    ]
    used = words("used-yes") if line.is_on else words("used-no")
    return [
        tag("code", line.id),
        joined(shown, tag("small", words("status-marked")) if line.is_status else None, between=" "),
        source_name(words, line.sector),
        escaped(line.grade),
        words.listed(*absence) if absence else words("unknown"),
        used,
    ]


def _source(words: Words, source: SourceFacts) -> list[Html]:
    agreement = escaped(from_file(source.agreement)) or words("not-said")
    if source.agreement_until:
        agreement = words("agreement-until", agreement=agreement, day=words.date(source.agreement_until))
    return [
        source_name(words, source.name),
        escaped(from_file(source.custodian)) or words("not-said"),
        escaped(from_file(source.legal_basis)) or words("not-said"),
        agreement,
        words.date(source.as_of),
    ]
