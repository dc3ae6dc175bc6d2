"""`trialwright reference`: exit status 0, 1 or 2."""

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main

AGREES = '{"cases": [{"id": "a", "term": "Anemia", "value": 7.9, "unit": "g/dL", "grade": 3}]}'
DISAGREES = AGREES.replace('"grade": 3', '"grade": 1')


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"a.json": AGREES}, 0),
        ({"a.json": AGREES, "b.json": '{"x": 1}', "c.csv": "a,b"}, 0),
        ({"a.json": AGREES, "b.json": DISAGREES}, 1),
        ({"a.json": AGREES, "b.json": "{"}, 2),
        ({"a.json": DISAGREES, "b.json": "{"}, 1),
        ({"b.json": '{"x": 1}'}, 2),
        ({}, 2),
    ],
)
def test_the_exit_status_says_what_was_shown(tmp_path, files, status):
    """0 all agree, 1 some disagree, 2 nothing was compared or a file could not be read."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    done = CliRunner().invoke(main, ["reference", str(tmp_path)])

    assert done.exit_code == status
    for name in files:
        assert name in done.stdout + done.stderr


def test_a_folder_of_unknown_forms_says_that_nothing_was_compared(tmp_path):
    """On standard error, for whoever reads only the exit status and that."""
    done = CliRunner().invoke(main, ["reference", str(tmp_path)])

    assert "no file of a known form" in done.stderr


def test_the_shared_cases_agree(shared):
    """The words that `make reference` prints."""
    done = CliRunner().invoke(main, ["reference", str(shared / "reference")])

    assert done.exit_code == 0
    assert "ctcae/lab_grades_v5.json: agree 76 of 76" in done.stdout
    assert "recist/bor_cases.json: agree 10 of 10" in done.stdout
    assert "endpoints/fisher.json: agree " in done.stdout
    assert "endpoints/data/aml.csv: form not known, not compared" in done.stdout
