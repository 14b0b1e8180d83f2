"""Draws one chart: a specification of Vega-Lite comes in on standard input, an SVG goes out. Runs in its own process.

The drawing library holds over 90 MB once it is loaded, which the serving process must never do. It may read no file
and no address: figures come inside the specification.
"""

import json
import resource
import sys

import vl_convert

MEMORY_BYTES = 2 * 2**30
SECONDS = 20


def main() -> None:
    """Draw what is asked on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    spec = json.load(sys.stdin)
    sys.stdout.write(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
