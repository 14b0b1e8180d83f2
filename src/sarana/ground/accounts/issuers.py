"""Sign-in services of ministries (OpenID Connect) that this installation knows: named by its operator in a file.

`issuers.toml` lies in the folder of data, one table for each service; its secret lies in the folder of keys, as
`issuer-NAME.secret`. Where there is no such file nothing of this is shown, and no other machine is ever asked.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sarana.basics.errors import BadFile
from sarana.ground.accounts import keyed

FILE = "issuers.toml"
CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
MUST = frozenset({"issuer", "client_id", "name"})
MAY = frozenset({"name_th", "second_factor"})
LONGEST = 200
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """One service: its name in addresses, its own address, who we are to it, and what it is called.

    `second_factor` are the signs (`acr` or `amr`) by which it tells that a person showed two factors there; each agency
    says which of them it takes.
    """

    code: str
    url: str
    client_id: str
    secret: str
    name: str
    name_th: str
    second_factor: tuple[str, ...]

    def called(self, language: str) -> str:
        """Its name in a language."""
        return (language == "th" and self.name_th) or self.name


def secret_file(code: str) -> str:
    """The name of the file in which the secret of a service lies."""
    return f"issuer-{code}.secret"


def read_issuers(home: Path, keys: Path, *, is_for_work: bool) -> dict[str, Issuer]:
    """The services of this installation by their codes; none where there is no file.

    Raises:
        BadFile: ACCOUNTS-032 the file cannot be read, a table is not whole, an address is not HTTPS, a secret lacks.
    """
    path = home / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        found = {code: _issuer(code, table, keys, is_for_work=is_for_work) for code, table in tables.items()}
        _check_each_once(found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise BadFile(
            "ACCOUNTS-032",
            "The file of sign-in services cannot be used, or the secret of one is missing.",
            where=FILE,
            cure="See the page on sign-in services in the manual; `sarana check` says whether it is mended.",
        ) from err
    return found


def _check_each_once(found: Mapping[str, Issuer]) -> None:
    if len({issuer.url for issuer in found.values()}) != len(found):
        raise ValueError(FILE)


def _issuer(code: str, table: Mapping[str, Any], keys: Path, *, is_for_work: bool) -> Issuer:
    if not CODE.fullmatch(code) or set(table) - (MUST | MAY):
        raise ValueError(code)
    given = {name: str(table[name]).strip() for name in MUST}
    signs = table.get("second_factor", [])
    is_list = isinstance(signs, list) and all(isinstance(sign, str) and sign for sign in signs)
    if not is_list or not all(given.values()) or max(map(len, given.values())) > LONGEST:
        raise ValueError(code)
    secret = (keys / secret_file(code)).read_text("ascii").strip()
    if not secret or not is_safe(given["issuer"], is_for_work=is_for_work):
        raise ValueError(code)
    return Issuer(
        code=code,
        url=given["issuer"],
        client_id=given["client_id"],
        secret=secret,
        name=given["name"],
        name_th=str(table.get("name_th", "")).strip(),
        second_factor=tuple(signs),
    )


def is_safe(address: str, *, is_for_work: bool) -> bool:
    """True for an address under HTTPS; while developing, also for this machine itself."""
    parts = urlsplit(address)
    if parts.username or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (not is_for_work and parts.scheme == "http" and parts.hostname in LOOPBACK)


def subject_mark(issuer: Issuer, subject: str) -> str:
    """Under which mark somebody is found whom a service calls by this name."""
    return keyed.mark("issuer subject", issuer.url, subject)
