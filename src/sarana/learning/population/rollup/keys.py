"""The key with which this installation signs: made when it is first needed, beside the keys of the organisation."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from sarana.basics.errors import BadFile
from sarana.ground.vault import places
from sarana.methods.population.package.keys import SigningFile, make_signing_file, open_signing_file, read_signing_file
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.organisation import OrganisationKeys
from sarana.methods.sealing.signing import SigningKey
from sarana.methods.sealing.store import STORE, KeyStore

NAME = "hand-over.key"
"""Files that end so go along in every backup of the key folder."""


def find_pair() -> SigningFile | None:
    """The pair, its private half sealed; None where none was made.

    Raises:
        BadFile: POPULATION-081 it is not whole, or cannot be read.
    """
    try:
        return read_signing_file(_path().read_bytes(), NAME)
    except FileNotFoundError:
        return None
    except OSError as err:
        raise _shut() from err


def get_pair(today: dt.date) -> SigningFile:
    """The pair, made where there is none; two who need it at once get the same.

    Raises:
        NotYet: VAULT-002 the organisation has no keys.
        BadFile: POPULATION-081 it is not whole, or cannot be written.
    """
    found = find_pair()
    if found is not None:
        return found
    to = places.get_keyset()
    with KeyStore(Path(settings.SARANA_KEYS) / STORE).changing():
        found = find_pair()
        if found is None:
            found = make_signing_file(to, today=today)
            try:
                write_whole(_path(), found.to_json())
            except OSError as err:
                raise _shut() from err
    return found


def signing(today: dt.date, unlocked: Callable[[], OrganisationKeys] = places.unlocked) -> SigningKey:
    """The private half, opened by the key file, or as `unlocked` opens it.

    Raises:
        NotYet: VAULT-002 there are no keys; VAULT-031 they open only for a person.
        BadFile: POPULATION-081 the pair was changed.
    """
    return open_signing_file(get_pair(today), unlocked(), NAME)


def _path() -> Path:
    return Path(settings.SARANA_KEYS) / NAME


def _shut() -> BadFile:
    return BadFile(
        "POPULATION-081",
        "The key with which this installation signs cannot be read or written.",
        where=NAME,
        cure="Tell the operator: the key folder has to belong to the account of the service.",
    )
