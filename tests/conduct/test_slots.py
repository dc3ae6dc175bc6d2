"""Places of a cohort: asked for, held, lost, given back, taken, under each policy."""

from datetime import timedelta

import pytest
from tests.conduct.slot_trials import (
    COORDINATOR,
    DAY,
    ELSEWHERE,
    MANAGER,
    ask,
    later,
    link,
    opened,
    register,
    reserve,
    treat,
)

from trialwright.conduct.acts import Assign, Consent, Redact, Register, Screen
from trialwright.conduct.folding import fold
from trialwright.conduct.recruiting_acts import SuspendSite, SuspendTrial
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_board import board, slot_word
from trialwright.conduct.slot_holding import fallen_due, places
from trialwright.conduct.slot_queue import wait_list
from trialwright.terms.errors import Refusal


@pytest.fixture
def trial(say, study):
    """Give an open trial in which the first who comes is next, and a place is held for 14 days."""
    return opened(say, study)


def word(trial, reference, on=DAY):
    """Say where a request stands."""
    return slot_word(trial.live, trial.live.slots.of(reference), on)


def line(trial, on=DAY, arm="A"):
    """Name who waits, in order."""
    return [each.request.reference for each in wait_list(trial.live, arm, on)]


def cards(trial, on, level=1):
    """Give state and name of each place of a dose level in arm A."""
    (arm, *_) = board(trial.live, on).arms
    return [(each.state, each.reference) for each in arm.levels[level - 1].slots]


def refused(trial, act, by=None):
    """Give the faults of an act that is refused; nothing is recorded then."""
    before, records = trial.live, len(trial.records)
    with pytest.raises(Refusal) as why:
        trial.do(act, by)
    assert (trial.live, len(trial.records)) == (before, records)
    return why.value.faults


def test_a_place_goes_from_state_to_state_by_the_participants_own_happenings(trial, say):
    """Each act of the participant moves the place one state on, and no act is about the place."""
    seen = []

    def look(on=DAY):
        seen.append(cards(trial, on)[0])

    ask(trial, "request-1")
    seen.append((word(trial, "request-1"), "request-1"))
    reserve(trial, "request-1")
    look()
    link(trial, "request-1", "P-1")
    look()
    trial.do(Screen("P-1", "A", DAY, DAY))
    look()
    trial.do(Register("P-1", "A", DAY, DAY))
    look()
    trial.do(Assign("P-1", DAY))
    look()
    trial.do(say.doses(trial.live, "P-1"))
    look(later(1))
    look(later(28))

    assert [state for state, _ in seen] == [
        "requested", "reserved", "consented", "screening", "eligible", "enrolled", "dosed",
        "evaluable",
    ]  # fmt: skip
    assert {name for _, name in seen} == {"request-1"}


@pytest.mark.parametrize(
    ("outcome", "state", "free"), [("dlt", "DLT", 2), ("not evaluable", "not evaluable", 3)]
)
def test_whoever_is_not_evaluable_is_replaced_and_a_dlt_is_not(trial, say, outcome, state, free):
    """A cohort of three has two more places after a DLT, and three after a replacement."""
    register(trial, "P-1")

    treat(trial, say, "P-1", outcome=outcome)

    assert cards(trial, later(28)) == [(state, "P-1")] + [("free", "")] * free


def test_a_place_is_lost_on_the_day_after_its_last(trial):
    """Reserved on 2 February for 14 days: held on the 16th, expired from the 17th on."""
    ask(trial, "request-1")
    reserve(trial, "request-1")

    assert word(trial, "request-1", later(14)) == "reserved"
    assert word(trial, "request-1", later(15)) == "expired"
    assert places(trial.live, "A", later(14)).free == 2
    assert places(trial.live, "A", later(15)).free == 3


