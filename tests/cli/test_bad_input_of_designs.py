"""What nobody can have meant, put to `design` and `next-dose`: refused with field and participant.

Each row is an input that packages in use accept, or stop at with words of their own.
"""

import json

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main

BOIN = "levels: 3\nwindow_days: 28\nescalation: {name: BOIN, target: 0.3, max_n: 24}\n"
CRM = (
    "levels: 3\nwindow_days: 28\n"
    "escalation: {name: CRM, target: 0.3, max_n: 12, skeleton: [0.1, 0.2, 0.3]}\n"
)
THREE = "levels: 3\nwindow_days: 28\nescalation: {name: 3+3, variant: six-at-mtd}\n"
KEYBOARD = "levels: 2\nescalation: {name: keyboard, target: 0.3, max_n: 12}\n"
GRID = (
    "levels: 4\nescalation: {name: BOIN-combinations, rows: 2, columns: 2, target: 0.3, "
    "max_n: 12}\n"
)
TABLE = (
    "levels: 2\nescalation:\n  name: decision-table\n  target: 0.3\n  max_n: 3\n"
    "  rows: [{evaluable: 3, decisions: ESDU}]\n"
)
HEADING = "participant,cohort,level,standing,has_dlt,dlt_day,given,followed,deviation\n"


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Give what runs a command beside files of these names."""

    def asked(files, *arguments):
        """Write the files, and run the command among them."""
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        return CliRunner().invoke(main, [str(each) for each in arguments])

    return asked


def refused(done, *says):
    """Require exit status 2, these sentences in this order, and no answer."""
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if "illustrative" not in line] == list(says)


RATE = "Allowed: a probability above 0 and below 1"
WRITE = "Write 25 % as 0.25."


@pytest.mark.parametrize(("target", "meant"), [("25", " (did you mean 0.25?)"), ("1.5", "")])
@pytest.mark.parametrize(
    "design", [BOIN, CRM, KEYBOARD, GRID], ids=["BOIN", "CRM", "keyboard", "grid"]
)
def test_a_target_that_is_none_in_a_file(ask, design, target, meant):
    """A percentage is recognised as one."""
    text = design.replace("target: 0.3", f"target: {target}")

    done = ask({"d.yaml": text}, "next-dose", "d.yaml", "--data", "1NNN")

    line = next(at for at, row in enumerate(text.splitlines(), 1) if "target" in row)
    refused(done, f"d.yaml:{line}: escalation.target: {target}. {RATE}{meant}. Correct it.")


@pytest.mark.parametrize(
    "command",
    [
        ("oc", "d.yaml"),
        ("oc", "NCT03959891", "--arm", "C"),
        ("compare", "d.yaml"),
        ("report", "d.yaml", "--out", "report"),
        ("sweep", "d.yaml", "--vary", "max_n=6,9"),
    ],
)
@pytest.mark.parametrize(("target", "meant"), [("25", "; did you mean 0.25?"), ("1.5", "")])
def test_a_target_that_is_none_in_a_command(ask, tmp_path, command, target, meant):
    """And nothing is written."""
    done = ask({"d.yaml": BOIN}, "design", *command, "--target", target)

    asked = f"target: {float(target)}. {RATE.replace(': a', ': target is a')}{meant}. {WRITE}"
    refused(done, asked)
    assert [each.name for each in tmp_path.iterdir()] == ["d.yaml"]


RISE = "List the prior guesses from the lowest dose level to the highest."
EACH = "Give one prior guess for each dose level."


@pytest.mark.parametrize(
    ("skeleton", "says"),
    [
        ("[0.3, 0.2, 0.4]", f"skeleton.1: 0.2 after 0.3. Allowed: a probability above 0.3. {RISE}"),
        ("[0.1, 0.2, 1.2]", f"skeleton.2: 1.2. {RATE}. Correct it."),
        ("[0.1, 0.2]", "skeleton: 2 prior guesses for 3 dose levels. Allowed: 3 probabilities. "
         + EACH),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("next-dose", "d.yaml", "--data", "1NNN"),
                                     ("design", "oc", "d.yaml")])  # fmt: skip
def test_a_skeleton_that_is_none(ask, command, skeleton, says):
    """It falls, holds what is no probability, or is for another ladder."""
    done = ask({"d.yaml": CRM.replace("[0.1, 0.2, 0.3]", skeleton)}, *command)

    refused(done, f"d.yaml:3: escalation.{says}")


def test_doses_in_words_are_told_one_by_one_and_nothing_else(ask):
    """The list is not called empty, in words of a library."""
    text = BOIN.replace("levels: 3", "doses: [200 mg, 300 mg, 400 mg]")

    done = ask({"d.yaml": text}, "design", "table", "d.yaml")

    refused(
        done,
        *(
            f"d.yaml:1: doses.{place}: '{dose} mg'. Allowed: a number. Correct the value."
            for place, dose in enumerate((200, 300, 400))
        ),
    )


def test_a_number_that_readers_take_differently_is_told_once(ask):
    """In the order of the file, beside another fault."""
    text = CRM.replace("0.3]", ".inf]").replace("window_days: 28", "window_days: 0")

    done = ask({"d.yaml": text}, "design", "table", "d.yaml")

    refused(
        done,
        "d.yaml:2: window_days: 0. Allowed: greater than or equal to 1. Correct the value.",
        "d.yaml:3: escalation.skeleton.2: '.inf'. Allowed: a value that every reader takes alike. "
        "Quote it if it is text; write numbers as 12 or 1.5, truth as true or false, nothing as "
        "null.",
    )


RECORD = "Correct the record."
PEOPLE = {
    "level 0": ("1,0,evaluable,no,,,,", f"level: dose level 0. Allowed: 1-3. {RECORD}"),
    "level 1.7": ("1,1.7,evaluable,no,,,,", f"level: dose level 1.7. Allowed: 1-3. {RECORD}"),
    "level above the top": (
        "1,4,evaluable,no,,,,", f"level: dose level 4. Allowed: 1-3. {RECORD}"),
    "two DLTs": ("1,1,evaluable,2,,,,",
                 "has_dlt: 2. Allowed: true or false. Say whether a DLT was seen."),
    "minus one DLT": ("1,1,evaluable,-1,,,,",
                      "has_dlt: -1. Allowed: true or false. Say whether a DLT was seen."),
    "half a DLT": ("1,1,evaluable,0.5,,,,",
                   "has_dlt: 0.5. Allowed: true or false. Say whether a DLT was seen."),
    "a DLT of somebody not evaluable": (
        "1,1,not evaluable,yes,,,,", "standing: not evaluable, with a DLT. Allowed: evaluable. "
        "Count whoever had a DLT as evaluable."),
    "a DLT of somebody replaced": (
        "1,1,replaced,yes,,,,", "standing: replaced, with a DLT. Allowed: evaluable. "
        "Count whoever had a DLT as evaluable."),
    "a DLT of somebody pending": (
        "1,1,pending,yes,,,,", "standing: pending, with a DLT. Allowed: evaluable. "
        "Count whoever had a DLT as evaluable."),
    "pending, counted as evaluable": (
        "1,1,evaluable,no,,,12,", "standing: evaluable without a DLT after 12 of 28 days. "
        "Allowed: pending, or not evaluable. Wait for the end of the window."),
    "pending after the window": (
        "1,1,pending,no,,,28,", "standing: pending after all 28 days. Allowed: evaluable, or not "
        "evaluable. Say how the participant counts."),
    "a DLT after the window": (
        "1,1,evaluable,yes,29,,,", "dlt_day: day 29, after the DLT window. Allowed: day 1-28. "
        "Bring a late event to the committee, not into the count."),
    "another dose given": (
        "1,1,evaluable,no,,2,28,", "given: dose level 2, assigned 1. Allowed: the dose level "
        "assigned. Correct it, or record the deviation."),
    "follow-up below 0": (
        "1,1,pending,no,,,-3,", f"followed: -3 days. Allowed: a whole number from 0. {RECORD}"),
    "follow-up beyond the window": (
        "1,1,evaluable,no,,,40,", "followed: 40 days. Allowed: 0-28. "
        "Count days of the DLT window alone."),
    "another standing": (
        "1,1,fine,no,,,,", "standing: 'fine'. Allowed: evaluable, pending, replaced, not "
        "evaluable. Say how the participant counts."),
}  # fmt: skip


@pytest.mark.parametrize("design", [BOIN, CRM, THREE], ids=["BOIN", "CRM", "3+3"])
@pytest.mark.parametrize("row", PEOPLE)
def test_a_participant_that_nobody_can_have_seen(ask, design, row):
    """One fault, with participant and field."""
    cells, says = PEOPLE[row]
    people = f"{HEADING}01-006,1,1,evaluable,no,,,28,\n01-007,{cells}\n"
    if row.startswith("level"):
        people = f"{HEADING}01-007,{cells}\n"

    done = ask({"d.yaml": design, "p.csv": people}, "next-dose", "d.yaml", "--data", "p.csv")

    refused(done, f"01-007, {says}")


@pytest.mark.parametrize(
    ("people", "says"),
    [
        (HEADING + "01-007,1,1,evaluable,,,,,\n",
         "p.csv:2: 01-007, has_dlt: nothing. Allowed: a value. Add it."),
        (HEADING + "01-006,1,1,evaluable,no,,,,\n01-007,1,1,evaluable\n",
         "p.csv:3: 01-007, has_dlt: nothing. Allowed: a value. Add it."),
        (HEADING + "01-007,1,,evaluable,no,,,,\n",
         "p.csv:2: 01-007, level: nothing. Allowed: a value. Add it."),
        (HEADING + "01-007,1,1,evaluable,no,,,28,,1\n",
         "p.csv:2: row: 10 cells. Allowed: up to 9, as in the heading. Correct the row."),
    ],
)  # fmt: skip
def test_outcomes_and_levels_of_different_number(ask, people, says):
    """A DLT, or a level, that is missing, and a cell too many."""
    done = ask({"d.yaml": CRM, "p.csv": people}, "next-dose", "d.yaml", "--data", "p.csv")

    refused(done, says)


def test_fractions_in_json(ask):
    """Numbers are shown as they are written."""
    one = {"participant": "01-007", "cohort": 1, "level": 1.7, "standing": "evaluable",
           "has_dlt": 0.5}  # fmt: skip

    done = ask(
        {"d.yaml": BOIN, "p.json": json.dumps([one])}, "next-dose", "d.yaml", "--data", "p.json"
    )

    refused(
        done,
        f"01-007, level: dose level 1.7. Allowed: 1-3. {RECORD}",
        "01-007, has_dlt: 0.5. Allowed: true or false. Say whether a DLT was seen.",
    )


@pytest.mark.parametrize("tally", ["0.5/3", "4/3", "1:2/3"])
@pytest.mark.parametrize(
    "command", [("next-dose", "d.yaml", "--data"), ("design", "oc", "d.yaml", "--given")]
)
def test_tallies(ask, command, tally):
    """Of half a DLT, of more DLTs than participants, and any: who was last is not in them."""
    done = ask({"d.yaml": BOIN}, *command, tally)

    refused(
        done,
        f"position 1: the tally {tally!r}. Allowed: cohorts such as 1NNT. "
        "Give the dose level and one letter for each participant.",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("evaluable: 3", "evaluable: 2.5",
         "evaluable: 2.5. Allowed: a whole number. Correct the value."),
        ("ESDU", "ESDUU", "decisions: 5 letters for 3 evaluable participants. Allowed: 4 letters. "
         "Give one letter for 0, 1, 2 ... DLTs."),
    ],
)  # fmt: skip
def test_a_table_for_half_a_participant_or_more_dlts_than_participants(ask, old, new, says):
    """The row is named."""
    done = ask({"d.yaml": TABLE.replace(old, new)}, "design", "table", "d.yaml")

    refused(done, f"d.yaml:6: escalation.rows.0.{says}")


RATES = [
    ("0.1,0.2,1.4", ", dose level 3: 1.4. Allowed: a probability from 0 to 1. " + WRITE),
    ("-0.1,0.2,0.3", ", dose level 1: -0.1. Allowed: a probability from 0 to 1. " + WRITE),
    ("0.1,0.2", ": 2 rates for 3 dose levels. Allowed: 3 rates. Give one rate a dose level."),
    ("0.1,0.2,0.3,0.4",
     ": 4 rates for 3 dose levels. Allowed: 3 rates. Give one rate a dose level."),
]  # fmt: skip


@pytest.mark.parametrize(("rates", "says"), RATES)
@pytest.mark.parametrize(
    "command",
    [
        ("oc", "d.yaml"),
        ("compare", "d.yaml", "--target", "0.3"),
        ("report", "d.yaml", "--out", "report"),
        ("calibrate", "d.yaml", "--vary", "max_n=6,9"),
        ("sweep", "d.yaml", "--target", "0.3", "--vary", "max_n=6,9"),
        ("simulate", "d.yaml", "--days-between", "7", "--trials", "2"),
    ],
)
def test_true_rates_that_are_none_or_for_another_ladder(ask, tmp_path, command, rates, says):
    """Named by scenario and dose level; nothing is simulated, nothing is written."""
    done = ask({"d.yaml": BOIN}, "design", *command, f"--rates={rates}")

    refused(done, f"scenario {rates}, true_rates{says}")
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(("rates", "says"), RATES)
def test_true_rates_of_files(ask, rates, says):
    """Of the design file, and of a file of scenarios."""
    own = f"{BOIN}scenarios: [{{name: one, rates: [{rates}]}}]\n"
    files = {"own.yaml": own, "d.yaml": BOIN, "s.csv": f"one,{rates}\n"}

    for command in (("own.yaml",), ("d.yaml", "--scenarios", "s.csv")):
        refused(ask(files, "design", "oc", *command), f"scenario one, true_rates{says}")


@pytest.mark.parametrize(("rates", "says"), RATES)
def test_true_rates_of_paths(ask, rates, says):
    """Without a scenario's name."""
    done = ask({"d.yaml": BOIN}, "design", "paths", "d.yaml", f"--rates={rates}")

    refused(done, f"true_rates{says}")


