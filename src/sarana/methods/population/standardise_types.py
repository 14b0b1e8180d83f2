"""The short lists of words that columns of `standardised` are made of: kept as numbers, they cost a tenth of text."""

from collections.abc import Iterable

from sarana.methods.engine import Engine, literal, quoted
from sarana.methods.population.standardise_settings import StandardiseSettings

ID_STATE = "ENUM('valid', 'check', 'length', 'shared')"
LEVELS = ("village", "subdistrict", "district", "province")


def enum_of(words: Iterable[str]) -> str:
    """The type of a column that holds these words and no others; text where there are none."""
    listed = ", ".join(literal(word) for word in words)
    return f"ENUM({listed})" if listed else "VARCHAR"


def source_type(settings: StandardiseSettings) -> str:
    """The type of the column with the name of a row's source."""
    return enum_of(source.name for source in settings.sources)


def make_area_types(engine: Engine) -> None:
    """Make the types `standard_village`, `standard_subdistrict`, `standard_district`, `standard_province`.

    Args:
        engine: holds `villages`.
    """
    for level in LEVELS:
        name = quoted(f"standard_{level}")
        codes = [row[0] for row in engine.rows(f"SELECT DISTINCT {level}_code AS code FROM villages ORDER BY code")]
        engine.run(f"DROP TYPE IF EXISTS {name}")
        engine.run(f"CREATE TYPE {name} AS {enum_of(code for code in codes if code is not None)}")
