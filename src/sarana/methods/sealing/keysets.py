"""The one door to Tink: keysets that are made, rotated and put into words, and the sealing that they do.

Nothing here invents cryptography. AES in GCM seals small things, the same in segments of a mebibyte seals streams,
and HPKE (X25519, HKDF-SHA256, AES in GCM) seals for somebody of whom only the public half is known.
"""

import contextlib
import io
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any, BinaryIO, Self, cast

import tink
from tink import aead, hybrid, json_proto_keyset_format, secret_key_access, streaming_aead

from sarana.basics.errors import Refused
from sarana.methods.sealing.labels import Label

aead.register()
hybrid.register()
streaming_aead.register()

CHUNK = 1 << 20

_SMALL = aead.aead_key_templates.AES256_GCM
_STREAM = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
_PAIR = hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM


class Keyset:
    """Keys of one kind, of which the first seals and all open; it never shows what it holds."""

    _template = _SMALL

    def __init__(self, handle: tink.KeysetHandle) -> None:
        self._handle = handle

    def __repr__(self) -> str:
        """Which keys, never the keys."""
        return f"<{type(self).__name__} of {len(self.key_ids())} keys>"

    @classmethod
    def new(cls) -> Self:
        """A keyset of one fresh key."""
        return cls(tink.new_keyset_handle(cls._template))

    @classmethod
    def from_words(cls, words: str) -> Self:
        """The keyset that `words` gave.

        Raises:
            ValueError: the words are no such keyset.
        """
        try:
            handle = json_proto_keyset_format.parse(words, secret_key_access.TOKEN)
        except tink.TinkError as err:
            raise ValueError("no keyset") from err
        return cls(handle)

    def words(self) -> str:
        """The keyset itself, as JSON: a secret, to be sealed at once."""
        return str(json_proto_keyset_format.serialize(self._handle, secret_key_access.TOKEN))

    def key_ids(self) -> tuple[int, ...]:
        """The numbers of its keys, the one that seals last."""
        info = self._handle.keyset_info()
        return (*(k.key_id for k in info.key_info if k.key_id != info.primary_key_id), info.primary_key_id)

    def rotated(self) -> Self:
        """The same with a fresh key that seals from now on; what the others sealed still opens.

        Tink for Python cannot rotate: the keysets are put together as JSON, and the first key is moved.
        """
        fresh = json.loads(type(self).new().words())
        old = json.loads(self.words())
        if fresh["primaryKeyId"] in {key["keyId"] for key in old["key"]}:
            return self.rotated()
        merged = {"primaryKeyId": fresh["primaryKeyId"], "key": [*old["key"], *fresh["key"]]}
        return type(self).from_words(json.dumps(merged))

    def without(self, key_id: int) -> Self:
        """The same without one of its keys, which is not the one that seals."""
        old = json.loads(self.words())
        kept = [key for key in old["key"] if key["keyId"] != key_id]
        return type(self).from_words(json.dumps({"primaryKeyId": old["primaryKeyId"], "key": kept}))


class SmallKeys(Keyset):
    """Keys that seal small things: other keys, fields."""

    def seal(self, data: bytes, label: Label) -> bytes:
        """Seal some bytes under their label."""
        return bytes(self._handle.primitive(aead.Aead).encrypt(data, label.data()))

    def open(self, sealed: bytes, label: Label) -> bytes:
        """What was sealed under this very label.

        Raises:
            Refused: VAULT-001 it was changed, or is another's, or was sealed with another key.
        """
        with _refused(label.name):
            return bytes(self._handle.primitive(aead.Aead).decrypt(sealed, label.data()))