@pytest.mark.parametrize(
    ("design", "rates", "falls"),
    [
        (BOIN, "0.3,0.2,0.1", "falls from 0.3 at dose level 1 to 0.2 at dose level 2"),
        (GRID, "0.1,0.3,0.2,0.25", "falls from 0.3 at dose level 2 to 0.25 at dose level 4"),
    ],
)
def test_true_rates_that_fall_are_warned_of(ask, design, rates, falls):
    """On standard error and beside the numbers, which are given all the same."""
    done = ask({"d.yaml": design}, "design", "oc", "d.yaml", "--rates", rates, "--format", "json")

    assert done.exit_code == 0
    assert f"warning: scenario {rates}: the true DLT rate {falls}" in done.stderr
    assert any(falls in note for note in json.loads(done.stdout)["notes"])


@pytest.mark.parametrize(
    ("design", "rates"),
    [(BOIN, "0.1,0.1,0.3"), (GRID, "0.1,0.3,0.2,0.4")],
    ids=["BOIN", "grid"],
)
def test_true_rates_that_never_fall_are_not_warned_of(ask, design, rates):
    """On a grid the next combination may lie lower, in one agent."""
    done = ask({"d.yaml": design}, "design", "oc", "d.yaml", "--rates", rates)

    assert done.exit_code == 0
    assert "falls" not in done.output


