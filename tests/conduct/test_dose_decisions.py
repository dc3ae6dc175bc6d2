"""Dose decisions: advice, what people decide otherwise, signatures, and taking them again."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from tests.conduct.overseeing import by, delegate_all, delegation, sequence_of, sign

from trialwright.conduct.acts import Assign, DecideDose, Redact, Register
from trialwright.conduct.dose_decision_acts import ChooseRp2d, Override
from trialwright.conduct.dose_decisions import missing_signatures
from trialwright.conduct.folding import fold
from trialwright.conduct.happenings import Happening
from trialwright.conduct.recomputing import recompute
from trialwright.conduct.registration import open_places
from trialwright.conduct.roles import Actor
from trialwright.conduct.signing_acts import Target
from trialwright.protocol.dose_decision_settings import DoseDecisionSettings
from trialwright.terms.errors import Refusal

SIGNERS = ("principal-investigator", "statistician", "sponsor")


@pytest.fixture
def met(trial, say):
    """Give a trial whose first cohort is complete without a DLT: 3+3 escalates to level 2."""
    trial.complete("P-1", "P-2", "P-3")
    return trial


@pytest.fixture
def waiting(study, say):
    """Give the same under a protocol that opens a cohort once three roles have signed."""
    settings = DoseDecisionSettings(signed_by=SIGNERS, opens_when_signed=True)
    trial = say.empty(study.model_copy(update={"dose_decisions": settings}))
    delegate_all(trial, say.OPENED)
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    return trial


def overriding(say, level, size=3, reason="two late events", **told):
    """Give a dose meeting of arm A that decides otherwise."""
    day = say.WINDOW_OVER
    return DecideDose("A", day, day, Override(level, size, reason), **told)


def decision_of(trial):
    """Give the last dose decision as a target of a signature."""
    return Target("dose-decision", "arm-A", sequence=sequence_of(trial, "dose_decided"))


def ready(trial, say, number="P-4"):
    """Register somebody who waits for a place."""
    trial.screen(number)
    trial.do(Register(number, "A", say.WINDOW_OVER, say.WINDOW_OVER))


def test_a_decision_keeps_advice_inputs_minutes_and_who_attended(met, say):
    """The inputs are frozen with digests of design and data; the last cohort is 0 of 3."""
    delegate_all(met, say.OPENED)

    (done,) = met.do(replace(say.meeting(), minutes="All agreed. ", attended=("p.chief", "s.tat")))

    told = done.payload
    assert (told["level"], told["rule"], told["is_overridden"]) == (2, "0-of-3", False)
    assert (told["advice"]["level"], told["advice"]["highest_admissible"]) == (2, 2)
    assert told["inputs"]["at"] == 1
    assert told["inputs"]["last"] == {"evaluable": 3, "dlts": 0, "pending": 0}
    assert len(told["inputs"]["data_digest"]) == len(told["inputs"]["design_digest"]) == 64
    assert (told["minutes"], told["attended"]) == ("All agreed.", ["p.chief", "s.tat"])
    assert (done.reason, done.schema) == ("", 2)


def test_the_data_digest_is_that_of_the_counts(met, say):
    """Two trials with the same counts have the same digest; one DLT more changes it."""
    (same,) = met.do(say.meeting())
    other = say.empty(met.study)
    other.do(say.OPENING)
    other.complete("P-7", "P-8", "P-9")
    (again,) = other.do(say.meeting())
    third = say.empty(met.study)
    third.do(say.OPENING)
    third.complete("P-1", "P-2", "P-3")
    third.do(say.toxicity("P-1"))
    (differs,) = third.do(say.meeting())

    digests = [each.payload["inputs"]["data_digest"] for each in (same, again, differs)]
    assert digests[0] == digests[1] != digests[2]


def test_people_may_stay_where_the_design_escalates(met, say):
    """The cohort opens as people decided; the advice stands beside it, the reason apart."""
    (done,) = met.do(overriding(say, 1))

    told = done.payload
    assert (told["act"], told["level"], told["cohort_size"], told["rule"]) == (
        "stay", 1, 3, "people",
    )  # fmt: skip
    assert (told["advice"]["act"], told["advice"]["level"]) == ("escalate", 2)
    assert told["is_overridden"] is True
    assert done.reason == "two late events"
    assert "two late events" not in repr(told)
    assert (met.live.cohorts["A"].level, open_places(met.live, "A", say.WINDOW_OVER)) == (1, 3)


def test_people_may_end_the_escalation(met, say):
    """No level is open then, and no MTD is estimated."""
    (done,) = met.do(overriding(say, None, 0))

    assert (done.payload["act"], done.payload["level"], done.payload["mtd"]) == ("stop", None, None)
    assert met.live.cohorts["A"].level is None


@pytest.mark.parametrize(
    ("override", "wheres"),
    [
        (Override(3, 3, "why"), ["level"]),  # the highest admissible is 2
        (Override(0, 3, "why"), ["level"]),
        (Override(2, 3, "why"), ["level"]),  # as advised
        (Override(1, 3, " "), ["reason"]),
        (Override(1, 0, "why"), ["cohort_size"]),
        (Override(1, 1000, "why"), ["cohort_size"]),
        (Override(None, 3, "why"), ["cohort_size"]),
        (Override(3, 0, ""), ["cohort_size", "reason", "level"]),
    ],
)
def test_what_is_not_admissible_is_refused(met, say, override, wheres):
    """Above the highest admissible level, as advised, without a reason, or for nobody."""
    before = len(met.records)

    with pytest.raises(Refusal) as refused:
        met.do(replace(say.meeting(), override=override))

    assert [each.where for each in refused.value.faults] == wheres
    assert len(met.records) == before


@pytest.mark.parametrize(("level", "reason", "is_allowed"), [(3, "why", True), (3, " ", False),
                                                             (99, "why", False)])  # fmt: skip
def test_a_protocol_may_let_people_go_above_what_is_admissible(
    study, say, level, reason, is_allowed
):
    """Only if it says so, with a reason, and never off the ladder."""
    freed = study.model_copy(update={"dose_decisions": DoseDecisionSettings(above_admissible=True)})
    trial = say.empty(freed)
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    if is_allowed:
        trial.do(overriding(say, level, 3, reason))
        assert trial.live.cohorts["A"].level == level
        return

    with pytest.raises(Refusal):
        trial.do(overriding(say, level, 3, reason))


def test_people_may_decide_while_somebody_is_in_the_window(trial, say):
    """The design waits; people may hold at the level or end, and go no higher."""
    trial.enrol("P-1")
    trial.treat("P-1", days=3)
    early = say.FIRST_DOSE + timedelta(days=4)
    with pytest.raises(Refusal, match="a cohort that is complete"):
        trial.do(DecideDose("A", early, early))
    with pytest.raises(Refusal, match="level: dose level 2"):
        trial.do(DecideDose("A", early, early, Override(2, 3, "why")))

    trial.do(DecideDose("A", early, early, Override(None, 0, "sponsor ends the arm")))

    assert trial.live.cohorts["A"].level is None


def test_who_attended_is_known_by_account(met, say):
    """Without a log nobody is; an account is not shown."""
    with pytest.raises(Refusal, match=r"attended\.0: an account of which no person is known"):
        met.do(replace(say.meeting(), attended=("p.chief",)))


def test_by_default_a_decision_opens_its_cohort_at_once(met, say):
    """The shipped protocol names who signs and waits for nobody."""
    met.do(say.meeting())

    assert open_places(met.live, "A", say.WINDOW_OVER) == 3
    ready(met, say)
    met.do(Assign("P-4", say.WINDOW_OVER))


def test_a_cohort_takes_nobody_until_each_role_has_signed(waiting, say):
    """Role by role; a signature of a later day opens it on that day."""
    day, later = say.WINDOW_OVER, say.WINDOW_OVER + timedelta(days=2)
    assert missing_signatures(waiting.live, "A", day) == ()
    waiting.do(say.meeting())
    ready(waiting, say)
    assert missing_signatures(waiting.live, "A", day) == SIGNERS
    for role in SIGNERS[:2]:
        sign(waiting, decision_of(waiting), role, day)
    with pytest.raises(Refusal, match="not signed by sponsor by"):
        waiting.do(Assign("P-4", day))
    assert open_places(waiting.live, "A", day) == 0
    sign(waiting, decision_of(waiting), "sponsor", later)

    assert open_places(waiting.live, "A", day) == 0
    with pytest.raises(Refusal, match="not signed by sponsor by"):
        waiting.do(Assign("P-4", day))
    assert open_places(waiting.live, "A", later) == 3
    waiting.do(Assign("P-4", later))


def test_a_review_is_no_approval_and_an_older_decision_is_another(waiting, say):
    """Only approved or responsible agree with a decision, and only with that one."""
    waiting.do(say.meeting())
    for role in SIGNERS[:2]:
        sign(waiting, decision_of(waiting), role, say.WINDOW_OVER)
    sign(waiting, decision_of(waiting), "sponsor", say.WINDOW_OVER, meaning="reviewed")
    assert missing_signatures(waiting.live, "A", say.WINDOW_OVER) == ("sponsor",)

    waiting.do(overriding(say, None, 0))

    assert missing_signatures(waiting.live, "A", say.WINDOW_OVER) == SIGNERS


def test_a_protocol_does_not_wait_for_signatures_of_nobody():
    """The fault is found in the file."""
    with pytest.raises(ValueError, match="waits for signatures of nobody"):
        DoseDecisionSettings(opens_when_signed=True)


@pytest.mark.parametrize("act", ["advised", "overridden"])
def test_a_decision_taken_again_is_equal(met, say, act):
    """From what was known then, whatever was entered since."""
    met.do(say.meeting() if act == "advised" else overriding(say, 1, minutes="Long talk."))
    sequence = met.records[-1].sequence
    met.do(say.toxicity("P-1"))

    again = recompute(met.study, met.records, sequence)

    assert (again.is_equal, again.because) == (True, "the rules of now decide as recorded")


def test_a_decision_that_the_rules_of_now_take_otherwise_names_the_rule(met, say):
    """Two DLTs of a rule that no longer counts them: recorded was another rule."""
    met.do(say.meeting())
    last = met.records[-1]
    told = last.happening.payload
    advice = {**told["advice"], "rule": "1-of-3", "level": 1}
    payload = {**told, "rule": "1-of-3", "level": 1, "advice": advice}
    met.records[-1] = replace(last, happening=replace(last.happening, payload=payload))

    again = recompute(met.study, met.records, last.sequence)

    assert again.because == "the rule 0-of-3 decides now, recorded was 1-of-3"
    assert set(again.changed) == {"rule", "level", "advice/rule", "advice/level"}


@pytest.mark.parametrize(
    ("path", "value", "because"),
    [
        ("inputs", "design_digest", "the settings of the design changed, under the rule 0-of-3"),
        ("counts", None, "who counts changed (counts/0/dlts), under the rule 0-of-3"),
        ("cohort_size", None, "the rule 0-of-3 gives another cohort_size"),
    ],
)
def test_what_else_changed_is_told_with_the_rule(met, say, path, value, because):
    """Settings, counts, or the outcome of the same rule."""
    met.do(say.meeting())
    last = met.records[-1]
    payload = dict(last.happening.payload)
    if path == "inputs":
        payload["inputs"] = {**payload["inputs"], value: "0" * 64}
    elif path == "counts":
        payload["counts"] = [{**payload["counts"][0], "dlts": 1}, *payload["counts"][1:]]
    else:
        payload[path] = 6
    met.records[-1] = replace(last, happening=replace(last.happening, payload=payload))

    assert recompute(met.study, met.records, last.sequence).because == because


def test_a_decision_that_cannot_be_taken_again_says_so(met, say):
    """Another protocol without the arm's history; and a happening that is no decision."""
    met.do(say.meeting())
    sequence = met.records[-1].sequence
    erased = [each for each in met.records if each.happening.act != "assigned"]

    again = recompute(met.study, erased, sequence)

    assert not again.is_equal
    with pytest.raises(Refusal, match=f"happening 1\\. Allowed: {sequence}"):
        recompute(met.study, met.records, 1)


