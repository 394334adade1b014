"""``/metrics`` of an ingest process, when its settings give it a port."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.config import HubConfig
from hub.db import Database
from hub.operating.metrics.gathering import gather, of_process
from hub.operating.metrics.guarding import MetricsGuard
from hub.operating.metrics.serving import served
from hub.operating.metrics.text import exposed

# Whoever reads from elsewhere goes through the screens, which have TLS.
_HOST = "127.0.0.1"


@contextmanager
def ingest_metrics(config: HubConfig, database: Database, worker: int) -> Iterator[int | None]:
    """Serve metrics while the block runs; give the port, or ``None`` when there is none.

    Raises:
        ConfigError: the settings of metrics cannot be used.
        OSError: the port is taken.
    """
    port = config.operating.ingest_metrics_port
    if not port:
        yield None
        return

    def write() -> str:
        with database.reading() as db:
            return exposed([*gather(config, db), *of_process(f"ingest-{worker}")])

    with served(_HOST, port + worker, MetricsGuard(config.operating), write) as listening:
        yield listening
