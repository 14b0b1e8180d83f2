"""Static files: the browser's libraries that the build fetched, and addresses that change with what a file holds."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

FOLDER = "fetched"
PLACE = Path(__file__).resolve().parent / "static" / FOLDER


def find_fetched(name: str) -> str:
    """The static name of a fetched file, such as `fetched/0709eea719ec/fonts/fonts.css`; "" where it was not fetched."""
    folder = _folder()
    return f"{FOLDER}/{folder.name}/{name}" if folder and (folder / name).is_file() else ""


def fetched_path(name: str) -> Path | None:
    """Where a fetched file lies on disk."""
    folder = _folder()
    return folder / name if folder and (folder / name).is_file() else None


@cache
def _folder() -> Path | None:
    """The one folder that the build left, named after the lock."""
    return next((path for path in sorted(PLACE.glob("*")) if path.is_dir() and path.name != "part"), None)


class VersionedStorage(StaticFilesStorage):
    """Adds to each address a mark of what the file holds, so that browsers may keep it for a year."""

    def url(self, name: str | None) -> str:
        """The address of a static file."""
        address = super().url(name)
        mark = (_mark_now if settings.DEBUG else _mark)(name or "")
        return f"{address}?v={mark}" if mark else address


def _mark_now(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else ""


_mark = cache(_mark_now)
