"""`sarana population explain`: why a person's index is what it is, on the terminal or as JSON; never as a page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sarana.config.commands.asking import question_door, question_means
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.explain import Explanation, explain_person
from sarana.methods.questions.explain_changes import Change
from sarana.methods.questions.explain_words import (
    Language,
    PlainWords,
    index_said,
    read_plain_words,
    share_said,
)

MOST_LINKS = 20
"""So many links are listed on the terminal, the weakest first."""

OTHERWISE = "otherwise"
"""The rule that takes what the ones before it leave over."""


def explain_command(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    *,
    person: Annotated[str, typer.Option(help="The person_id, as in people.parquet; never a name or an ID.")],
    custodian: Annotated[
        bool,
        typer.Option("--custodian", help="Say protected reasons too: only for the custodian of the data."),
    ] = False,
    lang: Annotated[Language, typer.Option(help="The language: en or th.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a text.")] = False,
) -> None:
    """Explain one person's index: reasons, what is missing, what would change the band, which links carry it.

    Sensitive answers, what another member of the household told, and rows in registers of cases read "a protected
    reason" or are left out unless --custodian is given. No name and no identity number is printed, and no page is made.
    """
    words = read_plain_words(lang)
    with asked(run, question_means(), question_door(run)) as (engine, opened):
        found = explain_person(engine, opened.settings, person, is_for_custodian=custodian)
    if as_json:
        typer.echo(json.dumps(_plain(found, opened, words), ensure_ascii=False, indent=2))
    else:
        _Sheet(words, opened).show(found)


class _Sheet:
    """Shows an explanation on the terminal."""

    def __init__(self, words: PlainWords, run: AskedRun) -> None:
        self.words = words
        self.run = run
        self.names = {i.id: i.name for i in run.settings.set.indicators}
        self.screen = Console(highlight=False, markup=False)

    def show(self, found: Explanation) -> None:
        """Everything, part by part."""
        words = self.words
        self._line(words("explain-title"), style="bold")
        self._line(words("explain-notice"))
        if self.run.is_invented:
            self._line(words("explain-invented"))
        if found.refer_now:
            self._line(words("explain-refer-now", codes=", ".join(map(words.refer_now, found.refer_now))), style="bold")
        self._index(found)
        self._reasons(found)
        self._missing(found)
        self._changes(found)
        self._carried(found)

    def _line(self, text: str, *, style: str = "", indent: int = 0) -> None:
        self.screen.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))

    def _head(self, key: str) -> None:
        self.screen.print()
        self._line(self.words(key), style="bold")

    def _index(self, found: Explanation) -> None:
        words, band = self.words, self.words.band(found.band)
        if found.index is None:
            self._line(words("explain-no-index", band=band))
        else:
            said = {"index": index_said(found.index), "coverage": share_said(found.coverage)}
            self._line(words("explain-index", band=band, **said))
            self._line(words("explain-bounds", low=index_said(found.low), high=index_said(found.high)))
        if found.band_without_status:
            self._line(words("explain-without-status", band=words.band(found.band_without_status)))
        self._head("explain-rules")
        for name, rule in found.rules:
            said_rule = words("explain-otherwise") if rule == OTHERWISE else rule
            self._line(f"{words.band(name)}: {said_rule}", indent=2)

    def _reasons(self, found: Explanation) -> None:
        """The table of what counts, and what its columns mean."""
        words = self.words
        self._head("explain-reasons")
        table = Table(box=None, pad_edge=False)
        for key in ("question", "answer", "part", "grade", "sources"):
            side: Literal["left", "right"] = "right" if key == "part" else "left"
            table.add_column(words(f"explain-head-{key}"), overflow="fold", justify=side)
        for reason in found.reasons:
            said = (words.indicator(reason.name), words.score(reason.score), index_said(reason.part), reason.grade)
            table.add_row(*(Text(cell) for cell in said), ", ".join(reason.sources))
        if found.protected_part is not None:
            table.add_row(words("explain-protected"), "", index_said(found.protected_part), "", "")
        self.screen.print(table)
        for reason in found.reasons:
            if reason.rule != OTHERWISE:
                self._line(words("explain-rule", name=words.indicator(reason.name), rule=reason.rule), indent=2)
        if found.protected_part is not None:
            self._line(words("explain-protected-says"))
        self._line(words("explain-grades"))
        for name, says in found.literature.items():
            self._line(f"{name}: {says}", indent=2)

    def _missing(self, found: Explanation) -> None:
        """What has no answer, what does not concern the person, what is off."""
        words = self.words
        self._head("explain-missing")
        for missing in found.missing:
            asked = [
                words(f"explain-asked-{state}", register=words.register(name)) for name, state in missing.asked.items()
            ]
            why = "; ".join(asked) or words("explain-asked-nobody")
            self._line(f"{words.indicator(missing.name)} ({why})", indent=2)
        if not found.missing:
            self._line(words("explain-missing-none"), indent=2)
        if found.protected_part is not None:
            self._line(words("explain-missing-protected"), indent=2)
        for key, ids in (("explain-not-asked", found.not_asked), ("explain-off", found.off)):
            if ids:
                self._line(words(key, names=self._names(ids)), indent=2)

    def _names(self, ids: Iterable[str]) -> str:
        return "; ".join(self.words.indicator(self.names[name]) for name in ids)

    def _changes(self, found: Explanation) -> None:
        words = self.words
        self._head("explain-changes")
        self._line(words("explain-changes-says"))
        if found.protected_part is not None:
            self._line(words("explain-changes-protected"))
        for change in found.changes:
            if change.n:
                self._change(change)
        for line in not_found(words, found.changes):
            self._line(line, indent=2)

    def _change(self, change: Change) -> None:
        words = self.words
        self._line(words(f"explain-kind-{change.kind}", band=words.band(change.band)), indent=2)
        for at, way in enumerate(change.ways):
            joint = f"{words('explain-or')} " if at else ""
            self._line(joint + words.way(way, self.names), indent=4)
        if change.n_more:
            self._line(words("explain-more", n=change.n_more), indent=4)

    def _carried(self, found: Explanation) -> None:
        """The rows that count as the person, and the links between them."""
        words = self.words
        self._head("explain-rows")
        for row in found.rows:
            said = {
                "row": f"{row.source}:{row.row_id}",
                "certainty": "-" if row.certainty is None else f"{row.certainty:.4f}",
            }
            self._line(words("explain-row", **said), indent=2)
        if not found.rows:
            self._line(words("explain-rows-none"), indent=2)
        if found.hides_rows:
            self._line(words("explain-rows-hidden"), indent=2)
        self._head("explain-links")
        for link in found.links[:MOST_LINKS]:
            probability = f"{link.probability:.4f}"
            self._line(words("explain-link", left=link.left, right=link.right, probability=probability), indent=2)
            evidence = [words.evidence_of(code) for code in link.evidence]
            evidence += [words("explain-doubtful")] if link.is_doubtful else []
            self._line("; ".join(evidence), indent=4)
        if not found.links:
            self._line(words("explain-links-none"), indent=2)
        if len(found.links) > MOST_LINKS:
            self._line(words("explain-links-more", n=len(found.links) - MOST_LINKS), indent=2)
        if found.n_left_apart:
            self._line(words("explain-left-apart", n=found.n_left_apart), indent=2)


def not_found(words: PlainWords, changes: Sequence[Change]) -> list[str]:
    """Which bands no change was found to lead to, and how far it was looked."""
    reached = {change.band for change in changes if change.n}
    last = {change.band: change for change in changes if change.band not in reached}
    lines = []
    never = [words.band(band) for band, change in last.items() if change.is_all]
    if never:
        lines.append(words("explain-none", bands=", ".join(never)))
    for band, change in last.items():
        if not change.is_all:
            lines.append(words("explain-none-tried", n=change.tried, bands=words.band(band)))
    return lines


def _plain(found: Explanation, run: AskedRun, words: PlainWords) -> dict[str, Any]:
    """The same content as plain values, with the words of one language beside the codes."""
    names = {i.id: i.name for i in run.settings.set.indicators}
    told = asdict(found)
    told["lang"] = words.language
    told["is_invented"] = run.is_invented
    told["notice"] = words("explain-notice")
    told["band_said"] = words.band(found.band)
    for said in (*told["reasons"], *told["missing"]):
        said["name"] = words.indicator(said["name"])
    for reason in told["reasons"]:
        reason["score_said"] = words.score(reason["score"])
    if found.protected_part is not None:
        told["protected_said"] = f"{words('explain-protected')}: {words('explain-protected-says')}"
    told["names"] = _named(words, names, found)
    for change, plain in zip(found.changes, told["changes"], strict=True):
        plain["ways_said"] = [words.way(way, names) for way in change.ways]
    for link in told["links"]:
        link["evidence_said"] = [words.evidence_of(code) for code in link["evidence"]]
    return {key: value for key, value in told.items() if value is not None}


def _named(words: PlainWords, names: Mapping[str, str], found: Explanation) -> dict[str, str]:
    """The names of the indicators that the explanation speaks of."""
    spoken = {*found.not_asked, *found.off, *(reason.indicator for reason in found.reasons)}
    spoken |= {missing.indicator for missing in found.missing}
    return {name: words.indicator(names[name]) for name in names if name in spoken}
