"""How a run gets memory from the system for its large columns."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST, _SPARE = 1 << 30, 1 << 28


def widen_heap() -> bool:
    """Let columns of up to a GiB be made where others were, as smaller ones are; whether the system can do that.

    What is larger than 32 MiB the C library fetches from the system each time, which clears it first: of ten provinces
    two fifths of the time of the index went there. A step gives back at its end what it held, as before. Elsewhere than
    with glibc nothing is changed; nor are other programs than runs, who hold no such columns.
    """
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    return bool(libc.mallopt(_MMAP_THRESHOLD, _LARGEST) and libc.mallopt(_TRIM_THRESHOLD, _SPARE))
