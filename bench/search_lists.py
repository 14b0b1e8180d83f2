"""Names for `./dev bench search`: those nobody tuned the search to, and spellings that do not come from our own rules.

Every list is parted in two by a hash of the name in its own script: while rules are tuned, the one half is looked at
(`--half tuning`); what is printed otherwise is the other half.
"""

import csv
import hashlib
import json
import random
from functools import cache
from pathlib import Path

from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names
from pythainlp.transliterate import romanize

from bench.entered_names import entered
from bench.measured import ROOT
from sarana.methods.invented.pools import make_pools
from sarana.methods.invented.romanise import read_sounds, spell

SHARED = ROOT.parent / "shared"

CHINESE = """
王小明 Wang Xiaoming; 李娜 Li Na; 张伟 Zhang Wei; 刘洋 Liu Yang; 陈静 Chen Jing; 杨丽 Yang Li; 赵敏 Zhao Min;
黄晓东 Huang Xiaodong; 周杰 Zhou Jie; 吴秀英 Wu Xiuying; 徐丽华 Xu Lihua; 孙建国 Sun Jianguo; 马超 Ma Chao;
朱红 Zhu Hong; 胡志强 Hu Zhiqiang; 郭美玲 Guo Meiling; 何雪梅 He Xuemei; 林志玲 Lin Zhiling; 高峰 Gao Feng;
罗文 Luo Wen; 郑和 Zheng He; 梁家辉 Liang Jiahui; 谢霆 Xie Ting; 宋佳 Song Jia; 唐国强 Tang Guoqiang; 许晴 Xu Qing;
韩梅梅 Han Meimei; 冯小刚 Feng Xiaogang; 邓丽君 Deng Lijun; 曹雪芹 Cao Xueqin; 彭丽 Peng Li; 曾志伟 Zeng Zhiwei;
肖战 Xiao Zhan; 田华 Tian Hua; 董洁 Dong Jie; 袁泉 Yuan Quan; 潘虹 Pan Hong; 于谦 Yu Qian; 蒋勤勤 Jiang Qinqin;
欧阳娜娜 Ouyang Nana; 司马光 Sima Guang; 诸葛亮 Zhuge Liang
"""
"""Names as common as any, in signs and as passports have them; entered by hand, no list copied."""

NICKNAMES = [
    "นก",
    "ไก่",
    "เล็ก",
    "ใหญ่",
    "แดง",
    "ดำ",
    "ต้น",
    "ตั้ม",
    "โอ๋",
    "อ้อม",
    "แอน",
    "เมย์",
    "พลอย",
    "ฝน",
    "ฟ้า",
    "น้ำ",
    "แนน",
    "แป้ง",
    "โบว์",
    "เบียร์",
    "บอย",
    "เอก",
    "โต้ง",
    "ต่าย",
    "หมู",
    "แมว",
    "กุ้ง",
    "ปู",
    "ปลา",
    "นุ่น",
    "นิด",
    "หน่อย",
    "จอย",
    "จุ๋ม",
    "กบ",
    "เก่ง",
    "ก้อย",
    "เจี๊ยบ",
    "ชมพู่",
    "มด",
    "แหม่ม",
    "โอ",
    "อาร์ท",
    "บิ๊ก",
    "แบงค์",
    "เบล",
    "ไอซ์",
    "มายด์",
]

_HANDS = (
    ("ph", "p"), ("th", "t"), ("kh", "k"), ("ch", "j"), ("ae", "a"), ("ai", "ay"), ("oe", "er"), ("ue", "u"),
    ("i", "ee"), ("u", "oo"), ("w", "v"), ("on", "orn"), ("a", "ar"), ("o", "aw"), ("k", "g"), ("t", "d"), ("p", "b"),
    ("r", "l"), ("s", "z"), ("ong", "ung"), ("at", "as"), ("an", "arn"), ("n", "nn"), ("ao", "aw"), ("ia", "ear"),
)  # fmt: skip
"""How people write a sound otherwise than the rule has it."""

_SAME_SOUND = ("ศษสซ", "ณน", "พภผ", "ทธฑฒ", "ญย", "ใไ", "ลฬ", "ขคฆ", "ฎด", "ฏต", "ถฐ", "ิี", "ุู")
"""Thai letters that are heard alike, or nearly."""


def is_of_half(name: str, half: str) -> bool:
    """Whether a name belongs to the half."""
    odd = hashlib.blake2b(name.encode()).digest()[0] & 1
    return bool(odd) == (half == "unseen")


_MADE_OF: dict[str, tuple[str, str]] = {}
"""Family names that were put together, and of what."""


@cache
def thai_given(half: str) -> list[str]:
    """Thai given names of a half."""
    return sorted(name for name in thai_female_names() | thai_male_names() if is_of_half(name, half))


