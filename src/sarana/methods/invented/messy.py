"""Files as they really arrive: another encoding, bare carriage returns, other headers, lost zeros, stray blanks."""

import re
from pathlib import Path


def make_messy(out: Path) -> None:
    """Spoil three of the sector files in ways that keep every value recoverable.

    Human security goes to TIS-620 with bare carriage returns; health gets small letters in its header, blanks after the
    village code and NATION without leading zeros; family welfare gets a byte order mark and CRLF.
    """
    case = out / "human_security.csv"
    case.write_bytes(case.read_bytes().decode("utf-8").replace("\n", "\r").encode("cp874"))
    health = out / "health.csv"
    header, _, body = health.read_bytes().decode("utf-8").partition("\n")
    body = re.sub(r",0(99|00),([12]),", r",\1,\2,", body)
    body = re.sub(r"^((?:[^,\n]*,){8}\d{8}),", r"\1 ,", body, flags=re.MULTILINE)
    health.write_bytes(f"{header.lower()}\n{body}".encode())
    welfare = out / "family_welfare.csv"
    welfare.write_bytes(b"\xef\xbb\xbf" + welfare.read_bytes().replace(b"\n", b"\r\n"))


def make_old_fashioned(out: Path) -> None:
    """Write the family logbook in the Thai code page, and the survey's set of 31 with a byte order mark and CRLF."""
    logbook = out / "msdhs_logbook.csv"
    logbook.write_bytes(logbook.read_bytes().decode("utf-8").encode("cp874"))
    for path in (out / "bmn31_person.csv", out / "bmn31_household.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
