"""Published schemas: up to date, valid, each field with its meaning."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from trialwright.questions.asking import QUESTIONS, answer_schema, schema

ROOT = Path(__file__).resolve().parents[2]
MADE = [(name, maker) for name in QUESTIONS for maker in (schema, answer_schema)]


def records(node):
    """Give every object of a schema that has fields."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for inner in node.values():
            yield from records(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from records(inner)


def test_the_published_schemas_are_those_of_the_program(schemas, tmp_path):
    """`python tools/make_question_schemas.py` would change nothing, and no file is left over."""
    script = (
        "import sys, pathlib; sys.path.insert(0, 'tools'); import make_question_schemas as made;"
        f" made.FOLDER = pathlib.Path({str(tmp_path)!r}); made.write()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)

    made = {each.name: each.read_text(encoding="utf-8") for each in tmp_path.iterdir()}
    stand = {each.name: each.read_text(encoding="utf-8") for each in schemas.iterdir()}
    assert stand == made


@pytest.mark.parametrize(("name", "maker"), MADE)
def test_a_schema_is_one_and_tells_every_field(name, maker):
    """Valid by JSON Schema 2020-12; no field without its meaning, no record without a sentence."""
    described = maker(name)

    Draft202012Validator.check_schema(described)
    for record in records(described):
        assert record["description"].strip()
        assert "Attributes" not in record["description"]
        for field, told in record["properties"].items():
            assert field == "question" or told["description"], (record["title"], field)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_schema_refuses_names_that_the_question_refuses(name, good):
    """An editor marks what `ask` would refuse."""
    case = {**json.loads(good[name][0]), "no-such-name": 1}

    assert not Draft202012Validator(schema(name)).is_valid(case)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_has_its_reason_by_schema(name):
    """`because` is required of every answer."""
    answered, refused = answer_schema(name)["anyOf"]

    assert {"question", "because"} <= set(answered["required"])
    assert refused["required"] == ["error"]
