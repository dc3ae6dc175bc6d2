"""Recorded values are told whole on the page of values and sources."""

from datetime import date

import pytest

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.web.flat import values_of

ON = {"earliest": "2026-03-05", "latest": "2026-03-05", "text": "2026-03-05"}
SOURCE = {"kind": "person", "place": "report 17"}


def observed(value: object) -> Recorded:
    """Give an entry of one observation."""
    seen = {"term": "hemoglobin", "value": value, "on": ON, "source": SOURCE}
    happening = Happening("form_recorded", "MGH-001", date(2026, 3, 5), {"observations": [seen]})
    return Recorded(
        7, "2026-03-05T12:00:00.000Z", "c.meyer", "coordinator", "mgh", "page", "", "", happening
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"comparator": "", "unit": "g/dL", "value": "9.1"}, "9.1 g/dL"),
        ({"value": "9.1", "unit": "g/dL", "comparator": ""}, "9.1 g/dL"),
        ({"comparator": "<", "unit": "g/dL", "value": "9.1"}, "<9.1 g/dL"),
        ({"comparator": "", "unit": "{score}", "value": "0"}, "0 {score}"),
        ({"comparator": "", "unit": "g/dL", "value": None}, "– g/dL"),
        ("negative", "negative"),
        (None, ""),
    ],
)
def test_an_amount_is_told_with_its_number(value, told):
    """Comparator, number, unit, in whatever order the ledger holds them."""
    (found,) = values_of([observed(value)], "MGH-001")

    assert (found.what, found.value, found.on) == ("hemoglobin", told, "2026-03-05")


def test_laboratory_values_stand_on_the_page(signed_in):
    """Of every laboratory value of the invented trial, the number is to be read."""
    page = signed_in("monitor").get("/participants/MGH-005/values/").content.decode()

    assert ">mg/dL</td>" not in page.replace("> ", ">")
    assert ">300 mg, given</td>" in page


def test_a_day_that_is_not_known_is_not_made_up(signed_in, trial):
    """A specimen of November 2025 is not told as one of the first of the month."""
    client = signed_in("coordinator")
    at = "/participants/MGH-016/"
    entered = {"form": "slides", "number": "12", "thickness_um": "5", "on": "2025-11",
               "source": "pathology of autumn"}  # fmt: skip
    client.post(f"{at}record/specimen/", entered)

    page = client.get(f"{at}values/?of=slides").content.decode()

    assert ">2025-11</td>" in page
    assert "1 Nov 2025" not in page
