"""Recorded values: typed facts, written and read back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.tumours import (
    Certainty,
    Merged,
    NewLesion,
    NonTargetWord,
    Split,
    TargetWord,
    TumourAssessment,
)
from trialwright.conduct.records import read, write
from trialwright.ledger.flatten import assemble, flatten
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

SOURCES = st.builds(Source, st.sampled_from(["fhir", "person"]), st.text(max_size=20))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PARTIAL = st.one_of(
    DAYS.map(PartialDate.of),
    DAYS.map(lambda day: PartialDate.parse(f"{day:%Y-%m}")),
    DAYS.map(lambda day: PartialDate.parse(f"{day:%Y}")),
)
NUMBERS = st.decimals(min_value=0, max_value=900, places=3)
AMOUNTS = st.builds(
    Quantity, NUMBERS, st.sampled_from(["mg", "g/dL", "10*3/uL"]), st.sampled_from(["", "<", ">="])
)
FACTS = st.one_of(
    st.builds(
        Observation,
        st.just("anc"),
        st.one_of(AMOUNTS, st.sampled_from(["positive", "3", "2026-01-01"])),
        PARTIAL,
        SOURCES,
        st.none() | NUMBERS,
        st.none() | NUMBERS,
    ),
    st.builds(
        Condition,
        st.just("hiv"),
        is_present=st.booleans(),
        since=st.none() | PARTIAL,
        until=st.none() | PARTIAL,
        source=SOURCES,
        recorded=st.none() | PARTIAL,
    ),
    st.builds(
        Attestation,
        st.just("good-candidate"),
        st.sampled_from(["yes", "no"]),
        st.text(max_size=30),
        st.just("investigator"),
        PARTIAL,
        SOURCES,
    ),
    st.builds(
        AdverseEvent,
        st.just("Fatigue"),
        st.none() | st.integers(1, 5),
        st.none() | PARTIAL,
        st.none(),
        st.none() | st.booleans(),
        st.none() | st.tuples() | st.tuples(st.just("ipatasertib")),
        SOURCES,
        st.none() | st.integers(0, 900),
    ),
    st.builds(
        DoseGiven,
        st.just("ipatasertib"),
        DAYS,
        st.decimals(min_value=1, max_value=900, places=1).map(lambda mg: Quantity(mg, "mg")),
        st.sampled_from(["given", "reduced"]),
        SOURCES,
    ),
    st.builds(
        TumourAssessment,
        DAYS,
        st.dictionaries(
            st.sampled_from(["T1", "T2"]),
            st.one_of(
                NUMBERS,
                st.sampled_from(TargetWord),
                st.lists(NUMBERS, min_size=2, max_size=3).map(lambda mm: Split(tuple(mm))),
                st.just(Merged("T2")),
            ),
        ),
        st.dictionaries(st.just("N1"), st.one_of(NUMBERS, st.sampled_from(NonTargetWord))),
        st.none()
        | st.tuples()
        | st.tuples(st.builds(NewLesion, st.sampled_from(Certainty), st.just("LUNG"))),
        SOURCES,
    ),
)


@given(FACTS)
def test_what_is_recorded_reads_back_as_the_same_fact(fact):
    """Nothing is lost or turned into another type on the way through the ledger."""
    stored = assemble(flatten({"fact": write(fact)}))["fact"]

    found = read(type(fact), stored)

    assert found == fact
    assert repr(found) == repr(fact)


def test_an_amount_never_passes_through_a_binary_float():
    """Decimals are recorded as text with every digit."""
    fact = Observation(
        "anc", Quantity(Decimal("0.10"), "mg"), PartialDate.parse("2026"), Source("person", "x")
    )

    assert write(fact)["value"]["value"] == "0.10"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DoseGiven, {"agent": "ipatasertib"}),
        (DoseGiven, None),
        (AdverseEvent, {"term": 3}),
        (Source, {"kind": None, "place": "x"}),
    ],
)
def test_what_is_no_such_record_is_refused_with_its_place(kind, value):
    """A value of another form is a refusal, never a traceback of the codec."""
    with pytest.raises(Refusal) as refused:
        read(kind, value)

    assert all(fault.allowed == f"a recorded {kind.__name__}" for fault in refused.value.faults)
