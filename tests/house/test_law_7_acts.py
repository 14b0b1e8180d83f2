"""Law 7: every act writes one line of the ledger, a batch one line with its count; and every line has its words."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.walking import Module, make, modules

WRITES = frozenset({"record", "record_opening", "record_list", "record_ended_badly"})
LEDGER = "sarana.ground.ledger.actions"
EXCUSES = ("Not written down:", "as part of an act that records itself")
"""How a docstring says why an act leaves no line of its own."""

type Function = ast.FunctionDef | ast.AsyncFunctionDef


def actions(root: Path) -> Iterator[tuple[Module, Function]]:
    """Every public function of a room's `actions` that an actor calls."""
    for module in modules(root):
        parts = module.name.split(".")
        if "actions" not in parts[-2:] or module.name == LEDGER:
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _first(node) == "actor":
                yield module, node


def names(root: Path) -> frozenset[str]:
    """The names of all actions that write a line."""
    return frozenset(node.name for _module, node in actions(root) if not _is_excused(node))


def _is_excused(node: Function) -> bool:
    told = " ".join((ast.get_docstring(node) or "").split())
    return any(excuse in told for excuse in EXCUSES)


def _own(module: Module) -> frozenset[str]:
    """Private functions of a module that write a line for its actions."""
    return frozenset(
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_") and lines_of(node.body, frozenset()) == 1
    )


def views(root: Path) -> Iterator[tuple[Module, Function]]:
    """Every public function of a room's views that a request calls."""
    for module in modules(root):
        if not module.name.split(".")[-1].endswith("views"):
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _first(node) == "request":
                yield module, node


def _first(node: Function) -> str:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return arguments[0].arg if arguments else ""


def lines_of(body: list[ast.stmt], known: frozenset[str]) -> int:
    """The most lines that any way through these statements writes; a line in a loop counts as many."""
    total = 0
    for statement in body:
        match statement:
            case ast.If():
                total += calls_in(statement.test, known)
                total += max(lines_of(statement.body, known), lines_of(statement.orelse, known))
                if _ends(statement.body) and not statement.orelse and lines_of(statement.body, known):
                    # What follows is another way, which the one that ended does not take.
                    return max(
                        total, total - lines_of(statement.body, known) + lines_of(_after(body, statement), known)
                    )
            case ast.For() | ast.While() | ast.AsyncFor():
                total += 2 * lines_of(statement.body, known)
            case ast.With() | ast.AsyncWith():
                total += lines_of(statement.body, known)
            case ast.Try():
                total += lines_of([*statement.body, *statement.orelse, *statement.finalbody], known)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case _:
                total += calls_in(statement, known)
    return total


def _after(body: list[ast.stmt], statement: ast.stmt) -> list[ast.stmt]:
    return body[body.index(statement) + 1 :]


def _ends(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise)


def calls_in(node: ast.AST, known: frozenset[str]) -> int:
    """Calls that write a line: of the ledger's own door, or of an action."""
    found = 0
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            inside = isinstance(node, ast.AST) and _in_a_comprehension(node, each)
            found += (2 if inside else 1) * (name in WRITES or (name in known and _is_given_the_actor(each)))
    return found


def _in_a_comprehension(root: ast.AST, call: ast.Call) -> bool:
    loops = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return any(call in ast.walk(each) for each in ast.walk(root) if isinstance(each, loops))


