"""An explanation in words of one language: names of indicators, scores, bands and what speaks for a link."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sarana.methods.questions.explain_changes import Step
from sarana.methods.reference import read_reference

Language = Literal["en", "th"]
FILES: Final = ("report.tables", "report.reading", "report.codes", "explain")
OF_SETS: Final = "sets"


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Sentences without markup in one language; what has no Thai yet is said in English."""

    language: Language
    rows: Mapping[str, Mapping[str, str]]
    evidence: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: str | int) -> str:
        """A sentence with its places filled in; a row may carry `en_one`, the sentence for `n` = 1."""
        row = self.rows[key]
        one = row.get(f"{self.language}_one") if values.get("n") == 1 else None
        return string.Formatter().vformat(one or row.get(self.language) or row["en"], (), values)

    def indicator(self, name: str) -> str:
        """The name of an indicator; the set gives it in English, and a set's own name has no other."""
        row = self.rows.get(f"indicator-{name}", {})
        return row.get(self.language, name) if self.language != "en" else name

    def register(self, name: str) -> str:
        """A register by the name of its sector, where that is known."""
        row = self.rows.get(f"sector-{name}", {})
        return row.get(self.language, name)

    def band(self, band: str) -> str:
        """A band of the index."""
        return self(f"band-{band}")

    def score(self, score: int) -> str:
        """A score in words; 0 is not known."""
        return self(f"explain-score-{score}")

    def refer_now(self, code: str) -> str:
        """What a code says that means *refer now*; the code itself where it has no words."""
        key = f"explain-refer-{code}"
        return self(key) if key in self.rows else code

    def evidence_of(self, code: str) -> str:
        """What one code of evidence says."""
        return self.evidence.get(code, {}).get(self.language, code)

    def step(self, step: Step, names: Mapping[str, str]) -> str:
        """One step of a change.

        Args:
            step: the step.
            names: of indicators by id, as the set gives them.
        """
        said = [self.indicator(names[name]) for name in step.indicators]
        scores = {"was": self.score(step.was), "becomes": self.score(step.becomes)}
        if len(said) == 1:
            return self("explain-step-one", name=said[0], **scores)
        kind = "all" if step.n == len(said) else "some"
        return self(f"explain-step-{kind}", n=step.n, names="; ".join(said), **scores)

    def way(self, way: Sequence[Step], names: Mapping[str, str]) -> str:
        """All steps of one way."""
        return " + ".join(self.step(step, names) for step in way)


def read_plain_words(language: Language) -> PlainWords:
    """The words of explanations.

    Raises:
        BadFile: REFERENCE-002 a file of words is not part of the installation.
    """
    rows = {key: row for name in FILES for key, row in read_reference(f"words/{name}.toml").items()}
    return PlainWords(language, rows, read_reference("linkage/evidence.toml")["words"])


def said_of_set(text: str, language: Language) -> str:
    """What a set says of itself, in a language; a sentence of somebody's own set stays as it was written."""
    if language == "en":
        return text
    return next((row[language] for row in read_reference(f"words/{OF_SETS}.toml").values() if row["en"] == text), text)


def index_said(thousandths: int | None) -> str:
    """An index or a part of one with three decimals, so that the parts are seen to add up."""
    return "-" if thousandths is None else f"{thousandths // 1000}.{thousandths % 1000:03d}"


def share_said(thousandths: int) -> str:
    """A share in whole per cent, rounded half up, but never 0 or 100 when it is not."""
    percent = (thousandths + 5) // 10
    if 0 < thousandths < 1000 and percent in (0, 100):
        return "< 1 %" if percent == 0 else "> 99 %"
    return f"{percent} %"
