"""Reads every page of a sealed file of SQLite and of its log, also where nothing points to it: what was not wiped."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, SALT, WAL_HEAD, FRAME_HEAD, VECTOR = 4096, 80, 16, 32, 24, 16
"""SQLCipher 4: pages, what it keeps at the end of each, the salt of the first; and heads of the log and its frames."""

TAILS = ("", "-wal", "-journal")


def as_its_key_shows_it(path: Path, key: bytes) -> bytes:
    """Every page of a sealed file and of what lies beside it, opened one by one, whether or not it is in use."""
    return b"\0".join(page for each in _beside(path) for page in _opened(each.read_bytes(), key, each.name))


def _beside(path: Path) -> list[Path]:
    return [each for tail in TAILS if (each := path.with_name(f"{path.name}{tail}")).is_file()]


def _opened(data: bytes, key: bytes, name: str) -> list[bytes]:
    is_log = name.endswith("-wal")
    at, step = (WAL_HEAD + FRAME_HEAD, FRAME_HEAD + PAGE) if is_log else (0, PAGE)
    pages = []
    for start in range(at, len(data) - PAGE + 1, step):
        number = int.from_bytes(data[start - FRAME_HEAD : start - FRAME_HEAD + 4]) if is_log else start // PAGE + 1
        pages.append(_page(data[start : start + PAGE], key, SALT if number == 1 else 0))
    return pages


def _page(page: bytes, key: bytes, skipped: int) -> bytes:
    vector = page[PAGE - RESERVED : PAGE - RESERVED + VECTOR]
    opens = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return opens.update(page[skipped : PAGE - RESERVED]) + opens.finalize()
