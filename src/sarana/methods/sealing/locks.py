"""Locks: the ways in which an organisation's keys are opened, each alone or two together.

A lock is a key pair. Its private half is sealed with what its holder knows or has; to its public half the root key of
the keyset is sealed. So the root key can be changed without asking every holder, and a holder can be shut out.
"""

import hashlib
import math
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sarana.basics.errors import BadFile, BadSetting, Refused
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.keysets import PairKeys, PublicKeys
from sarana.methods.sealing.labels import Label, joined
from sarana.methods.sealing.spelling import spelled, unspelled

PASSPHRASE, KEY_FILE, KEYRING, SHARES, KEY_SERVER = WAYS = (
    "passphrase",
    "key file",
    "keyring",
    "shares",
    "key server",
)

SECRET_BYTES = 32
NONCE_BYTES = 12

SLOW_SECONDS = 0.5
"""So many CPU seconds one try of a passphrase takes on the machine that made the lock; three tenths are the least."""

MEMORY_KIB = 65_536
MOST_MEMORY_KIB, MOST_ROUNDS = 1_048_576, 64
"""No lock of ours asks for more; one that does was changed to choke the machine."""

LEAST_SIGNS = 15

KEY_FILE_HEAD = "sarana key file 1"

_one_at_a_time = threading.Lock()
"""Fifty sign-ins at once must not take fifty times the memory."""


class Slowness(msgspec.Struct, frozen=True):
    """How much work one try of a passphrase is (Argon2id)."""

    rounds: int = 3
    memory_kib: int = MEMORY_KIB
    lanes: int = 1


class Lock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way in, as it stands in the keyset file; nothing in it is readable without what it needs.

    `served` is the secret of a key server as that server sealed it; a lock without one is written as it ever was.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    salt: str
    slowness: Slowness
    private: str
    public: str
    root: str = ""
    served: str = ""


def make_lock(name: str, given: Mapping[str, bytes], organisation: str, slowness: Slowness | None = None) -> Lock:
    """A lock that opens by all that is given: one way, or two together.

    Args:
        name: what people call it: whose it is.
        given: secrets by their way; a passphrase as its bytes.
        organisation: whose keys it opens.
        slowness: how much work a try is; measured on this machine unless said.
    """
    work = slowness or (calibrated() if PASSPHRASE in given else Slowness())
    lock_id, salt, pair = secrets.token_hex(8), secrets.token_bytes(16), PairKeys.new()
    needs = tuple(way for way in WAYS if way in given)
    key = _key(given, needs, salt, work)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, pair.words().encode(), _label(organisation, lock_id).data())
    return Lock(
        id=lock_id,
        name=name,
        needs=needs,
        salt=spelled(salt),
        slowness=work,
        private=spelled(sealed),
        public=pair.public().words(),
    )


def with_served(lock: Lock, served: str) -> Lock:
    """The lock with its secret as a key server sealed it."""
    return msgspec.structs.replace(lock, served=served)


def server_place(organisation: str, lock_id: str) -> bytes:
    """To what a key server binds the secret of a lock, so that it opens in no other one's place."""
    return Label("key server", organisation, lock_id).data()


def wrap_root(lock: Lock, root: bytes, organisation: str) -> Lock:
    """The lock with the root key sealed to it."""
    sealed = PublicKeys.from_words(lock.public).seal(root, _label(organisation, lock.id))
    return msgspec.structs.replace(lock, root=spelled(sealed))


def open_lock(lock: Lock, given: Mapping[str, bytes], organisation: str) -> bytes:
    """The root key.

    Raises:
        Refused: VAULT-004 what was given is not what the lock was made with.
        BadFile: VAULT-007 the lock itself was changed.
    """
    try:
        sealed = unspelled(lock.private)
        key = _key(given, lock.needs, unspelled(lock.salt), lock.slowness)
        words = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _label(organisation, lock.id).data())
        wrapped = unspelled(lock.root)
        return PairKeys.from_words(words.decode()).open(wrapped, _label(organisation, lock.id))
    except InvalidTag as err:
        raise Refused(
            "VAULT-004",
            f"The {' and the '.join(lock.needs)} do not open this lock." if len(lock.needs) > 1
            else f"The {lock.needs[0]} given does not open this lock.",
            where=lock.name,
            cure="Try again, or open with another lock: `sarana keys show` names them.",
        ) from err  # fmt: skip
    except (ValueError, IndexError) as err:
        raise BadFile(
            "VAULT-007", "This lock of the keyset was changed.", where=lock.name, cure="Bring the key folder back."
        ) from err