@pytest.mark.parametrize(("day", "comes"), [(14, "eligible"), (15, "expired")])
def test_registration_keeps_a_place_until_its_last_day(trial, day, comes):
    """Whoever is registered on the last day keeps the place; a day later it was lost before."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    link(trial, "request-1", "P-1")

    trial.do(Register("P-1", "A", later(day), later(day)))

    assert word(trial, "request-1", later(60)) == comes
    expired = [each for each in trial.records if each.happening.act == "slot_expired"]
    assert len(expired) == (comes == "expired")


def test_the_next_act_on_the_cohort_records_the_expiry_first_as_system(trial):
    """The expiry bears the day on which it fell due, and stands before the act."""
    ask(trial, "request-1", "request-2")
    reserve(trial, "request-1")

    trial.do(ReserveSlot("request-2", later(20)), COORDINATOR)

    expired, reserved = trial.records[-2:]
    assert (expired.actor, expired.role) == ("system", "system")
    assert (expired.happening.act, expired.happening.on) == ("slot_expired", later(15))
    assert (reserved.actor, reserved.happening.act) == ("c.oord", "slot_reserved")
    assert trial.state == trial.live


def test_the_board_is_the_same_whether_or_not_the_expiry_is_recorded(trial):
    """No background job decides: what has expired is shown as expired all the same."""
    ask(trial, "request-1", "request-2")
    reserve(trial, "request-1")
    before = board(trial.live, later(15))
    due = fallen_due(trial.live, RequestSlot("request-9", "A", "mgh", later(15)))

    for happening in due:
        trial.append(happening)

    assert len(due) == 1
    assert board(trial.live, later(15)) == before
    assert before.arms[0].ended[0].state == "expired"


def test_an_act_on_another_arm_records_no_expiry(trial):
    """Only the next act on the cohort itself does."""
    ask(trial, "request-1")
    reserve(trial, "request-1")

    ask(trial, "request-2", arm="B", on=later(30))

    assert "slot_expired" not in [each.happening.act for each in trial.records]


def test_a_refused_act_leaves_the_expiry_unrecorded(trial):
    """Nothing at all is recorded then."""
    ask(trial, "request-1")
    reserve(trial, "request-1")

    refused(trial, ReleaseSlot("request-1", later(15), "late"))


def test_the_first_who_came_is_next_and_nobody_else(trial):
    """The refusal names who is next, and since when."""
    ask(trial, "request-1", "request-2")

    (fault,) = refused(trial, ReserveSlot("request-2", DAY))

    assert "request-1 is next (requested on 2026-02-02)" in fault.found
    assert line(trial) == ["request-1", "request-2"]


def test_sites_take_turns(say, study):
    """Three of one site and one each of two others: each site once before any comes twice."""
    trial = opened(say, study, "round-robin-by-site", ("mgh", "north", "south"))
    ask(trial, "request-1", "request-2", "request-3")
    ask(trial, "request-4", site="north")
    ask(trial, "request-5", site="south")
    assert line(trial) == ["request-1", "request-4", "request-5", "request-2", "request-3"]

    reserve(trial, "request-1")

    assert line(trial) == ["request-4", "request-5", "request-2", "request-3"]
    ask(trial, "request-6", site="north")
    assert line(trial) == ["request-4", "request-5", "request-2", "request-6", "request-3"]
    reserve(trial, "request-4", "request-5")
    assert line(trial) == ["request-2", "request-6", "request-3"]


def test_the_turn_of_a_site_is_used_even_if_the_place_is_given_back(say, study):
    """Else a site could keep its turn by asking for nobody."""
    trial = opened(say, study, "round-robin-by-site")
    ask(trial, "request-1", "request-2")
    ask(trial, "request-3", site="elsewhere")
    reserve(trial, "request-1")

    trial.do(ReleaseSlot("request-1", DAY, "moved away"))

    assert line(trial) == ["request-3", "request-2"]


def test_the_sponsor_chooses_with_a_reason_and_every_pass_over_is_recorded(say, study):
    """Without the reason the choice is refused; the next one needs none."""
    trial = opened(say, study, "sponsor-choice")
    ask(trial, "request-1", "request-2", "request-3")
    (fault,) = refused(trial, ReserveSlot("request-3", DAY, " "))
    assert fault.where == "reason"

    done = reserve(trial, "request-3", reason="mutation of interest", by=MANAGER)

    assert [(each.act, each.subject) for each in done] == [
        ("slot_passed_over", "request-1"),
        ("slot_passed_over", "request-2"),
        ("slot_reserved", "request-3"),
    ]
    assert done[0].payload == {
        "arm": "A", "chosen": "request-3", "place": 1, "why": "sponsor choice",
    }  # fmt: skip
    assert done[2].reason == "mutation of interest"
    assert line(trial) == ["request-1", "request-2"]
    assert [each.act for each in reserve(trial, "request-1", by=MANAGER)] == ["slot_reserved"]


def test_where_the_sponsor_chooses_a_coordinator_reserves_nothing(say, study):
    """Not even for the next."""
    trial = opened(say, study, "sponsor-choice")
    ask(trial, "request-1")

    (fault,) = refused(trial, ReserveSlot("request-1", DAY), COORDINATOR)

    assert fault.found == "the role coordinator"


def test_a_site_at_its_limit_is_passed_over(say, study):
    """One place held for a site: its next request waits, the other site's comes first."""
    trial = opened(say, study, site_reservations=1)
    ask(trial, "request-1", "request-2")
    ask(trial, "request-3", site="elsewhere")
    reserve(trial, "request-1")
    (fault,) = refused(trial, ReserveSlot("request-2", DAY))
    assert fault.found == "site at its limit: mgh"

    done = reserve(trial, "request-3")

    assert (done[0].subject, done[0].payload["why"]) == ("request-2", "site at its limit")
    link(trial, "request-1", "P-1")
    trial.do(Register("P-1", "A", DAY, DAY))
    trial.do(Assign("P-1", DAY))
    assert [each.act for each in reserve(trial, "request-2")] == ["slot_reserved"]


