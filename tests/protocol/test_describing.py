"""The page and the schema of the protocol file say what the model says."""

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from trialwright.protocol.describing import page, schema
from trialwright.protocol.strict_yaml import read_yaml

DOCS = Path(__file__).parents[2] / "docs/reference"


def as_json(value):
    """Give a plain value as a reader of JSON would hold it."""
    match value:
        case dict():
            return {name: as_json(inner) for name, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case Decimal():
            return float(value)
        case _:
            return value


@pytest.fixture(scope="module")
def validator():
    """Give the validator of the published schema."""
    published = json.loads((DOCS / "protocol.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


@pytest.fixture
def plain(shipped_text):
    """Give the shipped protocol as plain JSON."""
    return as_json(read_yaml(shipped_text).value)


def test_the_published_page_is_the_one_the_model_gives():
    """`python tools/make_protocol_page.py` was run after the last change of the model."""
    assert (DOCS / "protocol.md").read_text(encoding="utf-8") == page()


def test_the_published_schema_is_the_one_the_model_gives():
    """Editors complete what the reader reads."""
    assert json.loads((DOCS / "protocol.schema.json").read_text(encoding="utf-8")) == schema()


def test_the_shipped_protocol_is_valid_by_the_published_schema(validator, plain):
    """The schema refuses nothing that the reader takes."""
    assert list(validator.iter_errors(plain)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("phase",), "IV"),
        (("phaze",), "Ib"),
        (("version",), 1.1),
        (("cycle_days",), 0),
        (("cycle_days",), "28"),
        (("arms", 0, "ladder", "doses", 0), "200"),
        (("arms", 0, "ladder", "doses", 0), 0),
        (("arms", 0, "dlt_window", "least_dose_percent"), 101),
        (("criteria", 3, "rule", "kind"), "observatio"),
        (("criteria", 3, "rule", "at_leats"), 0),
        (("criteria", 2, "rule", "by"), "coordinator"),
        (("identifiers", "nct"), "NCT1"),
        (("terms", "Anc"), {"says": "x", "kind": "question"}),
    ],
)
def test_the_published_schema_refuses_what_the_reader_refuses(validator, plain, path, value):
    """An editor underlines what would not be read."""
    *above, last = path
    place = plain
    for part in above:
        place = place[part]
    place[last] = value

    assert not validator.is_valid(plain)


def records():
    """Give each record of the schema with its fields."""
    described = schema()
    yield "Study", described["properties"]
    for name, record in described["$defs"].items():
        yield name, record.get("properties", {})


@pytest.mark.parametrize(("record", "fields"), [*records()], ids=[name for name, _ in records()])
def test_every_field_has_a_meaning(record, fields):
    """No field is published without a word on what it means."""
    meanings = {name: field.get("description", "").strip() for name, field in fields.items()}

    assert [name for name, meaning in meanings.items() if not meaning] == []
    assert f"## {record}\n" in page()


def test_every_field_stands_on_the_page_with_what_it_may_hold():
    """A row has the field, its values, whether it is needed, and its meaning."""
    rows = [line for line in page().splitlines() if line.startswith("| `")]

    assert len(rows) == sum(len(fields) for _, fields in records())
    assert all(len(row.replace("\\|", "").strip("| ").split(" | ")) == 4 for row in rows)
    assert "| `cycle_days` | whole number, 1 to 400 | yes | Length of a treatment cycle. |" in rows
    assert any(row.startswith("| `doses` | list of number above 0 | yes |") for row in rows)
    assert any(row.startswith("| `confirm` | true, false | no: `false` |") for row in rows)
    assert any(row.startswith("| `weeks_after_last_dose` | whole number, 0 to 520 | no: `0` |")
               for row in rows)  # fmt: skip
    assert any(
        row.startswith("| `agents` | mapping of names to [Agent](#agent) | yes |") for row in rows
    )
