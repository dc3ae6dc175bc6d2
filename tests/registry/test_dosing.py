"""Treatment sentences."""

import pytest

from trialwright.registry.dosing import EVERY_CYCLE, SHARED_DAYS, Unclear, read_treatment


def read(words, known=None):
    """Read `Patients receive ... .` on line 5."""
    return read_treatment(f"Patients receive {words}.", 5, known or {})


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("x PO QD on days 1-28", ["x PO once daily on days 1-28 of every cycle"]),
        ("x PO QD on days 1–21", ["x PO once daily on days 1-21 of every cycle"]),
        ("x orally (PO) once daily (QD) on day 1", ["x PO once daily on day 1 of every cycle"]),
        ("x PO twice daily (BID) on day 1", ["x PO twice daily on day 1 of every cycle"]),
        ("x PO TID on day 1", ["x PO three times daily on day 1 of every cycle"]),
        ("x subcutaneously on day 8 of each cycle", ["x SC on day 8 of every cycle"]),
        ("x intravenously (IV) on days 1, 8, and 15", ["x IV on days 1, 8 and 15 of every cycle"]),
        ("x IV on days 1-5, 8 and 15", ["x IV on days 1-5, 8 and 15 of every cycle"]),
        (
            "x IM on days 1 and 15 of cycle 1 and on day 1 of subsequent cycles",
            ["x IM on days 1 and 15 of cycle 1", "x IM on day 1 of each cycle from cycle 2"],
        ),
        (
            "x IM on day 1 of cycles 1-2 and on day 8 of all subsequent cycles",
            ["x IM on day 1 of cycles 1-2", "x IM on day 8 of each cycle from cycle 3"],
        ),
        (
            "x PO QD on days 1-21, and y PO QD on days 8-28",
            [
                "x PO once daily on days 1-21 of every cycle",
                "y PO once daily on days 8-28 of every cycle",
            ],
        ),
        (
            "class of drug (a, b, or c) PO QD on days 1-28",
            ["class of drug (a, b or c) PO once daily on days 1-28 of every cycle"],
        ),
    ],
)
def test_a_sentence_gives_its_lines(words, lines):
    """Agent, route, times a day and days of which cycles are read."""
    assert [line.says for line in read(words)] == lines


def test_a_choice_is_of_one_agent():
    """The agents in parentheses are the choices; the words before them the class."""
    (line,) = read("aromatase inhibitor (letrozole, anastrozole, or exemestane) PO QD on day 1")

    assert (line.agent, line.choices) == (
        "aromatase inhibitor",
        ("letrozole", "anastrozole", "exemestane"),
    )


def test_days_that_stand_once_are_shared_and_say_so():
    """`x PO QD and y PO QD on days 1-28` gives both agents those days, as an assumption."""
    x, y = read("x PO QD and y PO QD on days 1-28")

    assert x.days == y.days
    assert x.assumptions == (EVERY_CYCLE, SHARED_DAYS)
    assert y.assumptions == (EVERY_CYCLE,)


def test_days_of_named_cycles_rest_on_no_assumption():
    """Nothing is assumed where the sentence names the cycles."""
    (line,) = read("x IM on day 1 of every cycle")

    assert line.assumptions == ()


def test_another_arm_gives_its_days():
    """`as in arm A` takes the lines of the same agent by the same route."""
    known = {"A": read("x IM on day 1 of cycle 1 and on day 2 of subsequent cycles, y PO on day 3")}

    lines = read("x IM as in arm A, and z PO on day 4", known)

    assert [(line.agent, line.days[0].first, line.as_in) for line in lines] == [
        ("x", 1, "A"),
        ("x", 2, "A"),
        ("z", 4, ""),
    ]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("x PO QD", "no days are given for x"),
        ("x on days 1-28", "'x on days 1-28'"),
        ("x PO QD on days 1-28 and y when needed", "'y when needed'"),
        ("x PO QD on days 1-28 unless told otherwise", "unless told otherwise"),
        ("x PO QD over 2 hours on day 1", "over 2 hours"),
        ("x PO every other day", "every other day"),
        ("x (old name) PO on day 1", "'(old name)'"),
        ("x (a, b) PO on day 1", "'(a, b)'"),
        ("x PO on days 28-1", "'28-1'"),
        ("x PO on days 15 and 1", "'15 and 1'"),
        ("x PO on days 1-5 and 5", "'1-5 and 5'"),
        ("x PO on day 0", "'0'"),
        ("x PO on day 401", "'401'"),
        ("x PO on day 1 of subsequent cycles", "subsequent cycles"),
        ("x PO on day 1 and on day 2 of subsequent cycles", "subsequent cycles"),
        ("x PO on day 1 of cycle 0", "cycle 0"),
        ("x PO on day 1 of cycles 3-2", "cycles 3-2"),
        ("x IM as in arm A", "'as in arm A'"),
        ("x PO and y IM as in arm A", "no days are given for x"),
        ("orally (IV) on day 1", "'orally (IV) on day 1'"),
        ("x PO on day 1, ", "ends without an agent"),
    ],
)
def test_a_part_not_understood_leaves_the_whole_sentence_unclear(words, part):
    """The answer names the part, and no line of the sentence is taken."""
    unclear = read(words)

    assert isinstance(unclear, Unclear)
    assert part in unclear.because


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients receive x PO QD on days 1-28",
        "Patients may receive x PO QD on days 1-28.",
        "Patients undergo surgery.",
    ],
)
def test_another_sentence_is_unclear(sentence):
    """No full stop (it may be cut off), or another verb, is not understood."""
    assert isinstance(read_treatment(sentence, 1, {}), Unclear)


def test_the_route_must_be_the_same_in_the_other_arm():
    """An agent given by another route there is not the same line."""
    known = {"A": read("x IM on day 1")}

    assert isinstance(read("x PO as in arm A", known), Unclear)
