"""Acts from JSON: each by its own form, with nothing passed over."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from trialwright.conduct.act_forms import ACTS, act_schemas, plain, read_act
from trialwright.conduct.acts import Consent, RecordAdverseEvent
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.roles import GRANTED
from trialwright.terms.errors import Refusal

DAY = {"text": "2026-03-14", "earliest": "2026-03-14", "latest": "2026-03-14"}
EVENT = {
    "participant": "P-1",
    "on": "2026-03-14",
    "event": {
        "term": "Rash", "grade": 2, "started": DAY, "ended": None, "is_serious": False,
        "related_to": ["ipatasertib"], "source": {"kind": "form", "place": "AE/1"},
    },
}  # fmt: skip


def test_every_act_but_the_signature_has_a_form():
    """Compared with the table of roles, which holds every act."""
    schemas, _ = act_schemas("#/$defs/{model}")

    assert set(ACTS) == set(GRANTED) - {"Sign"} == set(schemas)
    assert all(is_dataclass(each) for each in ACTS.values())


def test_an_act_is_read():
    """With its parts."""
    act = read_act("RecordAdverseEvent", EVENT)

    assert isinstance(act, RecordAdverseEvent)
    assert act.event.grade == 2
    assert act.event.started.latest == date(2026, 3, 14)
    assert read_act("Consent", {"participant": "P-1", "on": "2026-03-14"}) == Consent(
        "P-1", date(2026, 3, 14)
    )


def test_a_correction_holds_values_of_any_form():
    """It is the act itself that is given."""
    given = {"participant": "P-1", "on": "2026-03-14", "sequence": 3, "field": "payload/event",
             "old": None, "new": {"a": [1, "2"]}, "reason": "typed wrongly"}  # fmt: skip

    act = read_act("Correct", given)

    assert type(act) is Correct
    assert {each.name for each in fields(act)} == set(given)
    assert act.new == {"a": [1, "2"]}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("surprise",), 1, "surprise"),
        (("event", "gradee"), 3, "event.gradee"),
        (("event", "source", "extra"), "x", "event.source.extra"),
        (("event", "grade"), "2", "event.grade"),
        (("event", "grade"), 9, "grade"),
        (("event", "is_serious"), "yes", "event.is_serious"),
        (("on",), 20260314, "on"),
        (("event", "started", "latest"), "2026-03-15", "event.started"),
        (("event", "started", "text"), "14/03/2026", "event.started"),
    ],
)
def test_what_does_not_fit_is_refused(path, value, where):
    """Neither an unknown field nor a date whose days are not those of its text gets in."""
    given = plain(EVENT)
    place = given
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value

    with pytest.raises(Refusal) as refused:
        read_act("RecordAdverseEvent", given)

    assert [each.where for each in refused.value.faults] == [where]


def test_an_interval_that_is_open_is_read():
    """As the reader of FHIR writes one."""
    since = {"text": "../2026-03-14", "earliest": "0001-01-01", "latest": "2026-03-14"}
    given = plain(EVENT)
    given["event"]["started"] = since

    assert read_act("RecordAdverseEvent", given).event.started.text == "../2026-03-14"


def test_decimals_stay_exact():
    """They travel as text."""
    assert plain({"value": [Decimal("1.10")]}) == {"value": ["1.10"]}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_published_form_is_closed(name):
    """A JSON Schema by a second implementation: nothing unknown, and what is required."""
    schemas, shared = act_schemas("#/$defs/{model}")
    validator = Draft202012Validator({**schemas[name], "$defs": dict(shared)})
    required = {
        each.name for each in fields(ACTS[name])
        if each.default is each.default_factory
    }  # fmt: skip

    faults = {(each.validator, each.message) for each in validator.iter_errors({"surprise": 1})}

    assert any(kind == "additionalProperties" for kind, _ in faults)
    for field in required:
        assert any(f"'{field}'" in said for kind, said in faults if kind == "required"), field
