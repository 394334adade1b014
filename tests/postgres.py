"""A real PostgreSQL server of our own, for tests and benches; it ends with whoever started it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.mosquitto import free_port

BINS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
MISSING = "PostgreSQL is not installed (apt-get install postgresql)"


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; whoever owns its package is the right user then."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


@contextmanager
def running(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a server; yield its URL without a database (``postgres`` is empty)."""
    folder, bins, port = Path(tempfile.mkdtemp()), BINS[-1], free_port()
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    initdb = [bins / "initdb", "-D", data, "-U", "pontive", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*unprivileged(), *initdb], check=True, capture_output=True, cwd=folder)
    own = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    own.update(settings or {})
    words = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
    with tempfile.TemporaryFile() as log:
        program = [*unprivileged(), bins / "postgres", "-D", data, *words]
        server = subprocess.Popen(program, stdout=log, stderr=log, cwd=folder)
        try:
            ready = [bins / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q", "-t", "30"]
            while subprocess.run(ready).returncode:
                if server.poll() is not None:
                    log.seek(0)
                    raise AssertionError(log.read().decode(errors="replace"))
            yield f"postgresql://pontive@127.0.0.1:{port}"
        finally:
            # At once, whatever is still connected.
            server.send_signal(signal.SIGINT)
            server.wait()
            shutil.rmtree(folder)
