"""Finds the reference data and the worked examples, in the wheel or in the checkout."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sarana.basics.errors import BadFile

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]


def reference_folder() -> Path:
    """The folder of reference data: `sarana/_reference` in the wheel, `reference` in the checkout.

    Raises:
        BadFile: REFERENCE-001 neither is there.
    """
    return _folder("reference")


def examples_folder() -> Path:
    """The folder of worked examples: `sarana/_examples` in the wheel, `examples` in the checkout.

    Raises:
        BadFile: REFERENCE-001 neither is there.
    """
    return _folder("examples")


def find_reference(name: str) -> Path:
    """The path of one reference file, such as `fields.toml` or `indicators/chiang-mai-28.toml`.

    Raises:
        BadFile: REFERENCE-001 the installation is not whole; REFERENCE-002 there is no such file.
    """
    path = reference_folder() / name
    if not path.is_file():
        raise BadFile(
            "REFERENCE-002",
            "This reference file is not part of the installation.",
            where=f"reference/{name}",
            cure="See that its name is right; if it is, install Sarana again.",
        )
    return path


@cache
def read_reference(name: str) -> dict[str, Any]:
    """The contents of one TOML file of the reference data; read once, not to be changed by the caller.

    Raises:
        BadFile: REFERENCE-001 and REFERENCE-002 as in `find_reference`; REFERENCE-003 the file is no TOML.
    """
    path = find_reference(name)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise BadFile(
            "REFERENCE-003",
            f"This reference file cannot be read: {err}.",
            where=f"reference/{name}",
            cure="Put the file right, or install Sarana again.",
        ) from err


def _folder(name: str) -> Path:
    """The one of the two places where a folder may be that is there."""
    for place in (PACKAGE / f"_{name}", CHECKOUT / name):
        if place.is_dir():
            return place
    raise BadFile(
        "REFERENCE-001",
        f"The folder '{name}' is not part of this installation.",
        cure="Install Sarana again from a whole wheel or a whole checkout.",
    )
