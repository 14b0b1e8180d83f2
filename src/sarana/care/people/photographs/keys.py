"""The keys of sealed files, as they stand in a sealed tier of their person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from sarana.basics.errors import BadFile
from sarana.ground.vault.identities.actions.amending import Change


class FileKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key of each file, by its reference."""

    keys: dict[str, bytes] = {}


def key_of(values: Mapping[str, Any], ref: UUID) -> bytes:
    """The key of one file; empty where there is none.

    Raises:
        BadFile: PEOPLE-002 what was sealed is of another shape.
    """
    return _read(values).keys.get(str(ref), b"")


def with_key(ref: UUID, key: bytes) -> Change:
    """A change that adds the key of a file."""
    return lambda values: msgspec.to_builtins(FileKeys({**_read(values).keys, str(ref): key}))


def without(*refs: UUID) -> Change:
    """A change that takes keys away: what lies under them opens never again."""
    gone = {str(ref) for ref in refs}
    return lambda values: msgspec.to_builtins(
        FileKeys({ref: key for ref, key in _read(values).keys.items() if ref not in gone})
    )


def _read(values: Mapping[str, Any]) -> FileKeys:
    try:
        return msgspec.convert(dict(values), FileKeys)
    except msgspec.ValidationError as err:
        raise BadFile(
            "PEOPLE-002",
            "What was sealed of this person is not of the shape that this version knows.",
            cure="Tell the operator: it was sealed by a newer version, which has to be brought back.",
        ) from err