def test_a_suspended_site_is_passed_over_but_not_who_is_registered(trial):
    """Whoever is registered goes on."""
    ask(trial, "request-1", site="elsewhere")
    ask(trial, "request-2")
    trial.do(SuspendSite("elsewhere", DAY, "no pharmacist"))

    done = reserve(trial, "request-2")

    assert (done[0].subject, done[0].payload["why"]) == ("request-1", "site not active")
    register(trial, "P-1")
    ask(trial, "P-1")
    trial.do(SuspendSite("mgh", DAY, "no pharmacist"))
    assert [each.obstacle for each in wait_list(trial.live, "A", DAY)] == ["site not active", ""]
    reserve(trial, "P-1")


def test_a_cohort_of_three_holds_three_places(trial):
    """The fourth is refused, and named are those for whom places are held."""
    ask(trial, *(f"request-{number}" for number in range(1, 5)))
    reserve(trial, "request-1", "request-2", "request-3")

    (fault,) = refused(trial, ReserveSlot("request-4", DAY))

    assert fault.found == (
        "no place is free at dose level 1: 3 untaken, held for request-1, request-2, request-3"
    )


def test_assignment_takes_the_participants_own_place(trial):
    """Three places are held; only those for whom they are held are assigned."""
    ask(trial, "request-1", "request-2", "request-3")
    reserve(trial, "request-1", "request-2", "request-3")
    link(trial, "request-2", "P-1")
    trial.do(Register("P-1", "A", DAY, DAY))
    register(trial, "P-2")
    (fault,) = refused(trial, Assign("P-2", DAY))
    assert "held for somebody else: request-1, request-2, request-3" in fault.found

    trial.do(Assign("P-1", DAY))

    assert trial.live.participants["P-1"].dose_level == 1
    (fault,) = refused(trial, Assign("P-2", DAY))
    assert fault.found.endswith("request-1, request-3")


def test_nobody_comes_past_the_wait_list(trial):
    """A free place goes to a participant without a request only when nobody can be next."""
    ask(trial, "request-1", site="elsewhere")
    register(trial, "P-1")
    (fault,) = refused(trial, Assign("P-1", DAY))
    assert "request-1 is next" in fault.found
    ask(trial, "P-1")
    (fault,) = refused(trial, Assign("P-1", DAY))
    assert (fault.found, fault.do) == ("place 2 in the wait list", "Reserve the place first")
    trial.do(WithdrawSlot("P-1", DAY))
    trial.do(SuspendSite("elsewhere", DAY, "no pharmacist"))

    done = trial.do(Assign("P-1", DAY))

    assert [(each.act, each.subject) for each in done] == [
        ("slot_passed_over", "request-1"), ("assigned", "P-1"),
    ]  # fmt: skip


def test_without_slots_in_the_protocol_a_free_place_is_taken_as_before(say, study):
    """Nothing is to request, and three of four are assigned."""
    trial = opened(say, study, None)
    (fault,) = refused(trial, RequestSlot("request-1", "A", "mgh", DAY))
    assert fault.where == "slots"
    for number in range(1, 5):
        register(trial, f"P-{number}")

    for number in range(1, 4):
        trial.do(Assign(f"P-{number}", DAY))

    (fault,) = refused(trial, Assign("P-4", DAY))
    assert fault.found.startswith("no place is open at dose level 1")
    assert wait_list(trial.live, "A", DAY) == ()


def test_when_a_replaced_participant_counts_after_all_later_places_give_way(trial, say):
    """Three of three and one replaced; the replacement's place is gone when a late DLT is read."""
    for number in range(1, 4):
        register(trial, f"P-{number}")
    treat(trial, say, "P-1", outcome="not evaluable")
    trial.do(Assign("P-2", later(28)))
    ask(trial, "request-1", "request-2", on=later(28))
    reserve(trial, "request-1", "request-2", on=later(28))
    for reference, number in (("request-1", "P-8"), ("request-2", "P-9")):
        link(trial, reference, number, on=later(28))
        trial.do(Register(number, "A", later(28), later(28)))
    trial.do(say.toxicity("P-1", start=DAY, on=later(29)))

    (fault,) = refused(trial, Assign("P-9", later(29)))

    assert fault.found.startswith("2 places are held and 1 untaken")
    trial.do(Assign("P-8", later(29)))
    assert places(trial.live, "A", later(29)).untaken == 0


