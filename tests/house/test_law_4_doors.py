"""Law 4: only a room's queries, actions, models and jobs ask the database; everybody else goes through those doors."""

import ast
from pathlib import Path

import pytest

from house.walking import make, modules

DOORS = frozenset({"queries", "actions", "models", "jobs", "migrations"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})


def around_the_doors(root: Path) -> list[str]:
    """Places outside the doors that reach for a model's rows; a module named as a door may be a folder too."""
    return [
        f"{module.at(node)}: asks for rows; let a door of the room do it"
        for module in modules(root)
        if not DOORS & set(module.name.split("."))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]


def test_only_the_doors_ask_for_rows(house: Path) -> None:
    assert around_the_doors(house) == []
    inside = [module for module in modules(house) if DOORS & set(module.name.split(".")) and ".objects." in module.text]
    assert len(inside) > 10, "nothing was found, so nothing was proved"


@pytest.mark.parametrize("name", ["views", "views/me", "forms", "policy", "partners", "querying"])
@pytest.mark.parametrize("manager", sorted(MANAGERS))
def test_the_law_catches_whoever_goes_around_the_doors(tmp_path: Path, name: str, manager: str) -> None:
    rows = f'"""Rows."""\ndef rows():\n    """Rows."""\n    return Person.{manager}.all()\n'
    good = {f"src/sarana/room/{door}.py": rows for door in ("queries", "models/people", "actions", "migrations/0001_x")}
    make(tmp_path, good)
    assert around_the_doors(tmp_path) == []
    make(tmp_path, {f"src/sarana/room/{name}.py": rows})
    assert [breach.split(":")[0] for breach in around_the_doors(tmp_path)] == [f"src/sarana/room/{name}.py"]
