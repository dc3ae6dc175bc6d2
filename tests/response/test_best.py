"""Best overall response: published cases and sequences, and each policy by hand."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.tumours import Response
from trialwright.response.best import Seen, best_response, counted_visits

DAY_1 = date(2026, 1, 1)
WORDS = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE")


def _visits(*seen):
    """Give visits from (study day, response) pairs."""
    return [Seen(DAY_1 + timedelta(day - 1), Response(word)) for day, word in seen]


def _best(bench, *seen, confirm=True, therapy=None, **settings):
    """Give the best response of visits on study days."""
    new_therapy = therapy and DAY_1 + timedelta(therapy - 1)
    policies = bench.settings(**settings)
    return best_response(_visits(*seen), DAY_1, policies, confirm=confirm, new_therapy=new_therapy)


def test_shared_cases_agree(bench, shared):
    """Every published case, with and without confirmation; a defended reading agrees too."""
    path = shared / "reference" / "recist" / "bor_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        policy, wanted = case["settings"], case["expected"]
        seen = [(each["day"], each["overall"]) for each in case["timepoints"]]
        for word, confirm in (("confirmed", True), ("unconfirmed", False)):
            found = _best(
                bench,
                *seen,
                confirm=confirm,
                stable_disease_days=policy["sd_min_days"],
                confirm_after_days=policy["confirm_min_days"],
                not_evaluable_between=policy["max_ne_between"],
            )
            assert found.response == wanted[f"bor_{word}"], case["id"]

    assert len(cases) >= 10


def test_sequences_agree_by_visit_and_by_follow_up(bench, shared):
    """Our reference by a visit at 42 days; the answers of grstat by follow-up to 42 days."""
    path = shared / "reference" / "recist" / "bor_sequences.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    by_follow_up = 0
    for case in cases:
        words = case["seq"].split("-")
        seen = [(1 + case["gap_days"] * (at + 1), word) for at, word in enumerate(words)]
        for word, confirm in (("confirmed", True), ("unconfirmed", False)):
            found = _best(bench, *seen, confirm=confirm)
            assert found.response == case[f"bor_{word}"], case
            if f"grstat_{word}" in case:
                found = _best(bench, *seen, confirm=confirm, stable_disease_met_by="follow-up")
                assert found.response == case[f"grstat_{word}"], case
                by_follow_up += 1

    assert (len(cases) >= 101, by_follow_up >= 100) == (True, True)


@pytest.mark.parametrize(
    ("policy", "confirmed", "unconfirmed"),
    [("SD", "SD", "CR"), ("PR", "PR", "PR"), ("PD", "SD", "CR")],
)
def test_pr_after_cr_is_a_policy(bench, policy, confirmed, unconfirmed):
    """CR, then PR: stable, or PR all along, or PD at the second visit; always a query."""
    seen = (57, "CR"), (113, "PR")

    kept = _best(bench, *seen, pr_after_cr=policy)
    plain = _best(bench, *seen, confirm=False, pr_after_cr=policy)

    assert (kept.response, plain.response) == (confirmed, unconfirmed)
    assert "check whether the complete response was certain" in kept.queries[0].says


def test_disease_after_cr_read_as_progression_ends_the_course(bench):
    """Read as PD, two PRs after the CR confirm nothing."""
    seen = (57, "CR"), (113, "PR"), (169, "PR")

    assert _best(bench, *seen, pr_after_cr="PD").response == "SD"
    assert _best(bench, *seen, pr_after_cr="SD").response == "PR"


@pytest.mark.parametrize(("between", "best"), [(0, "SD"), (1, "PR")])
def test_how_many_ne_may_lie_between_is_a_policy(bench, between, best):
    """PR, NE, PR is confirmed when one NE is allowed."""
    found = _best(bench, (57, "PR"), (85, "NE"), (113, "PR"), not_evaluable_between=between)

    assert found.response == best


def test_nothing_counts_after_progression_or_new_therapy(bench):
    """A PR after PD, or after the first dose of something else, is no response."""
    assert _best(bench, (57, "PD"), (113, "PR"), (169, "PR")).response == "PD"
    assert _best(bench, (57, "SD"), (113, "PR"), (169, "PR"), therapy=112).response == "SD"
    assert _best(bench, (57, "SD"), (113, "PR"), (169, "PR"), therapy=169).response == "PR"


def test_a_confirmed_response_names_both_visits(bench):
    """The answer carries the days of the response and of its confirmation, and the rule."""
    found = _best(bench, (57, "PR"), (85, "PR"))

    assert (found.on, found.confirmed_on) == (date(2026, 2, 26), date(2026, 3, 26))
    assert "confirmed by PR on 2026-03-26, 28 days later; at least 28 are" in found.because


def test_pr_after_a_confirming_cr_is_not_needed(bench):
    """PR, CR too early to confirm, then PR: a CR lay between, so nothing is confirmed."""
    assert _best(bench, (57, "PR"), (71, "CR"), (99, "PR")).response == "SD"


def test_bone_only_disease_is_never_stable_disease(bench):
    """NON-CR/NON-PD has its own word, and the same 42 days."""
    assert _best(bench, (57, "NON-CR/NON-PD"), (113, "PD")).response == "NON-CR/NON-PD"
    assert _best(bench, (42, "NON-CR/NON-PD")).response == "NE"
    assert _best(bench, (42, "NON-CR/NON-PD"), (70, "PD")).response == "PD"


def test_a_complete_response_of_bone_only_disease_falls_back_to_its_own_word(bench):
    """Not confirmed, it is NON-CR/NON-PD: Table 2 of RECIST 1.1 has no stable disease."""
    assert _best(bench, (57, "NON-CR/NON-PD"), (113, "CR")).response == "NON-CR/NON-PD"
    alone = bench.settings()
    visits = _visits((57, "CR"), (113, "PD"))
    words = [
        str(best_response(visits, DAY_1, alone, confirm=True, has_targets=told).response)
        for told in (False, True, None)
    ]
    assert words == ["NON-CR/NON-PD", "SD", "SD"]


@dataclass(frozen=True)
class _Course:
    """Visits for the invariants."""

    seen: list[tuple[int, str]]


COURSES = st.lists(
    st.tuples(st.integers(8, 400), st.sampled_from(WORDS)), max_size=8, unique_by=lambda v: v[0]
).map(_Course)


@given(COURSES, st.randoms(use_true_random=False), st.booleans())
def test_order_and_repetition_change_nothing(bench, course, random, confirm):
    """Shuffled visits, and visits entered twice, give the same answer."""
    again = random.sample(course.seen + course.seen, 2 * len(course.seen))

    assert _best(bench, *again, confirm=confirm) == _best(bench, *course.seen, confirm=confirm)


@given(COURSES, st.sampled_from(WORDS))
def test_a_visit_after_progression_changes_nothing(bench, course, word):
    """What is seen after PD counts for nothing."""
    ended = [*course.seen, (500, "PD")]

    assert _best(bench, *ended, (600, word)) == _best(bench, *ended)


@given(COURSES)
def test_every_answer_names_visits_that_exist(bench, course):
    """The days of an answer are days of visits, and its reason names one of them."""
    for confirm in (True, False):
        found = _best(bench, *course.seen, confirm=confirm)
        days = {visit.on for visit in _visits(*course.seen)}
        assert {found.on, found.confirmed_on} <= {None, *days}
        assert found.on is None or any(day.isoformat() in found.because for day in days)


@given(COURSES)
def test_confirmation_never_gives_a_better_answer(bench, course):
    """What must be confirmed is at most what was seen."""
    order = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE")
    asked, plain = (_best(bench, *course.seen, confirm=each).response for each in (True, False))

    assert order.index(plain) <= order.index(asked)


def test_two_readings_of_a_day_count_as_the_worse():
    """PR and SD on one day are SD; NE beside anything is that."""
    counted = counted_visits(_visits((57, "PR"), (57, "SD"), (113, "NE"), (113, "PR")), None)

    assert [seen.overall for seen in counted] == ["SD", "PR"]


def test_a_scan_that_shows_nothing_does_not_part_a_lost_cr_from_what_follows(bench):
    """CR, NE, PR with the rule that PR after CR is progression: the later PR counts no more."""
    seen = (57, "CR"), (85, "NE"), (113, "PR"), (141, "PR")

    assert _best(bench, *seen, pr_after_cr="PD").response == "SD"
    assert _best(bench, *seen, pr_after_cr="SD").response == "PR"


def test_words_of_both_kinds_are_of_disease_with_targets(bench):
    """Beside a visit of SD a CR falls back to SD, as with targets, and not to NON-CR/NON-PD."""
    found = _best(bench, (57, "CR"), (85, "NON-CR/NON-PD"), (113, "SD"))

    assert found.response == "SD"
