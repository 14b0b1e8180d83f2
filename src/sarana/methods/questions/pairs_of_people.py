"""The pairs of which people are made up, to be judged anew where a row is said to be of somebody else."""

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from sarana.methods.engine import Engine
from sarana.methods.questions.pairs import Pair, with_records

MOST_OF_ONE = 12
"""So many pairs of one person are asked for, the weakest ones: more would be a queue of its own."""

_INSIDE = """
    WITH said AS (
        SELECT p.person_id, list(DISTINCT a.ref ORDER BY a.ref) AS said FROM people p JOIN pairs_said a
        ON a.source = p.source AND a.row_id = p.row_id GROUP BY p.person_id),
    rows AS (SELECT person_id, said, source || ':' || row_id AS ref FROM people JOIN said USING (person_id))
    SELECT l.person_id, l.said, k."left", k."right", k.probability, k.evidence
    FROM links k JOIN rows l ON l.ref = k."left" JOIN rows r ON r.ref = k."right" AND r.person_id = l.person_id
    ORDER BY l.person_id, k.probability DESC, k."left", k."right"
    """


def pairs_of_people(engine: Engine, rows: Collection[str]) -> list[tuple[Pair, list[str]]]:
    """The pairs that hold the people together to whom rows belong, the weakest first; each with the rows said of her.

    Of the links inside a person the strongest that reach all her rows: where two say of one of these that it is not the
    same person, the next run parts her there.

    Args:
        engine: holds `standardised`, `people` and `links` of a finished run.
        rows: as `source:row_id`; those that are not there are passed over.

    Cost: 1 CPU second for a run of 2,279,000 rows.
    """
    parts = [row.partition(":") for row in sorted(rows)]
    columns = {
        "ref": sorted(rows),
        "source": [part[0] for part in parts],
        "row_id": [part[2] for part in parts],
    }
    engine.lend("pairs_said", pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()}))
    inside = engine.arrow(_INSIDE).to_pylist()
    engine.give_back("pairs_said")
    lines = sorted(_fewest(inside), key=lambda line: (line["probability"], line["left"], line["right"]))
    told = with_records(engine, [{**line, "is_joined": True, "sure": ""} for line in lines])
    return list(zip(told, (line["said"] for line in lines), strict=True))


def _fewest(inside: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of links, the strongest first, those that join something that was not joined yet; of each person the weakest."""
    root: dict[str, str] = {}

    def find(ref: str) -> str:
        while root.setdefault(ref, ref) != ref:
            ref = root[ref]
        return ref

    of: dict[str, list[dict[str, Any]]] = {}
    for line in inside:
        one, other = find(line["left"]), find(line["right"])
        if one != other:
            root[one] = other
            of.setdefault(line["person_id"], []).append(line)
    return [line for lines in of.values() for line in lines[-MOST_OF_ONE:]]
