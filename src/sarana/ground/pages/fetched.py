"""Where the browser's libraries lie that the build fetched."""

from functools import cache
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

FOLDER = "fetched"
PLACE = Path(__file__).resolve().parent / "static" / FOLDER


def find_fetched(name: str) -> str:
    """The static name of a fetched file, such as `fetched/0709eea719ec/fonts/fonts.css`; "" where there is none."""
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


class PackedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files under names that change with what they hold, packed once when an installation is set up.

    With gzip alone: brotli saves a sixth of a map's library, and takes half a minute of every set-up for it.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Packs quickly."""
        return Compressor(**kwargs, use_brotli=False)
