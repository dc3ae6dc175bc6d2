"""Two independent readers and an adjudicator: rules, what counts, and what endpoints rest on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conduct import central_story
from tests.conduct.central_story import FIRST, SECOND, THIRD, choice, lesions, read, reading

from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.data_checks import data_checks
from trialwright.conduct.evaluations import concordance_of, evaluations_of, reviewed_in
from trialwright.conduct.locking_acts import Freeze
from trialwright.conduct.outcomes import outcome_of
from trialwright.conduct.roles import Actor
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing import require_signing_role
from trialwright.conduct.signing_acts import Sign, Target
from trialwright.protocol.evaluation_settings import EvaluationSettings
from trialwright.reports.reader_tables import AGAINST, AGREEMENT, DIFFERING, READ, reader_tables
from trialwright.terms.errors import Refusal

CUTOFF = date(2026, 12, 31)


@pytest.fixture
def central(study, say):
    """Give a trial with two readers and two participants who are treated."""
    made = say.empty(central_story.reviewed(study))
    made.do(say.OPENING)
    made.complete("P-1", "P-2", "P-3")
    return made


def _visit(say, week=8):
    """Give the day of a visit."""
    return say.FIRST_DOSE + timedelta(weeks=week)


def _differ(trial, say, number="P-1"):
    """Let reader 1 see a decrease of 30 % and reader 2 one of 5 %."""
    read(trial, number, "reader 1", say.CONSENTED, [(_visit(say), "14")])
    read(trial, number, "reader 2", say.CONSENTED, [(_visit(say), "19")])


def _of(trial, number="P-1", cutoff=CUTOFF):
    """Give the evaluations of a participant."""
    return evaluations_of(trial.state, trial.state.participants[number], cutoff)


def test_each_reader_has_own_lesions_and_own_responses(central, say):
    """20 to 14 mm is PR, 20 to 19 mm is SD; the investigator has read nothing."""
    _differ(central, say)

    found = _of(central)

    assert {name: each.best.response for name, each in found.readers.items()} == {
        "reader 1": "PR",
        "reader 2": "SD",
    }
    assert central.state.participants["P-1"].baseline is None
    assert found.differing == ("best overall response: PR and SD",)
    assert (found.counted, found.outcome, found.is_due) == ("", None, True)


def test_the_adjudicator_decides_and_is_no_longer_due(central, say):
    """The whole course of the reader who was chosen counts."""
    _differ(central, say)
    central.do(choice("P-1", _visit(say), "reader 2"), THIRD)

    found = _of(central)

    assert (found.counted, found.outcome.best.response, found.is_due) == ("reader 2", "SD", False)
    assert found.because == (
        "the readers differ in best overall response: PR and SD; adjudicated on 2026-04-06: "
        "reader 2 counts"
    )


def test_before_the_day_of_the_decision_nobody_counts(central, say):
    """A decision counts from its day on, as any data."""
    _differ(central, say)
    central.do(choice("P-1", _visit(say) + timedelta(days=3)), THIRD)

    assert _of(central, cutoff=_visit(say)).counted == ""
    assert _of(central, cutoff=_visit(say) + timedelta(days=3)).counted == "reader 1"


def test_a_new_difference_needs_a_new_decision(central, say):
    """Reader 2 then sees progression: what was decided is another question."""
    _differ(central, say)
    central.do(choice("P-1", _visit(say)), THIRD)
    central.do(reading("P-1", "reader 1", _visit(say, 16), "14"), FIRST)
    assert _of(central).unfinished == ("reader 2 has not read 2026-06-01",)
    central.do(reading("P-1", "reader 2", _visit(say, 16), "30"), SECOND)

    found = _of(central)

    assert found.differing == (
        "best overall response: PR and SD",
        "date of progression: none and 2026-06-01",
    )
    assert found.is_due


def test_the_adjudicator_can_read_himself(central, say):
    """Then his own course counts."""
    _differ(central, say)
    with pytest.raises(Refusal, match="adjudicator has read no baseline"):
        central.do(choice("P-1", _visit(say), "adjudicator"), THIRD)
    read(central, "P-1", "adjudicator", say.CONSENTED, [(_visit(say), "30")])
    central.do(choice("P-1", _visit(say), "adjudicator"), THIRD)

    assert _of(central).outcome.best.response == "PD"


@pytest.mark.parametrize(
    ("act", "by", "says"),
    [
        (choice("P-1", date(2026, 4, 6)), THIRD, "reader 2 has not read 2026-04-06"),
        (choice("P-1", date(2026, 4, 6)), FIRST, "the role reader"),
        (choice("P-1", date(2026, 4, 6)), Actor("r.one", "adjudicator", "mgh"),
         "by a person who read as reader 1"),
        (choice("P-2", date(2026, 4, 6)), THIRD, "reader 1 has read no baseline"),
        (reading("P-1", "reader 2", date(2026, 4, 6), "19"), FIRST, "who is another person"),
        (lesions("P-2", "reader 1", date(2026, 2, 2)), THIRD, "by the role adjudicator"),
        (lesions("P-2", "", date(2026, 2, 2)), FIRST, "the investigator, by the role reader"),
        (reading("P-1", "reader 1", date(2026, 4, 6), "14"), FIRST, "one a day"),
        (lesions("P-1", "reader 1", date(2026, 2, 2)), FIRST, "one baseline"),
        (lesions("P-1", "adjudicator", date(2026, 2, 2)), THIRD, "reader 2 has not read"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(central, say, act, by, says):
    """Reader 1 has read week 8, reader 2 the baseline alone."""
    read(central, "P-1", "reader 1", say.CONSENTED, [(_visit(say), "14")])
    read(central, "P-1", "reader 2", say.CONSENTED, [])

    with pytest.raises(Refusal, match=says):
        central.do(act, by)


def test_readers_who_agree_need_no_adjudicator(central, say):
    """Both see PR; a decision is refused, as is a second one and one without a reason."""
    for name in ("reader 1", "reader 2"):
        read(central, "P-1", name, say.CONSENTED, [(_visit(say), "14")])
    _differ(central, say, "P-2")

    assert (_of(central).counted, _of(central).is_due) == ("reader 1", False)
    with pytest.raises(Refusal, match="on whom the readers agree"):
        central.do(choice("P-1", _visit(say)), THIRD)
    with pytest.raises(Refusal, match="no reason"):
        central.do(choice("P-2", _visit(say), reason=" "), THIRD)
    central.do(choice("P-2", _visit(say)), THIRD)
    with pytest.raises(Refusal, match="adjudicated on 2026-04-06"):
        central.do(choice("P-2", _visit(say)), THIRD)


def test_without_the_setting_nobody_reads_centrally(study, say):
    """The investigator alone is the default of a protocol."""
    response = study.response.model_copy(update={"evaluation": EvaluationSettings()})
    alone = say.empty(study.model_copy(update={"response": response}))
    alone.do(say.OPENING)
    alone.complete("P-1", "P-2", "P-3")

    with pytest.raises(Refusal, match="a trial that the investigator evaluates"):
        alone.do(lesions("P-1", "reader 1", say.CONSENTED), FIRST)


def test_a_reader_corrects_own_readings_alone(central, say):
    """Reader 2 is refused; reader 1 turns PR into SD and the difference is gone."""
    _differ(central, say)
    entry = next(each for each in central.records if each.happening.act == "central_assessed")
    act = Correct("P-1", _visit(say), entry.sequence, "payload/assessment/targets/R1", "14", "19",
                  "mistyped")  # fmt: skip

    with pytest.raises(Refusal, match="who is another person"):
        central.do(act, SECOND)
    central.do(act, FIRST)

    assert _of(central).counted == "reader 1"
    assert _of(central).outcome.best.response == "SD"


def test_readings_are_frozen_by_themselves(central, say):
    """A hold of the central review stops readers, and one of the baseline does not."""
    manager = Actor("d.manager", "data-manager", "mgh")
    read(central, "P-1", "reader 1", say.CONSENTED, [])
    central.do(Freeze("P-1", say.WINDOW_OVER, "baseline"), manager)
    read(central, "P-1", "reader 2", say.CONSENTED, [])
    central.do(Freeze("P-1", say.WINDOW_OVER, "central_review"), manager)

    with pytest.raises(Refusal, match="neither frozen nor locked"):
        central.do(reading("P-1", "reader 1", _visit(say), "14"), FIRST)


def test_a_difference_is_a_data_check_until_it_is_decided(central, say):
    """It can be raised as a query."""
    _differ(central, say)
    here = central.state.participants["P-1"]
    (check,) = [
        each for each in data_checks(central.state, here, CUTOFF) if each.part == "central_review"
    ]
    central.do(choice("P-1", _visit(say)), THIRD)
    after = data_checks(central.state, central.state.participants["P-1"], CUTOFF)

    assert check.says == (
        "readers: the readers differ in best overall response: PR and SD; nobody has adjudicated"
    )
    assert "central_review" not in {each.part for each in after}


def test_endpoints_rest_on_whom_the_protocol_names(central, say):
    """By central review: open while readers differ, then the reading that was chosen."""
    central.do(say.disease("P-1"))
    central.do(say.scan("P-1", 8, "20"))
    _differ(central, say)
    study = central_story.reviewed(central.study, response_by="central", progression_by="central")

    def outcome():
        state = replace(central.state, study=study)
        return outcome_of(state, state.participants["P-1"], CUTOFF)

    before = outcome()
    central.do(choice("P-1", _visit(say)), THIRD)
    after = outcome()

    assert (before.best.response, before.response.answer) == ("NE", "not yet")
    assert before.progression_free is None
    assert "nobody has adjudicated" in before.left_out
    assert (after.best.response, after.response.answer) == ("PR", "yes")
    assert after.best.because.startswith("By independent central review: ")
    assert after.progression_free.because.startswith("By independent central review: ")
    own = outcome_of(central.state, central.state.participants["P-1"], CUTOFF)
    assert own.best.response == "SD"


def test_every_visit_can_call_for_adjudication(central, say):
    """Both end in PD of one day with SD and PR before: by visit they differ."""
    study = central_story.reviewed(central.study, adjudicate_on=("time-point",))
    _differ(central, say)
    state = replace(central.state, study=study)

    found = evaluations_of(state, state.participants["P-1"], CUTOFF)

    assert found.differing == ("response of 2026-04-06: PR and SD",)


def test_readers_are_compared_before_adjudication(central, say):
    """One of two participants agrees; the third was read by nobody."""
    _differ(central, say, "P-1")
    for name in ("reader 1", "reader 2"):
        read(central, "P-2", name, say.CONSENTED, [(_visit(say), "14")])
    state = central.state

    found = concordance_of(
        tuple(evaluations_of(state, each, CUTOFF) for each in state.participants.values())
    )

    assert (found.agreeing, found.of) == (1, 2)
    assert found.table == {("PR", "PR"): 1, ("PR", "SD"): 1}


def test_an_adjudicator_signs_the_review_alone(central, say):
    """The form of central review, and no other of the participant."""
    _differ(central, say)
    central.do(choice("P-1", _visit(say)), THIRD)
    target = Target("form", "P-1", part="central_review")
    made = object.__new__(Sign)
    object.__setattr__(made, "account", THIRD.account)
    object.__setattr__(made, "target", target)

    require_signing_role(made, THIRD)
    assert len(content_digest(central.state, target)) == 64
    object.__setattr__(made, "target", Target("form", "P-1", part="baseline"))
    with pytest.raises(Refusal, match="signed by an adjudicator"):
        require_signing_role(made, THIRD)


MM = st.sampled_from(("0", "10", "14", "19", "24", "30"))


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    sizes=st.lists(st.tuples(MM, MM), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_entry_changes_no_answer(study, say, sizes, order):
    """Each reader's visits come in any order, one reader between the other's."""
    acts = [
        (reading("P-1", name, _visit(say, 8 * place), pair[index]), by)
        for place, pair in enumerate(sizes, start=1)
        for index, (name, by) in enumerate((("reader 1", FIRST), ("reader 2", SECOND)))
    ]
    shuffled = [*acts]
    order.shuffle(shuffled)
    found = []
    for entered in (acts, shuffled):
        made = say.empty(central_story.reviewed(study))
        made.do(say.OPENING)
        made.enrol("P-1")
        for name in ("reader 2", "reader 1"):
            read(made, "P-1", name, say.CONSENTED, [])
        for act, by in entered:
            made.do(act, by)
        found.append(_of(made))

    assert found[0] == found[1]


def test_the_report_sets_reader_against_reader(central, say):
    """One agrees on PR, one is adjudicated: 1/2, kappa 0, one of two called for adjudication."""
    _differ(central, say, "P-1")
    central.do(choice("P-1", _visit(say)), THIRD)
    for name in ("reader 1", "reader 2"):
        read(central, "P-2", name, say.CONSENTED, [(_visit(say), "14")])

    told = [*reader_tables(reviewed_in(central.state, CUTOFF))]

    shown = {(each.table, each.row, each.group): each.shown for each in told}
    assert shown[AGAINST, "PR", "SD"].startswith("1")
    assert shown[AGAINST, "PR", "PR"].startswith("1")
    assert shown[AGREEMENT, "same best overall response", "all"] == "1/2, 50.0 % (1.3 to 98.7)"
    assert shown[AGREEMENT, "Cohen's kappa", "all"].startswith("0.000 (")
    assert shown[AGREEMENT, "called for adjudication", "all"].startswith("1")
    assert shown[DIFFERING, "P-1 / 1", "counts"] == "reader 1"
    assert shown[READ, "P-2", "counts"] == "PR"


def test_without_the_setting_the_report_has_no_such_tables(trial):
    """The investigator alone evaluates: nothing is compared."""
    assert reviewed_in(trial.state, CUTOFF) == ()