def test_a_request_names_every_fault_at_once_and_shows_no_name(trial):
    """Day, site and reference are told together; what may be a name is not repeated."""
    faults = refused(
        trial, RequestSlot("Canary Birdsong", "A", "nowhere", DAY - timedelta(days=90))
    )

    assert [each.where for each in faults] == ["on", "site", "reference"]
    assert "Birdsong" not in "".join(map(str, faults))


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (RequestSlot("request-1", "A", "mgh", DAY), "used before"),
        (RequestSlot("P-1", "A", "mgh", DAY), "request request-1 of 2026-02-02 waits in arm A"),
        (RequestSlot("P-2", "A", "elsewhere", DAY), "a participant of site mgh"),
        (RequestSlot("P-3", "B", "mgh", DAY), "registered for arm A"),
        (RequestSlot("P-4", "A", "mgh", DAY), "assigned to dose level 1"),
        (RequestSlot("P-5", "A", "mgh", DAY), "neither a request id nor somebody"),
        (RequestSlot("request-7", "A", "mgh", DAY - timedelta(days=1)), "the day of the last act"),
        (LinkSlot("request-1", "P-2", DAY), "request-1 is for P-1"),
        (LinkSlot("request-2", "P-1", DAY), "request request-1"),
        (LinkSlot("request-3", "P-2", DAY), "withdrawn on"),
        (ReserveSlot("request-3", DAY), "withdrawn on"),
        (ReserveSlot("request-8", DAY), "a name under which nobody asked"),
        (ReleaseSlot("request-1", DAY, "why"), "which waits"),
        (RefuseSlot("request-1", DAY, " "), "no reason"),
        (WithdrawSlot("P-4", DAY), "by which somebody was assigned"),
    ],
)
def test_what_cannot_be_done_says_why(trial, act, says):
    """Each refusal tells what was found."""
    register(trial, "P-4")
    ask(trial, "P-4")
    reserve(trial, "P-4")
    trial.do(Assign("P-4", DAY))
    register(trial, "P-3")
    trial.do(Consent("P-2", DAY))
    ask(trial, "request-1", "request-2", "request-3")
    link(trial, "request-1", "P-1")
    trial.do(WithdrawSlot("request-3", DAY))

    faults = refused(trial, act)

    assert says in " | ".join(each.found for each in faults)


def test_somebody_whose_place_was_lost_asks_again_at_the_end_of_the_list(trial):
    """The old place in the list is gone."""
    trial.do(Consent("P-1", DAY))
    ask(trial, "P-1", "request-2")
    reserve(trial, "P-1")
    trial.do(ReleaseSlot("P-1", DAY, "not washed out"))

    ask(trial, "P-1")

    assert line(trial) == ["request-2", "P-1"]
    assert [each.ended is None for each in trial.live.slots.requests["P-1"]] == [False, True]


def test_while_the_trial_takes_nobody_no_place_is_asked_for(trial):
    """The refusal names the act that suspended it."""
    trial.do(SuspendTrial(DAY, "safety review"))

    (fault,) = refused(trial, RequestSlot("request-1", "A", "mgh", DAY))

    assert "trial suspended" in fault.found


@pytest.mark.parametrize(
    "act",
    [
        RequestSlot("request-2", "A", "mgh", DAY),
        ReserveSlot("request-1", DAY),
        WithdrawSlot("request-1", DAY),
        LinkSlot("request-1", "P-1", DAY),
    ],
)
def test_a_coordinator_acts_for_the_own_site_and_the_office_for_any(trial, act):
    """The request is one of mgh."""
    ask(trial, "request-1")
    trial.do(Consent("P-1", DAY))
    (fault,) = refused(trial, act, ELSEWHERE)
    assert fault.where == "site"

    trial.do(act)

    assert trial.records[-1].role == "principal-investigator"


def test_a_name_in_a_reason_is_redacted_by_the_request_id(trial):
    """The reason goes, the release and everything else stands."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    trial.do(ReleaseSlot("request-1", DAY, "Canary Birdsong moved away"))
    sequence = len(trial.records)

    trial.do(Redact("request-1", DAY, sequence, "reason", "a name was typed"))

    assert "Birdsong" not in repr(trial.live)
    assert word(trial, "request-1") == "released"
    (fault,) = refused(trial, Redact("request-1", DAY, sequence, "payload/arm", "why not"))
    assert "places and dose levels rest on this one" in fault.allowed


def test_any_day_can_be_asked_again(trial):
    """The list of an earlier day is that of the day."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    ask(trial, "request-2", on=later(3))

    view = fold(trial.study, trial.records, as_of=later(2))

    assert [each.reference for each in view.slots.every()] == ["request-1"]
    assert board(view, later(2)).arms[0].waiting == ()
