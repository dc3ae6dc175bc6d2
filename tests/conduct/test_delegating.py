"""The delegation log: who may do what, at which site, on which days; nothing else is allowed."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from tests.conduct.overseeing import by, delegate_all, delegation

from trialwright.casebook.facts import Attestation
from trialwright.conduct import acts
from trialwright.conduct.cohort_acts import HoldCohort
from trialwright.conduct.deciding import decide
from trialwright.conduct.delegating import require_authority, require_delegated, tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate, EndDelegation
from trialwright.conduct.delegation_records import Delegation
from trialwright.conduct.roles import CENTRAL, GRANTED, Actor
from trialwright.conduct.signing_acts import Sign, Target
from trialwright.conduct.slot_acts import RequestSlot
from trialwright.conduct.tasks import TASK_OF
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

OPERATOR = Actor("root", "operator", "mgh")
CHIEF = by("principal-investigator")
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 20)
DAYS = {
    "before": SINCE - timedelta(days=1),
    "first": SINCE,
    "last": UNTIL,
    "after": UNTIL + timedelta(days=1),
}
KINDS = sorted(get_args(acts.Act), key=lambda kind: kind.__name__)
ROLES = sorted({role for granted in GRANTED.values() for role in granted} - {"operator"})
TRIAL_WIDE = {
    "OpenTrial", "SuspendTrial", "CloseTrial", "ReopenTrial", "DecideDose", "ChooseRp2d",
    "OpenCohort", "ResumeCohort", "CloseCohort", "AmendProtocol",
}  # fmt: skip
"""Acts about no participant and no site: a delegation at one site of two does not grant them."""


def an_act(kind, role, on, site, participant):
    """Give an act of a kind on a day, about a participant or site, whatever else it says."""
    given = {
        "on": on, "participant": participant, "site": site, "account": "someone",
        "at": datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
        "delegation": 2 if site == "mgh" else 3,
        "reference": "request-1" if site == "mgh" else "request-2",
        "role": role,
        "target": Target("form", participant, "central_review") if role == "adjudicator" else
        Target("trail" if role in ("monitor", "data-manager") else "dose-decision", participant),
        "attestation": Attestation("q", "yes", "", role, PartialDate.of(on), Source("person", "")),
    }  # fmt: skip
    made = object.__new__(kind)
    for each in fields(kind):
        if isinstance(getattr(kind, each.name, None), property):
            continue
        if each.name in given:
            object.__setattr__(made, each.name, given[each.name])
    for name, value in (("baseline", on), ("assessment", on)):
        if name in (each.name for each in fields(kind)):
            object.__setattr__(made, name, _Dated(value))
    return made


class _Dated:
    """Something with a day."""

    def __init__(self, on):
        self.on = on


@pytest.fixture(scope="module")
def logs(study, say):
    """Give a state for each role: all its tasks at mgh, from 2 to 20 March."""
    made = {}
    for role in ROLES:
        trial = say.empty(study)
        trial.do(delegation("principal-investigator", say.OPENED), OPERATOR)
        trial.do(say.OPENING)
        for number, site in (("P-1", "mgh"), ("P-2", "elsewhere")):
            trial.do(acts.Consent(number, say.CONSENTED), CHIEF)
            here = trial.live.participants[number]
            trial.live = trial.live.with_participant(replace(here, site=site))
        for reference in ("request-1", "request-2"):
            trial.do(RequestSlot(reference, "A", "mgh", say.CONSENTED), CHIEF)
        book = trial.live.slots
        elsewhere = tuple(replace(each, site="elsewhere") for each in book.requests["request-2"])
        book = replace(book, requests={**book.requests, "request-2": elsewhere})
        trial.live = replace(trial.live, slots=book)
        row = Delegation(2, "someone", "Some One", role, "mgh", tuple(tasks_of(role)), SINCE,
                         UNTIL, SINCE, 99)  # fmt: skip
        third = replace(row, number=3, account="third", site="elsewhere")
        log = (*trial.live.oversight.delegations, row, third)
        made[role] = replace(trial.live, oversight=replace(trial.live.oversight, delegations=log))
    return made


def test_every_act_has_a_task_and_every_task_an_act():
    """An act without a row is nobody's, and a build without the row fails here."""
    assert set(TASK_OF) == {kind.__name__ for kind in KINDS} == set(GRANTED)


