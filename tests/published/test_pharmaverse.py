"""Record by record: the pharmaverse's public responses, sums, parameters and times.

Facts on its rules: pharmaverse/admiralonco, inst/templates/ad_adrs.R and ad_adtte.R.
"""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from tests.published.pharmaverse import (
    CODES,
    INVESTIGATOR,
    SETTINGS,
    TIMES,
    adam,
    people,
    readings,
    response_parameters,
    sdtm,
)

from trialwright.endpoints.attained import duration_of_response
from trialwright.endpoints.progression import progression_free_survival
from trialwright.endpoints.survival import overall_survival

EVERY = 21
"""Days between assessments of these data; no rule of the template looks at it."""


@pytest.fixture(scope="module")
def everybody():
    """Give everybody with the investigator's reading."""
    return people()


def _said():
    """Give the response of each reader, participant and visit as published."""
    return {
        (row["USUBJID"], (row["RSEVAL"], row["RSEVALID"]), row["VISIT"]): row["RSSTRESC"]
        for row in sdtm("rs_onco_recist")
    }


def _judged(**changes):
    """Give the same from the lesions."""
    settings = SETTINGS.model_copy(update=changes)
    return {
        (each.participant, each.reader, name): str(answer.overall)
        for each in readings()
        for (name, _), answer in zip(each.visits, each.responses(settings), strict=True)
    }


def test_all_responses_follow_from_the_lesions():
    """66 responses of three readers in eight participants."""
    assert _judged() == _said()
    assert len(_said()) == 66


def test_one_response_depends_on_what_a_reappearance_is():
    """By the EORTC clarification the lesion of 4.95 mm after CR is PD, at any size."""
    said, judged = _said(), _judged(reappearing_after_cr="PD")

    assert {key: judged[key] for key in said if judged[key] != said[key]} == {
        ("01-701-1133", ("INDEPENDENT ASSESSOR", "RADIOLOGIST 2"), "WEEK 9"): "PD"
    }


def test_all_sums_follow_from_the_lesions():
    """25 rows: the sum over what was measured, its change, and the change from the nadir."""
    own = {each.participant: each for each in readings() if each.reader == INVESTIGATOR}
    found, wanted = {}, {}
    for row in (row for row in adam("adtr_onco") if row["PARAMCD"] == "SDIAM"):
        key = row["USUBJID"], row["AVISIT"]
        wanted[key] = [row["AVAL"], row["BASE"], row["NADIR"], row["CHG"], row["CHGNAD"]]
        reading = own[row["USUBJID"]]
        responses = reading.responses()
        base = responses[0].baseline_mm
        if row["AVISIT"] == "BASELINE":
            found[key] = [base, base, None, 0, None]
        else:
            names = [name for name, _ in reading.visits]
            one = responses[names.index(row["AVISIT"])]
            now, nadir = one.measured_mm, one.nadir_mm
            found[key] = [now, base, nadir, now - base, now - nadir]

    assert found == {
        key: [None if each is None else pytest.approx(each) for each in row]
        for key, row in wanted.items()
    }
    assert len(wanted) == 25


def test_all_response_parameters_but_the_published_error(everybody):
    """3,694 rows; CBCP of one participant with a confirmed PR is published as N."""
    found = Counter(
        (person.number, code, on, answer, CODES.get(answer))
        for person in everybody
        for code, on, answer in response_parameters(person)
    )
    said = Counter(
        (row["USUBJID"], row["PARAMCD"], row["ADT"], row["AVALC"], row["AVAL"])
        for row in adam("adrs_onco")
    )

    assert sum(said.values()) == sum(found.values()) == 3694
    assert found - said == Counter([("01-701-1118", "CBCP", date(2014, 4, 23), "Y", 1)])
    assert said - found == Counter([("01-701-1118", "CBCP", None, "N", 0)])


def test_all_times_to_event(everybody):
    """512 rows: overall and progression-free survival of 254, duration of response of four."""
    found = {}
    for person in (each for each in everybody if each.start is not None):
        follow_up = person.follow_up()
        found[person.number, "OS"] = overall_survival(replace(follow_up, assessments=()))
        found[person.number, "PFS"] = progression_free_survival(follow_up, EVERY, TIMES)
        parameters = {code: (on, answer) for code, on, answer in response_parameters(person)}
        responded, answer = parameters["RSP"]
        if answer == "Y":
            found[person.number, "RSD"] = duration_of_response(follow_up, responded, EVERY, TIMES)
    said = {
        (row["USUBJID"], row["PARAMCD"]): (row["ADT"], row["CNSR"], row["AVAL"])
        for row in adam("adtte_onco")
    }

    assert {
        key: (one.on, int(one.outcome == "censored"), one.days) for key, one in found.items()
    } == said
    assert len(said) == 512
