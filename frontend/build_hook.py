"""What hatchling does before it makes a wheel or an editable install: the browser's libraries, areas, and the words."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from frontend import collect, gazetteers, words


class Hook(BuildHookInterface[Any]):
    """Fetches by the lock, compiles the catalogues, and has the wheel carry what git does not keep."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch and compile; an editable install also gets what only tests use."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        collect.collect(root, for_tests=version == "editable")
        gazetteers.collect(root)
        words.compile_all(root)
        build_data["artifacts"] += [f"/{collect.PLACE}/**", f"/{gazetteers.PLACE}/**", "/src/sarana/locale/**/*.mo"]
