"""Non-target lesions: persistence, nodes, the marker, and what was not looked at."""

import pytest

from trialwright.casebook.tumours import Marker, Response
from trialwright.response.nontarget import nontarget_response


def _judge(bench, readings, marker=Marker.NOT_FOLLOWED, was_complete=False):
    """Judge non-target lesions beside one target."""
    baseline = bench.baseline({"T1": 20}, tuple(readings))
    given = {label: reading for label, reading in readings.items() if reading is not None}
    visit = bench.visit(57, {"T1": 20}, given, marker=marker)
    return nontarget_response(baseline, visit, was_complete=was_complete)


@pytest.mark.parametrize(
    ("readings", "answer"),
    [
        ({"N1": "ABSENT"}, "CR"),
        ({"N1": 0}, "CR"),
        ({"N1": 3}, "NON-CR/NON-PD"),
        ({"N1": "0.001"}, "NON-CR/NON-PD"),
        ({"N1": "PRESENT"}, "NON-CR/NON-PD"),
        ({"LN1": "9.9"}, "CR"),
        ({"LN1": 9}, "CR"),
        ({"LN1": 10}, "NON-CR/NON-PD"),
        ({"LN1": 16}, "NON-CR/NON-PD"),
        ({"LN1": "ABSENT"}, "CR"),
        ({"LN1": "PRESENT"}, "NON-CR/NON-PD"),
        ({"N1": "ABSENT", "LN1": 9}, "CR"),
        ({"N1": "UNEQUIVOCAL PROGRESSION"}, "PD"),
        ({"N1": "UNEQUIVOCAL PROGRESSION", "N2": "NE"}, "PD"),
        ({"N1": "NE"}, "NE"),
        ({"N1": None}, "NE"),
        ({"N1": "PRESENT", "N2": "NE"}, "NE"),
        ({"N1": "ABSENT", "N2": None}, "NE"),
        ({}, None),
    ],
)
def test_each_reading_gives_its_response(bench, readings, answer):
    """All gone is CR, some left NON-CR/NON-PD, not all looked at NE, unequivocal growth PD."""
    assert _judge(bench, readings).response == answer


@pytest.mark.parametrize(
    ("readings", "marker", "answer"),
    [
        ({"N1": "ABSENT"}, Marker.NORMAL, "CR"),
        ({"N1": "ABSENT"}, Marker.ABOVE_NORMAL, "NON-CR/NON-PD"),
        ({"N1": "ABSENT"}, Marker.NOT_EVALUATED, "NE"),
        ({"N1": "PRESENT"}, Marker.NOT_EVALUATED, "NON-CR/NON-PD"),
        ({"N1": "NE"}, Marker.ABOVE_NORMAL, "NE"),
        ({"N1": "UNEQUIVOCAL PROGRESSION"}, Marker.NORMAL, "PD"),
        ({}, Marker.NORMAL, None),
        ({}, Marker.ABOVE_NORMAL, "NON-CR/NON-PD"),
        ({}, Marker.NOT_EVALUATED, "NE"),
    ],
)
def test_the_marker_can_only_hold_back_complete_response(bench, readings, marker, answer):
    """A marker above normal is never progression; unknown, it leaves CR open."""
    assert _judge(bench, readings, marker).response == answer


@pytest.mark.parametrize(
    ("label", "reading", "answer"),
    [
        ("N1", "PRESENT", "PD"),
        ("N1", 2, "PD"),
        ("LN1", "PRESENT", "NON-CR/NON-PD"),
        ("LN1", 11, "NON-CR/NON-PD"),
        ("LN1", "UNEQUIVOCAL PROGRESSION", "PD"),
        ("N1", "ABSENT", "CR"),
    ],
)
def test_after_complete_response_a_mass_that_returns_is_progression(bench, label, reading, answer):
    """A node must progress unequivocally; anything else that reappears is PD."""
    assert _judge(bench, {label: reading}, was_complete=True).response == answer


def test_the_reason_names_the_lesions(bench):
    """The sentence says which lesions decide."""
    call = _judge(bench, {"N1": "PRESENT", "LN1": 12, "N2": "ABSENT"})

    assert call.response is Response.NON_CR_NON_PD
    assert "N1 present and LN1 12 mm" in call.because
    assert "N2" not in call.because


@pytest.mark.parametrize(
    ("marker", "is_said"), [(Marker.NORMAL, True), (Marker.NOT_FOLLOWED, False)]
)
def test_a_marker_is_said_to_be_normal_only_when_it_is(bench, marker, is_said):
    """The reason of a complete response does not speak of a marker nobody followed."""
    because = _judge(bench, {"N1": "ABSENT"}, marker).because

    assert ("the tumour marker is normal" in because) is is_said
