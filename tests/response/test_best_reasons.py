"""Best overall response: the day, the reason and the visits of every way to an answer."""

from datetime import date, timedelta

import pytest

from trialwright.casebook.tumours import Response
from trialwright.response.best import Seen, best_response, counted_visits

DAY_1 = date(2026, 1, 1)


def _visits(*seen):
    """Give visits from (study day, response) pairs."""
    return [Seen(DAY_1 + timedelta(day - 1), Response(word)) for day, word in seen]


def _best(bench, *seen, confirm=True, **settings):
    """Give the best response of visits on study days."""
    return best_response(_visits(*seen), DAY_1, bench.settings(**settings), confirm=confirm)


STABLE = "days after 2026-01-01; at least 42 are required by a visit (RECIST 1.1 Table 3)."
FOLLOWED = "days after 2026-01-01; at least 42 are required by a follow-up (RECIST 1.1 Table 3)."


@pytest.mark.parametrize(
    ("seen", "response", "day", "because"),
    [
        (
            [(57, "SD"), (113, "PR"), (141, "CR")],
            "PR",
            113,
            "PR on 2026-04-23, confirmed by CR on 2026-05-21, 28 days later; at least 28 are "
            "required (RECIST 1.1 section 4.6).",
        ),
        ([(29, "SD"), (57, "SD"), (85, "PD")], "SD", 57, f"SD on 2026-02-26, 56 {STABLE}"),
        ([(57, "PR"), (113, "PD")], "SD", 57, f"PR on 2026-02-26, not confirmed, 56 {STABLE}"),
        (
            [(57, "NON-CR/NON-PD"), (113, "PD")],
            "NON-CR/NON-PD",
            57,
            f"NON-CR/NON-PD on 2026-02-26, 56 {STABLE}",
        ),
        (
            [(29, "SD"), (41, "PD")],
            "PD",
            41,
            "PD on 2026-02-10, and nothing better before it that counts (RECIST 1.1 Table 3).",
        ),
        (
            [(15, "CR"), (22, "NE"), (29, "PR")],
            "PD",
            29,
            "CR on 2026-01-15 was lost by PR on 2026-01-29, before the 42 days of stable disease: "
            "otherwise PD (RECIST 1.1 Table 3).",
        ),
        (
            [(29, "SD"), (57, "NE")],
            "NE",
            57,
            "SD on 2026-01-29, NE on 2026-02-26: no response that counts, and nothing stable for "
            "42 days after 2026-01-01 (RECIST 1.1 Table 3).",
        ),
    ],
)
def test_every_answer_names_its_visit_and_its_rule(bench, seen, response, day, because):
    """A response by its confirmation, stable disease by its length, PD, and why nothing counts."""
    found = _best(bench, *seen)

    assert (found.response, found.on) == (response, DAY_1 + timedelta(day - 1))
    assert found.because == f"Best overall response {response}: {because}"
    assert (found.is_confirmation_required, found.counted) == (True, tuple(_visits(*seen)))


def test_nobody_who_looked_leaves_nothing_to_say(bench):
    """Without an assessment the answer is NE, on no day."""
    found = _best(bench)

    assert (found.response, found.on, found.counted) == ("NE", None, ())
    assert found.because == "Best overall response NE: no assessment after baseline counts."


def test_a_response_that_needs_no_confirmation_is_dated_to_its_visit(bench):
    """The first visit that shows it, with no day of confirmation."""
    found = _best(bench, (57, "SD"), (113, "PR"), (169, "PR"), confirm=False)

    assert (found.response, found.on, found.confirmed_on) == ("PR", date(2026, 4, 23), None)
    assert found.is_confirmation_required is False
    assert found.because == (
        "Best overall response PR: PR on 2026-04-23; confirmation is not required."
    )


@pytest.mark.parametrize(
    ("days", "least", "best"), [(41, 42, "NE"), (42, 42, "SD"), (55, 56, "NE"), (56, 56, "SD")]
)
def test_stable_disease_lasts_at_least_the_protocols_days(bench, days, least, best):
    """A visit exactly on the limit is enough, one a day earlier is not (RECIST 1.1 Table 3)."""
    assert _best(bench, (1 + days, "SD"), stable_disease_days=least).response == best


