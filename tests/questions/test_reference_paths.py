"""Dose paths of designs other than the one shared, each against another source."""

from decimal import Decimal

import pytest

from trialwright.questions.reading import read_json
from trialwright.questions.reference import form_of
from trialwright.questions.reference_arguments import crm_of


def compared(design, args, rows, sizes=(3, 3), **more):
    """Compare the paths of one design."""
    entry = {"design": design, "args": args, "cohort_sizes": list(sizes), "rows": rows, **more}
    (only,) = form_of({"paths": [entry]}).compare({"paths": [entry]}, None)
    return only


TABLES = {
    "3+3": (
        {"num_doses": 3},
        [
            ["", 1, "NNN", 2, "NNN", 3],
            ["", 1, "NNT", 1, "NNN", 2],
            ["", 1, "NNT", 1, "NNT", None],
            ["", 1, "NTT", None, None, None],
            ["", 1, "NNN", 2, "NTT", 1],
        ],
    ),
    # 0 of 3 escalates and 1 of 3 stays at .3 (mTPI-2 and mTPI); 2 of 3 goes back.
    "mTPI-2": (
        {"num_doses": 3, "target": Decimal("0.3")},
        [["", 1, "NNN", 2, "NNT", 2], ["", 1, "NNN", 2, "NTT", 1]],
    ),
    "BOIN": (
        {"num_doses": 3, "target": Decimal("0.3")},
        [
            ["", 1, "NNN", 2, "NNT", 2],
            ["", 1, "NNN", 2, "NTT", 1],
            ["", 1, "TTT", None, None, None],
        ],
    ),
}


@pytest.mark.parametrize("design", TABLES)
def test_the_paths_of_a_design_agree_with_its_table(design):
    """Rows worked out by hand from the published rules."""
    found = compared(design, *TABLES[design])

    assert found.agrees, found.says


@pytest.mark.parametrize("design", TABLES)
def test_another_dose_level_disagrees(design):
    """The first dose level after three participants without a DLT is 2, not 1."""
    args, rows = TABLES[design]
    found = compared(design, args, [["", 1, "NNN", 1, "NNN", 1], *rows[1:]])

    assert found.says == "after 1NNN dose level 2, expected 1"


def test_what_went_before_counts():
    """After 1NNN the path goes on at the dose level it names."""
    rows = [["", 2, "NTT", 1]]
    args = {"num_doses": 3, "target": Decimal("0.3")}

    assert compared("BOIN", args, rows, (3,), previous_outcomes="1NNN").agrees


def test_the_paths_of_the_crm_are_those_of_its_package(shared):
    """Next dose levels of R dfcrm for data in whole cohorts, read as paths."""
    parsed = read_json((shared / "reference/escalation/dfcrm_crm.json").read_text(encoding="utf-8"))
    seen = 0
    for case in parsed["cases"]:
        data = parsed["datasets"][case["data"] - 1]
        if case["method"] != "bayes" or set(data["level"]) != {1}:
            continue
        outcomes = "".join("T" if toxic else "N" for toxic in data["tox"])
        args = {"skeleton": parsed["skeletons"][case["skeleton"]], "target": case["target"],
                "model": case["model"]}  # fmt: skip
        found = compared("CRM", args, [["", 1, outcomes, case["next_dose"]]], (3,))
        assert found.agrees, found.says
        seen += 1
    assert seen >= 3


@pytest.mark.parametrize(
    ("design", "args", "says"),
    [
        ("EffTox", {}, "not compared here"),
        ("BOIN", {"num_doses": 3, "target": Decimal("0.3"), "moon": 1}, "not known here: moon"),
        ("BOIN", {"num_doses": 3, "target": 25}, "refused"),
    ],
)
def test_a_design_or_argument_of_which_nothing_is_known_is_told(design, args, says):
    """It disagrees and says why."""
    found = compared(design, args, [["", 1, "NNN", 2]])

    assert not found.agrees
    assert says in found.says


def test_arguments_that_say_what_is_done_anyway_are_no_other_design():
    """R's defaults, named; another method is not known here."""
    args = {"PI": [0.1, 0.3], "prior": [0.1, 0.3], "target": 0.3, "n": 6, "x0": 1}
    named = {"restrict": True, "intcpt": 3, "method": "bayes", "count": False}

    assert crm_of({**args, **named}) == crm_of(args)
    with pytest.raises(ValueError, match="restrict"):
        crm_of({**args, "restrict": False})
