"""A run that is shown here, as the file for the nation: the very rows of its map, without villages."""

from sarana.learning.population.models import Run
from sarana.learning.population.rollup import queries
from sarana.methods.population.package.writing import write_package
from sarana.methods.population.protected_tables import ProtectedRun
from sarana.methods.sealing.signing import SigningKey


def packed(run: Run, found: ProtectedRun, key: SigningKey) -> bytes:
    """The signed file of what was read of a run."""
    return write_package(found, country=run.area[:2], agency=run.agency.name, key=key)


def seen_of(run: Run) -> tuple[ProtectedRun, list[int]]:
    """What leaves of a run that somebody may hand over, and the numbers of the rows in which it stands."""
    figures = queries.wider_figures(run)
    return queries.protected_of(run, figures), [figure.pk for figure in figures]
