"""The archive around it: one spelling for each content, so that a byte that was changed anywhere is seen.

Members are stored, not squeezed: nothing can unfold to more than what came, and all tools write the same.
"""

import io
import zipfile
from collections.abc import Mapping

from sarana.basics.errors import BadFile
from sarana.methods.population.package.form import MEMBERS, MOST_BYTES

DATE = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o100600 << 16
BAD = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError, EOFError, OSError, IndexError)
"""What the library says of an archive that is none, or of one that was made to harm."""


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The same bytes from the same members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in MEMBERS:
            one = zipfile.ZipInfo(name, DATE)
            one.create_system, one.external_attr = UNIX, PLAIN_FILE
            archive.writestr(one, members[name])
    return out.getvalue()


def read_archive(content: bytes) -> Mapping[str, bytes]:
    """The members, by name: all of them and nothing else, each once, as `write_archive` writes them.

    Raises:
        BadFile: POPULATION-070 it is no such archive, or did not come whole; POPULATION-071 it was changed;
            POPULATION-074 a member is missing, or one is foreign or there twice.
    """
    if len(content) > MOST_BYTES:
        raise _none_of_ours(f"{MOST_BYTES:,} bytes at most")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        found = archive.infolist()
    except BAD as err:
        raise _none_of_ours() from err
    names = [one.filename for one in found]
    if sorted(names) != sorted(MEMBERS):
        raise _not_these(names)
    if any(one.compress_type != zipfile.ZIP_STORED or one.file_size > len(content) for one in found):
        raise changed()
    try:
        members = {one.filename: archive.read(one) for one in found}
    except BAD as err:
        raise changed() from err
    if write_archive(members) != content:
        raise changed()
    return members


def changed(where: str = "") -> BadFile:
    """What is said of a file that is not what was signed."""
    return BadFile(
        "POPULATION-071",
        "The file was changed after the province signed it, or came damaged; nothing of it was taken in.",
        where=where,
        cure="Ask the province to send the file once more, by a way that leaves it as it is. If it happens again, let "
        "both sides compare the digits of the key.",
    )


def _none_of_ours(where: str = "") -> BadFile:
    return BadFile(
        "POPULATION-070",
        "This is no file that a province hands over, or it did not come whole.",
        where=where,
        cure="Choose the ZIP file as the province sent it, unopened and not packed again, and send it once more.",
    )


def _not_these(names: list[str]) -> BadFile:
    missing, foreign = set(MEMBERS) - set(names), set(names) - set(MEMBERS)
    told = [f"{len(missing)} missing" if missing else "", f"{len(foreign)} foreign" if foreign else ""]
    return BadFile(
        "POPULATION-074",
        "A part of the file is missing, or there is one in it that does not belong there.",
        where=", ".join(filter(None, told)) or "one part is there twice",
        cure="Ask the province to make the file anew, and to send it unopened.",
    )
