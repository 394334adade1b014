"""Seeds that once broke a promise: kept in ``seeds.toml`` and run first, until somebody takes them out."""

import tomllib
from datetime import date
from pathlib import Path

KEPT = Path(__file__).with_name("seeds.toml")
# Of one scenario, so that an old list does not fill the ten minutes.
MOST_A_SCENARIO = 2


def kept_seeds(scenario: str, path: Path = KEPT) -> list[int]:
    """Return the newest seeds kept for a scenario."""
    entries = tomllib.loads(path.read_text("utf-8")).get("failed", []) if path.exists() else []
    return [entry["seed"] for entry in entries if entry["scenario"] == scenario][-MOST_A_SCENARIO:]


def keep_seed(scenario: str, seed: int, what: str, *, today: date, path: Path = KEPT) -> bool:
    """Note a seed that broke a promise; return whether it is new."""
    if seed in kept_seeds(scenario, path):
        return False
    told = what.replace("\\", "/").replace('"', "'").replace("\n", " ")[:200]
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[failed]]\nscenario = "{scenario}"\nseed = {seed}\nfound = {today}\nwhat = "{told}"\n'
        )
    return True
