"""``make bench``: run every measurement and print its figures.

``python -m bench formation pages`` runs only those named.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import time
from pathlib import Path

# A process of its own for each, so that peak memory is that measurement's and nobody else's.
RUN_ONE = "import importlib, sys; sys.exit(importlib.import_module(sys.argv[1]).main())"


def measurements() -> list[str]:
    """Modules of this folder that have a ``main()``, by name."""
    folder = Path(__file__).parent
    return sorted(
        module.name
        for module in pkgutil.iter_modules([str(folder)])
        if "\ndef main(" in (folder / f"{module.name}.py").read_text(encoding="utf-8")
        and not module.name.startswith("_")
    )


def main(asked: list[str]) -> int:
    known = measurements()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"No measurement is called {unknown[0]!r}; there are: {', '.join(known)}.")
        return 2
    failed = [name for name in asked or known if not _run(name)]
    if failed:
        print(f"\nCould not be measured: {', '.join(failed)}")
    return 1 if failed else 0


def _run(name: str) -> bool:
    print(f"== {name}", flush=True)
    begun = time.perf_counter()
    status = subprocess.run([sys.executable, "-c", RUN_ONE, f"bench.{name}"], check=False)
    print(f"   ({time.perf_counter() - begun:.0f} s)\n", flush=True)
    return status.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
