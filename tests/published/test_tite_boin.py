"""TITE-BOIN: the two decision tables of its paper.

Yuan, Lin, Li, Nie and Warren 2018, doi:10.1158/1078-0432.CCR-18-0246, table 1 (target .20) and
table S1 (target .30), cohorts of three, window standardised to 1. The paper was not at hand: the
tables were read in the transcription that the R package `simFastBOIN` tests itself by
(`tests/testthat/fixtures/yuan2018-tables.csv`).

Each line has participants, DLTs, pending participants and the decision: E escalate, S stay, D
de-escalate, U de-escalate and close, W wait. `E>0.77` escalates when more follow-up than that is
seen, and stays otherwise; `D<0.52` de-escalates when at most that is seen, and stays otherwise.
`+` means up to as many as there can be.
"""

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.tite_boin import TiteBoin

TABLE_1 = """
3 0 0-1 E; 3 0 2+ W; 3 1 0-2 D; 3 2+ 0-1 U; 6 0 0-3 E; 6 0 4+ W; 6 1 0-3 S; 6 1 4+ W; 6 2 0-4 D;
6 3+ 0-3 U; 9 0 0-4 E; 9 0 5+ W; 9 1 0-2 E; 9 1 3 E>0.77; 9 1 4 E>2.15; 9 1 5+ W; 9 2 0 S;
9 2 1 D<0.52; 9 2 2 D<1.59; 9 2 3 D<2.66; 9 2 4 D<3.73; 9 2 5+ W; 9 3 0-6 D; 9 4+ 0-5 U; 12 0 0-6 E;
12 0 7+ W; 12 1 0-5 E; 12 1 6 E>1.24; 12 1 7+ W; 12 2 0-6 S; 12 2 7+ W; 12 3-4 0-9 D; 12 5+ 0-7 U;
15 0 0-7 E; 15 0 8+ W; 15 1 0-7 E; 15 1 8+ W; 15 2 0-2 E; 15 2 3 E>1.14; 15 2 4 E>2.31;
15 2 5 E>3.48; 15 2 6 E>4.65; 15 2 7 E>5.82; 15 2 8+ W; 15 3 0-2 S; 15 3 3 D<1.16; 15 3 4 D<2.34;
15 3 5 D<3.53; 15 3 6 D<4.72; 15 3 7 D<5.90; 15 3 8+ W; 15 4-5 0-11 D; 15 6+ 0-9 U
"""

TABLE_S1 = """
3 0 0-1 E; 3 0 2+ W; 3 1 0 S; 3 1 1 D<0.88; 3 1 2+ W; 3 2 0-1 D; 3 3 0 U; 6 0 0-3 E; 6 0 4+ W;
6 1 0-1 E; 6 1 2 E>0.60; 6 1 3 E>1.96; 6 1 4+ W; 6 2 0 S; 6 2 1 D<0.73; 6 2 2 D<1.80; 6 2 3 D<2.87;
6 2 4+ W; 6 3 0-3 D; 6 4+ 0-2 U; 9 0 0-4 E; 9 0 5+ W; 9 1 0-4 E; 9 1 5+ W; 9 2 0 E; 9 2 1 E>0.59;
9 2 2 E>1.65; 9 2 3 E>2.71; 9 2 4 E>3.77; 9 2 5+ W; 9 3 0 S; 9 3 1 D<0.58; 9 3 2 D<1.65;
9 3 3 D<2.72; 9 3 4 D<3.79; 9 3 5+ W; 9 4 0-5 D; 9 5+ 0-4 U; 12 0 0-6 E; 12 0 7+ W; 12 1 0-6 E;
12 1 7+ W; 12 2 0-3 E; 12 2 4 E>1.33; 12 2 5 E>2.72; 12 2 6 E>4.11; 12 2 7+ W; 12 3 0-6 S;
12 3 7+ W; 12 4 0 S; 12 4 1 D<0.43; 12 4 2 D<1.50; 12 4 3 D<2.57; 12 4 4 D<3.65; 12 4 5 D<4.72;
12 4 6 D<5.79; 12 4 7+ W; 12 5-6 0-7 D; 12 7+ 0-5 U; 15 0 0-7 E; 15 0 8+ W; 15 1 0-7 E; 15 1 8+ W;
15 2 0-5 E; 15 2 6 E>0.35; 15 2 7 E>2.07; 15 2 8+ W; 15 3 0-1 E; 15 3 2 E>0.11; 15 3 3 E>1.29;
15 3 4 E>2.46; 15 3 5 E>3.64; 15 3 6 E>4.81; 15 3 7 E>5.98; 15 3 8+ W; 15 4 0-7 S; 15 4 8+ W;
15 5 0 S; 15 5 1 D<0.28; 15 5 2 D<1.35; 15 5 3 D<2.42; 15 5 4 D<3.50; 15 5 5 D<4.57; 15 5 6 D<5.64;
15 5 7 D<6.72; 15 5 8+ W; 15 6-7 0-9 D; 15 8+ 0-7 U
"""

WINDOW = 10_000
"""Days, so that a hundredth of a window is a whole number of them."""


def numbers(written, most):
    """Read a number, a range, or what is at least a number."""
    if written.endswith("+"):
        return range(int(written[:-1]), most + 1)
    low, _, high = written.partition("-")
    return range(int(low), min(int(high or low), most) + 1)


def rows(table):
    """Give each state of a table with its decision."""
    for line in table.replace("\n", " ").split(";"):
        treated, dlts, pending, decision = line.split()
        for toxic in numbers(dlts, int(treated)):
            for waiting in numbers(pending, int(treated) - toxic):
                yield int(treated), toxic, waiting, decision


def letter(design, treated, dlts, pending, followed):
    """Ask at the second of three levels, and give the answer as the table writes it."""
    seen = [LevelCount(3, 0), LevelCount(treated - pending, dlts, pending), LevelCount(0, 0)]
    decision = design.next_dose_with(seen, 2, (0, round(followed * WINDOW), 0))
    if decision.rule == "close":
        return "U"
    letters = {"escalate": "E", "stay": "S", "de-escalate": "D", "wait": "W"}
    return letters[decision.act]


@pytest.mark.parametrize(("target", "table"), [(0.2, TABLE_1), (0.3, TABLE_S1)])
def test_every_state_of_the_published_tables(target, table):
    """320 states each: decisions at no and at full follow-up, and on both sides of each bound."""
    design = TiteBoin(levels=3, target=target, max_n=30, window_days=WINDOW, pending="imputation")
    states = list(rows(table))

    for treated, dlts, pending, decision in states:
        state = (design, treated, dlts, pending)
        if len(decision) == 1:
            assert letter(*state, 0) == decision
            assert letter(*state, 0.999 * pending) == decision
            continue
        bound = float(decision[2:])
        below, above = letter(*state, bound - 0.01), letter(*state, bound + 0.01)
        assert (below, above) == (("S", "E") if decision[0] == "E" else ("D", "S"))
    assert len(states) == len(set(states)) == 320