@pytest.mark.parametrize(
    ("seen", "on", "because"),
    [
        ([(57, "SD")], 57, f"SD on 2026-02-26, 56 {FOLLOWED}"),
        (
            [(15, "SD"), (29, "SD"), (57, "NE")],
            29,
            f"SD on 2026-01-29, followed to NE on 2026-02-26, 56 {FOLLOWED}",
        ),
        (
            [(15, "SD"), (29, "PR"), (57, "PD")],
            29,
            f"PR on 2026-01-29, not confirmed, followed to PD on 2026-02-26, 56 {FOLLOWED}",
        ),
    ],
)
def test_stable_disease_by_follow_up_names_the_last_visit_that_showed_it(bench, seen, on, because):
    """The visit that ends follow-up proves the time, and is not said to be unconfirmed."""
    found = _best(bench, *seen, stable_disease_met_by="follow-up")

    assert (found.response, found.on) == ("SD", DAY_1 + timedelta(on - 1))
    assert found.because == f"Best overall response SD: {because}"


def test_the_worse_of_two_readings_counts_in_either_order():
    """SD beside PR is SD, and a reading beside NE counts, whichever was entered first."""
    seen = [(57, "SD"), (57, "PR"), (113, "PR"), (113, "NE"), (169, "PD"), (169, "SD")]
    wanted = ["SD", "PR", "PD"]

    for visits in (_visits(*seen), _visits(*reversed(seen))):
        assert [each.overall for each in counted_visits(visits, None)] == wanted


def test_only_what_follows_a_complete_response_makes_it_doubtful(bench):
    """CR then CR, and SD before CR, are no loss; CR then SD is asked about once."""
    kept = _best(bench, (29, "SD"), (57, "PR"), (85, "CR"), (113, "CR"), (141, "PD"))
    lost = _best(bench, (57, "CR"), (85, "NE"), (113, "SD"), (141, "SD"))

    assert kept.queries == ()
    assert [str(query) for query in lost.queries] == [
        "best response: CR on 2026-02-26, then SD on 2026-04-23: check whether the complete "
        "response was certain (note to RECIST 1.1 Table 3)"
    ]


def test_disease_after_cr_read_as_progression_is_the_progression(bench):
    """The visit itself is PD, and what was seen of it stays told in the visits."""
    found = _best(bench, (15, "CR"), (29, "PR"), (85, "PR"), pr_after_cr="PD")

    assert (found.response, found.on) == ("PD", date(2026, 1, 29))
    assert "PD on 2026-01-29, and nothing better before it" in found.because
    assert [each.overall for each in found.counted] == ["CR", "PR", "PR"]


@pytest.mark.parametrize(
    ("seen", "confirmed", "unconfirmed"),
    [
        ([(57, "CR"), (71, "NE"), (85, "PR")], ("PR", 57, 85), ("PR", 57)),
        ([(57, "CR"), (71, "CR"), (99, "SD")], ("SD", 57, None), ("PR", 57)),
        ([(57, "CR"), (71, "CR"), (99, "PR")], ("PR", 57, 99), ("PR", 57)),
        ([(57, "CR"), (84, "CR"), (99, "SD")], ("SD", 57, None), ("PR", 57)),
        ([(57, "CR"), (85, "CR"), (99, "PR")], ("CR", 57, 85), ("CR", 57)),
        ([(57, "CR"), (71, "CR"), (85, "CR"), (99, "SD")], ("CR", 57, 85), ("CR", 57)),
        ([(57, "CR"), (71, "PR"), (99, "CR"), (127, "CR")], ("CR", 99, 127), ("CR", 99)),
        ([(57, "CR"), (71, "PD")], ("SD", 57, None), ("CR", 57)),
    ],
)
def test_a_lost_cr_was_a_pr_unless_it_had_been_confirmed(bench, seen, confirmed, unconfirmed):
    """All visits of the unconfirmed CR become PR (note to Table 3); a confirmed CR stays."""
    found, plain = (_best(bench, *seen, confirm=each, pr_after_cr="PR") for each in (True, False))

    response, on, confirmed_on = confirmed
    assert (found.response, found.on) == (response, DAY_1 + timedelta(on - 1))
    assert found.confirmed_on == (confirmed_on and DAY_1 + timedelta(confirmed_on - 1))
    assert (plain.response, plain.on) == (unconfirmed[0], DAY_1 + timedelta(unconfirmed[1] - 1))
