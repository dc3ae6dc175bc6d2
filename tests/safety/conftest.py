"""A DLT definition with a rule of each kind, and makers of events and doses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.protocol.arms import DltWindow
from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

OPENED = date(2026, 2, 16)
SOURCE = Source("example", "row 1")


@pytest.fixture(scope="session")
def definition():
    """Give rules for anaemia (grade 4), fatigue (72 h) and every other term (grade 3)."""
    return DltDefinition(
        ctcae="5.0",
        graded_by={"Hyperglycemia": "4.03"},
        must_be_related=True,
        rules=(
            DltRule(id="anaemia", says="Grade 4 anaemia", terms=("Anemia",), least_grade=4),
            DltRule(
                id="fatigue",
                says="Fatigue of grade 3 for 72 hours",
                terms=("Fatigue",),
                least_grade=3,
                least_hours=72,
            ),
            DltRule(id="other", says="Any other event of grade 3", least_grade=3),
        ),
    )


@pytest.fixture(scope="session")
def window():
    """Give a window of 28 days from the first ipatasertib, 75 % of doses."""
    return DltWindow(anchor_agent="ipatasertib", days=28, least_dose_percent=Decimal(75))


@pytest.fixture(scope="session")
def event():
    """Give the maker of events: nausea of grade 3 on day 10, related, unless said otherwise."""

    def make(**fields):
        """Make an event; dates may be given as text."""
        given = {
            "term": "Nausea",
            "grade": 3,
            "started": "2026-02-25",
            "ended": None,
            "is_serious": False,
            "related_to": ("ipatasertib",),
            "source": SOURCE,
            **fields,
        }
        for name in ("started", "ended"):
            given[name] = given[name] and PartialDate.parse(given[name])
        return AdverseEvent(**given)

    return make


@pytest.fixture(scope="session")
def doses():
    """Give the maker of daily doses of one agent."""

    def make(days, *, agent="ipatasertib", status="given"):
        """Make doses on days of the window, day 1 on 2026-02-16."""
        amount = None if status == "held" else Quantity(Decimal(400), "mg")
        return [
            DoseGiven(agent, OPENED + timedelta(days=day - 1), amount, status, SOURCE)
            for day in days
        ]

    return make
