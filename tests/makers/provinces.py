"""Installations of provinces, with keys of their own, and what they hand over; also what was made to harm."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from makers.protected import a_run
from sarana.methods.population.package.archive import read_archive, write_archive
from sarana.methods.population.package.form import HEAD, SIGNATURE
from sarana.methods.population.package.keys import PublicFile
from sarana.methods.population.package.writing import write_package
from sarana.methods.population.protected_tables import ProtectedRun, read_protected
from sarana.methods.sealing.signing import SigningKey, digits_of

type Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Somewhere:
    """The installation of a province, as the nation knows it: by its code, and by what it sends."""

    province: str = "50"
    key: SigningKey = field(default_factory=SigningKey.new)

    @property
    def area(self) -> str:
        """Its P-code."""
        return f"TH{self.province}"

    @property
    def digits(self) -> str:
        """What it reads out over the telephone."""
        return digits_of(self.key.public)

    def key_file(self) -> bytes:
        """The file with its key."""
        made_on = "2026-07-01"
        given = {"format": "sarana station key 1", "made_on": made_on, "public": self.key.public, "digits": self.digits}
        return msgspec.json.encode(msgspec.convert(given, PublicFile))

    def run(self, folder: Path, **more: Any) -> ProtectedRun:
        """A finished run of its own."""
        return read_protected(a_run(folder, province=self.province, **more))

    def file(self, run: ProtectedRun) -> bytes:
        """What it hands over of one."""
        return write_package(run, country="TH", agency=f"Centre {self.province}", key=self.key)

    def signed(self, content: bytes, change: Callable[[Parts], None]) -> bytes:
        """A file of its own that it changed and signed anew: every hash and the signature hold."""
        parts = dict(read_archive(content))
        change(parts)
        head = json.loads(parts[HEAD])
        for one in head["resources"]:
            told = parts[one["path"]]
            one["bytes"], one["hash"] = len(told), f"sha256:{sha256(told).hexdigest()}"
        parts[HEAD] = json.dumps(head, ensure_ascii=False).encode()
        parts[SIGNATURE] = self.key.sign(parts[HEAD])
        return write_archive(parts)


def in_head(**told: Any) -> Callable[[Parts], None]:
    """Changes what the head says of the run."""

    def change(parts: Parts) -> None:
        head = json.loads(parts[HEAD])
        head["sarana"] |= told
        parts[HEAD] = json.dumps(head).encode()

    return change


def in_table(name: str, change: Callable[[list[dict[str, str]]], None]) -> Callable[[Parts], None]:
    """Changes the rows of a table, the row of tags with them."""

    def changed(parts: Parts) -> None:
        rows = list(csv.DictReader(io.StringIO(parts[name].decode(), newline="")))
        change(rows)
        text = io.StringIO(newline="")
        out = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
        parts[name] = text.getvalue().encode()

    return changed


def rows_in(content: bytes, name: str = "areas.csv") -> list[dict[str, str]]:
    """The rows of a table of a file, without the row of tags."""
    return list(csv.DictReader(io.StringIO(read_archive(content)[name].decode(), newline="")))[1:]
