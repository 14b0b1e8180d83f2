"""Clears a loaded table of the signs of lost bytes and control characters, and flags the rows they stood in."""

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.tables import ROW_FLAG, Table
from sarana.methods.population.tidying import CONTROL, JOINERS, LOST

FLAG_LOST = "READ-020"
FLAG_CONTROL = "READ-021"


def clean_table(engine: Engine, table: Table, flags: str | None) -> None:
    """Clean every column of a loaded table in place, if it needs that at all.

    A value with lost bytes becomes NULL, control characters go, blanks and joiners at the ends go, empty becomes NULL.

    Args:
        engine: holds the table; rowids stay as they are.
        table: as `load_table` made it.
        flags: name of a table (rec BIGINT, field, flag) that gets READ-020 and READ-021; None keeps no flags.
    """
    if not table.is_odd:
        return
    columns = [c for c in _columns(engine, table.name) if c != ROW_FLAG]
    for column in columns if flags is not None else ():
        _flag(engine, table.name, column, str(flags))
    kept = [quoted(ROW_FLAG)] if table.has_row_flags else []
    engine.run(
        f"CREATE OR REPLACE TABLE {quoted(table.name + '_clean')} AS "
        f"SELECT {', '.join([f'{_clean(c)} AS {quoted(c)}' for c in columns] + kept)} FROM {quoted(table.name)}"
    )
    engine.run(f"DROP TABLE {quoted(table.name)}")
    engine.run(f"ALTER TABLE {quoted(table.name + '_clean')} RENAME TO {quoted(table.name)}")


def _columns(engine: Engine, name: str) -> list[str]:
    """The columns of a table."""
    return [str(r[0]) for r in engine.rows(f"DESCRIBE {quoted(name)}")]


def _flag(engine: Engine, name: str, column: str, flags: str) -> None:
    """Note the rows whose value holds lost bytes or control characters."""
    for sign, flag in ((LOST, FLAG_LOST), (CONTROL, FLAG_CONTROL)):
        engine.run(
            f"INSERT INTO {quoted(flags)} SELECT rowid, {literal(column)}, {literal(flag)} FROM {quoted(name)} "
            f"WHERE contains({quoted(column)}, {literal(sign)})"
        )


def _clean(column: str) -> str:
    """The expression for a clean value."""
    name, ends = quoted(column), literal(f" {JOINERS}")
    without = f"nullif(trim(replace({name}, {literal(CONTROL)}, ''), {ends}), '')"
    return (
        f"CASE WHEN contains({name}, {literal(LOST)}) THEN NULL "
        f"WHEN contains({name}, {literal(CONTROL)}) THEN {without} ELSE nullif(trim({name}, {ends}), '') END"
    )
