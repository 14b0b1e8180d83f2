"""What is counted as a strength: the indicator whose answer 1 tells it, set by set."""

from dataclasses import dataclass

from sarana.basics.errors import BadSetting
from sarana.methods.reference import read_reference
from sarana.methods.risk.shapes import IndicatorSet

FILE = "strengths.toml"


@dataclass(frozen=True, slots=True)
class Strength:
    """A strength: its key, its names, what it says, and the indicator whose answer 1 tells it."""

    key: str
    en: str
    th: str
    says: str
    indicator: str


def strengths_of(of: IndicatorSet) -> tuple[Strength, ...]:
    """The strengths that a set can tell, in the order of the file.

    Raises:
        BadSetting: STRENGTHS-001 the file names none for this set, or an indicator that the set does not have.
    """
    found = find_strengths(of)
    known = {indicator.id for indicator in of.indicators}
    if not found or any(strength.indicator not in known for strength in found):
        raise BadSetting(
            "STRENGTHS-001",
            "No strengths are told for the indicator set of the run.",
            where=of.id,
            cure=f"Name its indicators in reference/{FILE}.",
        )
    return found


def find_strengths(of: IndicatorSet) -> tuple[Strength, ...]:
    """The strengths that the file names for a set; none for a set that it does not know."""
    return tuple(
        Strength(key, said["en"], said["th"], said["says"], said["indicators"][of.id])
        for key, said in read_reference(FILE).items()
        if of.id in said["indicators"]
    )
