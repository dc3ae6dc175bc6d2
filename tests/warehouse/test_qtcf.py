"""The mean QTcF of the newest day with ECGs: one participant and a warehouse say the same."""

from datetime import datetime, time
from decimal import Decimal

import pytest
from tests.warehouse.hospital import DAY, MET, NOT_MET, UNKNOWN, answers, before

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.qtcf import judge
from trialwright.intake.omop import read_person
from trialwright.protocol.leaf_rules import QtcfRule
from trialwright.protocol.omop_codes import meanings
from trialwright.protocol.vocabulary import Plausible, Term

TERMS = {
    name: Term(
        says=name,
        kind="observation",
        unit="ms",
        omop=(number,),
        plausible=Plausible(at_least=Decimal(100), at_most=Decimal(3000)),
    )
    for number, name in enumerate(("qtcf", "qt", "rr"), start=1)
}
QTCF, QT, RR, MS = 1, 2, 3, 8
RULE = QtcfRule(kind="qtcf", fact="qtcf", qt="qt", rr="rr", of=3, above=Decimal(470))
NUMBERS = {"met": MET, "not met": NOT_MET, "unknown": UNKNOWN}

SHORT, LONG, SECOND = [400] * 3, [500] * 3, [1000] * 3
CASES = {
    "recorded alone": ([(QTCF, 9, LONG)], "met"),
    "pairs alone": ([(QT, 9, LONG), (RR, 9, SECOND)], "met"),
    "recorded before pairs of one day": (
        [(QTCF, 9, SHORT), (QT, 9, LONG), (RR, 9, SECOND)], "not met"),
    "pairs where too few are recorded that day": (
        [(QTCF, 9, SHORT[:2]), (QT, 9, LONG), (RR, 9, SECOND)], "met"),
    "newer pairs": ([(QTCF, 90, SHORT), (QT, 1, LONG), (RR, 1, SECOND)], "met"),
    "newer recorded": ([(QTCF, 1, SHORT), (QT, 90, LONG), (RR, 90, SECOND)], "not met"),
    "one newer recorded": ([(QTCF, 1, [520]), (QT, 90, SHORT), (RR, 90, SECOND)], "unknown"),
    "one newer pair": ([(QTCF, 90, SHORT), (QT, 1, [520]), (RR, 1, [1000])], "unknown"),
    "newer QT alone": ([(QTCF, 90, SHORT), (QT, 1, LONG)], "unknown"),
    "newer QT beside older pairs": (
        [(QT, 9, SHORT), (RR, 9, SECOND), (QT, 1, LONG[:2])], "unknown"),
    "newer RR alone": ([(QTCF, 90, SHORT), (RR, 1, SECOND)], "not met"),
    "an RR that can hardly be true after one that can": (
        [(QT, 9, LONG), (RR, 9, SECOND), (RR, 9, [10**7])], "unknown"),
    "an RR that can be true after one that can hardly": (
        [(RR, 9, [10**7]), (QT, 9, LONG), (RR, 9, SECOND)], "met"),
    "another RR of the same instant": (
        [(QT, 9, LONG), (RR, 9, SECOND), (RR, 9, [1500] * 3)], "not met"),
    "an unread RR of one instant, and another of all": (
        [(QT, 9, LONG), (RR, 9, [10**7]), (RR, 9, SECOND)], "met"),
}  # fmt: skip
"""Term, days before and numbers of the ECGs, a minute apart; and what the mean of three is."""


def rows(ecgs):
    """Give the measurements of one person."""
    every = [
        (concept, before(days), minute, value)
        for concept, days, values in ecgs
        for minute, value in enumerate(values)
    ]
    return [
        {
            "measurement_id": number, "person_id": 1, "measurement_concept_id": concept,
            "measurement_date": day, "measurement_datetime": datetime.combine(day, time(9, minute)),
            "value_as_number": float(value), "unit_concept_id": MS,
        }
        for number, (concept, day, minute, value) in enumerate(every, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_newest_day_with_ecgs_counts_for_one_and_for_all(name):
    """An older day never stands in for a newer one; both name the same record first."""
    ecgs, expected = CASES[name]
    study = shipped("nct03959891").study.model_copy(update={"terms": TERMS, "medicines": {}})
    person = {"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1970}
    site = [{"concept_id": MS, "vocabulary_id": "UCUM", "concept_code": "ms"}]

    tables = {"person": [person], "measurement": rows(ecgs)}
    casebook = read_person(tables, study, meanings(study, [(MS, "UCUM", "ms")]), "1").casebook
    context = Context("A", DAY, {"registration": DAY}, "registration", TERMS)
    finding = judge(RULE, casebook, context)
    by_warehouse = answers(RULE, {"concept": site, "measurement": rows(ecgs)}, TERMS)

    assert finding.answer == expected
    assert by_warehouse == {1: (NUMBERS[expected], finding.evidence[0].source.place)}
