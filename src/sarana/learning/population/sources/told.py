"""A profile in words for a page: its counts, its unknown codes, and what each of them may be said to mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from sarana.learning.population.sources.describing import AREA, codes_of, fields_of, plain_column
from sarana.learning.population.sources.models import Profile, Source
from sarana.methods.population.chain_told import code_says
from sarana.methods.population.relaid import Headers
from sarana.methods.questions.profile import OLD_MONTHS, FileProfile
from sarana.methods.questions.profile_codes import QuotedCode
from sarana.methods.reference import read_reference


@dataclass(frozen=True, slots=True)
class Count:
    """A count with its words, and the share of all rows in per cent."""

    words: str
    n: int
    share: str


@dataclass(frozen=True, slots=True)
class Column:
    """The unknown codes of one column for one field that it feeds; `targets` are the known codes, empty for areas."""

    column: str
    field: str
    is_stopping: bool
    codes: tuple[QuotedCode, ...]
    targets: tuple[str, ...]
    n_kept: int

    @property
    def is_area(self) -> bool:
        """Whether its codes are areas."""
        return self.field == AREA


def file_of(profile: Profile) -> FileProfile:
    """What a profile found in its file."""
    return msgspec.convert(profile.told, FileProfile)


def columns_of(source: Source, file: FileProfile, headers: Headers) -> list[Column]:
    """Every column with unknown codes, once for each field that it feeds; `headers` are those of this year."""
    return [
        Column(
            column=plain_column(source.code, unknown.column),
            field=name,
            is_stopping=unknown.is_stopping,
            codes=unknown.codes,
            targets=codes_of(source.layout, name) if name != AREA else (),
            n_kept=unknown.n_codes - len(unknown.codes),
        )
        for unknown in file.unknown
        for name in fields_of(source.layout, plain_column(source.code, unknown.column), headers) or ("",)
    ]


def shown(profile: Profile, headers: Headers, language: str) -> dict[str, Any]:
    """Everything the page of a profile needs."""
    file = file_of(profile)
    used = file.n_rows - sum(file.set_aside.values())
    return {
        "profile": profile,
        "source": profile.source,
        "file": file,
        "columns": columns_of(profile.source, file, headers),
        "aside": _by_code(file.set_aside, file.n_rows, language),
        "flags": _by_code(file.flags, used, language),
        "fields": [
            (each, share_said(each.n_missing, used))
            for each in sorted(file.fields, key=lambda each: (-each.n_missing, each.field))
        ],
        "kinds": [
            *_by_word("profile-ids", "id", file.ids, used, language),
            *_by_word("profile-calendars", "calendar", file.calendars, used, language),
            *_by_word("profile-scripts", "script", file.scripts, used, language),
        ],
        "old_share": share_said(file.n_old, used),
        "old_months": OLD_MONTHS,
    }


def share_said(part: int, whole: int) -> str:
    """A share in per cent: whole numbers, but never 0 or 100 when it is not."""
    if whole <= 0:
        return "–"
    percent = (200 * part + whole) // (2 * whole)
    if percent == 0 < part:
        return "< 1 %"
    return "> 99 %" if percent == 100 and part < whole else f"{percent} %"


def _by_code(counts: Mapping[str, int], whole: int, language: str) -> list[Count]:
    rows = read_reference("words/report.codes.toml")
    return [
        Count(f"{code} {rows.get(f'code-{code}', {}).get(language) or code_says().get(code, '')}", n, _share(n, whole))
        for code, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        if n
    ]


def _by_word(title: str, kind: str, counts: Mapping[str, int], whole: int, language: str) -> list[tuple[str, Count]]:
    rows = read_reference("words/profile.toml")

    def said(key: str) -> str:
        return str(rows.get(key, {}).get(language) or rows.get(key, {}).get("en") or key)

    return [
        (said(title), Count(said("profile-none" if name == "none" else f"profile-{kind}-{name}"), n, _share(n, whole)))
        for name, n in counts.items()
        if n
    ]


def _share(part: int, whole: int) -> str:
    return share_said(part, whole)
