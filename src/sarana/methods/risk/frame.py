"""The columns that the rules of a set look at, one value a person."""

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.methods.engine import Engine
from sarana.methods.risk.coded import MISSING, Coded, Codes, ask, ask_whole, of_numbers, ranked
from sarana.methods.risk.facts import gather_facts, unknown
from sarana.methods.risk.persons import Persons
from sarana.methods.risk.rows import Rows
from sarana.methods.risk.scopes import Columns

_TRUTHS = pa.array([False, True])


def make_frame(
    engine: Engine,
    columns: Columns,
    given: Collection[str],
    persons: Persons,
    rows: Rows,
) -> dict[str, Coded]:
    """Every column that a rule may name, by name.

    Args:
        engine: where conditions on members and parents are asked.
        columns: what the rules of the set need.
        given: the facts that `standardised` has.
        persons: who they are and where they live.
        rows: whose the standardised rows are.
    """
    n = rows.n_people
    frame = {
        "age": Coded(persons.age.codes, persons.age.values.cast(pa.float64())),
        "birth": persons.birth,
        "source_bits": of_numbers(persons.source_bits),
        "household": persons.household,
    }
    found = {column: fact for column, fact in columns.facts.items() if fact[0] in given}
    frame |= gather_facts(engine, rows, persons.household.codes, found, columns.as_of)
    frame |= {column: unknown(name, n) for column, (name, _) in columns.facts.items() if name not in given}
    if columns.parents or "id_valid" in columns.used:
        frame |= _identities(engine, rows)
    return with_relatives(engine, columns, frame)


def with_relatives(engine: Engine, columns: Columns, frame: Mapping[str, Coded]) -> dict[str, Coded]:
    """The same columns with those that tell of the members of a household and of parents, reckoned from them."""
    home = frame["household"].codes
    more = {**frame, **_members(engine, columns, frame, home)}
    return more | _parents(engine, columns, more, len(home))


def _identities(engine: Engine, rows: Rows) -> dict[str, Coded]:
    """The valid ID of each person, and whether theirs is valid: not known where there is none."""
    said = engine.arrow(
        "SELECT CASE WHEN id_state = 'valid' THEN national_id END AS valid_id, "
        f"(national_id IS NOT NULL)::TINYINT AS has_id FROM {rows.relation}"
    )
    ids = ranked(said["valid_id"])
    valid, has = rows.most(ids.codes), rows.most(said["has_id"].to_numpy())
    state = np.where(valid >= 0, 1, np.where(has > 0, 0, MISSING)).astype(np.int8)
    return {"valid_id": Coded(valid, ids.values), "id_valid": Coded(state, _TRUTHS)}


def _members(engine: Engine, columns: Columns, frame: Mapping[str, Coded], home: Codes) -> dict[str, Coded]:
    """For each condition how many of a person's household fulfil it, and of how many that is not known."""
    found = {}
    n_homes = int(home.max(initial=MISSING)) + 1
    for at, sql in enumerate(columns.members):
        said = ask_whole(engine, sql, frame, len(home))
        for name, is_so in (("yes", said == 1), ("unknown", said < 0)):
            counted = np.bincount(home[(home >= 0) & is_so], minlength=n_homes)
            found[f"member_{at}_{name}"] = of_numbers(np.append(counted, MISSING).astype(np.int32)[home])
    return found


def _parents(engine: Engine, columns: Columns, frame: Mapping[str, Coded], n: int) -> dict[str, Coded]:
    """For each value asked of a parent, that of the one person whose valid ID the parent's ID is."""
    found = {}
    for at, (ref, sql) in enumerate(columns.parents):
        valid = frame["valid_id"]
        holders = np.bincount(valid.codes[valid.codes >= 0], minlength=len(valid.values))
        holder = np.full(len(valid.values) + 1, MISSING, np.int32)
        holder[valid.codes] = np.arange(n)
        holder[np.append(holders != 1, True)] = MISSING
        asked, answer = ask(engine, ref, frame, n), ask(engine, sql, frame, n)
        place = pc.fill_null(pc.index_in(asked.values, value_set=valid.values), MISSING).to_numpy()
        parent = holder[np.append(place, MISSING)[asked.codes]]
        codes = np.append(answer.codes, MISSING)[parent]
        found[f"parent_{at}"] = Coded(codes, answer.values)
    return found
