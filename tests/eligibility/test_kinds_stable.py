"""A condition stable or better for some time, by findings that speak of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, context, had, seen

from trialwright.eligibility.kinds.stable import check, judge, say
from trialwright.protocol.event_rules import StableRule
from trialwright.protocol.vocabulary import Term

SETS = {
    **TERMS,
    "cns": Term(says="Brain metastasis", kind="condition"),
    "status": Term(says="Status", kind="finding"),
}
RULE = StableRule(kind="stable", fact="cns", status="status", for_days=30)
METASTASIS = had("cns", "2025-01-01", place="7")


def ago(days):
    """Give the day so many days before the day judged, as text."""
    return (DAY - timedelta(days=days)).isoformat()


def status(word, on, about=("Condition/7",)):
    """Make a finding of the metastasis, so many days ago or on a date."""
    day = on if isinstance(on, str) else ago(on)
    return replace(seen("status", f"({word})", day), about=about)


def found(*facts, **circumstances):
    """Judge facts."""
    return judge(RULE, book(*facts), context(terms=SETS, **circumstances))


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([("stable", 30)], "met"),
        ([("improved", 31)], "met"),
        ([("stable", 29)], "unknown"),
        ([("worsened", 5)], "not met"),
        ([("worsened", 300)], "not met"),
        ([("stable", 60), ("worsened", 5)], "not met"),
        ([("worsened", 60), ("stable", 5)], "unknown"),
        ([("worsened", 60), ("stable", 40)], "met"),
        ([("stable", 60), ("worsened", 20), ("stable", 5)], "unknown"),
        ([("stable", 60), ("improved", 5)], "met"),
        ([("stable", 40), ("worsened", 40)], "unknown"),
        ([("stable", 40), ("unclear", 5)], "unknown"),
        # partial dates decide where they can
        ([("stable", "2025-12")], "met"),
        ([("stable", "2026-02")], "unknown"),
        ([("worsened", "2026-02")], "not met"),
        ([("worsened", "2025"), ("stable", 40)], "met"),
        ([("worsened", "2026"), ("stable", 40)], "unknown"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_findings_say_whether_it_has_been_stable_for_so_long(findings, expected, order):
    """Stable or better 30 days ago and never worse from then on; not met if the newest is worse."""
    facts = [status(*each) for each in findings][::order]

    assert found(METASTASIS, *facts).answer == expected


def test_a_finding_of_nothing_in_particular_does_not_count():
    """Nor one of another record, nor one of a record of absence."""
    elsewhere = [status("stable", 40, about=()), status("stable", 40, about=("Condition/8",))]
    absence = had("cns", "2025-01-01", is_present=False, place="7")
    finding = found(METASTASIS, *elsewhere)

    assert (finding.answer, finding.missing) == ("unknown", ("status",))
    assert finding.because == "Brain metastasis: no finding speaks of it"
    assert found(absence, status("stable", 40)).answer == "unknown"
    assert found(status("stable", 40)).answer == "unknown"


def test_the_findings_are_the_evidence():
    """Each with what it says; an open answer misses the findings."""
    finding = found(METASTASIS, status("stable", 10))

    assert [each.value for each in finding.evidence] == ["stable"]
    assert finding.missing == ("status",)
    assert finding.because.endswith("perhaps stable since 2026-02-03")


@pytest.mark.parametrize(
    ("findings", "says", "missing"),
    [
        ([("stable", 40)], "stable since 2026-02-03", ()),
        ([("stable", 40), ("worsened", 5)], "not stable since 2026-02-03", ()),
        ([("stable", 29)], "perhaps stable since 2026-02-03", ("status",)),
        ([("stable", 30)], "stable since 2026-02-03", ()),
    ],
)
def test_the_reason_says_every_finding_and_from_when_it_must_have_been_so(findings, says, missing):
    """30 days before registration, in whichever way it is answered."""
    facts = [status(*each) for each in findings]
    finding = found(METASTASIS, *facts)
    told = "; ".join(
        f"{SETS['status'].says} {word} on {(DAY - timedelta(days=days)).isoformat()}"
        for word, days in findings
    )

    assert finding.because == f"Brain metastasis: {told}; {says}"
    assert finding.missing == missing
    assert len(finding.evidence) == len(findings)


def test_of_two_days_on_which_it_will_have_been_stable_the_first_is_told():
    """The older of two good findings is stable for 30 days first."""
    facts = [status("stable", 20), status("improved", 10)]

    assert found(METASTASIS, *facts).turns_on == (DAY + timedelta(days=10),)


def test_the_day_itself_on_which_it_is_stable_lies_ahead_no_more():
    """On the 30th day it is met already."""
    assert found(METASTASIS, status("stable", 30)).turns_on == ()


def test_the_day_on_which_it_will_have_been_stable_is_told():
    """Counted from the first finding that nothing worse follows, and not from an older one."""
    facts = [status("stable", 90), status("worsened", 60), status("stable", 10)]

    assert found(METASTASIS, *facts).turns_on == (DAY + timedelta(days=20),)
    assert found(METASTASIS, status("stable", 40)).turns_on == ()
    later = DAY + timedelta(days=20)
    assert found(METASTASIS, *facts, as_of=later).answer == "met"
    assert found(METASTASIS, *facts, as_of=later - timedelta(days=1)).answer == "unknown"


def test_an_anchor_that_is_not_known_is_missing():
    """Nothing can be counted back from it."""
    finding = found(METASTASIS, status("stable", 40), anchor="first_dose")

    assert (finding.answer, finding.missing) == ("unknown", ("first_dose",))
    assert finding.because == "Brain metastasis: the day of first dose is not known"


def test_a_rule_is_said_and_needs_some_time():
    """Stable for 0 days is no time."""
    none = RULE.model_copy(update={"for_days": 0})

    assert say(RULE, SETS) == "Brain metastasis stable or better for at least 30 days"
    assert list(check(RULE, SETS)) == []
    assert [told for told, _, _ in check(none, SETS)] == ["cns stable for 0 days"]
