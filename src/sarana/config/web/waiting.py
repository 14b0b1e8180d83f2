"""Waits until an address of this machine answers `ok`: python -m sarana.config.web.waiting ADDRESS."""

import sys
import time
import urllib.request
from urllib.error import URLError

SECONDS = 90
EVERY_SECONDS = 0.2
USAGE, LATE = 2, 1


def wait(address: str, seconds: float = SECONDS) -> bool:
    """True as soon as the address answers `ok`, False where it does not in time; only http to this machine."""
    if not address.startswith("http://127.0.0.1:"):
        raise ValueError(address)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.read() == b"ok":
                    return True
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(EVERY_SECONDS)
    return False


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(USAGE)
    sys.exit(0 if wait(sys.argv[1]) else LATE)
