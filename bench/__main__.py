"""`python -m bench WHAT …`: the one door to every bench."""

import sys

from bench.checks import main as checks
from bench.disclosure import main as disclosure
from bench.ledger import main as ledger
from bench.looks import main as looks
from bench.names import main as names
from bench.people_in import main as people
from bench.population import main as population
from bench.ranks import main as ranks
from bench.restore import main as restore
from bench.scale import main as scale
from bench.sealed import main as sealed
from bench.search import main as search
from bench.serve import main as serve
from bench.update import main as update
from bench.vault import main as vault
from bench.web import main as web

BENCHES = {
    "checks": checks,
    "serve": serve,
    "disclosure": disclosure,
    "ledger": ledger,
    "looks": looks,
    "names": names,
    "people": people,
    "population": population,
    "ranks": ranks,
    "restore": restore,
    "scale": scale,
    "sealed": sealed,
    "search": search,
    "update": update,
    "vault": vault,
    "web": web,
}


def main() -> int:
    """Run the bench that was named; say which there are when none was."""
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        print(f"bench: say what to measure: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    return BENCHES[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
