"""What a computation of the index is asked to do."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sarana.basics.errors import BadSetting
from sarana.methods.risk.shapes import Banding, IndicatorSet


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """How to compute the index.

    Args:
        set: the indicator set, as `load_set` gives it.
        as_of: the day for which ages are counted and values become too old.
        sources: names of the sources in their order; the earlier one is believed where support is equal.
        registers: the register of the set that each source plays; a source not named plays that of its own name.
        ethics_decisions: indicators that are off until a province decides, with the reference of its decision.
        banding: which of the set's bandings to use; None for the set's own choice.
        parameters: numbers of the set that this province sets otherwise, such as its poverty line.
        most_members: how many people may share a household; a number or house of more people is no household.
    """

    set: IndicatorSet
    as_of: date
    sources: Sequence[str]
    registers: Mapping[str, str] = field(default_factory=dict)
    ethics_decisions: Mapping[str, str] = field(default_factory=dict)
    banding: str | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    most_members: int = 30

    def banding_rule(self) -> Banding:
        """The banding that is used."""
        return self.set.bandings[self.banding or self.set.banding]

    def numbers(self) -> dict[str, float]:
        """The parameters of the set, as this province sets them."""
        return {name: self.parameters.get(name, said.value) for name, said in self.set.parameters.items()}

    def register_bits(self) -> dict[str, int]:
        """For each register of the set the sources that play it, one bit a source."""
        bits = dict.fromkeys(self.set.registers, 0)
        for at, source in enumerate(self.sources):
            register = self.registers.get(source, source)
            if register in bits:
                bits[register] |= 1 << at
        return bits


def check_settings(settings: RiskSettings) -> None:
    """Make sure that the settings fit the set.

    Raises:
        BadSetting: RISK-010 an ethics decision is for no indicator that needs one, or has no reference; RISK-011 a
            parameter is not one of the set's, or is no number; RISK-012 there is no such banding; RISK-014 sources are
            missing, stand twice, or name registers that are not the set's; or a limit makes no sense.
    """
    of = settings.set
    waiting = {indicator.id for indicator in of.indicators if indicator.status == "ethics"}
    for name, reference in settings.ethics_decisions.items():
        if name not in waiting or not reference.strip():
            what = f"The ethics decision for '{name}' names no indicator that waits for one, or no reference."
            cure = f"Indicators that wait for a decision: {', '.join(sorted(waiting)) or 'none'}."
            raise BadSetting("RISK-010", what, where=of.id, cure=cure)
    for name, value in settings.parameters.items():
        if name not in of.parameters or not math.isfinite(value):
            cure = f"The set's parameters are {', '.join(of.parameters) or 'none'}."
            raise BadSetting("RISK-011", f"'{name}' is no parameter, or not a number.", where=of.id, cure=cure)
    if settings.banding is not None and settings.banding not in of.bandings:
        cure = f"The set has {', '.join(of.bandings)}."
        raise BadSetting("RISK-012", f"There is no banding '{settings.banding}'.", where=of.id, cure=cure)
    _check_sources(settings)


def _check_sources(settings: RiskSettings) -> None:
    sources = list(settings.sources)
    unknown = sorted(
        set(settings.registers) - set(sources) | set(settings.registers.values()) - set(settings.set.registers)
    )
    if not 1 <= len(set(sources)) == len(sources) <= 30 or unknown or settings.most_members < 1:
        what = f"Sources must be 1 to 30, each named once; unknown here: {', '.join(unknown) or 'none'}."
        cure = f"The set's registers are {', '.join(settings.set.registers)}."
        raise BadSetting("RISK-014", what, where=settings.set.id, cure=cure)