COUNTS = "Correct the counts, or record the deviation and decide without the design."
CLEARED = "Allowed: 0/3, or at most 1/6, with nobody in the DLT window. " + COUNTS


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("3NNN", [f"dose level {each}: left upward with 0/0 DLT at dose level {each}. {CLEARED}"
                  for each in (1, 2)]),
        ("1NN 2NNN", [f"dose level 1: left upward with 0/2 DLT at dose level 1. {CLEARED}"]),
        ("1NNT 2NNN", [f"dose level 1: left upward with 1/3 DLT at dose level 1. {CLEARED}"]),
        ("1NNNNNNN", ["dose level 1: 7 evaluable and 0 pending participants. "
                      f"Allowed: at most 6 at a dose level. {COUNTS}"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "command",
    [("next-dose", "d.yaml", "--data"), ("design", "oc", "d.yaml", "--rates=0.1,0.2,0.3",
                                         "--given")],
)  # fmt: skip
def test_3_plus_3_off_its_protocol(ask, command, data, says):
    """Begun at the top, left after two, left uncleared, seven at a level."""
    refused(ask({"d.yaml": THREE}, *command, data), *says)


BEFORE = "closed before by 3/3 DLT at dose level {}"
CLOSED = "Allowed: a level that is open; a closed one stays closed. " + COUNTS


@pytest.mark.parametrize(
    ("design", "data", "says"),
    [
        (BOIN, "1NNN 2TTT 2NNN", "cohort 3: dose level 2, " + BEFORE.format(2)),
        (BOIN, "1TTT 1NNN", "cohort 2: dose level 1, " + BEFORE.format(1)),
        (GRID, "1NNN 4TTT 4NNN", "cohort 3: dose level 4, " + BEFORE.format(4)),
        (TABLE.replace("max_n: 3", "max_n: 6").replace(
            "]", ", {evaluable: 6, decisions: EESSDUU}]"), "1TTT 1NNN",
         "cohort 2: dose level 1, " + BEFORE.format(1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("next-dose", "d.yaml", "--data"),
                                     ("design", "paths", "d.yaml", "--given")])  # fmt: skip
def test_a_closed_level_opened_again_by_hand(ask, command, design, data, says):
    """Three without a DLT after 3/3 are 3/6, at which the table alone would stay."""
    refused(ask({"d.yaml": design}, *command, data), f"{says}. {CLOSED}")


def test_a_closed_level_opened_again_names_the_participants(ask):
    """Unless the deviation is recorded of each of them."""
    rows = [f"01-00{each},1,1,evaluable,yes,,,," for each in (1, 2, 3)]
    rows += [f"01-00{each},2,1,evaluable,no,,,28,WHY" for each in (4, 5, 6)]
    rows = HEADING + "\n".join(rows) + "\n"
    command = ("next-dose", "d.yaml", "--data", "p.csv")
    closed = f"dose level 1, closed before by 3/3 DLT at dose level 1. {CLOSED}"

    silent = ask({"d.yaml": BOIN, "p.csv": rows.replace("WHY", "")}, *command)
    recorded = ask({"d.yaml": BOIN, "p.csv": rows.replace("WHY", "committee 12")}, *command)

    refused(silent, *(f"01-00{each}, level: {closed}" for each in (4, 5, 6)))
    assert recorded.exit_code == 0


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        (("halfwidth=0.05", "prior_mtd=4"), "prior_mtd: dose level 4. Allowed: 1-3. "
         "Name the dose level that is thought to be the MTD."),
        (("halfwidth=0.3", "prior_mtd=2"),
         "halfwidth: 0.3. Allowed: above 0 and below 0.3. Take a narrower interval."),
    ],
)  # fmt: skip
def test_a_skeleton_around_a_level_above_the_top_or_half_as_wide_as_the_target(ask, vary, says):
    """Where the R package dfcrm gives too many values, or none."""
    varied = [part for each in vary for part in ("--vary", each)]

    refused(ask({"d.yaml": CRM}, "design", "calibrate", "d.yaml", *varied), says)


def test_a_high_target_with_extra_safety_has_its_table(ask):
    """Where the R package BOIN knows no object `stopneed`: 2/3 stays, 3/3 closes nothing."""
    text = BOIN.replace("target: 0.3", "target: 0.6, extra_safe: true")

    done = ask({"d.yaml": text}, "design", "table", "d.yaml")

    assert done.exit_code == 0
    assert [row.split()[1] for row in done.stdout.splitlines()[2:6]] == ["E", "E", "S", "D"]


@pytest.mark.parametrize("data", ["1TTT", "1TTTT"])
def test_all_combinations_too_toxic_is_no_mtd(ask, data):
    """Where `select.mtd.comb` of the R package BOIN stops without an answer."""
    done = ask({"d.yaml": GRID}, "next-dose", "d.yaml", "--data", data)

    assert done.exit_code == 4
    assert done.stdout.splitlines()[1] == "stop: no MTD"


@pytest.mark.parametrize(("design", "level"), [(GRID, 3), (CRM, 2)])
def test_no_dlt_yet_has_an_answer(ask, design, level):
    """Where the R package pocrm finds a subscript out of bounds."""
    done = ask({"d.yaml": design}, "next-dose", "d.yaml", "--data", "1NNN")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[1].startswith(f"escalate: dose level {level}, 3 participants")


def test_an_early_stop_of_keyboard_has_an_answer(ask):
    """Where the R package Keyboard gives nothing, with a warning."""
    text = KEYBOARD.replace("max_n: 12", "max_n: 12, stop_at: 6")

    done = ask({"d.yaml": text}, "design", "oc", "d.yaml", "--rates=0.1,0.3", "--format", "json")

    selected = [row["selected"] for row in json.loads(done.stdout)["levels"]]
    assert sum(selected) == pytest.approx(1, abs=1e-12)


def test_a_target_of_keyboard_below_its_margin_is_refused_and_has_an_answer_with_a_narrower(ask):
    """0.04 with margins of 0.05, and of 0.02."""
    low = KEYBOARD.replace("target: 0.3", "target: 0.04")
    narrow = low.replace("max_n: 12", "max_n: 12, margin_left: 0.02, margin_right: 0.02")
    command = ("design", "oc", "d.yaml", "--rates=0.1,0.3")

    wide = ask({"d.yaml": low}, *command)

    refused(wide, "d.yaml:2: escalation.margin_left: 0.05. Allowed: less than the target 0.04. "
            "Take a narrower interval.")  # fmt: skip
    assert ask({"d.yaml": narrow}, *command).exit_code == 0


def test_maximum_likelihood_without_a_dlt_says_why_there_is_none(ask):
    """As a setting of a design, and as a reference case that expects an estimate."""
    design = CRM.replace("max_n: 12", "max_n: 12, estimate: mle")
    case = {"data": 1, "skeleton": "s", "target": 0.3, "model": "empiric", "method": "mle",
            "estimate": 0.5, "ptox": [0.1, 0.2], "next_dose": 1}  # fmt: skip
    cases = {
        "call": "dfcrm::crm(prior,target,tox,level,method,model)",
        "skeletons": {"s": [0.1, 0.2]},
        "datasets": [{"level": [1, 1, 1], "tox": [0, 0, 0]}],
        "cases": [case],
    }

    set_ = ask({"d.yaml": design}, "next-dose", "d.yaml", "--data", "1NNN")
    compared = ask({"c.json": json.dumps(cases)}, "reference", ".")

    refused(set_, "d.yaml:3: escalation.estimate: 'mle'. Allowed: 'plug-in' or 'posterior-mean'. "
            "Correct the value.")  # fmt: skip
    assert compared.exit_code == 1
    assert "nobody had a DLT, so the likelihood has no maximum" in compared.stdout


@pytest.mark.parametrize("design", [BOIN, CRM, THREE, GRID], ids=["BOIN", "CRM", "3+3", "grid"])
def test_a_decision_asked_while_the_cohort_is_incomplete_completes_it(ask, design):
    """The level is kept, and it is said that the cohort is not complete."""
    done = ask({"d.yaml": design}, "next-dose", "d.yaml", "--data", "1NN")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[1].startswith("stay: dose level 1, 1 participant next")
    assert "warning: the cohort at dose level 1 is not complete" in done.stdout


@pytest.mark.parametrize("design", [BOIN, CRM, THREE, GRID], ids=["BOIN", "CRM", "3+3", "grid"])
def test_somebody_pending_is_waited_for(ask, design):
    """At the meeting; numbers of the running trial are refused."""
    meeting = ask({"d.yaml": design}, "next-dose", "d.yaml", "--data", "1NNP")
    rates = "0.1,0.2,0.3,0.4" if design == GRID else "0.1,0.2,0.3"
    numbers = ask({"d.yaml": design}, "design", "oc", "d.yaml", "--given", "1NNP", "--rates", rates)

    assert meeting.exit_code == 3
    assert meeting.stdout.splitlines()[1].startswith("wait: dose level 1, nobody next")
    refused(numbers, "dose level 1: 1 still in the DLT window. Allowed: nobody pending. Wait, or "
            "ask once with a DLT and once without for each of them.")  # fmt: skip


def test_whoever_is_not_evaluable_or_replaced_counts_nowhere(ask):
    """Their places are filled, and who is not replaced yet is named."""
    rows = "01-001,1,1,replaced,no,,,,\n01-002,1,1,not evaluable,no,,,,\n"

    done = ask({"d.yaml": BOIN, "p.csv": HEADING + rows}, "next-dose", "d.yaml", "--data", "p.csv")

    lines = done.stdout.splitlines()
    assert lines[1].startswith("stay: dose level 1, 3 participants next")
    assert "warning: 01-002: not evaluable and not replaced yet; counted nowhere" in lines
