"""Clears a loaded table of the signs of lost bytes and control characters, and flags the rows they stood in."""

from dataclasses import dataclass

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.tidying import CONTROL, LOST

ROW_FLAG = "row_flag"
FLAG_LOST = "READ-020"
FLAG_CONTROL = "READ-021"


@dataclass(frozen=True, slots=True)
class Table:
    """A file that lies in the engine: its rows, and what care its values need.

    `is_odd`: signs of lost bytes and control characters, and blanks at the ends, may stand in it. `has_row_flags`: the
    column `row_flag` says which rows were mended.
    """

    name: str
    n_rows: int
    is_odd: bool
    has_row_flags: bool


def clean_table(engine: Engine, table: Table, flags: str | None) -> None:
    """Clean every column of a loaded table in place, if it needs that at all.

    A value with lost bytes becomes NULL, control characters go, blanks at the ends go, empty becomes NULL.

    Args:
        engine: holds the table; rowids stay as they are.
        table: as `load_table` made it.
        flags: name of a table (rec BIGINT, field, flag) that gets READ-020 and READ-021; None keeps no flags.
    """
    if not table.is_odd:
        return
    columns = [c for c in _columns(engine, table.name) if c != ROW_FLAG]
    clean = [f"{_clean(c, is_harmed=_flag(engine, table.name, c, flags))} AS {quoted(c)}" for c in columns]
    kept = [quoted(ROW_FLAG)] if table.has_row_flags else []
    engine.run(
        f"CREATE OR REPLACE TABLE {quoted(table.name + '_clean')} AS "
        f"SELECT {', '.join(clean + kept)} FROM {quoted(table.name)}"
    )
    engine.run(f"DROP TABLE {quoted(table.name)}")
    engine.run(f"ALTER TABLE {quoted(table.name + '_clean')} RENAME TO {quoted(table.name)}")


def _columns(engine: Engine, name: str) -> list[str]:
    """The columns of a table."""
    return [str(r[0]) for r in engine.rows(f"DESCRIBE {quoted(name)}")]


def _flag(engine: Engine, name: str, column: str, flags: str | None) -> bool:
    """Note the rows whose value holds lost bytes or control characters, and say whether there are any."""
    is_harmed = False
    for sign, flag in ((LOST, FLAG_LOST), (CONTROL, FLAG_CONTROL)):
        which = f"FROM {quoted(name)} WHERE contains({quoted(column)}, {literal(sign)})"
        if not engine.row(f"SELECT count(*) {which}")[0]:
            continue
        is_harmed = True
        if flags is not None:
            engine.run(f"INSERT INTO {quoted(flags)} SELECT rowid, {literal(column)}, {literal(flag)} {which}")
    return is_harmed


def _clean(column: str, *, is_harmed: bool) -> str:
    """The expression for a clean value."""
    name = quoted(column)
    if not is_harmed:
        return f"nullif(trim({name}), '')"
    without = f"nullif(trim(replace({name}, {literal(CONTROL)}, '')), '')"
    return f"CASE WHEN contains({name}, {literal(LOST)}) THEN NULL ELSE {without} END"
