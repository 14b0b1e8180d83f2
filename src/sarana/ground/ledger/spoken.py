"""Keys and heads of the ledger as eight plain words, to be compared by eye or over a telephone, and as a picture.

The words stand for a hash: they prove that two papers hold the same, and from them no key can be reckoned.
"""

import base64
import hashlib
import io

import qrcode
from qrcode.image.svg import SvgPathImage

from sarana.ground.ledger.keys import SealKey
from sarana.methods.reference import read_reference

N_WORDS = 8


def words_of_key(first: SealKey) -> str:
    """The words of a verification key: the same as `sarana setup` showed when it was made."""
    return _words(b"sarana ledger key in words\0" + str(first.number).encode() + b"\0" + first.key)


def words_of_head(line: str) -> str:
    """The words of a head, as of one line that `sarana ledger head` prints."""
    return _words(b"sarana ledger head in words\0" + line.strip().encode())


def picture_of(line: str) -> str:
    """A head as a picture that a telephone or a scanner reads (QR), as SVG in base64."""
    drawn = io.BytesIO()
    qrcode.make(line.strip(), image_factory=SvgPathImage).save(drawn)
    return base64.b64encode(drawn.getvalue()).decode()


def _words(content: bytes) -> str:
    """Eight words of the list from which passphrases are drawn, by the hash of the content."""
    known = sorted(set(read_reference("passphrases.toml")["en"]["words"].split()))
    left, found = int.from_bytes(hashlib.sha256(content).digest()), []
    for _word in range(N_WORDS):
        left, place = divmod(left, len(known))
        found.append(known[place])
    return " ".join(found)