@pytest.mark.parametrize("where", ["own", "other"])
@pytest.mark.parametrize("when", DAYS)
@pytest.mark.parametrize("role", ROLES)
def test_every_act_is_granted_on_its_days_at_its_site_alone(logs, role, when, where):
    """Acts x roles x sites x days: granted by role, at the own site, on the first to last day."""
    site, participant = ("mgh", "P-1") if where == "own" else ("elsewhere", "P-2")
    actor, tried = Actor("someone", role, "mgh"), 0
    for kind in KINDS:
        act = an_act(kind, role, DAYS[when], site, participant)
        is_granted = (
            role in GRANTED[kind.__name__]
            and when in ("first", "last")
            and (where == "own" or kind is HoldCohort)  # an arm is held from wherever it is seen
            and kind.__name__ not in TRIAL_WIDE
        )
        tried += 1
        if is_granted:
            require_authority(logs[role], act, actor)
            continue
        with pytest.raises(Refusal):
            require_authority(logs[role], act, actor)
    assert tried == len(KINDS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_task_may_not_do_the_act(logs, role):
    """Each task taken away takes its acts away and leaves the others."""
    state, actor = logs[role], Actor("someone", role, "mgh")
    for missing in tasks_of(role):
        rows = tuple(
            replace(each, tasks=tuple(task for task in each.tasks if task != missing))
            if each.account == "someone"
            else each
            for each in state.oversight.delegations
        )
        without = replace(state, oversight=replace(state.oversight, delegations=rows))
        for kind in KINDS:
            if role not in GRANTED[kind.__name__] or kind.__name__ in TRIAL_WIDE:
                continue
            act = an_act(kind, role, SINCE, "mgh", "P-1")
            if TASK_OF[kind.__name__] != missing:
                require_authority(without, act, actor)
                continue
            with pytest.raises(Refusal, match=f"none with task {missing}"):
                require_authority(without, act, actor)


@pytest.mark.parametrize("name", sorted(TRIAL_WIDE))
def test_what_concerns_the_whole_trial_needs_every_site(logs, study, name):
    """A delegation at all sites grants it, and so does one at the only site of a protocol."""
    kind = next(each for each in KINDS if each.__name__ == name)
    state, actor = logs["principal-investigator"], Actor("someone", CHIEF.role, "mgh")
    act = an_act(kind, CHIEF.role, SINCE, "mgh", "P-1")
    rows = tuple(replace(each, site=EVERY_SITE) for each in state.oversight.delegations)
    one_site = study.model_copy(update={"sites": study.sites[:1]})

    with pytest.raises(Refusal, match="none with site all-sites"):
        require_authority(state, act, actor)
    require_authority(
        replace(state, oversight=replace(state.oversight, delegations=rows)), act, actor
    )
    require_authority(replace(state, study=one_site), act, actor)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("Canary Birdsong", "participant: something of another form. Allowed: up to 8 capital"),
        ("mgh-1", "participant: something of another form"),
        ("P-9", "participant: P-9 has not consented"),
    ],
)
def test_somebody_not_known_is_refused_in_words_of_their_own(logs, say, number, why):
    """With a log and two sites; the words are of the number, and none of what was typed."""
    actor = Actor("someone", "coordinator", "mgh")

    with pytest.raises(Refusal, match=why) as refused:
        decide(logs["coordinator"], replace(say.facts(number), on=SINCE), actor)

    assert "all-sites" not in str(refused.value)
    assert "Canary" not in str(refused.value)


def test_a_new_number_of_another_form_is_refused_by_its_form(logs):
    """A consent is of somebody new; the number is asked for, not a delegation."""
    with pytest.raises(Refusal, match="participant: something of another form"):
        decide(logs["coordinator"], acts.Consent("mgh 1", SINCE),
               Actor("someone", "coordinator", "mgh"))  # fmt: skip


def test_without_a_log_roles_are_taken_as_said(trial, say):
    """Ledgers without a delegation are decided as before."""
    trial.do(acts.Consent("P-1", say.CONSENTED), Actor("anybody", "coordinator", "mgh"))

    assert set(trial.live.participants) == {"P-1"}


