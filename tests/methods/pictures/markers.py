"""What stands in a JPEG beside its pixels, read by other lines than those that are tried."""

EXPECTED = frozenset({"JFIF", "DQT", "SOF0", "DHT", "SOS"})
NAMES = {0xDB: "DQT", 0xC0: "SOF0", 0xC4: "DHT", 0xDA: "SOS"}
PLAIN_HEAD = bytes.fromhex("4a46494600010100000100010000")


def foreign(data: bytes) -> list[str]:
    """Every segment that a picture without a word has no need of, and everything behind its end."""
    found: list[str] = []
    if data[:2] != b"\xff\xd8":
        return ["it does not begin as a JPEG"]
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        if at + 4 > len(data) or data[at] != 0xFF:
            return [*found, f"no segment at {at}"]
        marker, length = data[at + 1], data[at + 2] * 256 + data[at + 3]
        body = data[at + 4 : at + 2 + length]
        name = "JFIF" if marker == 0xE0 and body == PLAIN_HEAD else NAMES.get(marker, f"segment {marker:02x}")
        if name not in EXPECTED:
            found.append(name)
        at += 2 + length
        if name == "SOS":
            while data[at] != 0xFF or data[at + 1] == 0:
                at += 1
    return found + ([f"{len(data) - at - 2} bytes behind the end"] if at + 2 != len(data) else [])
