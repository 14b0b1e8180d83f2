"""Writes down what a draft of an indicator set would change, as the job that reckons it leaves it."""

import contextlib
import json
import sqlite3
import uuid
from pathlib import Path

TOLD = {
    "run": "Noi",
    "as_of": "2026-06-30",
    "first": "chiang-mai-28 1.0",
    "second": "th50-chiang-mai-28 1",
    "parts": ["parameters", "bandings"],
    "indicators": [{"id": "h01", "name": "Noi", "what": "score, weight", "note": "", "sources": []}],
    "n_people": 1630000,
    "n_changed": 23140,
    "flows": [
        {"before": "yellow", "after": "red", "n": 20110},
        {"before": "red", "after": "yellow", "n": 2980},
        {"before": "grey", "after": "red", "n": 50},
    ],
    "n_areas": {"district": 25},
    "areas": [
        {"level": "district", "code": "5001", "name": "Noi", "rank_before": 4, "rank_after": 1, "rank_until": 2},
        {"level": "district", "code": "5007", "name": "Yai", "rank_before": 9, "rank_after": 14, "rank_until": 14},
    ],
    "names": {"5001": "น้อย", "5007": "ใหญ่"},
}


def reckoned(home: Path, ref: str) -> None:
    """What the draft would change, as a job would have left it."""
    with contextlib.closing(sqlite3.connect(home / "sarana.sqlite3")) as store, store:
        own, agency, content = store.execute(
            "SELECT id, agency_id, content_hash FROM population_ownset WHERE ref = ?", [uuid.UUID(ref).hex]
        ).fetchone()
        row = store.execute(
            "INSERT INTO population_update (ref, agency_id, area, name, as_of, indicators, impact_assessment, sources, "
            "until, asked_at, asked_by_ref) VALUES (?, ?, 'TH50', 'Noi', '2026-06-30', 'chiang-mai-28', '', '[]', "
            "'2027-06-30', '2026-11-29 09:00:00', ?)",
            [uuid.uuid4().hex, agency, uuid.uuid4().hex],
        )
        store.execute(
            "INSERT INTO population_seteffect (ref, own_id, update_id, content_hash, told, made_at, made_by_ref) "
            "VALUES (?, ?, ?, ?, ?, '2026-11-29 09:00:00', ?)",
            [uuid.uuid4().hex, own, row.lastrowid, content, json.dumps(TOLD), uuid.uuid4().hex],
        )
