"""Rolling six: a published table of every state at a level."""

import itertools

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.rolling_six import RollingSix

TABLE = """
0-5 0 0 same; 6 0 0 hold; 1-5 1 0 same; 6 1 0 hold; 2-5 2 0 same; 6 2 0 hold; 3 3 0 up;
4-5 3 0 same; 6 3 0 hold; 4 4 0 up; 5 4 0 same; 6 4 0 hold; 5 5 0 up; 6 5 0 up; 1-5 1-5 1 same;
6 1-3 1 hold; 6 4 1 hold; 6 5 1 hold; 6 6 1 up; 2-6 2-6 2 down
"""
"""Enrolled, evaluable and DLTs at a level, and where the next participant goes.

Column `Rolling 6` of table 2 of JAMA Netw Open 2020;3(5):e204787,
doi:10.1001/jamanetworkopen.2020.4787, which was read; it states the design of Skolnik et al. 2008.
"""


def spans(written):
    """Read a number or a range."""
    low, _, high = written.partition("-")
    return range(int(low), int(high or low) + 1)


def table():
    """Give every state of the table."""
    found = {}
    for line in TABLE.replace("\n", " ").split(";"):
        enrolled, evaluable, dlts, where = line.split()
        for n, e, d in itertools.product(spans(enrolled), spans(evaluable), spans(dlts)):
            if d <= e <= n:
                found.setdefault((n, e, d), where)
    return found


def test_every_state_of_the_published_table():
    """At a level between two others, the one below cleared with three."""
    design = RollingSix(3)
    words = {"escalate": "up", "stay": "same", "de-escalate": "down", "wait": "hold"}

    for (enrolled, evaluable, dlts), where in table().items():
        seen = [
            LevelCount(3, 0),
            LevelCount(evaluable, dlts, enrolled - evaluable),
            LevelCount(0, 0),
        ]
        decision = design.next_dose(seen, 2)
        assert words[decision.act] == where
        assert decision.level == {"up": 3, "down": 1}.get(where, 2)
    assert len(table()) == 27 + 21 + 15
