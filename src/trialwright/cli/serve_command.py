"""`trialwright serve`: the trial in a browser."""

from importlib.util import find_spec
from pathlib import Path

import click

from trialwright.assembly import ledgers
from trialwright.assembly.serving import open_desk
from trialwright.terms.errors import refuse

PORT = 8000


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("trialwright-trial"),
    show_default=True,
    help="Folder of the trial: ledger, keys and accounts. It is made on the first run.",
)
@click.option("--protocol", default="nct03959891", show_default=True,
              help="NCT number of a shipped protocol, or a file.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True,
              help="Port to listen on; 0 takes one that is free.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--tls-name", "names", multiple=True, metavar="NAME",
              help="Name under which a proxy with TLS is reached that stands in front. Cookies are "
              "sent over TLS alone then, and plain requests are led there.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes that answer; more than one needs PostgreSQL.")  # fmt: skip
def serve(
    folder: Path, protocol: str, port: int, host: str, names: tuple[str, ...], workers: int
) -> None:
    """Open the trial in a browser, on this machine alone unless told otherwise.

    The first run makes the ledger and prints a one-time link: the operator sets name and password
    there, and makes links for everybody else. There is no default password.

    Where DATABASE_URL names a PostgreSQL database, ledger, accounts and sessions are kept there.

    The whole ledger is read, and what the first pages show is worked out, before the port is taken.

    Exit status: 0 stopped, 2 the folder, the ledger, the protocol or the port could not be taken.
    """
    if workers > 1 and ledgers.database_address() is None:
        raise refuse("--workers", str(workers), "1 on SQLite", "Set DATABASE_URL, or leave it out")
    if workers > 1 and find_spec("gunicorn") is None:
        raise refuse("--workers", f"{workers}, without gunicorn", "1 where it is not installed",
                     "pip install 'trialwright[postgres]'")  # fmt: skip
    # Django is loaded here and not above, so that other commands start without it.
    from trialwright.web import starting
    from trialwright.web.settings import Door

    desk = open_desk(folder, protocol)
    starting.prepare(desk, Door(tuple(names), is_behind_tls=True) if names else Door())
    starting.read_ahead()
    taken = starting.listen(host, port)
    at = f"https://{names[0]}" if names else f"http://{_shown(host)}:{taken.getsockname()[1]}"
    link = starting.first_link(desk)
    if link:
        click.echo(f"First operator, within 48 hours and once: {at}{link}")
    click.echo(f"{desk.gateway.trial} is open at {at}/ (stop with Ctrl-C)")
    if workers > 1:
        starting.serve_many(taken, workers)
    else:
        starting.serve(taken)


def _shown(host: str) -> str:
    """Give the name under which this machine reaches the server."""
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
