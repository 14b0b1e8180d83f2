"""Every command on tables that a how-to shows is run as it stands there, on a small invented province."""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from methods.population.little_province import MEANS, SECTORS, SOURCES, make_province, read_csv, run_chain
from sarana.config.commands.entry import run
from sarana.methods.reference import examples_folder, find_reference

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
EXAMPLE = re.compile(r"^(?:    )?(sarana (?:population|invent|keys seal) .*)$", re.MULTILINE)
ONLY_READ = {
    "ask-another-agency.md",
    "back-up-and-restore.md",
    "keep-the-keys.md",
    "leave.md",
    "make-the-year.md",
    "open-a-person.md",
    "open-in-an-emergency.md",
    "keep-somebody-out.md",
    "help-a-person.md",
    "record-a-breach.md",
    "bring-boundaries.md",
    "find-who-looked.md",
    "hand-files-over.md",
    "judge-pairs.md",
    "judge-records.md",
    "keep-photographs.md",
    "hand-a-computer-over.md",
    "hand-to-the-nation.md",
    "read-an-index.md",
    "read-the-report.md",
    "search-people.md",
    "serve.md",
    "show-a-map.md",
    "sign-in-and-invite.md",
    "sign-in-services.md",
    "take-people-in.md",
    "verify-the-ledger.md",
}
"""Pages on reading what a run has made, or on pages of the web: nobody has to type a command on the tables."""

ROLLUP = ("hand-to-nation", "station-key", "trust-station", "take-in-handed")
WEB = ("update", "take-in", "withdraw", "lay-out", "judgements")
OF_THEIR_OWN = tuple(f"sarana population {name}" for name in (*WEB, *ROLLUP))
OPTIONS = ("--take-in", "--judged")

ASKED = {
    "compare": "compare-two-runs.md",
    "explain": "explain-a-person.md",
    "profile": "profile-files.md",
    "run": "describe-a-source.md",
    "run --model": "judge-two-years-alike.md",
    "run --after": "compare-two-runs.md",
    "sensitivity": "ask-how-sure.md",
    "sets diff": "argue-over-a-set.md",
    "strengths": "ask-for-strengths.md",
    "validate": "validate-an-index.md",
    "invent registers": "registers.md",
}
"""What each how-to must show, at least."""


def examples(page: Path) -> list[str]:
    """The commands of one page, in their order, but those that have tests of their own."""
    found = EXAMPLE.findall(page.read_text("utf-8"))
    return [each for each in found if not each.startswith(OF_THEIR_OWN) and not any(word in each for word in OPTIONS)]


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder in which the names that the pages use stand for real things."""

    folder: Path
    person: str

    def typed(self, line: str) -> list[str]:
        """The words of a command, with the person that the page cannot know, and a small town for a large one."""
        words = shlex.split(line)[1:]
        words = [self.person if word == "PERSON_ID" else word for word in words]
        return ["300" if before == "--people" else word for before, word in zip(["", *words], words, strict=False)]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the pages name but do not make."""
    folder = tmp_path_factory.mktemp("manual")
    data = make_province(folder / "DATA", people=1500)
    run_chain(data, folder / "RUN", means=MEANS)
    shutil.copytree(data, folder / "files-of-2027")
    shutil.copytree(data, folder / "FOLDER")
    shutil.copytree(folder / "RUN", folder / "run-2026")
    for name in ("SOURCES.toml", "sources.toml"):
        shutil.copyfile(SOURCES, folder / name)
    shutil.copytree(examples_folder(), folder / "examples")
    shutil.copyfile(find_reference("indicators/th-north-28.toml"), folder / "our-set.toml")
    own = (find_reference("indicators/chiang-mai-28.toml")).read_text("utf-8")
    (folder / "our-set.toml").write_text(own.replace('"threes >= 4 or', '"threes >= 3 or'), "utf-8")
    rows = [row[0] for row in read_csv(data / f"{SECTORS[1]}.csv")[1:]]
    lines = "".join(f"education,{row},2026-08-01\n" for row in rows[::3])
    (folder / "known.csv").write_text(f"source,row_id,known_on\n{lines}", "utf-8")
    return folder


@pytest.fixture
def desk(ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A copy for one page, whose commands may write."""
    folder = Path(shutil.copytree(ready, tmp_path / "desk"))
    monkeypatch.chdir(folder)
    for name in ("STATE", "HOME", "KEYS"):
        monkeypatch.setenv(f"SARANA_{name}", str(tmp_path / name.lower()))
    person = pq.read_table(folder / "RUN" / "scores.parquet")["person_id"][0].as_py()
    return Desk(folder, str(person))


def test_every_how_to_shows_a_command_and_every_command_has_a_how_to() -> None:
    shown = {page.name: examples(page) for page in HOW_TO.glob("*.md") if page.name not in ONLY_READ}
    without = [name for name, found in shown.items() if not found and "update" not in name]
    assert not without
    for command, page in ASKED.items():
        words = command.split()
        assert any(all(word in line.split() for word in words) for line in shown[page]), f"{page} shows no {command}"


@pytest.mark.parametrize("page", sorted(p.name for p in HOW_TO.glob("*.md") if examples(p)))
def test_the_commands_of_a_page_do_what_it_says(page: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    if page == "describe-a-source.md":
        shutil.rmtree(desk.folder / "RUN")
    lines = examples(HOW_TO / page)
    if any("keys seal" in line for line in lines):
        assert run(["keys", "make"]) == 0
    for line in lines:
        capsys.readouterr()
        ended = run(desk.typed(line))
        told = capsys.readouterr()
        assert ended == 0, f"{page}: {line}\n{told.err}"
        assert told.out, f"{page}: {line} said nothing"
