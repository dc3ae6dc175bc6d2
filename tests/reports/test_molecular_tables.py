"""Rates of response of circulating tumour DNA: counted by hand, of those evaluable."""

from tests.biomarkers.made import SETTINGS, material, record, run, variant

from trialwright.biomarkers.molecular_response import first_treated
from trialwright.reports.molecular_tables import RESPONDERS, RESPONSES, molecular_tables

D538G = variant("ESR1 D538G", reads="20/1000")


def person(number, early, late, **more):
    """Give somebody with a specimen of C1D1 and, unless None, one of treatment."""
    parts = [material(f"{number}-1", "cfDNA", "C1D1"), run(f"{number}-1", "liquid", *early)]
    if late is not None:
        parts.append(material(f"{number}-2", "cfDNA", "on treatment"))
        parts.append(run(f"{number}-2", "liquid", *late, **more))
    return first_treated(record(number, *parts), SETTINGS)


PEOPLE = (
    person("P-1", [D538G], []),
    person("P-2", [D538G], [variant("ESR1 D538G", reads="40/1000")]),
    person("P-3", [D538G], [], limit="0.03"),
    person("P-4", [D538G], None),
    person("P-5", [], []),
    first_treated(record("P-6"), SETTINGS),
)


def test_a_rate_is_of_those_evaluable_and_everybody_is_accounted_for():
    """1 of 2: exact limits 1 - 0.975**0.5 = 1.3 %, and its complement."""
    shown = {
        each.group: each.shown
        for each in molecular_tables(PEOPLE)
        if (each.table, each.row) == (RESPONSES, "clearance")
    }

    assert [shown[each] for each in ("participants", "result of C1D1", "variant at C1D1",
                                     "specimen of treatment")] == ["6", "5", "4", "3"]  # fmt: skip
    assert [shown[each] for each in ("yes", "no", "not evaluable")] == ["1", "1", "4"]
    assert shown["of those evaluable"] == "1/2 = 50% (1% to 99%)"


def test_each_reason_is_listed():
    """Nothing of P-6, of whom nothing was taken."""
    told = {
        each.row: each.shown
        for each in molecular_tables(PEOPLE)
        if (each.table, each.group) == (RESPONDERS, "clearance")
    }

    assert told == {
        "P-1": "yes: none of 1 variants of C1D1 detected on treatment, limit 0.50%",
        "P-2": "no: ESR1 D538G detected on treatment",
        "P-3": "not evaluable: ESR1 D538G: run run-P-3-2: its limit of 3.00% is above the fraction "
        "seen at the other time point",
        "P-4": "not evaluable: no blood of treatment is recorded",
        "P-5": "not evaluable: no variant was detected at C1D1",
    }


def test_without_cell_free_dna_there_is_no_table():
    """A study of tissue alone has none."""
    assert [*molecular_tables([first_treated(record("P-6"), SETTINGS)])] == []
