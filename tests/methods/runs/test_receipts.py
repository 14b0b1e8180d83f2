"""Receipts: every library on which a table may hang is named, so that nothing is taken over from another version."""

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from sarana.methods.runs.receipts import LIBRARIES, versions

NO_TABLE_HANGS_ON = {
    "argon2-cffi": "locks of keys",
    "cryptography": "seals",
    "pillow": "photographs",
    "pypinyin": "the search",
    "shamir-mnemonic": "shares of keys",
    "sqlcipher3": "the search",
    "tink": "seals",
}
"""Libraries of methods whose version changes no table, map or report of a run, each with what it is for."""


def test_every_library_of_methods_is_named_in_receipts_or_makes_no_table(house: Path) -> None:
    of_module, found = packages_distributions(), set()
    for path in (house / "src/sarana/methods").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            modules = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"sarana"}
            found |= {of_module[module][0].lower() for module in modules}
    assert found - NO_TABLE_HANGS_ON.keys() == set(LIBRARIES)
    assert set(LIBRARIES) <= versions().keys()
