"""Starting the pages: settings, the accounts file, the first link, and the server."""

import socket
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from trialwright.assembly.collecting import collecting_later, end_at_once, set_aside
from trialwright.assembly.serving import Desk
from trialwright.terms.errors import refuse
from trialwright.web.settings import Door, settings_of

THREADS = 8
"""Requests answered at a time; each write waits for the trial's lock."""

BACKLOG = 1024
"""Callers that may wait to be answered."""

FIRST = "serve"
"""Who invites the first operator."""


def prepare(desk: Desk, door: Door, old: Path | None = None) -> None:
    """Make Django ready for a trial, once in a process.

    Parameters
    ----------
    desk : Desk
        The open trial.
    door : Door
        How the pages are reached.
    old : Path or None
        File from which accounts are moved.
    """
    settings.configure(**settings_of(desk, door, old))
    django.setup()
    desk.make_accounts_schema()
    call_command("migrate", verbosity=0, interactive=False)
    if desk.accounts.exists():
        desk.accounts.chmod(0o600)


def read_ahead() -> None:
    """Read the whole ledger, and answer what the first pages ask, before the first caller comes.

    What stays of it is set aside: collecting garbage through it took a second of somebody's page.

    Raises
    ------
    Refusal
        If the ledger cannot be read.
    """
    from trialwright.web import desk, pictures, whole_trial

    with collecting_later():
        desk.desk().read_ahead()
        whole_trial.look_ahead()
        pictures.draw_ahead()
        set_aside(desk.state().sequence)


def first_link(desk: Desk) -> str:
    """Give a one-time link for the first operator, while there is no account.

    Parameters
    ----------
    desk : Desk
        The open trial; `prepare` was called.

    Returns
    -------
    str
        Path of the link; empty when there is an account. Links made before are void.
    """
    from django.contrib.auth.models import User
    from django.urls import reverse

    from trialwright.conduct.roles import OPERATOR
    from trialwright.web.accounts import invite
    from trialwright.web.models import Invitation

    if User.objects.exists():
        return ""
    Invitation.objects.all().delete()
    token = invite(OPERATOR, FIRST)
    return reverse("invitation", args=[token])


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented account of a demo.

    Attributes
    ----------
    name, role, password : str
        To sign in with.
    """

    name: str
    role: str
    password: str


def invented_accounts() -> tuple[Invented, ...]:
    """Make the accounts of the demo, each with a password of its own.

    Returns
    -------
    tuple of Invented
        The passwords stand nowhere else.
    """
    from trialwright.assembly.demo_trial import ACCOUNTS
    from trialwright.assembly.serving import invented_password
    from trialwright.web.accounts import make_account
    from trialwright.web.roles import kind_of

    made = []
    for actor in ACCOUNTS:
        password = invented_password()
        make_account(actor.account, password, kind_of(actor.role))
        made.append(Invented(actor.account, actor.role, password))
    return tuple(made)


def listen(host: str, port: int) -> socket.socket:
    """Take an address before anybody is told of it.

    Parameters
    ----------
    host : str
        Name or number of the address to listen on.
    port : int
        Port to listen on; 0 takes one that is free.

    Returns
    -------
    socket.socket
        Callers wait in it until `serve` or `serve_many` answers them.

    Raises
    ------
    Refusal
        If another program listens there, or the address is not of this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as failed:
        found = failed.strerror or type(failed).__name__
        raise refuse(f"{host}:{port}", found, "an address of this machine that is free",
                     "Stop what listens there, or name another with --port") from None  # fmt: skip


def serve_many(taken: socket.socket, workers: int) -> None:
    """Answer requests by several processes behind gunicorn, until the process is told to stop.

    Parameters
    ----------
    taken : socket.socket
        What `listen` gave.
    workers : int
        Processes; each answers `THREADS` requests at a time. They begin with what this one has read
        of the ledger, and read what is new before they answer.
    """
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    application = get_wsgi_application()
    connections.close_all()  # what is open now cannot be shared by the processes
    end_at_once()

    class Served(BaseApplication):  # type: ignore[misc]  # the library has no types
        """The pages as gunicorn takes them."""

        def load_config(self) -> None:
            """Say where to listen, and how many answer."""
            for name, value in (
                ("bind", f"fd://{taken.detach()}"), ("workers", workers), ("threads", THREADS),
                ("preload_app", True), ("proc_name", "trialwright"),
                ("control_socket_disable", True),
                ("post_worker_init", lambda worker: read_ahead()),
            ):  # fmt: skip
                if name in self.cfg.settings:  # older ones open no socket of control
                    self.cfg.set(name, value)

        def load(self) -> object:
            """Give the application."""
            return application

    Served().run()


def serve(taken: socket.socket) -> None:
    """Answer requests until the process is told to stop.

    Parameters
    ----------
    taken : socket.socket
        What `listen` gave.
    """
    from waitress import serve as answer

    end_at_once()
    answer(get_wsgi_application(), sockets=[taken], threads=THREADS, ident="trialwright",
           clear_untrusted_proxy_headers=False)  # fmt: skip
