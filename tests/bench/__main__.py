"""``./pontive bench NAME [OPTIONS]``: measure one thing and print its figures.

Each bench is a module beside this one with a click command called ``command``, which takes
``--json`` (one object a line) and prints ratios measured side by side in the same run.
"""

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def bench_names() -> list[str]:
    """Return the names of all benches."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def main(arguments: list[str]) -> int:
    """Run the bench named first; without one, list them."""
    if not arguments or arguments[0] not in bench_names():
        print(f"usage: ./pontive bench NAME [OPTIONS]; names: {', '.join(bench_names())}", file=sys.stderr)
        return 2
    sys.path[:0] = [str(FOLDER), str(FOLDER.parent.parent)]
    module = importlib.import_module(arguments[0])
    module.command(arguments[1:], prog_name=f"./pontive bench {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
