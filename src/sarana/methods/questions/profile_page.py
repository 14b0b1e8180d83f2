"""The page of a profile: one file in English and Thai, without script or network; counts of rows, nobody's row."""

from collections.abc import Mapping
from dataclasses import dataclass

from sarana.methods.population.chain_told import code_says
from sarana.methods.population.report.markup import Html, escaped, from_file, joined, tag
from sarana.methods.population.report.page import framed_page
from sarana.methods.population.report.people import source_name
from sarana.methods.population.report.tables import Block, Column, Row, data_table, facts, sign
from sarana.methods.population.report.words import LANGUAGES, Words, read_words
from sarana.methods.questions.profile import OLD_MONTHS, FileProfile, Overlap, Profile
from sarana.methods.questions.profile_codes import UnknownColumn
from sarana.methods.reference import read_reference


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says besides the profile: the run's own name, and whether all people are invented."""

    place: str
    is_invented: bool


def profile_page(of: Profile, about: PageFacts, language: str = "en") -> bytes:
    """A profile as one file that may be sent to the sector; the same bytes for the same profile.

    Args:
        of: the profile.
        about: what the run is called.
        language: the one that is seen first.
    """
    rows = read_words() | read_reference("words/profile.toml")
    parts = joined(*(_one_language(Words(lang, rows), of, about) for lang in LANGUAGES))
    return framed_page(rows, language, parts, title="profile-title")


def _one_language(words: Words, of: Profile, about: PageFacts) -> Html:
    lead = words("profile-lead", place=escaped(from_file(about.place)), n=len(of.files))
    return tag(
        "section",
        tag("h1", words("profile-title")),
        tag("p", lead, class_="lead"),
        tag("p", words("notice"), class_="notice"),
        tag("p", words("invented"), class_="invented") if about.is_invented else None,
        tag("p", tag("strong", words("profile-stops"))) if of.would_stop else None,
        *(_file(words, at, file) for at, file in enumerate(of.files)),
        tag("section", tag("h2", words("profile-overlaps")), _overlaps(words, of.overlaps)) if of.overlaps else None,
        lang=words.language,
        id=words.language,
        class_="language",
    )


def _file(words: Words, at: int, file: FileProfile) -> Html:
    """Everything about one file."""
    used = file.n_rows - sum(file.set_aside.values())
    notes = {**file.set_aside, **file.flags}
    return tag(
        "section",
        tag("h2", source_name(words, file.source)),
        tag("div", facts(_facts(words, file, used)), class_="card"),
        _unknown(words, at, file.unknown) if file.unknown else None,
        _fields(words, at, file, used),
        _fact_tables(words, at, file) if file.facts else None,
        _kinds(words, at, file, used),
        _notes(words, at, notes) if notes else None,
    )


def _facts(words: Words, file: FileProfile, used: int) -> list[tuple[Html, Html]]:
    days = words("from-to", low=words.date(file.oldest), high=words.date(file.newest))
    said = [
        (words("profile-file"), escaped(from_file(file.path))),
        (words("profile-rows"), words.number(file.n_rows)),
        (words("profile-aside"), words.number(file.n_rows - used)),
        (words("profile-declared"), words.date(file.declared)),
        (words("profile-dated"), words.date(file.oldest) if file.oldest == file.newest else days),
        (words("profile-old", months=OLD_MONTHS), _with_share(words, file.n_old, used)),
    ]
    return [*said, (words("profile-again"), words.number(file.n_ids_again))] if file.ids else said


def _fields(words: Words, at: int, file: FileProfile, used: int) -> Html:
    lines = [
        Row(
            [
                _field(words, f.field),
                words.number(f.n_missing),
                words.share(f.n_missing, used),
                words.number(f.n_taken),
                words.number(f.n_unusable),
            ]
        )
        for f in sorted(file.fields, key=lambda each: (-each.n_missing - each.n_unusable, each.field))
    ]
    heads = ("profile-missing-head", "share-head", "profile-taken-head", "profile-unusable-head")
    columns = [Column(words("field-head"), is_number=False), *(Column(words(head)) for head in heads)]
    return _table(words, f"missing-{at}", "profile-missing", columns, lines)


def _fact_tables(words: Words, at: int, file: FileProfile) -> Html:
    """Whose rows do not join to anybody."""
    lines = [
        Row(
            [
                tag("code", from_file(f.path)),
                *map(words.number, (f.n_rows, f.n_strays)),
                words.share(f.n_strays, f.n_rows),
            ]
        )
        for f in file.facts
    ]
    heads = ("rows-head", "profile-strays-head", "share-head")
    columns = [Column(words("profile-file"), is_number=False), *(Column(words(head)) for head in heads)]
    return _table(words, f"facts-{at}", "profile-facts", columns, lines)