def test_the_operator_opens_the_trial_and_delegates_the_chief_alone(study, say):
    """Before the first delegation; afterwards the log alone counts."""
    trial = say.empty(study)
    with pytest.raises(Refusal, match="a monitor delegated by the operator"):
        trial.do(delegation("monitor", say.OPENED), OPERATOR)
    trial.do(say.OPENING, OPERATOR)
    with pytest.raises(Refusal, match="the role operator"):
        trial.do(acts.Consent("P-1", say.CONSENTED), OPERATOR)
    trial.do(delegation("principal-investigator", say.OPENED), OPERATOR)

    with pytest.raises(Refusal, match="while nobody else can delegate"):
        trial.do(delegation("principal-investigator", say.OPENED, account="p.second"), OPERATOR)
    with pytest.raises(Refusal, match="accounts of the delegation log"):
        trial.do(acts.Consent("P-1", say.CONSENTED), Actor("anybody", "coordinator", "mgh"))


def test_the_operator_delegates_again_when_nobody_is_left_who_can(study, say):
    """A log whose last principal investigator has left can be gone on with, and only then."""
    trial, day = say.empty(study), say.OPENED
    trial.do(delegation("principal-investigator", day), OPERATOR)
    second = delegation("principal-investigator", day, account="p.second", name="Pia Second")
    trial.do(EndDelegation(1, day + timedelta(days=9), "left"), CHIEF)

    with pytest.raises(Refusal, match="while nobody else can delegate"):
        trial.do(replace(second, on=day + timedelta(days=9)), OPERATOR)
    trial.do(replace(second, on=day + timedelta(days=10)), OPERATOR)

    assert [each.until for each in trial.live.oversight.delegations] == [
        day + timedelta(days=9),
        None,
    ]


@pytest.mark.parametrize(
    ("changed", "where", "found"),
    [
        ({"account": "no blanks here"}, "account", "something of another form"),
        ({"account": "p.chief"}, "account", "the account of another person"),
        ({"name": " "}, "name", "nothing"),
        ({"role": "surgeon"}, "role", "surgeon"),
        ({"role": "operator"}, "role", "operator"),
        ({"site": "moon"}, "site", "moon"),
        ({"tasks": ()}, "tasks", "no task"),
        ({"tasks": ("locking",)}, "tasks", "locking, for a coordinator"),
        ({"until": date(2026, 1, 4)}, "until", "before 2026-01-05"),
        ({"trained_on": None}, "trained_on", "no training"),
        ({"trained_on": date(2026, 1, 6)}, "trained_on", "2026-01-06"),
    ],
)
def test_a_row_with_a_fault_is_refused(study, say, changed, where, found):
    """Each fault is named where it is; no name is shown."""
    trial = say.empty(study)
    trial.do(delegation("principal-investigator", say.OPENED), OPERATOR)

    with pytest.raises(Refusal) as refused:
        trial.do(replace(delegation("coordinator", say.OPENED), **changed), CHIEF)

    assert [(each.where, found in each.found) for each in refused.value.faults] == [(where, True)]
    assert "Clara" not in str(refused.value)


def test_all_faults_of_a_row_are_named_at_once(study, say):
    """Role, days, training and the first row together."""
    wrong = delegation("coordinator", say.OPENED, site="moon", trained_on=None, name="")

    with pytest.raises(Refusal) as refused:
        say.empty(study).do(wrong, CHIEF)

    assert {each.where for each in refused.value.faults} == {
        "site", "trained_on", "name", "delegation",
    }  # fmt: skip


def test_an_account_is_never_used_for_another_person(study, say):
    """Not even after its delegation has ended; the same person may come back."""
    trial, later = say.empty(study), say.OPENED + timedelta(days=30)
    delegate_all(trial, say.OPENED)
    trial.do(EndDelegation(3, say.OPENED + timedelta(days=9)), CHIEF)
    account = trial.live.oversight.delegations[2].account

    with pytest.raises(Refusal, match="the account of another person"):
        trial.do(delegation("monitor", later, account=account, name="Somebody Else"), CHIEF)
    role, name = (getattr(trial.live.oversight.delegations[2], each) for each in ("role", "name"))
    trial.do(delegation(role, later, account=account, name=name), CHIEF)

    assert len(trial.live.oversight.delegations) == 8


