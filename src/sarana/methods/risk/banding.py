"""From an index to a band: rules over the index and what is known, kept as data in the indicator set."""

from sarana.basics.errors import BadSetting
from sarana.methods.risk.compiling import Scope, compile_truth
from sarana.methods.risk.language import read_rule
from sarana.methods.risk.scopes import INDEX_NAMES
from sarana.methods.risk.shapes import BANDS, Banding

_REST = "otherwise"


def check_banding(banding: Banding, where: str) -> None:
    """Make sure that every index falls into exactly one band.

    Raises:
        BadSetting: RISK-012 a band is missing or stands twice, or the last one is not the rest; RISK-003 to RISK-006 a
            rule cannot be understood.
    """
    if sorted(banding.order) != sorted(BANDS) or set(banding.rules) != set(BANDS):
        raise BadSetting("RISK-012", "A banding must name each band once.", where=where, cure="Name all four.")
    if [band for band in banding.order if banding.rules[band].strip() == _REST] != [banding.order[-1]]:
        raise BadSetting(
            "RISK-012", "The last band, and no other, must be 'otherwise'.", where=where, cure="Put it so."
        )
    band_sql(banding, where)


def band_sql(banding: Banding, where: str) -> str:
    """The band as SQL over the columns of `INDEX_NAMES` (index, low, high and coverage in thousandths).

    Where nothing was observed the band is grey, whatever the rules say.
    """
    cases = ["WHEN observed = 0 THEN 'grey'"]
    for band in banding.order[:-1]:
        scope = Scope(f"{where}, {band}", INDEX_NAMES)
        cases.append(f"WHEN {compile_truth(read_rule(banding.rules[band], scope.where), scope)} THEN '{band}'")
    return f"CASE {' '.join(cases)} ELSE '{banding.order[-1]}' END"
