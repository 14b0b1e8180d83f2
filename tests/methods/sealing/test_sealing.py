import io
import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.counted import Counted
from methods.sealing.making import some_keys
from sarana.basics.errors import Refused
from sarana.methods.sealing.fields import STEP, field_label, open_field, seal_field
from sarana.methods.sealing.files import MAGIC, open_stream, seal_stream
from sarana.methods.sealing.keysets import CHUNK, PairKeys, SmallKeys, StreamKeys
from sarana.methods.sealing.labels import Label, joined

KEPT_SMALL = (
    '{"primaryKeyId": 1874868929, "key": [{"keyData": {"typeUrl": "type.googleapis.com/google.crypto.tink'
    '.AesGcmKey", "value": "GiAwzPL82tSF+Q5hQQNu94Tl/TOldOzuPi+VorWYrE8nbQ==", "keyMaterialType": "SYMMET'
    'RIC"}, "status": "ENABLED", "keyId": 1874868929, "outputPrefixType": "TINK"}]}'
)
KEPT_FIELD = (
    "016fc03ac1438aa783841ad74312e928a7c4f34c2181a38aa8de990fc10718a0382532e380f95909825cd5fc4ed9c12107f6"
    "e3c1238d0145f063cd6fb63d15feeb88a23ad76153dd3eff8128fd4e7441ecdbc75c24fcd0d30fbce4b635664b5b1c"
)
KEPT_STREAM = (
    '{"primaryKeyId": 1014653757, "key": [{"keyData": {"typeUrl": "type.googleapis.com/google.crypto.tink'
    '.AesGcmHkdfStreamingKey", "value": "EggIgIBAECAYAxogZQOXFD41Pfky50LiTmIFcr3Ft8aGnbVZ8pMVkANb0iA=", "'
    'keyMaterialType": "SYMMETRIC"}, "status": "ENABLED", "keyId": 1014653757, "outputPrefixType": "RAW"}'
    "]}"
)
KEPT_FILE = (
    "282913fcd979910ccf2d13d2f88042e63389460aa20817677de330a87be0a1ef53834821eb73ebe01053f11f96dc9c84257e"
    "44282d7de1a5801f1d0201646c46d992996c18ac66855101cd27"
)

OURS = Label("run file", "run-a", "people.parquet")
STREAM, SMALL = StreamKeys.new(), SmallKeys.new()


def sealed(data: bytes, label: Label = OURS, keys: StreamKeys = STREAM) -> bytes:
    target = io.BytesIO()
    seal_stream(io.BytesIO(data), target, keys, label)
    return target.getvalue()


def opened(data: bytes, label: Label = OURS, keys: StreamKeys = STREAM) -> bytes:
    target = io.BytesIO()
    open_stream(io.BytesIO(data), target, keys, label)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 100, CHUNK, 2 * CHUNK + 7])
def test_a_file_of_any_size_comes_back_as_it_was_and_shows_nothing(size: int) -> None:
    data = random.Random(size).randbytes(size)
    kept = sealed(data)
    assert opened(kept) == data
    assert size < 100 or data[:50] not in kept


@pytest.mark.check("K-02")
def test_k_02_every_flipped_bit_of_a_sealed_file_is_refused(counted: Counted) -> None:
    draw = random.Random(2)
    kept = sealed(draw.randbytes(3 * CHUNK))
    places = [
        *range(len(MAGIC) + 60),
        len(kept) - 1,
        *(draw.randrange(len(kept)) for _ in range(counted("flips in files", 5_000))),
    ]
    for place in places:
        broken = bytearray(kept)
        broken[place] ^= 1 << draw.randrange(8)
        with pytest.raises(Refused, match="VAULT-001"):
            opened(bytes(broken))


@pytest.mark.check("K-02")
def test_k_02_every_flipped_bit_of_a_sealed_field_is_refused(counted: Counted) -> None:
    label = field_label("org", "person", "ref", "name", 1)
    kept = seal_field("Somchai", SMALL, label)
    draw = random.Random(3)
    flips = [*range(len(kept) * 8), *(draw.randrange(len(kept) * 8) for _ in range(counted("flips in fields", 5_000)))]
    for bit in flips:
        broken = bytearray(kept)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused, match="VAULT-001"):
            open_field(bytes(broken), SMALL, label)


def test_a_file_cut_anywhere_is_refused_and_so_is_one_with_something_added() -> None:
    kept = sealed(random.Random(4).randbytes(2 * CHUNK + 50))
    for length in [0, 5, len(MAGIC), len(MAGIC) + 20, CHUNK, CHUNK + len(MAGIC), 2 * CHUNK + 21, len(kept) - 1]:
        with pytest.raises(Refused, match="VAULT-001"):
            opened(kept[:length])
    with pytest.raises(Refused, match="VAULT-001"):
        opened(kept + b"x")


