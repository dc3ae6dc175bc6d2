"""The domain IE: what a participant fails, and nothing else."""

from dataclasses import replace

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, had, said, seen

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.screening import screen
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.leaf_rules import AttestedRule, ObservationRule
from trialwright.submission.inclusion_exclusion import (
    inclusion_exclusion,
    inclusion_exclusion_csv,
)
from trialwright.terms.errors import Refusal

CRITERIA = tuple(
    Criterion(id=name, says=f"says {name}", place="x", kind="rule", rule=rule)
    for name, rule in (
        ("I01", ObservationRule(kind="observation", fact="ecog", at_most=2, unit="{score}")),
        ("I02", AttestedRule(kind="attested", question="candidate")),
        ("E01", ConditionRule(kind="condition", fact="hiv", expect="present")),
    )
)


@pytest.fixture(scope="module")
def study():
    """Give a study of three criteria."""
    return shipped("nct03959891").study.model_copy(
        update={"criteria": CRITERIA, "terms": TERMS, "obligations": ()}
    )


def screened(study, *facts):
    """Screen a participant for arm A."""
    return screen(study, book(*facts), "A", DAY, {"registration": DAY})


def test_what_is_failed_has_a_row(study):
    """An inclusion that is not met is N, an exclusion that is present Y."""
    facts = (seen("ecog", "3 {score}"), said("candidate", "yes"), had("hiv", "2026-01-01"))

    rows = inclusion_exclusion(study, screened(study, *facts))

    assert inclusion_exclusion_csv(rows) == (
        "STUDYID,DOMAIN,USUBJID,IESEQ,IETESTCD,IETEST,IECAT,IEORRES,IESTRESC,IEDTC\n"
        "NCT03959891,IE,NCT03959891-P-1,1,I01,says I01,INCLUSION,N,N,2026-03-05\n"
        "NCT03959891,IE,NCT03959891-P-1,2,E01,says E01,EXCLUSION,Y,Y,2026-03-05\n"
    )


def test_what_is_unknown_has_no_row(study):
    """It is not failed; without rows the headings stay."""
    rows = inclusion_exclusion(study, screened(study))

    assert rows == ()
    assert inclusion_exclusion_csv(rows).splitlines()[0].startswith("STUDYID,DOMAIN,USUBJID")


def test_verdicts_of_another_protocol_are_refused(study):
    """Every strange criterion is named."""
    found = screened(study, seen("ecog", "3 {score}"), had("hiv", "2026-01-01"))
    strange = tuple(replace(each, criterion=f"{each.criterion[0]}19") for each in found.verdicts)

    with pytest.raises(Refusal) as refused:
        inclusion_exclusion(study, replace(found, verdicts=strange))

    assert [each.found for each in refused.value.faults] == ["I19", "E19"]
