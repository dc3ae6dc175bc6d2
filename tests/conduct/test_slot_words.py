"""Places of a cohort, word for word: refusals, whose turn it is, and the last day of a place."""

import pytest
from tests.conduct.slot_trials import DAY, MANAGER, ask, later, link, opened, register, reserve

from trialwright.conduct.acts import Assign, Register
from trialwright.conduct.cohort_acts import HoldCohort, ResumeCohort
from trialwright.conduct.recruiting_acts import SuspendTrial
from trialwright.conduct.slot_acts import (
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_holding import ending, held_until, holds_place, places, waits
from trialwright.conduct.slot_queue import wait_list
from trialwright.terms.errors import Fault, Refusal

WAITS = "a request that waits"


@pytest.fixture
def trial(say, study):
    """Give an open trial in which the first who comes is next, and a place is held for 14 days."""
    return opened(say, study)


def _faults(trial, act, by=None):
    """Give the faults of an act that is refused."""
    with pytest.raises(Refusal) as refused:
        trial.do(act, by)
    return list(refused.value.faults)


def _of(trial, reference):
    """Give a request as it stands."""
    return trial.live.slots.of(reference)


@pytest.mark.parametrize(
    ("stand", "found", "do"),
    [
        ("held", "request-1, for which a place is held", "Release a place that is held"),
        ("withdrawn", "request-1 withdrawn on 2026-02-02", "Request a slot anew"),
        ("expired", "request-1 expired on 2026-02-17", "Request a slot anew"),
        ("assigned", "request-1, by which somebody was assigned", "Nothing is to do"),
    ],
)
def test_only_a_request_that_waits_is_reserved_refused_or_withdrawn(trial, stand, found, do):
    """Each act tells where the request stands and what can be done instead."""
    ask(trial, "request-1")
    on = DAY
    if stand == "withdrawn":
        trial.do(WithdrawSlot("request-1", DAY))
    else:
        reserve(trial, "request-1")
    if stand == "assigned":
        link(trial, "request-1", "P-1")
        trial.do(Register("P-1", "A", DAY, DAY))
        trial.do(Assign("P-1", DAY))
    if stand == "expired":
        on = later(15)

    for act in (
        ReserveSlot("request-1", on),
        WithdrawSlot("request-1", on),
        RefuseSlot("request-1", on, "no"),
    ):
        by = MANAGER if isinstance(act, RefuseSlot) else None
        assert _faults(trial, act, by) == [Fault("reference", found, WAITS, do)]


def test_a_place_is_given_back_only_where_one_is_held_and_with_a_reason(trial):
    """A request that waits is withdrawn instead."""
    ask(trial, "request-1")

    assert _faults(trial, ReleaseSlot("request-1", DAY, " ")) == [
        Fault("reference", "request-1, which waits", "a request for which a place is held",
              "Withdraw a request that waits"),
        Fault("reason", "no reason", "a reason", "Say why, without naming a participant"),
    ]  # fmt: skip
    assert _faults(trial, RefuseSlot("request-1", DAY, ""), MANAGER) == [
        Fault("reason", "no reason", "a reason", "Say why, without naming a participant")
    ]


def test_a_place_that_is_held_is_recorded_with_its_last_day(trial):
    """Fourteen days after the day of the reservation; the policy and the place in the list."""
    ask(trial, "request-1")

    (held,) = trial.do(ReserveSlot("request-1", DAY, " first "))

    assert (held.act, held.subject, held.on, held.reason) == (
        "slot_reserved", "request-1", DAY, "first")  # fmt: skip
    assert held.payload == {
        "arm": "A",
        "level": 1,
        "cohort": trial.live.cohorts["A"].number,
        "until": "2026-02-16",
        "policy": "first-come",
        "place": 1,
    }
    (given,) = trial.do(ReleaseSlot("request-1", DAY, " moved "))
    assert (given.act, given.payload, given.reason) == ("slot_released", {"arm": "A"}, "moved")


def test_who_is_next_is_told_with_the_policy(trial):
    """By the order of requests."""
    ask(trial, "request-1", "request-2")

    assert _faults(trial, ReserveSlot("request-2", DAY)) == [
        Fault(
            "request-2",
            "place 2 in the wait list; request-1 is next (requested on 2026-02-02)",
            "the next by the policy first-come",
            "Reserve for the next, or let that request be withdrawn",
        )
    ]


def test_a_site_at_its_limit_is_told_what_frees_it(say, study):
    """And the limit itself is allowed: two of two."""
    trial = opened(say, study, site_reservations=2)
    ask(trial, "request-1", "request-2", "request-3")
    reserve(trial, "request-1", "request-2")

    assert _faults(trial, ReserveSlot("request-3", DAY)) == [
        Fault("request-3", "site at its limit: mgh", "a request of an active site below its limit",
              "Wait, or release a place of that site")
    ]  # fmt: skip


def test_a_choice_without_a_reason_is_told_whom_it_passes_over(say, study):
    """The next in the list, and since when."""
    trial = opened(say, study, "sponsor-choice")
    ask(trial, "request-1", "request-2")

    assert _faults(trial, ReserveSlot("request-2", DAY), MANAGER) == [
        Fault(
            "reason",
            "no reason to pass over request-1, the next (requested on 2026-02-02)",
            "a reason",
            "Say why, without naming a participant",
        )
    ]


def test_the_turn_of_each_site_is_told(say, study):
    """A site without a place yet, one with its last, and one that stands in the list before."""
    trial = opened(say, study, "round-robin-by-site", ("mgh", "north"))
    ask(trial, "request-1", "request-2", "request-3")
    reserve(trial, "request-1")
    ask(trial, "request-4", site="north")

    assert [
        (each.place, each.request.reference, each.because)
        for each in wait_list(trial.live, "A", DAY)
    ] == [
        (1, "request-4", "site north has been given no place yet; requested on 2026-02-02"),
        (
            2,
            "request-2",
            "site mgh was last given a place on 2026-02-02; requested on 2026-02-02",
        ),
        (3, "request-3", "site mgh has its turn before; requested on 2026-02-02"),
    ]


def test_somebody_who_never_asked_is_told_whose_place_it_is(trial):
    """Every place held, or a list in which somebody else is next."""
    ask(trial, "request-1", "request-2", "request-3")
    register(trial, "P-1")
    asks = "Request a slot, and wait until a place is reserved"

    assert _faults(trial, Assign("P-1", DAY)) == [
        Fault(
            "P-1",
            "not in the wait list, in which request-1 is next (requested on 2026-02-02)",
            "a free place for which nobody waits",
            asks,
        )
    ]
    reserve(trial, "request-1", "request-2", "request-3")
    assert _faults(trial, Assign("P-1", DAY)) == [
        Fault(
            "arm A",
            "every untaken place is held for somebody else: request-1, request-2, request-3",
            "a place that is free, or held for this participant",
            asks,
        )
    ]


@pytest.mark.parametrize(
    ("held", "resumed", "until"),
    [
        (None, None, 14),
        (5, 8, 17),
        (14, 16, 16),
        (15, 18, 14),
        (5, 5, 14),
        (5, None, None),
    ],
)
def test_days_on_hold_do_not_count_against_a_place(trial, held, resumed, until):
    """Held on day 5 and resumed on day 8: three days more; a hold after the last day adds none."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    if held is not None:
        trial.do(HoldCohort("A", later(held), "safety review"))
    if resumed is not None:
        trial.do(ResumeCohort("A", later(resumed), "reviewed"))
    request = _of(trial, "request-1")

    last = held_until(trial.live, request, later(40))

    assert last == (None if until is None else later(until))
    if until is not None and held != 15:
        assert ending(trial.live, request, later(until)) is None
        ended = ending(trial.live, request, later(until + 1))
        assert (ended.word, ended.on) == ("expired", later(until + 1))
        assert holds_place(trial.live, request, later(until))
        assert not holds_place(trial.live, request, later(until + 1))
        assert not waits(trial.live, request, later(until + 1))


@pytest.mark.parametrize(("day", "is_kept"), [(14, True), (15, False)])
def test_registration_by_the_last_day_keeps_the_place(trial, day, is_kept):
    """On the last day itself it is kept for good; a day later it is lost."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    link(trial, "request-1", "P-1")
    trial.do(Register("P-1", "A", later(day), later(day)))

    now = places(trial.live, "A", later(60))

    assert [each.reference for each in now.held] == (["request-1"] if is_kept else [])
    assert (now.untaken, now.free) == (3, 2 if is_kept else 3)


def test_registration_for_another_arm_keeps_no_place(trial):
    """The place of arm A is lost although the participant is registered, for arm C."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    link(trial, "request-1", "P-1")
    trial.do(Register("P-1", "C", DAY, DAY))

    assert places(trial.live, "A", later(15)).held == ()


def test_the_list_is_never_rewritten(trial):
    """A day before the last act on the places of the arm is refused; that day itself is not."""
    ask(trial, "request-1", on=later(3))
    sequence = trial.records[-1].sequence

    assert _faults(trial, RequestSlot("request-2", "A", "mgh", later(2))) == [
        Fault(
            "on",
            f"2026-02-04, before 2026-02-05, the day of the last act on the places of arm A "
            f"(happening {sequence})",
            "2026-02-05 or later",
            "Correct the day",
        )
    ]
    ask(trial, "request-2", on=later(3))
    ask(trial, "request-3", arm="C")


def test_only_holds_after_the_reservation_prolong_it(trial):
    """Held before: nothing; held for two days later: two days more."""
    for held, resumed in ((0, 2), (7, 9)):
        if held == 7:
            ask(trial, "request-1", on=later(5))
            reserve(trial, "request-1", on=later(5))
        trial.do(HoldCohort("A", later(held), "safety review"))
        trial.do(ResumeCohort("A", later(resumed), "reviewed"))

    assert held_until(trial.live, _of(trial, "request-1"), later(40)) == later(5 + 14 + 2)


def test_an_assignment_records_the_places_that_were_lost_before_it(trial):
    """The reservation of somebody else that ran out, in the same arm."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    register(trial, "P-1")

    trial.do(Assign("P-1", later(20)))

    assert [record.happening.act for record in trial.records[-2:]] == ["slot_expired", "assigned"]
    assert trial.records[-2].happening.payload == {
        "arm": "A",
        "cohort": trial.live.cohorts["A"].number,
    }


def test_without_sites_in_the_protocol_every_site_takes_part(say, study):
    """As long as the trial is active."""
    trial = opened(say, study, sites=())
    ask(trial, "request-1")

    assert [each.obstacle for each in wait_list(trial.live, "A", DAY)] == [""]
    trial.do(SuspendTrial(DAY, "safety review"))
    assert [each.obstacle for each in wait_list(trial.live, "A", DAY)] == ["site not active"]


def test_a_full_cohort_says_what_to_wait_for(trial):
    """The place, the level, who holds, and what to do."""
    ask(trial, *(f"request-{number}" for number in range(1, 5)))
    reserve(trial, "request-1", "request-2", "request-3")

    assert _faults(trial, ReserveSlot("request-4", DAY)) == [
        Fault(
            "arm A",
            "no place is free at dose level 1: 3 untaken, held for request-1, request-2, request-3",
            "a place that is neither taken nor held",
            "Wait: the board tells when one may become free",
        )
    ]