@pytest.mark.check("K-03")
def test_k_03_nothing_opens_in_anothers_place() -> None:
    labels = [
        Label(kind, owner, name, version)
        for kind, owner, name, version in itertools.product("ab", ("x", "y"), ("n", "m"), (1, 2))
    ]
    fields = {label: SMALL.seal(b"a value", label) for label in labels}
    files = {label: sealed(b"a value", label) for label in labels}
    for own, other in itertools.permutations(labels, 2):
        with pytest.raises(Refused, match="VAULT-001"):
            SMALL.open(fields[own], other)
        with pytest.raises(Refused, match="VAULT-001"):
            opened(files[own], other)


@pytest.mark.check("K-06")
def test_k_06_another_organisations_keys_open_nothing() -> None:
    ours, theirs = some_keys(), some_keys()
    kept = ours.small.seal(b"a value", OURS)
    for keys in (theirs.small, SmallKeys.new()):
        with pytest.raises(Refused, match="VAULT-001"):
            keys.open(kept, OURS)
    with pytest.raises(Refused, match="VAULT-001"):
        opened(sealed(b"a value"), keys=StreamKeys.new())
    with pytest.raises(Refused, match="VAULT-001"):
        theirs.backup.open(ours.file.backup_keys().seal(b"a value", OURS), OURS)


@pytest.mark.check("K-13")
def test_k_13_no_two_sealings_are_alike(counted: Counted) -> None:
    n = counted("sealings", 1_000_000)
    nonces = {SMALL.seal(b"", OURS)[5:17] for _ in range(n)}
    assert len(nonces) == n


@given(st.text(max_size=300))
@settings(max_examples=40, deadline=None)
def test_a_field_comes_back_and_its_length_tells_only_a_step(value: str) -> None:
    label = field_label("org", "person", "ref", "name", 1)
    kept = seal_field(value, SMALL, label)
    assert open_field(kept, SMALL, label) == value
    assert (len(kept) - len(SMALL.seal(b"", label))) % STEP == 0


@given(st.lists(st.binary(max_size=9), max_size=5), st.lists(st.binary(max_size=9), max_size=5))
def test_no_two_labels_have_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (joined(*one) == joined(*other)) == (one == other)


@pytest.mark.parametrize("kind", [SmallKeys, PairKeys])
def test_what_was_sealed_before_a_rotation_opens_after_it_until_the_old_key_is_let_go(kind: type[SmallKeys]) -> None:
    old = kind.new()
    seal: Callable[[SmallKeys | PairKeys], bytes] = lambda keys: (  # noqa: E731
        keys.public().seal(b"v", OURS) if isinstance(keys, PairKeys) else keys.seal(b"v", OURS)
    )
    before, fresh = seal(old), old.rotated()
    after = seal(fresh)
    assert fresh.open(before, OURS) == fresh.open(after, OURS) == b"v"
    with pytest.raises(Refused, match="VAULT-001"):
        old.open(after, OURS)
    with pytest.raises(Refused, match="VAULT-001"):
        fresh.without(old.key_ids()[0]).open(before, OURS)


@pytest.mark.check("K-15")
def test_k_15_keys_do_not_show_themselves() -> None:
    keys = some_keys()
    secret = keys.small.words().split('"value": "')[1].split('"')[0]
    for shown in (repr(keys), str(keys), repr(keys.small), repr(keys.backup), f"{[keys.small, keys]}"):
        assert secret not in shown
        assert "<" in shown


@pytest.mark.check("K-14")
def test_k_14_what_the_first_form_sealed_opens_for_good() -> None:
    """Sealed once with keys that are no secret, and kept here: a change of form that forgets it is seen."""
    small = SmallKeys.from_words(KEPT_SMALL)
    assert open_field(bytes.fromhex(KEPT_FIELD), small, field_label("org", "person", "ref", "name", 1)) == "ผู้ใด"
    stream = StreamKeys.from_words(KEPT_STREAM)
    assert opened(MAGIC + bytes.fromhex(KEPT_FILE), OURS, stream) == b"three rows of nobody"


class Full(io.BytesIO):
    """A disk with room for three million bytes."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > 3_000_000:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_disk_that_is_full_is_told_as_the_system_tells_it() -> None:
    def filled() -> None:
        with STREAM.sealing(Full(), OURS) as stream:
            for _ in range(10):
                stream.write(b"x" * 1_000_000)

    with pytest.raises(OSError, match="No space left") as told:
        filled()
    assert told.value.errno == 28
