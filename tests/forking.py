"""A `trialwright` whose imports are done once: each call is a fork of one process.

Loading what a command needs takes longer than most commands of the pages. The forked process does
what a new one would: its own working directory, environment, arguments and open files.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from trialwright.cli.main import COMMANDS, main

CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(said).to_bytes(4)], [0, 1, 2])
    server.sendall(said)
    answer = server.recv(1)
sys.exit(answer[0] if answer else "the forked process ended without a word")
"""


def _answer(call: socket.socket) -> None:
    """Run one command in this process, as its own program would, and say its exit status."""
    size, streams, _, _ = socket.recv_fds(call, 4, 3)
    said = b""
    while len(said) < int.from_bytes(size):
        said += call.recv(65536)
    words, folder, around = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - until the process ends
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(around)
    sys.argv = ["trialwright", *words]
    status = 1
    try:
        main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else bool(ended.code)
    finally:
        sys.stdout.flush()
        call.send(bytes([status]))


def serve(listening: socket.socket) -> None:
    """Load every command, then fork for each call until killed."""
    for place in COMMANDS.values():
        import_module(f"trialwright.cli.{place.partition(':')[0]}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forked ones
    while True:
        call, _ = listening.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listening.close()
            _answer(call)
            os._exit(0)
        call.close()


@contextmanager
def forking_command() -> Iterator[Path]:
    """Give a folder to put first in PATH: its `trialwright` runs in forks of one process."""
    with (
        TemporaryDirectory(prefix="forking-") as folder,
        socket.socket(socket.AF_UNIX) as listening,
    ):
        address = str(Path(folder) / "calls")
        listening.bind(address)
        listening.listen()
        client = Path(folder) / "bin" / "trialwright"
        client.parent.mkdir()
        client.write_text(CLIENT.format(python=sys.executable, address=address), encoding="utf-8")
        client.chmod(0o755)
        words = [sys.executable, "-P", __file__, str(listening.fileno())]
        with subprocess.Popen(words, pass_fds=[listening.fileno()]) as server:
            try:
                yield client.parent
            finally:
                server.kill()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
