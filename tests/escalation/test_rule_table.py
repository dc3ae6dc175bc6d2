"""The decision table of a protocol, held to the rules of the designs."""

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.decision_table import decision_table
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.level_rates import level_rates
from trialwright.escalation.rule_table import rule_table
from trialwright.escalation.states import TooManyStates
from trialwright.terms.errors import Fault


def said(design, **limits):
    """Give the table by tally."""
    return {(row.evaluable, row.dlts): row.says for row in rule_table(design, **limits)}


def test_boin_says_what_its_paper_tabulates():
    """Target 0.30: table of Liu and Yuan's boundaries for 3, 6 and 9 participants."""
    table = said(Boin(levels=3, target=0.3, max_n=12))

    rows = {n: "".join(table[n, y] for y in range(n + 1) if (n, y) in table) for n in (3, 6, 9)}
    assert rows[3] == "ESDU"
    assert rows[6] == "EESDUU"  # six of six cannot be: three of three closed the level
    assert rows[9].startswith("EEESDU")


def test_3_plus_3_has_its_six_entries():
    """0/3 E (at the top level S, six are needed), 1/3 S, two and more D, at most 1/6 E."""
    table = said(ThreePlusThree(3, "six-at-mtd"))

    assert table[3, 0] == "E/S"
    assert table[3, 1] == "S"
    assert (table[3, 2], table[3, 3]) == ("D", "D")
    assert table[6, 1] == "E"
    assert {table[6, 2], table[6, 3], table[6, 4]} == {"D"}
    assert table[6, 0] == "stop"  # six are only filled at the top level or below a closed one


@pytest.mark.parametrize(
    "design",
    [
        ThreePlusThree(3, "six-at-mtd"),
        ThreePlusThree(2, "no-de-escalation"),
        Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=9),
    ],
    ids=lambda design: design.name,
)
def test_the_table_is_what_is_decided_state_by_state(design):
    """The same tallies and acts as when each state is asked by itself."""
    letter = {"escalate": "E", "stay": "S", "expand": "S", "de-escalate": "D"}
    expected = {}
    for row in decision_table(design):
        letters = {letter[act] for act in row.acts if act in letter}
        expected[row.evaluable, row.dlts] = letters or {"stop"}

    found = {tally: set(says.split("/")) for tally, says in said(design).items()}

    assert found == expected


def test_a_design_with_too_many_states_is_tabulated_all_the_same():
    """BOIN is its table; every tally of complete cohorts is given."""
    design = Boin(levels=6, target=0.3, max_n=12)

    table = said(design, most_states=5)

    assert len(table) == 4 + 7 + 10 + 13
    walked = said(design)
    assert {tally: table[tally] for tally in walked} == walked


def test_such_a_table_ends_with_everybody_at_one_level():
    """Cohorts of one: tallies of one to four, two to five entries each."""
    design = Boin(levels=6, target=0.3, max_n=4, cohort_size=1)

    table = said(design, most_states=5)

    assert list(table) == [(n, y) for n in range(1, 5) for y in range(n + 1)]


def test_a_model_with_too_many_states_has_no_table():
    """Then it is refused, by its name."""
    design = Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=12)

    with pytest.raises(TooManyStates) as refusal:
        rule_table(design, most_states=5)

    found, allowed = "more states than the walk may reach", "at most 5 states"
    assert refusal.value.faults == (Fault("CRM power 0.3", found, allowed, "Simulate instead"),)


class Noting:
    """A design that notes in how many states it is asked."""

    def __init__(self, design, asked):
        self.mtds, self._moves, self._asked = design.mtds, design.moves, asked

    def moves(self, evaluable, *others):
        """Decide, as the design does."""
        self._asked.append(len(evaluable))
        return self._moves(evaluable, *others)


@pytest.mark.parametrize(("most_states", "is_begun"), [(2_000, False), (50_000, True)])
def test_a_walk_that_will_be_too_large_is_given_up_early(monkeypatch, most_states, is_begun):
    """From the participants that are left it is foretold, before the states are made."""
    monkeypatch.setattr("trialwright.escalation.states.PILOT", 10)
    asked = []
    noting = "trialwright.escalation.rule_table.moves_of"
    monkeypatch.setattr(noting, lambda design: Noting(design, asked))

    said(Boin(levels=6, target=0.3, max_n=24), most_states=most_states)

    assert (sum(asked) > 400) == is_begun


def test_intervals_are_exact():
    """0/3 ends where .975 of trials would show a DLT; 1/6 by both tails of the binomial."""
    none, one, nobody = level_rates([LevelCount(3, 0), LevelCount(6, 1), LevelCount(0, 0, 3)])

    assert (none.low, none.high) == (0, pytest.approx(1 - 0.025 ** (1 / 3)))
    assert 1 - (1 - one.low) ** 6 == pytest.approx(0.025)
    assert (1 - one.high) ** 6 + 6 * one.high * (1 - one.high) ** 5 == pytest.approx(0.025)
    assert (nobody.estimate, nobody.low, nobody.high) == (None, 0, 1)
    assert (none.estimate, one.estimate) == (
        pytest.approx(0.05 / 3.1),
        pytest.approx(1.05 / 6.1),
    )


def test_everybody_with_a_dlt_has_an_interval_up_to_one():
    """3/3 begins at the mirror image of 0/3."""
    (all_toxic,) = level_rates([LevelCount(3, 3)])

    assert (all_toxic.low, all_toxic.high) == (pytest.approx(0.025 ** (1 / 3)), 1)
