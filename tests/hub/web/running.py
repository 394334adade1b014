"""A real server of ours on a free port, for tests that need one."""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mosquitto import free_port

ROOT = Path(__file__).parents[3]
START_WAIT_S = 240.0


@contextmanager
def running_server(
    folder: Path,
    *,
    threads: int = 32,
    database: str = "",
    port: int | None = None,
    tls: tuple[Path, Path, Path] | None = None,
) -> Iterator[str]:
    """Run ``pontive-hub web`` on the database in ``folder``, or on another; give its address.

    ``port``: where one ran before, for browsers that know it by that address. ``tls``: certificate, key,
    and the authority that clients trust.
    """
    port = port or free_port()
    config = folder / "hub.toml"
    sign_in = '[sign_in]\nsecond_factor = "optional"\n'
    other = f'database = "{database}"\n' if database else ""
    config.write_text(f"{other}{sign_in}[web]\nport = {port}\nthreads = {threads}\n{_tls_lines(tls)}")
    command = [sys.executable, "-m", "hub.cli", "web", "--config", str(config)]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    address = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        _wait_for(address, process, folder / "web.log", None if tls is None else tls[2])
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(240)


def _tls_lines(tls: tuple[Path, Path, Path] | None) -> str:
    return "" if tls is None else f'[web.tls]\ncertificate = "{tls[0]}"\nkey = "{tls[1]}"\n'


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path, trusted: Path | None) -> None:
    context = None if trusted is None else ssl.create_default_context(cafile=str(trusted))
    give_up_at = time.monotonic() + START_WAIT_S
    while time.monotonic() < give_up_at:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/masuk", timeout=60, context=context).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer within {START_WAIT_S} s: {log.read_text()}")
