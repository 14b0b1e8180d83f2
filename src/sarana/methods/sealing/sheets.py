"""The printed sheets of the recovery shares: one page each, to be kept by three people who do not sit together."""

import datetime as dt
import html
from collections.abc import Sequence

COLUMNS = 3

TEXT = {
    "en": (
        "Recovery share {n} of {all}",
        "Two of the three sheets open all keys of this organisation; one alone tells nothing. Keep it closed, away "
        "from the computer and from the other sheets. Never photograph, type or send it, except into "
        "“sarana keys drill” or “sarana keys add --share”.",
        "Kept by (name, place, since): ____________________________________________",
    ),
    "th": (
        "ส่วนกู้คืนกุญแจ แผ่นที่ {n} จาก {all}",
        "แผ่นใดก็ได้สองในสามแผ่นเปิดกุญแจทั้งหมดขององค์กรนี้ได้ แผ่นเดียวไม่บอกอะไรเลย เก็บไว้ในที่มิดชิด แยกจากคอมพิวเตอร์และจากแผ่นอื่น "
        "ห้ามถ่ายรูป พิมพ์ หรือส่งต่อ เว้นแต่พิมพ์ลงใน “sarana keys drill” หรือ “sarana keys add --share”",
        "ผู้เก็บ (ชื่อ ที่เก็บ ตั้งแต่วันที่): ____________________________________________",
    ),
}

STYLE = (
    "body{font:12pt/1.5 sans-serif;margin:2cm}h1{font-size:16pt}table{border-collapse:collapse;margin:1em 0}"
    "td{border:1px solid #888;padding:.3em .8em;font:13pt monospace}td span{color:#555;display:inline-block;width:2em}"
)


def sheet(share: str, *, number: int, n_all: int, organisation: str, made_on: dt.date) -> str:
    """One sheet as a page that needs nothing from elsewhere; its first two words are those of all sheets of the set."""
    words = share.split()
    said = "".join(
        f"<h1>{html.escape(title.format(n=number, all=n_all))}</h1><p>{html.escape(what)}</p>"
        for title, what, _ in TEXT.values()
    )
    ends = "".join(f"<p>{html.escape(kept)}</p>" for *_, kept in TEXT.values())
    mark = html.escape(f"{organisation} · {made_on.isoformat()} · {' '.join(words[:2])}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{number}/{n_all}</title>'
        f"<style>{STYLE}</style></head><body>{said}<p><strong>{mark}</strong></p>{_table(words)}{ends}</body></html>\n"
    )


def _table(words: Sequence[str]) -> str:
    depth = -(-len(words) // COLUMNS)
    rows = [
        "".join(f"<td><span>{at + 1}.</span> {html.escape(words[at])}</td>" for at in range(row, len(words), depth))
        for row in range(depth)
    ]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def share_of_sheet(text: str) -> str:
    """The words of a sheet that was kept as a page, or of a plain list of words."""
    if "<td>" not in text:
        return text
    cells = [cell.split("</td>")[0].split("</span>")[1] for cell in text.split("<td>")[1:]]
    numbers = [int(cell.split("<span>")[1].split(".")[0]) for cell in text.split("<td>")[1:]]
    return " ".join(cell.strip() for _, cell in sorted(zip(numbers, cells, strict=True)))
