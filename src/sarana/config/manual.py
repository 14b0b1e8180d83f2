"""Makes the reference pages of the manual from code and data: commands, settings, codes, fields, indicators.

    python -m sarana.config.manual docs/reference

A law of the house compares the pages that are committed with what this page makes.
"""

import datetime as dt
import inspect
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import typer.main

from sarana.basics import matrix
from sarana.basics.policy import ALL_LEVELS, Rule
from sarana.config.commands import every
from sarana.config.settings import SETTINGS
from sarana.config.web import start
from sarana.methods.population import sources
from sarana.methods.reference import read_reference, reference_folder

NOTE = "<!-- Made from code by `./dev fix`: change the code or `reference/`, not this page. -->"

PARTS: Mapping[str, type[msgspec.Struct]] = {
    "[run]": sources.Run,
    "[[run.ethics]]": sources.Ethics,
    "[areas]": sources.Areas,
    "[areas.successors]": sources.Successors,
    "[boundaries]": sources.Boundaries,
    "[sources.NAME]": sources.Source,
    "[sources.NAME.area]": sources.Area,
    "[sources.NAME.fields]": sources.Field,
    "[[sources.NAME.facts]]": sources.Facts,
    "[sources.NAME.facts.fields]": sources.FactField,
}
"""Every part of SOURCES.toml, in the order in which it is written, and the value that holds it."""


DATABASES = ("SQLite", "PostgreSQL")
"""The databases on which the checks are run."""

WORDS: Mapping[Any, str] = {
    str: "text",
    bool: "`true` or `false`",
    float: "number",
    int: "whole number",
    dt.date: "date",
}
"""What the plain kinds of value are called."""


def pages() -> dict[str, str]:
    """Every reference page: its file name and its text."""
    made = {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "codes.md": codes_page(),
        "fields.md": fields_page(),
        "indicators.md": indicators_page(),
        "policy.md": policy_page(),
        "checks.md": checks_page(),
        "looks.md": looks_page(),
    }
    return {"index.md": index_page(made), **made}


def index_page(made: Mapping[str, str]) -> str:
    """The page that leads to the others."""
    rows = [(f"[{text.splitlines()[0].removeprefix('# ')}]({name})", _lead(text)) for name, text in made.items()]
    return _page(
        "Reference", "What can be looked up; every page is made from code and data.", _table(("page", "what"), rows)
    )


def commands_page() -> str:
    """Every command with its arguments and options."""
    root = typer.main.get_command(every())
    found = sorted(_commands("sarana", root), key=lambda each: each[0])
    return _page("Commands", "What can be typed, with every argument and option.", *(_command(*each) for each in found))