class StreamKeys(Keyset):
    """Keys that seal streams of any length."""

    _template = _STREAM

    @contextlib.contextmanager
    def sealing(self, target: BinaryIO, label: Label) -> Iterator[BinaryIO]:
        """A stream to write to, which is sealed into the target; the target stays open, and is whole at the end.

        Raises:
            OSError: the target cannot be written, as on a full disk: Tink would tell of it in words of its own.
        """
        kept = _Kept(target)
        primitive = self._handle.primitive(streaming_aead.StreamingAead)
        with kept.telling_faults(), primitive.new_encrypting_stream(kept, label.data()) as stream:
            sealing = _Sealing(stream, kept)
            try:
                yield cast("BinaryIO", sealing)
            finally:
                sealing.let_go()

    def opened(self, source: BinaryIO, label: Label) -> Iterator[bytes]:
        """What was sealed, piece by piece: nothing of it may be used before the last piece came.

        Raises:
            Refused: VAULT-001 it was changed or cut, or is another's, or was sealed with another key.
        """
        with _refused(label.name):
            primitive = self._handle.primitive(streaming_aead.StreamingAead)
            with primitive.new_decrypting_stream(_Kept(source), label.data()) as stream:
                while piece := stream.read(CHUNK):
                    yield piece


class PairKeys(Keyset):
    """The private halves of key pairs: open what others sealed for their holder."""

    _template = _PAIR

    def public(self) -> "PublicKeys":
        """The halves that others may know."""
        return PublicKeys(self._handle.public_keyset_handle())

    def open(self, sealed: bytes, label: Label) -> bytes:
        """What was sealed for the holder under this very label.

        Raises:
            Refused: VAULT-001 it was changed, or is for somebody else.
        """
        with _refused(label.name):
            return bytes(self._opener.decrypt(sealed, label.data()))

    @cached_property
    def _opener(self) -> hybrid.HybridDecrypt:
        return self._handle.primitive(hybrid.HybridDecrypt)


class PublicKeys:
    """The public halves: whoever has them can seal for the holder, and open nothing."""

    def __init__(self, handle: tink.KeysetHandle) -> None:
        self._handle = handle

    @classmethod
    def from_words(cls, words: str) -> Self:
        """The public keys that `words` gave.

        Raises:
            ValueError: the words are none.
        """
        try:
            return cls(json_proto_keyset_format.parse_without_secret(words))
        except tink.TinkError as err:
            raise ValueError("no public keyset") from err

    def words(self) -> str:
        """As JSON without line breaks."""
        return json.dumps(json.loads(json_proto_keyset_format.serialize_without_secret(self._handle)))

    def seal(self, data: bytes, label: Label) -> bytes:
        """Seal some bytes for the holder of the private halves."""
        return bytes(self._handle.primitive(hybrid.HybridEncrypt).encrypt(data, label.data()))


class _Kept:
    """A stream that Tink may close without closing the one below it."""

    def __init__(self, below: BinaryIO) -> None:
        self._below = below
        self.closed = False
        self.fault: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        return self._below.read(size)

    def write(self, data: bytes) -> int:
        try:
            return self._below.write(data)
        except OSError as err:
            self.fault = err
            raise

    @contextlib.contextmanager
    def telling_faults(self) -> Iterator[None]:
        """What the system said of the stream below, in place of what Tink makes of it."""
        try:
            yield
        except tink.TinkError:
            if self.fault is None:
                raise
            raise self.fault from None

    def readable(self) -> bool:
        return self._below.readable()

    def writable(self) -> bool:
        return self._below.writable()

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        self._below.flush()

    def close(self) -> None:
        self.closed = True


@contextlib.contextmanager
def _refused(name: str) -> Iterator[None]:
    """Tink tells why only in words of its own; to us all of them are one: it does not open."""
    try:
        yield
    except tink.TinkError as err:
        raise Refused(
            "VAULT-001",
            "What was sealed does not open: it was changed or cut, put in another's place, or sealed with other keys.",
            where=name,
            cure="Bring it back from a backup, or open it with the keys of the organisation that sealed it.",
        ) from err


class _Sealing(io.RawIOBase):
    """A stream that is sealed, and tells of a disk what the system says of it."""

    def __init__(self, stream: BinaryIO, kept: _Kept) -> None:
        super().__init__()
        self._stream: BinaryIO | None = stream
        self._below = kept

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._stream is None:
            raise ValueError("this stream ended")
        with self._below.telling_faults():
            return self._stream.write(data)

    def close(self) -> None:
        if not self.closed and self._stream is not None:
            with self._below.telling_faults():
                self._stream.close()
        super().close()

    def let_go(self) -> None:
        """Nothing is written through it any more, nor when it is forgotten: whoever opened the stream has ended it."""
        self._stream = None
