"""What a province hands over: the same bytes, what may be shown and nothing else, and no byte that can be changed."""

import dataclasses
import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from makers.protected import SURVEY
from makers.provinces import Parts, Somewhere, in_head, in_table, rows_in
from methods.sealing.making import TODAY, some_keys
from sarana.basics.errors import SaranaError
from sarana.methods.areas.layer import CELLS
from sarana.methods.population.package.archive import read_archive, write_archive
from sarana.methods.population.package.form import HEAD, MEMBERS, MOST_BYTES, OUTLINES, SIGNATURE
from sarana.methods.population.package.keys import make_signing_file, open_signing_file, read_signing_file
from sarana.methods.population.package.reading import read_package
from sarana.methods.population.protected_answers import MoreTold
from sarana.methods.population.protected_tables import DrawnBy, ProtectedRun
from sarana.methods.sealing.signing import SigningKey, digits_of, same_digits

HERE = Somewhere()
LINES = {"is_file": True, "who": "Survey", "as_of": "2024-07-01", "sha256": "5" * 64}
TRUSTED = {HERE.key.public: "TH50"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> ProtectedRun:
    return HERE.run(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def file(run: ProtectedRun) -> bytes:
    return HERE.file(run)


def code_of(content: bytes, trusted: dict[str, str] | None = None) -> str:
    with pytest.raises(SaranaError) as told:
        read_package(content, TRUSTED if trusted is None else trusted)
    return told.value.code


def test_what_is_read_is_what_was_written_without_villages(run: ProtectedRun, file: bytes) -> None:
    assert HERE.file(run) == file, "the same bytes"
    handed = read_package(file, TRUSTED)
    assert (handed.area, handed.signed_by) == ("TH50", HERE.key.public)
    by_key = {(row["level"], row["code"], row["group"]): dict(row) for row in run.rows if row["level"] != "village"}
    assert {(row["level"], row["code"], row["group"]): dict(row) for row in handed.run.rows} == by_key
    assert sorted(map(str, handed.run.more.answers)) == sorted(map(str, run.more.answers))
    assert handed.run.more.asked == run.more.asked
    drawn = [dataclasses.replace(each, square=0.0) for each in run.drawing.areas]
    assert handed.run.drawing == dataclasses.replace(run.drawing, areas=tuple(drawn))
    same = ("name", "as_of", "sources", "fingerprint", "table_hash", "beside", "threshold", "limits", "measured_by")
    assert [getattr(handed.run, name) for name in same] == [getattr(run, name) for name in same]
    assert b"village" not in b"".join(part for name, part in read_archive(file).items() if name != HEAD)
    # Anybody with a tool for Ed25519 can prove it, without a line of ours.
    parts = read_archive(file)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(HERE.key.public)).verify(parts[SIGNATURE], parts[HEAD])


def test_the_file_says_what_a_back_test_found_and_how_often_counts_were_rounded(run: ProtectedRun) -> None:
    said = {"standing": "not-passed", "rounded_to": 13, "n_roundings": 3, "more": MoreTold()}
    file = HERE.file(dataclasses.replace(run, **said))
    handed = read_package(file, TRUSTED)
    assert {name: getattr(handed.run, name) for name in said} == said
    head = read_archive(file)[HEAD]
    assert b"The back-test was not passed: for planning only." in head
    assert b"Unvalidated" not in head


def test_the_file_says_by_which_boundaries_the_map_is_drawn(tmp_path: Path) -> None:
    told = {
        name: read_package(HERE.file(HERE.run(tmp_path / name, boundaries=said)), TRUSTED).run.drawn
        for name, said in (("survey", SURVEY), ("cells", {"outlines": CELLS}), ("earlier", None))
    }
    assert told == {
        "survey": DrawnBy(True, "Survey of trials, open data", dt.date(2024, 7, 1), "5" * 64),
        "cells": DrawnBy(False),
        "earlier": None,
    }


def test_no_byte_can_be_changed_and_nothing_cut(file: bytes) -> None:
    draw = random.Random(7)
    places = {*range(300), *range(len(file) - 700, len(file)), *(draw.randrange(len(file)) for _ in range(500))}
    for place in places:
        broken = bytearray(file)
        broken[place] ^= 1 << draw.randrange(8)
        assert code_of(bytes(broken)) in {"POPULATION-070", "POPULATION-071", "POPULATION-074"}
    for end in (0, 1, 21, len(file) // 2, len(file) - 1):
        assert code_of(file[:end]) == "POPULATION-070"


def _zip(names: tuple[str, ...], kind: int = zipfile.ZIP_STORED, size: int = 5) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name in names:
            archive.writestr(name, bytes(size))
    return out.getvalue()


def test_an_archive_made_to_harm_is_refused_before_it_unfolds(file: bytes) -> None:
    bomb = _zip(MEMBERS, zipfile.ZIP_DEFLATED, 400_000_000 // len(MEMBERS))
    assert len(bomb) < MOST_BYTES
    assert code_of(bomb) == "POPULATION-071"
    assert code_of(_zip((*MEMBERS[:-1], "../outlines.json"))) == "POPULATION-074"
    assert code_of(_zip((*MEMBERS, "villages.csv"))) == "POPULATION-074"
    assert code_of(_zip(MEMBERS[:-1])) == "POPULATION-074"
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = _zip((*MEMBERS, MEMBERS[2]))
    assert code_of(twice) == "POPULATION-074"
    assert code_of(file + b"more") in {"POPULATION-070", "POPULATION-071"}
    assert code_of(bytes(MOST_BYTES + 1)) == "POPULATION-070"


def test_only_a_known_key_signs_and_only_for_its_province(file: bytes) -> None:
    assert code_of(file, {}) == "POPULATION-072"
    assert code_of(file, {SigningKey.new().public: "TH50"}) == "POPULATION-072"
    assert code_of(file, {HERE.key.public: "TH51"}) == "POPULATION-073"
    other = Somewhere()
    claimed = other.signed(file, in_head(signed_by=HERE.key.public))
    assert code_of(claimed, TRUSTED) == "POPULATION-071", "signed by another key than it says"


def _set(name: str, value: str, at: int = 1) -> Callable[[list[dict[str, str]]], None]:
    return lambda rows: rows[at].update({name: value})


def _village(rows: list[dict[str, str]]) -> None:
    rows.append({**rows[-1], "level": "village", "pcode": "TH50010101", "parent_pcode": "TH500101"})


def _column(parts: Parts) -> None:
    parts["areas.csv"] = b"\n".join(line + b",x" for line in parts["areas.csv"].splitlines()) + b"\n"


def _long_steps(parts: Parts) -> None:
    parts[OUTLINES] = parts[OUTLINES].replace(b'"M10 ', b'"M%b ' % (b"1" * 5000), 1)


def _path(parts: Parts) -> None:
    parts[OUTLINES] = parts[OUTLINES].replace(b'"M10 ', b'"M10 <', 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (in_table("areas.csv", _village), "POPULATION-077"),
        (in_table("areas.csv", _set("n_red", "3")), "POPULATION-076"),
        (in_table("answers.csv", _set("n_need", "3")), "POPULATION-076"),
        (in_head(threshold=3), "POPULATION-076"),
        (in_head(area="TH51"), "POPULATION-073"),
        (in_table("areas.csv", _set("n_red", "-20")), "POPULATION-075"),
        (in_table("areas.csv", _set("rate", "1e3")), "POPULATION-075"),
        (in_table("areas.csv", _set("rate", "2000")), "POPULATION-075"),
        (in_table("areas.csv", _set("name", "a\u202eb")), "POPULATION-075"),
        (in_table("areas.csv", _set("parent_pcode", "TH5099", 9)), "POPULATION-075"),
        (in_table("areas.csv", lambda rows: rows.append(rows[-1])), "POPULATION-075"),
        (in_head(status="proved"), "POPULATION-075"),
        (in_head(rounded_to=13, n_roundings=0), "POPULATION-075"),
        (in_head(n_roundings=2), "POPULATION-075"),
        (in_table("areas.csv", _set("people", "age=7-9", 2)), "POPULATION-075"),
        (_long_steps, "POPULATION-075"),
        (in_head(fingerprint="00"), "POPULATION-075"),
        (in_head(as_of="yesterday"), "POPULATION-075"),
        (in_head(format="sarana hand-over 2"), "POPULATION-075"),
        (in_head(boundaries={**LINES, "who": "x" * 201}), "POPULATION-075"),
        (in_head(boundaries={**LINES, "who": "a\u202eb"}), "POPULATION-075"),
        (in_head(boundaries={**LINES, "sha256": "5"}), "POPULATION-075"),
        (in_head(boundaries={**LINES, "is_file": False}), "POPULATION-075"),
        (_column, "POPULATION-075"),
        (_path, "POPULATION-075"),
        (lambda parts: parts.update({OUTLINES: b"[" * 100_000}), "POPULATION-075"),
    ],
)
def test_what_a_station_signed_is_held_to_the_form_and_to_protection(
    file: bytes, change: Callable[[Parts], None], code: str
) -> None:
    assert code_of(HERE.signed(file, change)) == code


def test_a_name_that_a_spreadsheet_takes_for_a_formula_comes_through_as_it_is(run: ProtectedRun) -> None:
    rows: Any = tuple({**row, "name": "=HYPERLINK(1)", "name_local": "+1\x07"} for row in run.rows)
    file = HERE.file(dataclasses.replace(run, rows=rows))
    assert {row["name"] for row in rows_in(file)} == {"'=HYPERLINK(1)"}
    found = read_package(file, TRUSTED).run.rows
    assert {(row["name"], row["name_local"]) for row in found} == {("=HYPERLINK(1)", "+1 ")}


def test_the_private_half_opens_with_the_keys_of_its_organisation_only() -> None:
    keys = some_keys()
    file = make_signing_file(keys.file, today=TODAY)
    again = read_signing_file(file.to_json(), "hand-over.key")
    assert open_signing_file(again, keys, "").public == file.public
    assert file.public.encode() in file.to_json()
    with pytest.raises(SaranaError, match="POPULATION-081"):
        open_signing_file(again, some_keys(), "")


def test_digits_are_compared_however_they_are_typed() -> None:
    digits = digits_of(HERE.key.public)
    assert len(digits.replace(" ", "")) == 40
    thai = digits.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert same_digits(HERE.key.public, digits.replace(" ", "-"))
    assert same_digits(HERE.key.public, thai)
    for heard in ("", digits[:-1], digits_of(SigningKey.new().public), f"{digits}1"):
        assert not same_digits(HERE.key.public, heard)


def test_the_archive_has_one_spelling(file: bytes) -> None:
    assert write_archive(read_archive(file)) == file
