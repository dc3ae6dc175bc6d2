"""`trialwright ask`: JSON in, JSON out, exit status 2 when any case was refused."""

import io
import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main

GOOD = {"term": "Anemia", "value": 7.9, "unit": "g/dL", "lln": 12}


def ask(given, *options, question="grade"):
    """Ask as a shell does."""
    raw = given if isinstance(given, bytes) else given.encode()
    return CliRunner().invoke(main, ["ask", question, *options], input=raw)


def answers(done):
    """Give each line of the output as JSON."""
    return [json.loads(line) for line in done.stdout.split("\n") if line]


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_one_object_gives_one_answer_and_status_0(indent, mark, end):
    """On one line or over many, with or without a byte order mark and a last line end."""
    text = json.dumps(GOOD, indent=indent).replace("\n", end or "\n")

    done = ask(mark + text + end)

    assert done.exit_code == 0
    assert [answer["grade"] for answer in answers(done)] == [3]


def test_many_objects_are_answered_line_by_line_in_their_order():
    """Ids come back; blank lines are no cases."""
    lines = [json.dumps({"id": str(place), **GOOD}) for place in range(5)]

    done = ask("\n\n".join(lines) + "\n")

    assert done.exit_code == 0
    assert [answer["id"] for answer in answers(done)] == list("01234")


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", ['{"term": 1}', "nonsense", '{"term"', "[]", "\xe9"])
def test_a_bad_case_costs_itself_and_status_2(place, bad):
    """Whichever line it is; the others are answered."""
    lines = [json.dumps(GOOD).encode()] * 2
    lines.insert(place, bad.encode("latin-1"))

    done = ask(b"\n".join(lines))

    assert done.exit_code == 2
    assert ["error" in answer for answer in answers(done)] == [
        number == place for number in range(3)
    ]
    assert answers(done)[place]["error"]["line"] == place + 1


@pytest.mark.parametrize("given", ["", "\n\n", "\ufeff"])
def test_no_case_is_refused_on_standard_error(given):
    """Nothing was asked, so nothing is answered; a script must notice."""
    done = ask(given)

    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Give a case" in done.stderr


def test_each_answer_is_one_line_whatever_stands_in_it():
    """A line separator of Unicode in an id does not break the line for other readers."""
    done = ask(json.dumps({"id": "a\u2028b\x85c\nd", **GOOD}, ensure_ascii=False))

    assert len(done.stdout.splitlines()) == 1
    assert answers(done)[0]["id"] == "a\u2028b\x85c\nd"


def test_half_a_surrogate_pair_breaks_no_output():
    """The error object is JSON that every reader takes."""
    done = ask('{"id": "\\ud800"}')

    assert done.exit_code == 2
    assert "error" in answers(done)[0]


@pytest.mark.parametrize("option", ["--schema", "--answer-schema"])
def test_the_schemas_are_printed(option):
    """Nothing is read then."""
    done = ask("", option)

    assert done.exit_code == 0
    assert json.loads(done.stdout)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "/nowhere/file.json"], "No such file"),
        (["grade", "/"], "Is a directory"),
        (["weather"], "is not one of"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_call_is_told_with_status_2(arguments, says):
    """By the command itself, before anything is read."""
    done = CliRunner().invoke(main, ["ask", *arguments])

    assert done.exit_code == 2
    assert says in done.stderr


def test_a_file_is_read_as_standard_input_is(tmp_path):
    """The same cases, the same answers."""
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(GOOD) + "\n")

    from_file = CliRunner().invoke(main, ["ask", "grade", str(file)])

    assert from_file.stdout == ask(json.dumps(GOOD)).stdout


@pytest.mark.parametrize("size", [1_000_000, 30_000_000])
def test_a_large_binary_file_is_refused_line_by_line(tmp_path, size):
    """No traceback and no endless memory."""
    file = tmp_path / "binary"
    file.write_bytes(b"\x00\xff" * (size // 2))

    done = CliRunner().invoke(main, ["ask", "grade", str(file)])

    assert done.exit_code == 2
    assert all("error" in answer for answer in answers(done))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_answers_are_utf_8_whatever_the_terminal_says(encoding):
    """`≥` and `–` of clinical texts arrive."""
    case = {"term": "Anemia", "value": 8, "unit": "g/dL", "lln": 12, "id": "é≥"}
    around = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    done = subprocess.run(
        [sys.executable, "-m", "trialwright", "ask", "grade"],
        input=json.dumps(case).encode(),
        env=around,
        capture_output=True,
        check=True,
    )

    assert json.loads(io.BytesIO(done.stdout).read().decode("utf-8"))["id"] == "é≥"


def test_an_amended_protocol_is_named_by_its_file(tmp_path):
    """The versions of a rescreening are files that were handed in; no case opens another."""
    text = CliRunner().invoke(main, ["protocol", "show", "NCT03959891", "--yaml"]).stdout
    (tmp_path / "old.yaml").write_text(text, encoding="utf-8")
    stricter = re.sub(r"at_most: 2(\n +kind: observation\n +fact: ecog\n)", r"at_most: 1\1", text)
    stricter = re.sub(r"ecog: 2(\n +answer: met)", r"ecog: 1\1", stricter)
    (tmp_path / "new.yaml").write_text(stricter, encoding="utf-8")
    given = {"ecog": 2}
    case = {"old": "old.yaml", "new": "new.yaml", "as_of": "2026-03-05", "given": given}
    files = [part for name in ("old", "new") for part in ("--protocol", tmp_path / f"{name}.yaml")]

    done = ask(json.dumps(case), *map(str, files), question="rescreen")
    unnamed = ask(json.dumps(case), *map(str, files[:2]), question="rescreen")

    (answer,) = answers(done)
    said = "arm A: cannot tell yet, then not eligible (I04); "
    assert answer["because"].startswith(said)
    (fault,) = answers(unnamed)[0]["error"]["faults"]
    assert (fault["found"], fault["allowed"]) == ("new.yaml", "nct03959891, old.yaml")
