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
_CHART = """
    1033=102f 1034=1030 1039=103a 103a=103b 103b=103c 103c=103d 103d=103e 105a=102b+103a 1060=1039+1000
    1061=1039+1001 1062=1039+1002 1063=1039+1003 1065=1039+1005 1066=1039+1006 1067=1039+1006 1068=1039+1007
    1069=1039+1008 106a=1009 106b=100a 106c=1039+100b 106d=1039+100c 106e=100d+1039+100d 106f=100d+1039+100e
    1070=1039+100f 1071=1039+1010 1072=1039+1010 1073=1039+1011 1074=1039+1011 1075=1039+1012 1076=1039+1013
    1077=1039+1014 1078=1039+1015 1079=1039+1016 107a=1039+1017 107b=1039+1018 107c=1039+1019 107d=103b
    107e=103c 107f=103c 1080=103c 1081=103c 1082=103c 1083=103c 1084=103c 1085=1039+101c 1086=103f 1087=103e
    1088=103e+102f 1089=103e+1030 108a=103d+103e 108e=102d+1036 108f=1014 1090=101b 1091=100f+1039+100d
    1092=100b+1039+100c 1093=1039+1018 1094=1037 1095=1037 1096=1039+1010+103d 1097=100b+1039+100b
"""
"""Zawgyi-One code points and the Unicode ones that mean the same, in hexadecimal."""

_ONE_TO = {
    int(old, 16): "".join(chr(int(code, 16)) for code in new.split("+"))
    for old, _, new in (pair.partition("=") for pair in _CHART.split())
}
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