def test_a_decision_of_the_first_form_is_read_and_taken_again(met, say):
    """Ledgers written before hold no advice beside the decision: it was the advice."""
    met.do(say.meeting())
    last = met.records[-1]
    old = ("arm", "cutoff", "act", "level", "cohort_size", "mtd", "rule", "because", "counts",
           "participants")  # fmt: skip
    payload = {name: last.happening.payload[name] for name in old}
    first = Happening("dose_decided", "arm-A", say.WINDOW_OVER, payload)
    met.records[-1] = replace(last, happening=first)

    state = fold(met.study, met.records)

    assert state.cohorts == met.live.cohorts
    (decision,) = state.oversight.decisions
    assert decision.payload["advice"]["level"] == 2
    assert (decision.payload["inputs"], decision.payload["attended"]) == (None, [])
    assert recompute(met.study, met.records, last.sequence).is_equal


def stopped(trial, say):
    """End arm A at its first dose level with an MTD by the design's own rule: none here."""
    trial.do(overriding(say, None, 0))


def test_an_rp2d_is_chosen_by_people_and_stands_beside_the_mtd(met, say):
    """Once the escalation has ended; the MTD stays what the design says: none."""
    day = say.WINDOW_OVER
    with pytest.raises(Refusal, match="an escalation that has ended"):
        met.do(ChooseRp2d("A", 1, day, "tolerated"))
    stopped(met, say)

    met.do(ChooseRp2d("A", 1, day, "tolerated by all three"))

    chosen = met.live.oversight.rp2d["A"]
    assert (chosen.level, chosen.mtd, chosen.reason) == (1, None, "tolerated by all three")
    assert met.live.cohorts["A"].level is None


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"level": 2}, "level"),  # nobody was treated there
        ({"level": 0}, "level"),
        ({"reason": " "}, "reason"),
        ({"arm": "Z"}, "arm"),
    ],
)
def test_an_rp2d_with_a_fault_is_refused(met, say, changed, where):
    """Nobody was treated at the level, or no reason is given."""
    stopped(met, say)

    with pytest.raises(Refusal) as refused:
        met.do(replace(ChooseRp2d("A", 1, say.WINDOW_OVER, "tolerated"), **changed))

    assert [each.where for each in refused.value.faults] == [where]


