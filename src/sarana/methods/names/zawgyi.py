"""Zawgyi told from Unicode Burmese, and turned into it: one font's private use of the Myanmar block, undone."""

import re

_C = "\u1000-\u1021\u1023-\u1027\u103f\u104e"  # letters that carry marks
_ZAWGYI_ONLY = re.compile("[\u1033\u1034\u105a\u1060-\u1097]")
_ZAWGYI_SIGNS = re.compile(
    "(?:^|[ \u1038\u102c\u102b])[\u1031\u103b\u107e-\u1084]"  # e or ra typed before its letter
    "|\u1031[\u103b\u107e-\u1084]"
    f"|\u1039(?![{_C}])"  # virama with nothing under it: the killer of Zawgyi
    f"|[{_C}]\u1031[{_C}](?![\u103a\u1039])"
)
_UNICODE_SIGNS = re.compile(
    f"[{_C}][\u103b-\u103e]*\u1031"  # e after its letter
    f"|[{_C}][\u102d\u102f\u1036\u1037]*\u103a(?:[\u1037\u1038 ]|$|[{_C}])"  # asat
    f"|\u1039[{_C}]"
)
_ONE_TO = str.maketrans(
    {
        "\u1033": "\u102f", "\u1034": "\u1030", "\u1039": "\u103a", "\u103a": "\u103b", "\u103b": "\u103c", "\u103c": "\u103d",
        "\u103d": "\u103e", "\u105a": "\u102b\u103a", "\u1060": "\u1039\u1000", "\u1061": "\u1039\u1001", "\u1062": "\u1039\u1002",
        "\u1063": "\u1039\u1003", "\u1065": "\u1039\u1005", "\u1066": "\u1039\u1006", "\u1067": "\u1039\u1006",
        "\u1068": "\u1039\u1007", "\u1069": "\u1039\u1008", "\u106a": "\u1009", "\u106b": "\u100a", "\u106c": "\u1039\u100b",
        "\u106d": "\u1039\u100c", "\u106e": "\u100d\u1039\u100d", "\u106f": "\u100d\u1039\u100e", "\u1070": "\u1039\u100f",
        "\u1071": "\u1039\u1010", "\u1072": "\u1039\u1010", "\u1073": "\u1039\u1011", "\u1074": "\u1039\u1011",
        "\u1075": "\u1039\u1012", "\u1076": "\u1039\u1013", "\u1077": "\u1039\u1014", "\u1078": "\u1039\u1015",
        "\u1079": "\u1039\u1016", "\u107a": "\u1039\u1017", "\u107b": "\u1039\u1018", "\u107c": "\u1039\u1019",
        "\u107d": "\u103b", "\u107e": "\u103c", "\u107f": "\u103c", "\u1080": "\u103c", "\u1081": "\u103c", "\u1082": "\u103c",
        "\u1083": "\u103c", "\u1084": "\u103c", "\u1085": "\u1039\u101c", "\u1086": "\u103f", "\u1087": "\u103e",
        "\u1088": "\u103e\u102f", "\u1089": "\u103e\u1030", "\u108a": "\u103d\u103e", "\u108e": "\u102d\u1036",
        "\u108f": "\u1014", "\u1090": "\u101b", "\u1091": "\u100f\u1039\u100d", "\u1092": "\u100b\u1039\u100c",
        "\u1093": "\u1039\u1018", "\u1094": "\u1037", "\u1095": "\u1037", "\u1096": "\u1039\u1010\u103d",
        "\u1097": "\u100b\u1039\u100b",
    }
)  # fmt: skip
_KINZI = re.compile(f"([{_C}])([\u1064\u108b-\u108d])")
_KINZI_VOWEL = {"\u1064": "", "\u108b": "\u102d", "\u108c": "\u102e", "\u108d": "\u1036"}
_RA_FIRST = re.compile(f"\u103c((?:\u1004\u103a\u1039)?[{_C}](?:\u1039[{_C}])?)")
_E_FIRST = re.compile(f"\u1031((?:\u1004\u103a\u1039)?[{_C}](?:\u1039[{_C}])*[\u103b-\u103e]*)")
_MEDIALS = re.compile("[\u103b-\u103e]{2,}")
_MARKS = re.compile("[\u102d-\u1030\u1032\u1036\u1037\u103a\u102b\u102c\u1038]{2,}")
_MARK_ORDER = {c: i for i, c in enumerate("\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u1036\u1037\u103a\u1038")}


def is_zawgyi(text: str) -> bool:
    """Whether Burmese text is in the Zawgyi encoding rather than Unicode.

    Signs that only one of the two has are counted: letters out of their place (a vowel or medial before its letter), a
    virama with nothing under it and private forms speak for Zawgyi, marks after their letter and stacks for Unicode.

    Source: the published chart of the Zawgyi-One code points against the Unicode Myanmar block.
    """
    zawgyi = 2 * len(_ZAWGYI_ONLY.findall(text)) + len(_ZAWGYI_SIGNS.findall(text))
    return zawgyi > 0 and zawgyi >= len(_UNICODE_SIGNS.findall(text))


def to_unicode(text: str) -> str:
    """Zawgyi text as Unicode: private forms replaced, prefixed signs moved behind their letter, marks in order.

    Source: the published chart of the Zawgyi-One code points against the Unicode Myanmar block, and the storage order
    of Unicode Technical Note 11.
    """
    text = _KINZI.sub(lambda m: "\ue000" + m[1] + _KINZI_VOWEL[m[2]], text).translate(_ONE_TO)
    text = text.replace("\ue000", "\u1004\u103a\u1039")
    text = _RA_FIRST.sub("\\1\u103c", text)
    text = _E_FIRST.sub("\\1\u1031", text)
    text = _MEDIALS.sub(lambda m: "".join(sorted(set(m[0]))), text)
    text = re.sub("\u1031([\u103b-\u103e]+)", "\\1\u1031", text)
    return _MARKS.sub(lambda m: "".join(sorted(m[0], key=lambda c: _MARK_ORDER[c])), text)