def test_the_same_role_is_delegated_once_at_a_time(study, say):
    """A second row for the same days is refused; one that begins after the first is not."""
    trial, day = say.empty(study), say.OPENED
    trial.do(delegation("principal-investigator", day), OPERATOR)
    trial.do(delegation("monitor", day, until=day + timedelta(days=9)), CHIEF)

    with pytest.raises(Refusal, match="one at a time"):
        trial.do(delegation("monitor", day + timedelta(days=9)), CHIEF)
    trial.do(delegation("monitor", day + timedelta(days=10)), CHIEF)


@pytest.mark.parametrize("central", sorted(CENTRAL))
@pytest.mark.parametrize("study_role", sorted(set(ROLES) - CENTRAL))
@pytest.mark.parametrize("has_ended", [False, True], ids=["goes on", "has ended"])
def test_nobody_is_of_central_review_and_of_the_study(study, say, central, study_role, has_ended):
    """In either order, also when the first has ended: another reader's findings stay known."""
    for first, second in ((central, study_role), (study_role, central)):
        trial, day = say.empty(study), say.OPENED
        trial.do(delegation("principal-investigator", day), OPERATOR)
        until = day + timedelta(days=9) if has_ended else None
        trial.do(_for_someone(first, day, until=until), CHIEF)

        with pytest.raises(Refusal, match="shows what the other reader found") as refused:
            trial.do(_for_someone(second, day + timedelta(days=10)), CHIEF)

        assert [each.where for each in refused.value.faults] == ["role"]
        assert "Some One" not in str(refused.value)


def test_roles_of_one_side_are_held_together(study, say):
    """Reader and adjudicator of one account, coordinator and monitor of another."""
    trial, day = say.empty(study), say.OPENED
    trial.do(delegation("principal-investigator", day), OPERATOR)
    for role in ("reader", "adjudicator"):
        trial.do(_for_someone(role, day), CHIEF)
    for role in ("coordinator", "monitor"):
        trial.do(_for_someone(role, day, account="another", name="An Other"), CHIEF)

    assert len(trial.live.oversight.delegations) == 5


def _for_someone(role, day, **changed):
    """Delegate every task of a role to one account."""
    row = replace(delegation("coordinator", day), account="someone", name="Some One")
    return replace(row, role=role, tasks=tuple(sorted(tasks_of(role))), **changed)


@pytest.mark.parametrize(("number", "days", "match"), [(9, 1, "number 9"), (1, -1, "a day on")])
def test_what_is_not_delegated_cannot_be_ended(study, say, number, days, match):
    """A number that is none, and a day before it began."""
    trial = say.empty(study)
    trial.do(delegation("principal-investigator", say.OPENED - timedelta(days=9)), OPERATOR)
    trial.do(delegation("principal-investigator", say.OPENED, account="p.two", name="P Two"), CHIEF)
    by_first = say.OPENED + timedelta(days=days)

    with pytest.raises(Refusal, match=match):
        trial.do(EndDelegation(number if number == 9 else 2, by_first), CHIEF)


def test_the_day_of_entry_is_asked_like_the_day_of_the_act(logs):
    """A former coordinator enters nothing for a day on which the task was still delegated."""
    actor = Actor("someone", "coordinator", "mgh")
    act = acts.Consent("P-9", SINCE)

    require_delegated(logs["coordinator"], act, actor, UNTIL)
    with pytest.raises(Refusal, match="none with day 2026-03-21"):
        require_delegated(logs["coordinator"], act, actor, UNTIL + timedelta(days=1))


def test_nobody_signs_with_the_account_of_another(logs, say):
    """The signature names the account that acts."""
    act = an_act(Sign, "monitor", SINCE, "mgh", "P-1")

    with pytest.raises(Refusal, match="the account of somebody else"):
        require_authority(logs["monitor"], act, Actor("m.other", "monitor", "mgh"))


def test_the_acts_are_frozen_data():
    """No act can be changed after it was asked."""
    assert all(is_dataclass(kind) and kind.__dataclass_params__.frozen for kind in KINDS)
    assert Delegate in KINDS