@pytest.mark.parametrize(
    ("days", "left_on", "is_treated"), [(1, 0, True), (0, 0, False), (1, -1, False)]
)
def test_an_rp2d_asks_for_somebody_who_took_a_dose(met, say, days, left_on, is_treated):
    """Assigned to level 2 and never dosed, or dosed after the day of the choice, is not treated."""
    met.do(say.meeting())
    second = say.WINDOW_OVER
    met.enrol("P-4", on=second, first_dose=second)
    met.do(say.doses(met.live, "P-4", days=days))
    met.do(DecideDose("A", second, second, Override(None, 0, "the sponsor ends the arm")))
    chosen = ChooseRp2d("A", 2, second + timedelta(days=left_on), "tolerated")

    if is_treated:
        met.do(chosen)
        assert met.live.oversight.rp2d["A"].level == 2
        return
    with pytest.raises(Refusal) as refused:
        met.do(chosen)
    assert ("level", "1") in [(each.where, each.allowed) for each in refused.value.faults]


def test_an_rp2d_is_not_above_the_mtd(trial, say):
    """0/3 at level 1 and 2 DLTs at level 2, then 0/6: the MTD is level 1, and 2 is refused."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.meeting())
    second, over = say.WINDOW_OVER, say.WINDOW_OVER + timedelta(days=28)
    trial.complete("P-4", "P-5", "P-6", on=second, first_dose=second)
    for number in ("P-4", "P-5"):
        trial.do(say.toxicity(number, start=second))
    trial.do(DecideDose("A", over, over))
    third = over + timedelta(days=28)
    trial.complete("P-7", "P-8", "P-9", on=over, first_dose=over)
    trial.do(DecideDose("A", third, third))
    assert trial.live.oversight.decisions[-1].payload["mtd"] == 1

    with pytest.raises(Refusal, match="level: dose level 2"):
        trial.do(ChooseRp2d("A", 2, third, "more effective"))
    with pytest.raises(Refusal, match="Correct the day"):
        trial.do(ChooseRp2d("A", 1, over, "tolerated"))
    trial.do(ChooseRp2d("A", 1, third, "the MTD"))

    assert trial.live.oversight.rp2d["A"].mtd == 1


def test_minutes_and_reason_can_be_erased_and_the_decision_stays(met, say):
    """A name in the minutes goes; level, counts and inputs cannot be erased."""
    met.do(overriding(say, 1, minutes="Mrs Birdsong fell."))
    sequence, manager = met.records[-1].sequence, by("data-manager")
    erase = partial(Redact, "arm-A", say.WINDOW_OVER, sequence)
    for field in ("payload/minutes", "reason"):
        met.do(erase(field, "a name"), manager)
    with pytest.raises(Refusal, match="Leave it"):
        met.do(erase("payload/level", "a name"), manager)

    assert "Birdsong" not in repr(met.live)
    assert (met.live.cohorts["A"].level, met.live.unreadable) == (1, ())


def test_a_printed_name_can_be_erased_and_the_delegation_goes_on(study, say):
    """The account keeps its tasks; it gets no further row, for nobody knows whose it is."""
    trial = say.empty(study)
    trial.do(delegation("principal-investigator", say.OPENED), Actor("root", "operator", "mgh"))
    trial.do(say.OPENING)
    trial.do(Redact("delegation-1", say.OPENED, 1, "payload/name", "a private person"))

    trial.do(delegation("monitor", say.OPENED), by("principal-investigator"))
    assert trial.live.oversight.delegations[0].name == "(the name was redacted)"
    assert "Lindqvist" not in repr(trial.live)
    with pytest.raises(Refusal, match="the account of another person"):
        trial.do(replace(delegation("monitor", say.OPENED), account="p.chief"),
                 by("principal-investigator"))  # fmt: skip
