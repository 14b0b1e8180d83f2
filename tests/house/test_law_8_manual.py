"""Law 8, manual: commands, settings, codes, fields and indicators stand in the manual, and no others do."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from house.walking import CODE, modules, strings
from sarana.config import manual
from sarana.config.commands.entry import ROOMS

SETTING = r"SARANA_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL"
"""What the name of an environment variable looks like."""

ALONE = ("web", "people", "backup", "work", "leave")
"""The modules whose commands are of one word: `sarana serve`, `sarana invite`."""

Things = Callable[[Path], set[str]]


OF_MODULES = {module: word for word, module in ROOMS.items()}
"""The first word of the commands of a module, where that is not its name."""


def codes_in_data(root: Path) -> set[str]:
    """The codes of `reference/codes`."""
    return {code for path in (root / "reference/codes").glob("*.toml") for code in _toml(path)}


def codes_in_manual(page: str) -> set[str]:
    """The codes with a heading of their own."""
    return set(re.findall(rf"^### ({CODE.pattern})$", page, re.MULTILINE))


def fields_in_data(root: Path) -> set[str]:
    """The standard fields."""
    return set(_toml(root / "reference/fields.toml"))


def first_cells(page: str) -> set[str]:
    """What stands in the first cell of each row, as code."""
    return set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))


def indicators_in_data(root: Path) -> set[str]:
    """The ids of all indicators, with the name of their set."""
    return {
        f"{path.stem}-{id_}"
        for path in (root / "reference/indicators").glob("*.toml")
        for id_ in re.findall(r'^id\s*=\s*"([a-z]{1,2}\d{2})"', path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def indicators_in_manual(page: str) -> set[str]:
    """The indicators with a heading of their own, with the name of their set."""
    return {
        f"{part.split(maxsplit=1)[0]}-{id_}"
        for part in page.split("\n## ")[1:]
        for id_ in re.findall(r"^### ([a-z]{1,2}\d{2}) ", part, re.MULTILINE)
    }


def settings_in_code(root: Path) -> set[str]:
    """Environment variables that stand in code, and the keys of every part of SOURCES.toml."""
    package = modules(root)
    named = {text for m in package for text, _ in strings(m.tree) if re.fullmatch(SETTING, text)}
    (said,) = (m for m in package if m.name == "sarana.methods.population.sources")
    return named | {key for node in said.tree.body if isinstance(node, ast.ClassDef) for key in _keys(node)}


def _keys(node: ast.ClassDef) -> Iterable[str]:
    """The keys of one part, as SOURCES.toml writes them; `Sources` itself is the whole, not a part."""
    if node.name == "Sources":
        return
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            renamed = _names_in(each.value)
            yield renamed[0] if renamed else each.target.id.rstrip("_")


def _names_in(value: ast.expr | None) -> list[str]:
    """The texts given to `field(…)`: the name under which a key is written."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "field":
        return [text for text, _ in strings(value)]
    return []


def commands_in_code(root: Path) -> set[str]:
    """Commands by the decorators that make them, or by the calls that register those of a module of their own."""
    found = set()
    for module in modules(root):
        if not module.name.startswith("sarana.config.commands."):
            continue
        room = module.name.split(".")[-1]
        group = "sarana" if room in ALONE else f"sarana {OF_MODULES.get(room, room)}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                found |= {f"{group} {name}" for name in _command_names(node)}
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
                found |= {f"{group} {name}" for name in _registered(node.func)}
    return found


def _registered(call: ast.Call) -> Iterable[str]:
    """The name in `app.command("name")(function)`, with that of its group in `group_app.command("name")(function)`."""
    door = call.func
    if isinstance(door, ast.Attribute) and door.attr == "command" and isinstance(door.value, ast.Name):
        group = door.value.id.removesuffix("app").rstrip("_")
        yield " ".join([*([group] if group else []), *(text for text, _ in strings(call))])


def _command_names(node: ast.FunctionDef) -> Iterable[str]:
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "command"
        ):
            given = decorator.args[0] if decorator.args else None
            yield str(given.value) if isinstance(given, ast.Constant) else node.name.replace("_", "-")


def commands_in_manual(page: str) -> set[str]:
    """The commands with a heading of their own."""
    return set(re.findall(r"^## `([^`]+)`$", page, re.MULTILINE))