def check_passphrase(phrase: str) -> bytes:
    """A passphrase as a lock takes it.

    Raises:
        BadSetting: VAULT-011 it is too short, or of too few different signs.
    """
    if len(phrase) < LEAST_SIGNS or len(set(phrase)) < LEAST_SIGNS // 2:
        raise BadSetting(
            "VAULT-011",
            f"A passphrase has at least {LEAST_SIGNS} signs, and not the same few again and again.",
            cure="Take several words that have nothing to do with each other; leave it empty to be given some.",
        )
    return phrase_bytes(phrase)


def phrase_bytes(phrase: str) -> bytes:
    """A passphrase as it counts: the same words typed in another way (composed signs, more blanks) are the same."""
    return " ".join(unicodedata.normalize("NFKC", phrase).split()).encode()


def make_key_file(path: Path) -> bytes:
    """Write a fresh key file, mode 0600; gives its secret.

    Raises:
        BadFile: VAULT-006 a file is there already, or it cannot be written.
    """
    if path.exists():
        raise BadFile("VAULT-006", "There is a file already.", where=str(path), cure="Name another place.")
    secret = secrets.token_bytes(SECRET_BYTES)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, f"{KEY_FILE_HEAD}\n{secret.hex()}\n{_check(secret)}\n".encode())
    except OSError as err:
        raise BadFile("VAULT-006", "The key file cannot be written.", where=str(path), cure="See the place.") from err
    return secret


def read_key_file(path: Path) -> bytes:
    """The secret in a key file.

    Raises:
        BadFile: VAULT-006 it is missing, or not whole.
    """
    try:
        head, secret, check = path.read_text("ascii").split("\n")[:3]
        found = bytes.fromhex(secret)
        is_whole = head == KEY_FILE_HEAD and len(found) == SECRET_BYTES and check == _check(found)
    except (OSError, ValueError):
        is_whole = False
    if not is_whole:
        raise BadFile(
            "VAULT-006",
            "The key file is missing or not whole.",
            where=str(path),
            cure="Put the stick in that it lies on, see SARANA_KEYFILE, or open with another lock.",
        )
    return found


def calibrated(clock: Callable[[], float] = time.process_time) -> Slowness:
    """As many rounds as make one try slow enough on this machine, at the quickest that it was found to be."""
    quickest = math.inf
    for _ in range(3):
        start = clock()
        _hash(b"a try", b"sixteen bytes ok", Slowness())
        quickest = min(quickest, clock() - start)
    took = max(quickest, 0.001)
    rounds = min(max(5, round(3 * SLOW_SECONDS / took + 0.5)), MOST_ROUNDS)
    return Slowness(rounds=rounds)


def _key(given: Mapping[str, bytes], needs: tuple[str, ...], salt: bytes, work: Slowness) -> bytes:
    parts = [_hash(given[way], salt, work) if way == PASSPHRASE else given[way] for way in needs]
    info = joined(b"sarana lock", *(way.encode() for way in needs))
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(joined(*parts))


def _hash(phrase: bytes, salt: bytes, work: Slowness) -> bytes:
    if not (0 < work.memory_kib <= MOST_MEMORY_KIB and 0 < work.rounds <= MOST_ROUNDS and work.lanes == 1):
        raise ValueError(work)
    with _one_at_a_time:
        return hash_secret_raw(phrase, salt, work.rounds, work.memory_kib, work.lanes, 32, Type.ID)


def _label(organisation: str, lock_id: str) -> Label:
    return Label("lock", organisation, lock_id)


def _check(secret: bytes) -> str:
    """Eight signs by which a slip is seen; they tell nothing of the secret."""
    return hashlib.sha256(b"sarana key file check" + secret).hexdigest()[:8]
