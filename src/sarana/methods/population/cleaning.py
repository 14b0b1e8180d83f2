"""Takes out of text what nobody meant to write there: lost bytes, control characters, blanks that cannot be seen."""

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.decoding import LOST
from sarana.methods.population.tables import ROW_FLAG, Table

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x{9f}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
BLANKS = r"[\s\x{85}\x{a0}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"
NOTHING = r"[\x{200b}\x{2060}\x{feff}]"
JOINERS = r"^[\x{200c}\x{200d} ]+|[\x{200c}\x{200d} ]+$"

FLAG_LOST = "READ-020"
FLAG_CONTROL = "READ-021"


def clean_table(engine: Engine, table: Table, flags: str | None) -> None:
    """Clean every column of a loaded table in place, if it needs that at all.

    Runs of blanks of every kind become one blank, marks without width and control characters go, empty becomes NULL;
    a value with lost bytes becomes NULL.

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
    for sign, said, flag in (("contains", LOST, FLAG_LOST), ("regexp_matches", CONTROLS, FLAG_CONTROL)):
        engine.run(
            f"INSERT INTO {quoted(flags)} SELECT rowid, {literal(column)}, {literal(flag)} FROM {quoted(name)} "
            f"WHERE {sign}({quoted(column)}, {literal(said)})"
        )


def _clean(column: str) -> str:
    """The expression for a clean value; values of plain printing characters take the short way."""
    name = quoted(column)
    tidy = f"regexp_replace({name}, {literal(CONTROLS)}, '', 'g')"
    tidy = f"regexp_replace({tidy}, {literal(NOTHING)}, '', 'g')"
    tidy = f"regexp_replace({tidy}, {literal(BLANKS)}, ' ', 'g')"
    tidy = f"regexp_replace({tidy}, {literal(JOINERS)}, '', 'g')"
    return f"CASE WHEN contains({name}, {literal(LOST)}) THEN NULL ELSE nullif(trim({tidy}), '') END"
