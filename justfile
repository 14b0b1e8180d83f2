# The recipes of the house. Run them as `./dev RECIPE`; pre-commit and .ci/run call the same ones.

set positional-arguments

# What Python compiled is kept out of sight: hundreds of processes of the tests begin in half the time.
export PYTHONDONTWRITEBYTECODE := ""
export PYTHONPYCACHEPREFIX := justfile_directory() / ".venv/pycache"

# List the recipes.
[private]
default:
    @just --list --unsorted

# Invent a small province and the year before, run the chain on both, and serve the web on this machine with an account for each role.
demo people="80000" seed="1" port="8000":
    #!/usr/bin/env bash
    set -euo pipefail
    rm -rf demo/province demo/run demo/web demo/keys demo/before
    mkdir -p demo/before
    echo "1 of 4: inventing a province of {{ people }} people into demo/province, and as it was a year before (nobody in it is real)"
    sarana invent province --people {{ people }} --seed {{ seed }} --out demo/province
    sarana invent province --people {{ people }} --seed {{ seed }} --year-before --out demo/before/province
    echo "2 of 4: the year before, from four sector files to the map"
    sed 's/2026-06-30/2025-06-30/' examples/chiang-mai/sources.toml >demo/before/sources.toml
    sarana population run demo/before/sources.toml --data demo/before/province --out demo/before/run --unsealed
    echo "3 of 4: this year, judged as the year before was, and protected beside it"
    sarana population run examples/chiang-mai/sources.toml --data demo/province --out demo/run --unsealed \
        --model demo/before/run --after demo/before/run
    echo "The report: $(pwd)/demo/run/report.html"
    echo "4 of 4: the web, with an agency of each kind and an account for each role (all invented)"
    export SARANA_MODE=demo SARANA_HOME="$(pwd)/demo/web" SARANA_KEYS="$(pwd)/demo/keys" DATABASE_URL=
    sarana setup
    sarana demo
    # Taken in before there are keys, so that nothing of its people is laid out.
    echo "Of the year before the map alone is shown:"
    sarana population take-in demo/before/run
    sarana keys make --name "The demonstration"
    sarana demo --people
    sarana population take-in demo/run
    sarana demo --activities
    cp demo/run/report.html demo/web/report.html
    address="http://127.0.0.1:{{ port }}/demonstration/"
    echo "Open $address and choose a role."
    if [ -t 1 ]; then exec sarana serve --port {{ port }}; fi
    # Nobody watches: show that it answers, and end.
    sarana serve --port {{ port }} & served=$!
    trap 'kill $served 2>/dev/null || true' EXIT
    python -m sarana.config.web.waiting "http://127.0.0.1:{{ port }}/health/"
    echo "It answered. Without a terminal the demonstration ends here."

# Run the tests (all on every core, or those named).
test *ARGS:
    @if [ $# -eq 0 ]; then pytest -n auto --dist loadfile; else pytest "$@"; fi

# Everything that is checked without running the chain, quickest first.
check: format lint layers laws types

# Are the files formatted?
[private]
format:
    ruff format --check

# Does ruff find a fault?
[private]
lint:
    ruff check

# Do imports point the right way?
[private]
layers:
    lint-imports

# Do the laws of the house hold?
[private]
laws:
    pytest tests/house

# Do the types agree?
[private]
types:
    mypy

# Mend what can be mended by itself: format, simple faults, reference pages made from code.
fix:
    ruff format
    ruff check --fix
    python -m sarana.config.manual docs/reference

# Gather the words of all pages into the catalogues, taking translations from the files named, and compile them.
words *ARGS:
    @python -m frontend.words "$@"

# Write the reviewed table of who may what anew, after the policy was changed on purpose. Read the difference.
golden:
    @SARANA_GOLDEN=write pytest tests/ground/test_golden_policy.py
    @git diff --stat tests/ground/golden

# Take the pictures of the manual anew, in the journeys that show them.
pictures:
    @SARANA_PICTURES=write pytest tests/journeys -k manual

# Measure against others, on the same data, in one run (e.g. `bench population`).
bench *ARGS:
    @PYTHONPATH=.:tests python -m bench "$@"

# The numbers of the field, at full scale, and runs killed at fifty moments (two in .ci/run); `scale population`: growth from 0.1 to 10 provinces; `scale update`: all random changes; `scale disclosure`: the attack at three sizes; `scale restore`: a backup of 100,000 records, its drill, and its way to an empty machine; `scale checks [F-01 …]`: the checks of the manual's table; `scale looks`: every page looked at.
scale *ARGS:
    #!/usr/bin/env bash
    set -euo pipefail
    export PYTHONPATH=.:tests
    case "${1:-}" in
    population) shift; python -m bench scale "$@" ;;
    disclosure) for share in 0.05 0.2 1; do python -m bench disclosure --share "$share"; done ;;
    checks | looks | restore) python -m bench "$@" ;;
    update) SARANA_TEST_SCALE=1 pytest tests/methods/population/test_update.py tests/methods/population/test_quick_reading.py tests/methods/risk/test_scoring.py ;;
    *) python -m bench population "$@"; SARANA_TEST_KILLS=50 pytest -k kill tests/methods/runs tests/methods/population/test_chain.py ;;
    esac

# Break the policy on purpose, one small change at a time: how many changes do its tests notice?
mutants:
    @python -m bench.mutants

# Build the manual into site/, strictly.
manual:
    python -m sarana.config.manual docs/reference
    NO_MKDOCS_2_WARNING=1 mkdocs build --strict
    @echo "The manual: $(pwd)/site/index.html"