@cache
def thai_families(half: str) -> list[str]:
    """Thai family names of a half, and twenty times as many that are put together of two of them."""
    listed = sorted(name for name in thai_family_names() if is_of_half(name, half))
    short = [name for name in listed if len(name) <= 6]
    chance = random.Random(7)  # noqa: S311
    twos = [(chance.choice(short), chance.choice(short)) for _ in range(20 * len(listed))]
    made = {one + other: (one, other) for one, other in twos}
    _MADE_OF.update(made)
    return listed + sorted(made.keys() - set(listed))


def latin_of(name: str) -> str:
    """A Thai name in Latin letters by the Royal Institute's rules, as PyThaiNLP has them, faults and all."""
    return "".join(_latin_of(part) for part in _MADE_OF.get(name, (name,)))


@cache
def _latin_of(name: str) -> str:
    return "".join(sign for sign in str(romanize(name, engine="royin")) if sign.isascii()) or name


def by_hand(latin: str, chance: random.Random) -> str:
    """The same name as somebody else would spell it: one or two sounds written otherwise."""
    for old, new in chance.sample(_HANDS, len(_HANDS))[:12]:
        if old in latin and chance.random() < 0.35:
            latin = latin.replace(old, new, 1)
    return latin


def sounding_alike(name: str, chance: random.Random) -> str:
    """A Thai name with one letter written as another that is heard alike."""
    places = [(at, group) for at, sign in enumerate(name) for group in _SAME_SOUND if sign in group]
    if not places:
        return name
    at, group = chance.choice(places)
    return name[:at] + chance.choice([sign for sign in group if sign != name[at]]) + name[at + 1 :]


def with_typo(name: str, chance: random.Random) -> str:
    """A name with one slip: a letter left out, put in, exchanged, or swapped with its neighbour."""
    signs = "abcdefghijklmnopqrstuvwxyz" if name.isascii() else "กขคงจชซดตถทนบปผพฟมยรลวสหอะาิีุูเแโ่้"
    at = chance.randrange(len(name))
    match chance.randrange(4):
        case 0 if len(name) > 2:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + chance.choice(signs) + name[at:]
        case 2 if len(name) > 2:
            at = min(at, len(name) - 2)
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        case _:
            return name[:at] + chance.choice([s for s in signs if s != name[at]]) + name[at + 1 :]


@cache
def pairs_of_lists(half: str, shared: Path) -> dict[str, list[tuple[str, str]]]:
    """Names in their own script, each with a spelling of it by others: entered by hand, or of official lists.

    The lists of the folder of papers are left out where that folder is absent.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for language in ("Lao", "Khmer", "Burmese", "Burmese (Zawgyi)", "Vietnamese"):
        pairs = [(name, other) for name, others in entered(language) for other in others if other.isascii()]
        found[f"{language}, by hand"] = pairs
        thai = [(name, other) for name, others in entered(language) for other in others if not other.isascii()]
        if thai:
            found[f"{language} asked in Thai, by hand"] = thai
    found["Chinese, by hand"] = [_parted(line) for line in CHINESE.split(";")]
    found["Thai, by clerks of the invented province"] = _by_clerks()
    if (data := shared / "data").is_dir():
        rows = _rows(data / "names" / "th_place_name_pairs_two_sources_half.csv")
        found["Thai, official places"] = [
            (row["name_th_dopa_2026"], row[column].replace(" ", ""))
            for row in rows
            for column in ("name_en_dopa_2026", "name_en_cod_2019")
        ]
        rows = _rows(data / "gazetteers" / "CambodiaVillagesList2025.csv")
        found["Khmer, official villages"] = [(r["village_kh"], r["village_en"].replace(" ", "")) for r in rows]
        people = json.loads((data / "names" / "khmer_names_kname.json").read_text("utf-8"))
        found["Khmer, people"] = [(r["givenName"], r["romanizedGiven"]) for r in people]
    return {
        name: sorted({(own, other) for own, other in pairs if own and other and _is_asked(name, own, half)})
        for name, pairs in found.items()
    }


def _by_clerks() -> list[tuple[str, str]]:
    """Names of the invented province, whose sounds were entered by hand, each as two clerks write it by ear."""
    sounds, chance = read_sounds(), random.Random(11)  # noqa: S311
    pools = make_pools()
    found = []
    for pool in (pools.given, pools.family):
        for at in chance.sample(range(len(pool)), 600):
            ways = [[chance.random() for _ in range(32)] for _ in range(2)]
            found += [(str(pool.thai[at]), spell(pool.parts[at], sounds, way)) for way in ways]
    return found


def _is_asked(name: str, own: str, half: str) -> bool:
    """What was entered by hand was entered before the rules were written, and is asked whole."""
    return "by hand" in name or is_of_half(own, half)


def _parted(line: str) -> tuple[str, str]:
    name, _, latin = line.strip().partition(" ")
    return name, latin


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