def _is_given_the_actor(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    name = first.attr if isinstance(first, ast.Attribute) else getattr(first, "id", "")
    return "actor" in str(name)


def unwritten(root: Path) -> list[str]:
    """Actions that write no line, or more than one."""
    known = names(root)
    breaches = []
    for module, node in actions(root):
        if _is_excused(node):
            continue
        n = lines_of(node.body, known | _own(module))
        if n != 1:
            breaches.append(f"{module.at(node)}: {node.name} writes {n or 'no'} lines into the ledger, not one")
    return breaches


def overwritten(root: Path) -> list[str]:
    """Views that write more than one line on any way through them."""
    known = names(root)
    return [
        f"{module.at(node)}: {node.name} writes {n} lines into the ledger"
        for module, node in views(root)
        if (n := lines_of(node.body, known)) > 1
    ]


def codes_recorded(root: Path) -> dict[str, str]:
    """Every act that is written down by its code, with one place where it is."""
    found = {}
    for module in modules(root):
        own = _own(module)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in WRITES or name in own:
                found |= {code: module.at(node) for code in _codes(node)}
            elif name == "door" and any(getattr(each, "value", "") == f"{LEDGER}.record" for each in node.args):
                found |= {code: module.at(node) for code in _texts(module.tree) if _is_act(code)}
        if module.name == LEDGER:
            found |= {code: str(module.path) for code in _texts(module.tree) if _is_act(code)}
    return found


def _codes(call: ast.Call) -> Iterator[str]:
    values = [*call.args[1:], *(each.value for each in call.keywords if each.arg == "action")]
    for value in values:
        yield from (text for text in _texts(value) if _is_act(text))


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _is_act(text: str) -> bool:
    room, dot, act = text.partition(".")
    return bool(dot) and room.isidentifier() and act.replace("-", "").isalpha() and text.islower()


def wordless(root: Path) -> list[str]:
    """Acts that are written down without words for them, in English and Thai."""
    words = _words(root)
    return [
        f"{at}: {code} has no words in reference/acts.toml"
        for code, at in sorted(codes_recorded(root).items())
        if not all(words.get(code, {}).get(language) for language in ("en", "th"))
    ]


def never_recorded(root: Path) -> list[str]:
    """Words for acts that nobody writes down."""
    known = {text for module in modules(root) for text in _texts(module.tree)}
    return [f"reference/acts.toml: nobody writes {code} down" for code in sorted(set(_words(root)) - known)]


def _words(root: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads((root / "reference/acts.toml").read_text(encoding="utf-8"))


LAWS = {
    "every action writes one line": unwritten,
    "no view writes two": overwritten,
    "every act has its words": wordless,
    "no words are left over": never_recorded,
}

GOOD = {
    "reference/acts.toml": '["room.done"]\nen = "Done"\nth = "ทำแล้ว"\n',
    "src/sarana/room/actions.py": '''"""Acts."""
def do(actor, thing):
    """Do."""
    if thing:
        return record(actor, "room.done")
    thing.save()
    record(actor, "room.done")
def do_by_another_door(actor, thing):
    """Do."""
    return do(actor, thing)
def do_with_help(actor):
    """Do."""
    _record(actor, "room.done")
def _record(actor, code):
    record(actor, code)
def look(actor):
    """Look. Not written down: it shows nothing of anybody."""
''',
    "src/sarana/room/views.py": '"""Views."""\ndef show(request):\n    """Show."""\n    do(request.actor, 1)\n',
}

ACT = '"""Acts."""\ndef do(actor):\n    """Do."""\n'
BREAKS = {
    "every action writes one line": [
        {"src/sarana/room/actions.py": f"{ACT}    save()\n"},
        {"src/sarana/room/actions.py": f'{ACT}    record(actor, "room.done")\n    record(actor, "room.done")\n'},
        {"src/sarana/room/actions.py": f'{ACT}    for each in all():\n        record(actor, "room.done")\n'},
        {"src/sarana/room/actions.py": f'{ACT}    return [record(actor, "room.done") for each in all()]\n'},
        {"src/sarana/room/actions/doing.py": f"{ACT}    save()\n"},
    ],
    "no view writes two": [
        {"src/sarana/room/views.py": '"""V."""\ndef v(request):\n    """V."""\n    do(actor)\n    record(actor, "x")\n'}
    ],
    "every act has its words": [
        {"src/sarana/room/more.py": 'record(actor, "room.undone")\n'},
        {"src/sarana/room/more.py": 'record_opening(actor, kind, ref, action="room.seen" if one else "room.done")\n'},
    ],
    "no words are left over": [
        {"reference/acts.toml": GOOD["reference/acts.toml"] + '["room.never"]\nen = "Never"\nth = "ไม่เคย"\n'}
    ],
}


@pytest.mark.check("G-03")
@pytest.mark.parametrize("law", LAWS)
def test_g_03_every_act_is_one_line_with_words(house: Path, law: str) -> None:
    breaches = LAWS[law](house)
    assert not breaches, "\n" + "\n".join(breaches)


def test_the_walk_finds_the_acts_of_the_house(house: Path) -> None:
    assert {"give_role", "invite", "make_agency"} <= names(house)
    assert len(list(views(house))) > 5


@pytest.mark.parametrize("law", LAWS)
def test_the_law_catches_acts_that_break_it(tmp_path: Path, law: str) -> None:
    for number, files in enumerate(BREAKS[law]):
        root = make(tmp_path / str(number), GOOD)
        assert [breach for check in LAWS.values() for breach in check(root)] == []
        make(root, files)
        assert LAWS[law](root) != [], files