def _commands(path: str, command: Any) -> Iterable[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from _commands(f"{path} {name}", child)
    else:
        yield path, command


def _command(path: str, command: Any) -> str:
    """One command: what it does, and a table of what it takes."""
    shown = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    rows = [(_written(p), _required(p), _cell(getattr(p, "help", "") or "")) for p in shown]
    about = inspect.cleandoc(command.help or "").split("\f")[0].strip()
    return "\n\n".join([f"## `{path}`", about, _table(("argument or option", "default", "meaning"), rows)])


def _written(parameter: Any) -> str:
    """How an argument or option is written."""
    if parameter.param_type_name == "argument":
        return f"`{(parameter.metavar or parameter.name or '').upper()}`"
    return ", ".join(f"`{o}`" for o in (*parameter.opts, *parameter.secondary_opts))


def _required(parameter: Any) -> str:
    """What holds where it is not given."""
    if parameter.required:
        return "must be given"
    default = getattr(parameter, "show_default", None)
    value = default if isinstance(default, str) else parameter.default
    return "" if value is None or callable(value) or value == () else f"`{value}`"


def settings_page() -> str:
    """Every environment variable, and every part and key of SOURCES.toml."""
    rows = [(f"`{setting.name}`", _cell(setting.says), _cell(setting.usual)) for setting in SETTINGS]
    environment = "## The environment\n\n" + _table(("variable", "what it does", "where it is not set"), rows)
    parts = [_part(where, kind) for where, kind in PARTS.items()]
    lead = "What can be set: variables of the environment, and every key of SOURCES.toml."
    return _page("Settings", lead, environment, *parts)


def _part(where: str, kind: type[msgspec.Struct]) -> str:
    """One part of SOURCES.toml: what it says, and a table of its keys."""
    rows = [(f"`{f.encode_name}`", _kind(f.type), _default(f)) for f in msgspec.structs.fields(kind)]
    return "\n\n".join(
        [f"## `{where}`", inspect.cleandoc(kind.__doc__ or ""), _table(("key", "value", "default"), rows)]
    )


def _kind(kind: Any) -> str:
    """A kind of value in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in inner if choice)
    if origin is tuple:
        return f"list of: {_kind(inner[0])}"
    if origin is dict:
        return f"table of: {_kind(inner[1])}"
    if origin in (Union, UnionType):
        return " or ".join(_kind(each) for each in inner if each is not NoneType)
    return WORDS.get(kind, "table")


def _default(field: msgspec.structs.FieldInfo) -> str:
    """What holds where a key is left out."""
    if field.default is not msgspec.NODEFAULT:
        return {None: "nothing", "": "nothing", True: "`true`", False: "`false`", (): "nothing"}.get(
            field.default, f"`{field.default}`"
        )
    return "must be given" if field.default_factory is msgspec.NODEFAULT else "nothing"


def codes_page() -> str:
    """Every error and flag code with its cause and cure."""
    rooms = []
    for path in sorted((reference_folder() / "codes").glob("*.toml")):
        codes = tomllib.loads(path.read_text(encoding="utf-8"))
        rooms.append("\n\n".join([f"## {path.stem}", *(_code(code, codes[code]) for code in sorted(codes))]))
    lead = (
        "What an error, flag or review code means, why it comes, and what to do. "
        "A *fault* stops a run; a *flag* stands beside a value that went on; *set-aside* is a row that did not go on; "
        "*review* asks a person; a *warning* is said once."
    )
    return _page("Codes", lead, *rooms)


def _code(code: str, said: Mapping[str, str]) -> str:
    """One code."""
    return f"### {code}\n\n*{said['kind']}* – {said['says']}\n\n- Cause: {said['cause']}\n- Cure: {said['cure']}"


def fields_page() -> str:
    """Every standard field a column may be said to hold."""
    fields = read_reference("fields.toml")
    kinds = {"person": "Who a row is about", "fact": "What is known of that person"}
    parts = []
    for kind, title in kinds.items():
        rows = [
            (f"`{n}`", f["type"], f["level"], _cell(f["meaning"]), _values(f))
            for n, f in fields.items()
            if f["kind"] == kind
        ]
        parts.append(f"## {title}\n\n" + _table(("field", "type", "of a", "meaning", "codes or range"), rows))
    return _page(
        "Standard fields", "What a column may be said to hold. A missing value always means: not known.", *parts
    )


def _values(field: Mapping[str, Any]) -> str:
    """The codes a field may hold, or its range."""
    if "values" in field:
        return _cell("; ".join(f"`{code}` {meaning}" for code, meaning in field["values"].items()))
    return f"{field['range'][0]} to {field['range'][1]}" if "range" in field else ""


def indicators_page() -> str:
    """Every indicator of every set."""
    sets = sorted((reference_folder() / "indicators").glob("*.toml"))
    lead = (
        "What is scored, from which fields, by which rule, and on what evidence: 1 is low, 3 is high. "
        "Never scored: sex, ethnicity, religion, HIV status. Unvalidated, for planning only."
    )
    return _page("Indicators", lead, *(_set(path) for path in sets))


def _set(path: Path) -> str:
    """One set of indicators: what holds for all of them, then each."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    whole = [(f"`{name}`", _cell(str(value))) for name, value in said.items() if not isinstance(value, dict | list)]
    parts = [f"## {path.stem}", _table(("key", "value"), whole)]
    for name, value in said.items():
        if isinstance(value, dict):
            rows = [(f"`{key}`", _cell(_plain(each))) for key, each in value.items()]
            parts.append(f"**{name}**\n\n" + _table(("key", "value"), rows))
    return "\n\n".join([*parts, *(_indicator(path.stem, each) for each in said["indicators"])])


def _indicator(of: str, said: Mapping[str, Any]) -> str:
    """One indicator, every key it has."""
    rows = [(name, _cell(_plain(value))) for name, value in said.items() if name not in ("id", "name")]
    return f"### {said['id']} {said.get('name', '')} {{ #{of}-{str(said['id']).lower()} }}\n\n" + _table(("", ""), rows)


def policy_page() -> str:
    """Every role, every row of the policy table, and what follows from the rows for each role."""
    table: tuple[Rule, ...] = start.door("sarana.ground.rules.tables")()
    roles = read_reference("roles.toml")
    shown = _table(
        ("role", "name", "what for", "sees persons"),
        [(f"`{r}`", t["name"], _cell(t["about"]), "yes" if t["sees_persons"] else "no") for r, t in roles.items()],
    )
    lead = (
        "Who may see and change what. What no row allows is not allowed. "
        "[Why it is so](../explanation/policy.md) is told elsewhere."
    )
    said = _table(("kind", "roles", "reach", "goes as far as", "on condition of"), [_rule(rule) for rule in table])
    laid = matrix.markdown(table, tuple(roles)).replace("## ", "### ")
    return _page("Who may what", lead, f"## Roles\n\n{shown}", f"## Rows\n\n{said}", f"## What follows\n\n{laid}")


def _rule(rule: Rule) -> tuple[str, ...]:
    """One row of the policy table in words."""
    asked = ["a second factor"] if rule.needs_strong else []
    asked += [f"level {', '.join(sorted(rule.levels))}"] if rule.levels != ALL_LEVELS else []
    asked += [f"purpose {', '.join(sorted(rule.purposes))}"] if rule.purposes else []
    roles = ", ".join(sorted(rule.roles)) or "everybody who is signed in"
    return f"`{rule.kind}`", roles, rule.reach.value, rule.access.name.lower(), "; ".join(asked) or "nothing"


def looks_page() -> str:
    """What the last look at every page found."""
    run = read_reference("looks-run.toml")
    pages = run["pages"]
    n_wrong = sum(1 for wrong in pages.values() if wrong)
    lead = (
        "What a machine found wrong on the pages of a demonstration: wide or cut off, what axe calls serious, places "
        "to touch under 44 px, English on Thai pages, complaints of the browser, requests to others. People of several "
        "roles, one who comes for the first time and one who makes mistakes went through it in English and Thai, on a "
        "telephone (360 px) and at a desk (1280 px), light and dark: `./dev scale looks`."
    )
    ran = (
        f"Last run: {run['on']}, {run['commit']}; {len(pages)} pages in eight ways each, something wrong on {n_wrong}."
    )
    unseen = (
        f"Nobody looked at: {', '.join(run['unseen'])}." if run["unseen"] else "Every address with a page was seen."
    )
    rows = [(name, _cell("; ".join(wrong)) or "nothing") for name, wrong in pages.items()]
    return _page("Every page looked at", lead, f"{ran} {unseen}", _table(("page", "found"), rows))


def checks_page() -> str:
    """Every countable check of the ground floor, and what came of it when it was last run on each database."""
    runs = read_reference("checks-run.toml")
    rows = [
        (
            f"`{check}`",
            _cell(f"{words['does']} {words['must']}"),
            words["count"],
            *_cells_of(words, runs.get(check, {})),
        )
        for check, words in read_reference("checks.toml").items()
    ]
    lead = (
        "What the ground floor is held to, and what came of it. Made from the runs of `./dev scale checks`: passed, "
        "failed or not run, with counts, date and commit. *Reduced* means that less was done than is stated; *does not "
        "apply*, that there is nothing to check on that database, for the reason that is given."
    )
    return _page("Checks", lead, _table(("check", "what is done, what must come of it", "stated", *DATABASES), rows))


def _cells_of(words: Mapping[str, Any], runs: Mapping[str, Any]) -> Iterable[str]:
    """What came of a check on each database, or why there is nothing to check."""
    for database in DATABASES:
        why = words.get("does-not-apply", {}).get(database)
        yield f"does not apply: {_cell(why)}" if why else _ran(runs.get(database, {}))


def _ran(run: Mapping[str, Any]) -> str:
    """What came of one check on one database."""
    if not run or run["result"] == "not run":
        return "not run"
    reduced = ", reduced" if run["scale"] < 1 and run["counted"] else ""
    done = ", ".join(f"{n:,} {what}" for what, n in run["counted"].items())
    tests = f"{run['tests']} test{'s' if run['tests'] > 1 else ''}"
    skipped = f", {run['skipped']} not run" if run["skipped"] else ""
    return f"**{run['result']}**{reduced}: {done or tests}{skipped}; {run['on']}, {run['commit']}"


def _plain(value: object) -> str:
    """A value of TOML in a table's cell."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value)


def _page(title: str, lead: str, *parts: str) -> str:
    """A page with its note, ending in one line end."""
    return "\n\n".join([f"# {title}", NOTE, lead, *parts]).rstrip() + "\n"


def _lead(text: str) -> str:
    """The sentence under a page's title."""
    return text.split("\n\n")[2].split(". ", maxsplit=1)[0].rstrip(".") + "."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown, or a word where there is nothing to show."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) if lines else "Nothing."


def _cell(text: str) -> str:
    """A text that does not break its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def write(folder: Path) -> list[Path]:
    """Write every page that is not as it should be; gives back those."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    for page in write(Path(sys.argv[1])):
        sys.stderr.write(f"made {page}\n")