def _kinds(words: Words, at: int, file: FileProfile, used: int) -> Html | None:
    """IDs by state, dates by calendar, names by script."""
    blocks = [
        Block(_shares(words, prefix, counts, used), words(heading))
        for heading, prefix, counts in (
            ("profile-ids", "profile-id", file.ids),
            ("profile-calendars", "profile-calendar", file.calendars),
            ("profile-scripts", "profile-script", file.scripts),
        )
        if any(counts.values())
    ]
    columns = [
        Column(words("profile-kind-head"), is_number=False),
        Column(words("rows-head")),
        Column(words("share-head")),
    ]
    if not blocks:
        return None
    return data_table(words, f"kinds-{at}", words("profile-kinds"), columns, blocks, has_notice=False)


def _shares(words: Words, prefix: str, counts: Mapping[str, int], whole: int) -> list[Row]:
    return [
        Row(
            [
                words("profile-none") if name == "none" else words(f"{prefix}-{name}"),
                words.number(n),
                words.share(n, whole),
            ]
        )
        for name, n in counts.items()
        if n
    ]


def _notes(words: Words, at: int, notes: Mapping[str, int]) -> Html:
    """What was set aside or flagged, with what it means."""
    lines = [
        Row([tag("code", code), _reason(words, code), words.number(n)])
        for code, n in sorted(notes.items(), key=lambda each: (-each[1], each[0]))
    ]
    columns = [
        Column(words("code-head"), is_number=False),
        Column(words("reason-head"), is_number=False),
        Column(words("rows-head")),
    ]
    return _table(words, f"notes-{at}", "profile-flags", columns, lines)


def _unknown(words: Words, at: int, unknown: tuple[UnknownColumn, ...]) -> Html:
    lines = [row for column in unknown for row in _unknown_rows(words, column)]
    heads = ("profile-column-head", "code-head", "profile-near-head", "profile-does-head")
    columns = [*(Column(words(head), is_number=False) for head in heads), Column(words("rows-head"))]
    return _table(words, f"unknown-{at}", "profile-unknown", columns, lines)


def _unknown_rows(words: Words, column: UnknownColumn) -> list[Row]:
    """The codes that may be quoted, and the number of those that may not."""
    name = tag("code", from_file(column.column))
    does = words("profile-does-stop" if column.is_stopping else "profile-does-missing")
    rows = [
        Row([name, tag("code", from_file(c.code)), escaped(from_file(c.suggestion)), does, words.number(c.n_rows)])
        for c in column.codes
    ]
    n_kept = column.n_codes - len(column.codes)
    if n_kept:
        n_rows = column.n_rows - sum(code.n_rows for code in column.codes)
        rows.append(Row([name, words("profile-kept", n=n_kept), Html(""), does, words.number(n_rows)]))
    return rows


def _overlaps(words: Words, overlaps: tuple[Overlap, ...]) -> Html:
    lines = [
        Row([source_name(words, each.left), source_name(words, each.right), *_overlap(words, each)])
        for each in overlaps
    ]
    columns = [
        Column(words("profile-file"), is_number=False),
        Column(words("profile-and-head"), is_number=False),
        *(Column(words(f"profile-{head}-head")) for head in ("both", "first", "second")),
    ]
    about = tag("p", words("profile-overlaps-about"))
    return data_table(words, "overlaps", words("profile-overlaps"), columns, [Block(lines)], about=about)


def _overlap(words: Words, each: Overlap) -> list[Html]:
    if each.n_both is None:
        return [sign(words, "withheld")] * 3
    shares = (each.share_left, each.share_right)
    said = [sign(words, "no-figure") if share is None else words.share(share, 1000) for share in shares]
    return [words.number(each.n_both), *said]


def _table(words: Words, at: str, caption: str, columns: list[Column], rows: list[Row]) -> Html:
    return data_table(words, at, words(caption), columns, [Block(rows)], has_notice=False)


def _with_share(words: Words, part: int, whole: int) -> Html:
    return words("with-share", number=words.number(part), share=words.share(part, whole))


def _field(words: Words, field: str) -> Html:
    """A standard field by its name for people, and its own."""
    key = f"field-{field}"
    return joined(words(key), tag("code", field), between=" ") if words.has(key) else tag("code", field)


def _reason(words: Words, code: str) -> Html:
    """What a code says, in the language of the page where its words are those of today."""
    english = code_says().get(code, "")
    if words.rows.get(f"code-{code}", {}).get("en") == english:
        return words(f"code-{code}")
    return tag("span", english, lang="en")
