"""What speaks for and against a pair, in codes that have words in `reference/linkage/evidence.toml`."""

from sarana.methods.engine import literal
from sarana.methods.reference import read_reference


def evidence_sql() -> str:
    """A list of evidence codes for a pair of `lk_compared`, as SQL; what has nothing to say is left out."""
    told = read_reference("linkage/evidence.toml")
    parts = [_case(name, levels) for name, levels in told["comparisons"].items()]
    return f"list_filter([{', '.join(parts)}], lambda code: code IS NOT NULL)"


def _case(name: str, levels: dict[str, str]) -> str:
    """The code of one comparison's level; names carry rarity in their last digit and a turned order in the hundreds."""
    column = {"given": "(given % 100) // 10", "family": "family // 10", "turned": "given // 100"}.get(name, name)
    cases = " ".join(f"WHEN {int(level)} THEN {literal(code)}" for level, code in levels.items())
    return f"CASE {column} {cases} END"
