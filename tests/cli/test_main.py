"""The front door: help, exit statuses, and no traceback whatever is given."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from trialwright import __version__
from trialwright.cli.main import main


def commands(group=main, before=()):
    """Give the words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def run(*arguments):
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_every_command_says_what_it_does_and_how_it_ends(words, asked):
    """Help has a sentence; each command that does something documents its exit status."""
    done = run(*words, asked)

    assert done.exit_code == 0
    assert len(done.stdout.split("\n\n")[1].strip()) > 10
    is_group = "Commands:" in done.stdout
    assert is_group or "Exit status: 0" in done.stdout


def test_a_command_loads_nothing_that_only_its_neighbours_need():
    """Asking for the version, or for a dose, reads no record and opens no warehouse."""
    script = (
        "import sys; from trialwright.cli.main import main; main(sys.argv[1:], "
        "standalone_mode=False); print(sorted({'ibis', 'duckdb', 'pyarrow', 'lark', 'matplotlib',"
        "'trialwright.registry', 'trialwright.warehouse'} & set(sys.modules)))"
    )
    for words in (["--version"], ["next-dose", "--help"], ["design", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True
        )

        assert done.stdout.splitlines()[-1] == "[]", words


def test_the_version_is_that_of_the_package():
    """One number, in one place."""
    assert run("--version").stdout == f"trialwright, version {__version__}\n"


def test_the_module_runs_as_the_command_does():
    """`python -m trialwright` is the same door."""
    done = subprocess.run(
        [sys.executable, "-m", "trialwright", "--version"], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (0, f"trialwright, version {__version__}\n")


HOSTILE = {
    "missing": None,
    "folder": ...,
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "utf-16": "\ufeffformat: 1\n".encode("utf-16"),
    "bare returns": b"format: 1\rversion: x\r",
    "deep": b"[" * 100_000,
    "aliases": b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "twice": b"format: 1\nformat: 1\n",
    "wrong": b"format: 1\n",
    "large": 100_000_000,
    "not YAML": b"{: [}\n",
    "JSON": b'{"a": 1}',
}
CALLS = (
    ("protocol", "check"),
    ("protocol", "show"),
    ("protocol", "show", "--json"),
    ("registry", "read"),
    ("demo",),
    ("demo", "--bundle"),
    ("judge", "--as-of", "2026-03-05", "--participant", "P-1", "--records"),
    ("ask", "criterion"),
    ("reference",),
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_no_file_makes_a_traceback(call, name, tmp_path):
    """Whatever the file holds: status 2, a sentence on standard error, nothing else."""
    file, content = tmp_path / "given.yaml", HOSTILE[name]
    if content is ...:
        file.mkdir()
    elif isinstance(content, int):
        with file.open("wb") as stream:
            stream.truncate(content)  # a file with a hole: 100 MB to its reader, none on the disk
    elif content is not None:
        file.write_bytes(content)

    done = run(*call, str(file))

    assert done.exit_code == 2
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stderr or '"error"' in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo", "--keep", "/dev/null/folder"),
        ("demo", "--keep", "/dev/null"),
        ("registry", "compare", "/dev/null", "nct03959891"),
        ("registry", "read", "/dev/null", "-o", "/dev/null/x"),
        ("protocol", "show", "nct03959891", "--json", "--yaml"),
    ],
    ids=" ".join,
)
def test_no_path_makes_a_traceback(arguments):
    """Folders that cannot be made, outputs that cannot be written, options that contradict."""
    done = run(*arguments)

    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert done.stderr
