"""A drug count through the gateway: worked out, recorded, folded; a refusal leaves nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.casebook.course import DrugCount
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import Assign, RecordDoses
from trialwright.conduct.clinical_acts import CountDrug
from trialwright.conduct.folding import fold
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

DAY, ENTRY = date(2026, 2, 5), date(2026, 6, 1)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
CHART = Source("person", "chart")


def test_a_count_is_taken_when_it_agrees_or_says_why(desk):
    """Three doses were taken of ten units: seven come back, or six with words."""
    gateway = desk.open()
    desk.register(gateway, "P-1")
    gateway.execute(Assign("P-1", DAY, {}), CHIEF)
    taken = tuple(
        DoseGiven("ipatasertib", DAY + timedelta(days=each), Quantity(Decimal(200), "mg"),
                  "given", CHART)
        for each in range(3)
    )  # fmt: skip
    gateway.execute(RecordDoses("P-1", ENTRY, taken), CHIEF)
    agrees = DrugCount("ipatasertib", DAY, 10, DAY + timedelta(days=28), 7, None, CHART)
    lacks = DrugCount("ipatasertib", DAY, 10, DAY + timedelta(days=28), 6, None, CHART)
    head = desk.ledger().head(gateway.trial)

    with pytest.raises(Refusal, match="words for a difference"):
        gateway.execute(CountDrug("P-1", ENTRY, lacks), CHIEF)

    assert desk.ledger().head(gateway.trial) == head
    done = gateway.execute(CountDrug("P-1", ENTRY, agrees), CHIEF)
    assert done.happenings[0].payload["says"][0].startswith("3 units expected: 3 doses")
    gateway.execute(CountDrug("P-1", ENTRY, lacks, "one fell into the sink"), CHIEF)
    records = list(desk.ledger().records(gateway.trial))
    anew = fold(gateway.protocol.study, records).participants["P-1"]
    assert anew == gateway.state().participants["P-1"]
    assert anew.course.counts == (agrees, lacks)
