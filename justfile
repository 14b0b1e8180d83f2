# The recipes of the house. Run them as `./dev RECIPE`; pre-commit and .ci/run call the same ones.

set positional-arguments

export PYTHONDONTWRITEBYTECODE := "1"

# List the recipes.
[private]
default:
    @just --list --unsorted

# Invent a small province, run the whole chain on it, and open or name the report.
demo people="80000" seed="1":
    @rm -rf demo/province demo/run
    @mkdir -p demo
    @echo "1 of 2: inventing a province of {{ people }} people into demo/province (nobody in it is real)"
    @sarana invent province --people {{ people }} --seed {{ seed }} --out demo/province
    @echo "2 of 2: from four sector files to the map"
    @sarana population run examples/chiang-mai/sources.toml --data demo/province --out demo/run
    @echo "The report: $(pwd)/demo/run/report.html"
    @if [ -t 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then python -m webbrowser -t "file://$(pwd)/demo/run/report.html" >/dev/null; fi
    @if [ -t 1 ] && [ "$(uname)" = Darwin ]; then open demo/run/report.html; fi

# Run the tests (all, or those named).
test *ARGS:
    @pytest "$@"

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

# Measure against others, on the same data, in one run (e.g. `bench population`).
bench *ARGS:
    @python -m bench "$@"

# The numbers of the field: what the closing notes quote, at full scale, and runs killed at fifty moments (two in .ci/run).
scale *ARGS:
    @python -m bench population "$@"
    @SARANA_TEST_KILLS=50 pytest -k kill tests/methods/runs tests/methods/population/test_chain.py

# Build the manual into site/, strictly.
manual:
    python -m sarana.config.manual docs/reference
    NO_MKDOCS_2_WARNING=1 mkdocs build --strict
    @echo "The manual: $(pwd)/site/index.html"