def checks_in_data(root: Path) -> set[str]:
    """The countable checks to which the house is held."""
    return set(_toml(root / "reference/checks.toml"))


def roles_and_kinds(root: Path) -> set[str]:
    """The roles of the reference data, and the kinds of things of which a `policy.py` says a row."""
    return set(_toml(root / "reference/roles.toml")) | {
        kind for module in modules(root) if module.path.name == "policy.py" for kind in _kinds(module.tree)
    }


def _kinds(tree: ast.Module) -> Iterable[str]:
    """The first word of every `Rule(…)`, or of the constant KIND that stands in its place."""
    named = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule":
            kind = node.args[0]
            yield str(kind.value if isinstance(kind, ast.Constant) else named[kind.id])  # type: ignore[attr-defined]


def _toml(path: Path) -> Mapping[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the manual, what the house holds, and how to find it on the page."""

    page: str
    held: Things
    shown: Callable[[str], set[str]]

    def breaches(self, root: Path, text: str) -> list[str]:
        """What is only in the house or only in the manual."""
        held, shown = self.held(root), self.shown(text)
        missing = [f"{thing} is not in {self.page}" for thing in sorted(held - shown)]
        return missing + [
            f"{self.page} speaks of {thing}, which the house does not hold" for thing in sorted(shown - held)
        ]


CHAPTERS = {
    "codes": Chapter("codes.md", codes_in_data, codes_in_manual),
    "fields": Chapter("fields.md", fields_in_data, first_cells),
    "indicators": Chapter("indicators.md", indicators_in_data, indicators_in_manual),
    "settings": Chapter("settings.md", settings_in_code, first_cells),
    "commands": Chapter("commands.md", commands_in_code, commands_in_manual),
    "checks": Chapter("checks.md", checks_in_data, first_cells),
    "policy": Chapter("policy.md", roles_and_kinds, first_cells),
}


def _page(house: Path, chapter: str) -> str:
    return (house / "docs/reference" / CHAPTERS[chapter].page).read_text(encoding="utf-8")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_manual_and_the_house_hold_the_same(house: Path, chapter: str) -> None:
    assert CHAPTERS[chapter].breaches(house, _page(house, chapter)) == []
    assert CHAPTERS[chapter].held(house), "nothing was found, so nothing was proved"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_law_catches_a_thing_the_manual_forgot(house: Path, chapter: str) -> None:
    thing = max(CHAPTERS[chapter].held(house)).removeprefix("th-north-28-").removeprefix("chiang-mai-28-")
    text = "\n".join(line for line in _page(house, chapter).splitlines() if thing not in line)
    assert any("is not in" in breach for breach in CHAPTERS[chapter].breaches(house, text))


@pytest.mark.parametrize(
    ("chapter", "line"),
    [
        ("codes", "### GHOST-001"),
        ("fields", "| `ghost` | x |"),
        ("indicators", "### z99 Ghost"),
        ("settings", "| `ghost` | x |"),
        ("commands", "## `sarana ghost walk`"),
        ("policy", "| `ghost` | x |"),
        ("checks", "| `ghost` | x |"),
    ],
)
def test_the_law_catches_a_thing_the_house_does_not_hold(house: Path, chapter: str, line: str) -> None:
    text = f"{_page(house, chapter)}\n{line}\n"
    assert any("does not hold" in breach for breach in CHAPTERS[chapter].breaches(house, text))


def stale(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Reference pages that are not what code makes now, and pages that nothing makes."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name))


def test_the_reference_pages_are_what_code_makes_now(house: Path) -> None:
    assert stale(house / "docs/reference", manual.pages()) == [], "run ./dev fix"


def test_the_law_catches_a_page_that_was_edited_by_hand(tmp_path: Path) -> None:
    manual.write(tmp_path)
    assert stale(tmp_path, manual.pages()) == []
    with (tmp_path / "codes.md").open("a", encoding="utf-8") as page:
        page.write("A word by hand.\n")
    (tmp_path / "orphan.md").touch()
    assert stale(tmp_path, manual.pages()) == ["codes.md", "orphan.md"]
    assert [path.name for path in manual.write(tmp_path)] == ["codes.md"]
