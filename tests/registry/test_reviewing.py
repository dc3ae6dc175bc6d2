"""Proposals before a person: what a decision makes of a criterion, and of the draft file."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.registry.short_pages import (
    ON,
    accept,
    accept_all,
    criterion_of,
    draft_of,
    finished,
    limits,
    ruled_by_accepting,
)

from trialwright.assembly.files import replace_text
from trialwright.assembly.protocols import load
from trialwright.assembly.reviewing import Reviewer
from trialwright.eligibility.examples import ANCHORS, DAY, casebook_of
from trialwright.eligibility.screening import verdict
from trialwright.protocol.criteria import Example
from trialwright.protocol.proposals import LimitProposal
from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.proposing.reading import read_limits
from trialwright.registry.reviewing import editing
from trialwright.registry.reviewing.draft_text import decided, pending
from trialwright.registry.reviewing.rules import leaf_of, ruled
from trialwright.registry.reviewing.saying import marked, said
from trialwright.terms.errors import Refusal

HEMOGLOBIN = {"kind": "observation", "fact": "hemoglobin", "at_least": 9, "unit": "g/dL"}
PLATELETS = {"kind": "observation", "fact": "platelets", "at_least": 100000, "unit": "/mm3"}
ASKED = {"kind": "attested", "question": "i01"}


def proposal(words, which=0):
    """Give a limit read from words."""
    return read_limits(words).proposals[which]


def taken(words, arms=(), name="I01"):
    """Give what becomes of a criterion whose limits are all accepted."""
    accepted = [editing.accepted(each, "ab", ON) for each in read_limits(words).proposals]
    return ruled(name, words, {"kind": "attested", "question": name.lower()}, accepted, arms)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Hemoglobin >= 9 g/dL", HEMOGLOBIN),
        ("Patients must have a hemoglobin of at least 9 g/dL.", HEMOGLOBIN),
        ("Hemoglobin 9 g/dL or greater", HEMOGLOBIN),
        ("Hemoglobin not less than 9 g/dL", HEMOGLOBIN),
        ("Hemoglobin (Hgb) >= 9 g/dL", HEMOGLOBIN),
        ("Hemoglobin >= 9 g/dL and platelets >= 100,000/mm^3",
         {"kind": "all", "of": [HEMOGLOBIN, PLATELETS]}),
        ("Systolic blood pressure 90-160 mmHg",
         {"kind": "observation", "fact": "systolic-pressure", "at_least": 90, "at_most": 160,
          "unit": "mm[Hg]"}),
        ("Potassium > 3.5 mmol/L and < 5 mmol/L",
         {"kind": "observation", "fact": "potassium", "above": Decimal("3.5"), "below": 5,
          "unit": "mmol/L"}),
        ("ECOG performance status 0, 1 or 2",
         {"kind": "observation", "fact": "ecog", "at_least": 0, "at_most": 2, "unit": "{score}"}),
        ("Zubrod performance status 0 or 1",
         {"kind": "observation", "fact": "ecog", "at_least": 0, "at_most": 1, "unit": "{score}"}),
        ("Women aged 18 years or older",
         {"kind": "all", "of": [{"kind": "sex", "expect": "female"},
                                {"kind": "age", "at_least": 18}]}),
        ("Men and women aged 18 to 75 years", {"kind": "age", "at_least": 18, "at_most": 75}),
        ("INR <= 1.5",
         {"kind": "observation", "fact": "inr", "at_most": Decimal("1.5"), "unit": "1"}),
    ],
)  # fmt: skip
def test_words_that_leave_nothing_over_become_a_rule(words, rule):
    """Facts decide alone, with the numbers, sides and units of the words."""
    outcome = taken(words)

    assert (outcome.kind, outcome.rule, outcome.because) == ("rule", rule, "")


@pytest.mark.parametrize(
    "words",
    [
        "Hemoglobin >= 9 g/dL and measurable disease",
        "Adequate marrow function: hemoglobin >= 9 g/dL",
        "Hemoglobin >= 9 g/dL within 14 days of registration",
        "Hemoglobin >= 9 g/dL (5.6 mmol/L)",
        "Hemoglobin, untransfused, >= 9 g/dL",
    ],
)
def test_an_inclusion_that_asks_for_more_keeps_its_rule_and_a_question(words):
    """Both must be met: the limit that was read, and a person's answer for the whole."""
    outcome = taken(words)

    assert outcome.kind == "rule"
    assert outcome.rule == {"kind": "all", "of": [HEMOGLOBIN, ASKED]}
    assert "ask for more" in outcome.because


@pytest.mark.parametrize(
    ("words", "turning"),
    [
        ("Hemoglobin >= 9 g/dL or transfused", "or"),
        ("Hemoglobin >= 9 g/dL unless transfused", "unless"),
        ("Hemoglobin >= 9 g/dL is not required", "not"),
        ("Patients must not have a total bilirubin > 1.5 mg/dL", "not"),
        ("No total bilirubin > 1.5 mg/dL", "No"),
        ("Patients with platelets < 100,000/mm3 are ineligible", "ineligible"),
        ("Patients with platelets < 100,000/mm3 will be excluded", "excluded"),
        ("At least one of: hemoglobin >= 9 g/dL, platelets >= 100,000/mm3", "one of"),
        ("Any of the following: hemoglobin >= 9 g/dL; platelets >= 100,000/mm3", "Any of"),
        ("Either hemoglobin >= 9 g/dL, platelets >= 100,000/mm3", "Either"),
        ("In women, hemoglobin >= 9 g/dL", "In women"),
        ("Platelets >= 100,000/mm3; less is allowed", "allowed"),
        ("Hemoglobin (unless anemia is chronic) >= 9 g/dL", "unless"),
        ("AST or ALT <= 100 U/L", "or"),
        ("ECOG performance status 0-1 (for phase 2)", "phase 2"),
    ],
)
def test_words_that_turn_a_limit_leave_it_to_a_person(words, turning):
    """An alternative, exception, denial or circumstance: a rule of the limit would be wrong."""
    outcome = taken(words)

    assert (outcome.kind, outcome.rule, outcome.terms) == ("attested", ASKED, {})
    assert f"the words hold '{turning}'" in outcome.because


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("Creatinine < 2 x baseline", "multiples of the baseline"),
        ("Platelets >= 75,000/mm3 if bone marrow is involved", "it holds only given"),
        ("Hemoglobin >= 9", "the unit of hemoglobin is not stated"),
        ("HbA1c < 7", "the unit of hba1c is not stated"),
        ("Creatinine clearance >= 60 mL/min/1.73 m2", "cannot be compared with mL/min"),
        ("Karnofsky performance status >= 70%", "the Karnofsky scale"),
        ("Age >= 18 months", "no rule runs"),
        ("Men or women", "keeps nobody out"),
        ("Life expectancy >= 12 weeks", "an investigator's estimate"),
        ("No chemotherapy within 4 weeks", "which treatments the words cover"),
        ("At least 2 prior lines of chemotherapy", "which treatments and which ends count"),
        ("Hemoglobin >= 9 g/dL; hemoglobin >= 10 g/dL", "limit hemoglobin twice"),
    ],
)
def test_a_limit_that_no_rule_runs_leaves_the_question(words, because):
    """The person who answers is told why."""
    outcome = taken(words)

    assert (outcome.kind, outcome.rule) == ("attested", ASKED)
    assert because in outcome.because


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Hemoglobin < 9 g/dL",
         {"kind": "observation", "fact": "hemoglobin", "below": 9, "unit": "g/dL"}),
        ("QTcF > 470 ms", {"kind": "observation", "fact": "qtcf", "above": 470, "unit": "ms"}),
        ("Male patients", {"kind": "sex", "expect": "male"}),
        ("Age < 18 years", {"kind": "age", "below": 18}),
    ],
)  # fmt: skip
def test_an_exclusion_of_one_limit_is_decided_from_facts(words, rule):
    """Its rule, met, excludes."""
    outcome = taken(words, name="E01")

    assert (outcome.kind, outcome.rule) == ("rule", rule)


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("QTcF > 470 ms on screening", "ask for more"),
        ("QTcF > 470", "unit"),
        ("Hemoglobin < 9 g/dL, platelets < 100,000/mm3", "which of its limits excludes alone"),
        ("Systolic blood pressure > 160 mmHg or < 90 mmHg", "'or'"),
        ("Blood pressure > 140/90 mmHg", "which of its limits excludes alone"),
        ("Uncontrolled hypertension, systolic blood pressure > 160 mmHg", "ask for more"),
        ("Hemoglobin < 9 g/dL and ALT > 3 x ULN", "the words ask for more"),
    ],
)
def test_an_exclusion_that_asks_for_more_stays_with_a_person(words, because):
    """`A with B` and `A or B` exclude different people, so a part alone is no rule."""
    outcome = taken(words, name="E01")

    assert (outcome.kind, outcome.rule["question"]) == ("attested", "e01")
    assert because in outcome.because


def test_one_limit_of_two_left_to_a_person_keeps_the_question():
    """The limit that was taken is decided from facts, the other by the answer for the whole."""
    text, _ = accept(draft_of("Hemoglobin >= 9 g/dL and platelets >= 100,000/mm3"))
    (item,) = pending(text)

    text, outcome = decided(text, item, editing.attested(item.proposed, "ab", ON))

    assert criterion_of(text, "I01")["rule"] == {"kind": "all", "of": [HEMOGLOBIN, ASKED]}
    assert "left to a person" in outcome.because


def test_what_is_left_to_a_person_alone_stays_a_question():
    """Nothing of the criterion is changed but the standing of its limit."""
    before = draft_of("Hemoglobin >= 9 g/dL")
    (item,) = pending(before)

    after, outcome = decided(before, item, editing.attested(item.proposed, "ab", ON))

    assert (outcome.kind, outcome.because) == ("attested", "a limit is left to a person")
    assert criterion_of(after, "I01")["rule"] == criterion_of(before, "I01")["rule"]
    assert read_yaml(after).value["terms"] == read_yaml(before).value["terms"]


@pytest.mark.parametrize(
    ("arms", "kind"), [(("B",), "rule"), ((), "attested"), (("A", "B"), "attested")]
)
def test_a_limit_of_one_arm_is_a_rule_of_that_arms_criterion_alone(arms, kind):
    """A criterion of every arm must not take the limit of one."""
    assert taken("For Arm B only: hemoglobin >= 10 g/dL", arms).kind == kind


def test_a_limit_of_one_arm_beside_one_of_another_is_no_rule():
    """The reader names one arm for the whole line; as a rule, arm A would need the limit of B."""
    words = "Hemoglobin >= 9 g/dL (arm A), hemoglobin >= 10 g/dL (arm B)"

    assert taken(words).kind == "attested"


def test_a_criterion_of_one_arm_gets_a_rule_without_a_question():
    """The words that name the arm are no demand of their own."""
    criterion = ruled_by_accepting("For Arm B only: hemoglobin >= 9 g/dL")

    assert (criterion["arms"], criterion["rule"]) == (["B"], HEMOGLOBIN)


def test_a_unit_that_another_converts_to_is_kept_as_written():
    """The term has its usual unit, the rule the one of the words."""
    text = accept_all(draft_of("ANC >= 1.5 x 10^9/L"))

    assert criterion_of(text, "I01")["rule"]["unit"] == "10*9/L"
    assert read_yaml(text).value["terms"]["anc"]["unit"] == "10*3/uL"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Total bilirubin <= 1.50 mg/dL", "at_most: 1.50"),
        ("Platelets >= 100,000/mm3", "at_least: 100000"),
        ("Creatinine <= 0.9 mg/dL", "at_most: 0.9"),
        ("Hemoglobin >= 10 g/dL", "at_least: 10"),
    ],
)
def test_numbers_are_written_digit_by_digit(words, written):
    """In the proposal and in the rule; no exponent, no lost nought, no added point."""
    text = accept_all(draft_of(words))

    assert text.count(f" {written}\n") == 2


def test_two_criteria_in_the_same_words_are_decided_apart():
    """The place of a proposal, not its words, says which one it is."""
    text, _ = accept(draft_of("Hemoglobin >= 9 g/dL", "Hemoglobin >= 9 g/dL"), which=1)

    assert criterion_of(text, "I01")["kind"] == "attested"
    assert criterion_of(text, "I02")["rule"] == HEMOGLOBIN
    assert [each.id for each in pending(text)] == ["I01"]


def test_words_that_stand_twice_in_a_criterion_are_shown_at_their_place():
    """The second of two equal limits is marked where it stands."""
    words = "Before surgery, hemoglobin >= 9 g/dL; after it, hemoglobin >= 9 g/dL"
    first, second = (item for item in pending(draft_of(words)))

    assert first.proposed.words == second.proposed.words
    assert marked(words, second.proposed).endswith("after it, [[hemoglobin >= 9 g/dL]]")


def test_comments_and_all_else_stay_as_they_are():
    """A note above, beside and below every line: each is there still, in the same order."""
    lines = draft_of("Hemoglobin >= 9 g/dL", "Consent", exclusion=("QTcF > 470 ms",)).splitlines()
    noted = [
        f"{' ' * (len(line) - len(line.lstrip()))}# above {n}\n{line}  # beside {n}"
        for n, line in enumerate(lines)
    ]
    text = "\n".join([*noted, "# at the end\n"])

    done = accept_all(text)

    notes = re.compile(r"# (?:above \d+|beside \d+|at the end)")
    assert notes.findall(done) == notes.findall(text)
    assert read_yaml(done).value == read_yaml(accept_all("\n".join(lines))).value


def test_a_note_before_a_criterion_stays_before_it():
    """What stands above a list or an item is not drawn into the item before."""
    text = draft_of("Hemoglobin >= 9 g/dL", "Platelets >= 100,000/mm3")
    text = text.replace("criteria:", "# The criteria\ncriteria:")
    text = text.replace("- id: I02", "# Ask the lab about this one\n- id: I02")

    done = accept_all(text)

    assert "# The criteria\ncriteria:\n- id: I01" in done
    assert "# Ask the lab about this one\n- id: I02" in done


def test_only_lines_of_what_was_decided_change():
    """A person's quotes, notes and empty lines elsewhere are theirs."""
    text = draft_of("Hemoglobin >= 9 g/dL", "Consent")
    text = text.replace("phase: Ib", "phase: 'Ib'   # checked\n")
    kept = [line for line in text.splitlines() if line.strip()]

    done, _ = accept(text)

    gone = [line for line in kept if line not in done.splitlines()]
    assert all(
        line.strip() in ("i01:", "question: i01", "standing: proposed")
        or "Is criterion I01" in line
        for line in gone
    ), gone


@pytest.mark.parametrize(
    "added",
    [
        "version: null",
        "version: '2.10'",
        "dated: 2099-1-1",
        "dated: 2099-13-45",
        "version: 0.123456789012345678",
        'version: "a\\u202Eb"',
        "version: >\n  folded\n  words",
        "sample_size: {participants: 12, note: 'none: yet'}",
    ],
)
def test_what_people_filled_in_keeps_its_letters(added):
    """Null, dates that are none, long numbers and folded words come through untouched."""
    text = draft_of("Hemoglobin >= 9 g/dL").replace("format: 1", f"format: 1\n{added}")

    done, _ = accept(text)

    assert added in done
    assert read_yaml(done).value["criteria"][0]["rule"] == HEMOGLOBIN


def test_a_file_with_line_ends_of_windows_keeps_them():
    """All of them, the new lines too."""
    done, _ = accept(draft_of("Hemoglobin >= 9 g/dL").replace("\n", "\r\n"))

    assert done.count("\n") == done.count("\r\n")
    assert criterion_of(done, "I01")["rule"] == HEMOGLOBIN


def test_a_rule_written_in_one_line_by_hand_is_edited_there():
    """Flow style is as good as block style."""
    text = draft_of("Hemoglobin >= 9 g/dL").replace(
        "rule:\n    kind: attested\n    question: i01", "rule: {kind: attested, question: i01}"
    )

    done, _ = accept(text)

    assert criterion_of(done, "I01")["rule"] == HEMOGLOBIN


def test_a_draft_whose_last_question_goes_keeps_its_note():
    """No term is left when age and sex decide everything; what was said below them stays."""
    text = draft_of("Age >= 18 years").replace("criteria:", "# The criteria\ncriteria:")
    text = re.sub(r"  e01:\n(?:    .*\n)+", "", text)
    text = text[: text.index("- id: E01")]

    done, _ = accept(text)

    assert "# The criteria\n" in done
    assert read_yaml(done).value["terms"] == {}


def test_the_first_question_of_several_can_go():
    """Nothing takes its place, and the note below it stands above the next one."""
    text = draft_of("Age >= 18 years").replace("  e01:", "  # about E01\n  e01:")

    done, _ = accept(text)

    assert "  # about E01\n  e01:" in done
    assert list(read_yaml(done).value["terms"]) == ["e01"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda text: text.replace("at_least: 9", "at_least: 10"),
        lambda text: text.replace("- id: I02", "- id: I02b"),
        lambda text: text.replace("standing: proposed", "standing: attested\n    review:\n"
                                  "      by: cd\n      'on': '2099-01-30'", 2),
        lambda text: text[: text.index("- id: I02")],
        lambda text: re.sub(r"  proposals:\n(?:  - .*\n|    .*\n)+", "", text),
        lambda text: re.sub(r"- id: I01\n(?:  .*\n)+", "", text),
        lambda text: text.replace("hemoglobin\n", "platelets\n"),
        lambda text: text.replace("Hemoglobin >= 9 g/dL", "Haemoglobin >= 9 g/dL"),
        lambda text: "format: 1\ncriteria: []\n",
    ],
)  # fmt: skip
def test_a_draft_that_changed_under_review_is_not_written(meanwhile):
    """The place may hold something else by now, or nothing: the decision is refused."""
    text = draft_of("Hemoglobin >= 9 g/dL", "Hemoglobin >= 9 g/dL")
    item = pending(text)[1]

    with pytest.raises(Refusal):
        decided(meanwhile(text), item, editing.accepted(item.proposed, "ab", ON))


def test_lines_added_above_change_nothing():
    """A comment or a field typed in another window moves the line and no decision."""
    text = draft_of("Hemoglobin >= 9 g/dL")
    (item,) = pending(text)
    moved = text.replace("format: 1", "# a note\nformat: 1\nversion: '1'")

    done, _ = decided(moved, item, editing.accepted(item.proposed, "ab", ON))

    assert criterion_of(done, "I01")["rule"] == HEMOGLOBIN
    assert "# a note" in done


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source_text: Hemoglobin", "source_text: The hemoglobin"),
        ("  source_text: Hemoglobin >= 9 g/dL or transfused\n", ""),
        ("start: 0", "start: 3"),
        ("words: Hemoglobin", "words: hemoglobin"),
    ],
)
def test_words_that_do_not_stand_at_their_place_are_refused(old, new):
    """Else a wrong stretch would count as read, and an `or` be lost."""
    text = draft_of("Hemoglobin >= 9 g/dL or transfused")
    assert old in text

    with pytest.raises(Refusal, match="not what stands there") as refused:
        pending(text.replace(old, new), "draft.yaml")
    (fault,) = refused.value.faults
    assert (fault.where, fault.file) == ("criteria.0.proposals.0.words", "draft.yaml")
    assert fault.line > 0


def test_a_criterion_with_nothing_to_decide_may_be_worded_anew():
    """Its decided proposals are history; they keep nobody from reviewing the others."""
    text, _ = accept(draft_of("Hemoglobin >= 9 g/dL", "Platelets >= 100,000/mm3"))

    reworded = text.replace("source_text: Hemoglobin", "source_text: The hemoglobin")

    assert [each.id for each in pending(reworded)] == ["I02"]


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "",
        "a: b\n",
        "format: 1\ncriteria: 3\n",
        "format: 1\ncriteria:\n- 3\n",
        "format: 1\ncriteria:\n- id: I01\n  proposals: 3\n",
        "format: 1\ncriteria:\n- id: I01\n  proposals: null\n",
        "format: 1\ncriteria:\n- id: I01\n  proposals:\n  - 3\n",
        "format: 1\ncriteria:\n- id: I01\n  proposals:\n  - kind: limit\n",
        "format: 1\ncriteria:\n- id: I01\n  proposals:\n  - kind: hunch\n",
        "format: 1\ncriteria:\n- proposals: []\n",
        "format: 1\nterms: null\ncriteria: []\n",
        "format: 1\nformat: 1\n",
        "format: &x 1\n",
    ],
)
def test_what_is_no_draft_is_refused(text):
    """A sentence, never a traceback, and never `nothing waits`."""
    with pytest.raises(Refusal):
        pending(text)


@pytest.mark.parametrize(
    "by_hand",
    [
        "kind: rule\n  rule:\n    kind: age\n    at_least: 21",
        "kind: attested\n  approval: investigator\n  rule:\n    kind: attested\n    question: i01",
        "kind: attested\n  rule:\n    kind: not\n    rule:\n      kind: attested\n"
        "      question: i01",
        "kind: note",
    ],
)
def test_a_rule_that_people_wrote_stays(by_hand):
    """Deciding about the proposal beside it does not overwrite their work."""
    text = draft_of("Hemoglobin >= 9 g/dL").replace(
        "kind: attested\n  rule:\n    kind: attested\n    question: i01", by_hand
    )
    before = read_yaml(text).value

    done, outcome = accept(text)
    after = read_yaml(done).value

    assert outcome.kind == "kept"
    assert after["criteria"][0].get("rule") == before["criteria"][0].get("rule")
    assert (after["criteria"][0]["kind"], after["terms"]) == (
        before["criteria"][0]["kind"],
        before["terms"],
    )


def test_who_answers_a_question_is_kept_in_the_rule():
    """A question set to the principal investigator by hand stays theirs."""
    text = draft_of("Hemoglobin >= 9 g/dL and measurable disease")
    text = text.replace("question: i01", "question: i01\n    by: principal-investigator")

    done, _ = accept(text)

    assert criterion_of(done, "I01")["rule"]["of"][1] == {
        **ASKED,
        "by": "principal-investigator",
    }


def test_a_question_that_another_criterion_asks_too_stays():
    """Only what nothing asks any more goes."""
    text = draft_of("Hemoglobin >= 9 g/dL", "Consent").replace("question: i02", "question: i01")

    done, _ = accept(text)

    assert "i01" in read_yaml(done).value["terms"]


def test_a_term_that_people_changed_stays_theirs():
    """The vocabulary of the draft is not overwritten by the one known here."""
    mine = "terms:\n  hemoglobin:\n    says: Mine\n    kind: observation\n    unit: g/L\n"

    done, _ = accept(draft_of("Hemoglobin >= 9 g/dL").replace("terms:\n", mine))

    assert read_yaml(done).value["terms"]["hemoglobin"] == {
        "says": "Mine",
        "kind": "observation",
        "unit": "g/L",
    }


def test_a_worded_limit_takes_the_place_of_the_one_read():
    """Its fact, bounds and unit are those of the wording; words and place stay the record's."""
    text = draft_of("For Arm B only: hemoglobin >= 9")
    (item,) = pending(text)

    decision = editing.edited(item.proposed, "Hemoglobin > 90.5 g/L", "ab", ON)
    done, outcome = decided(text, item, decision)

    assert (decision.words, decision.arms) == ("hemoglobin >= 9", ("B",))
    assert decision.because == "Hemoglobin > 90.5 g/L"
    assert outcome.rule == {
        "kind": "observation",
        "fact": "hemoglobin",
        "above": Decimal("90.5"),
        "unit": "g/L",
    }
    kept = criterion_of(done, "I01")["proposals"][0]
    assert (kept["standing"], kept["above"], "at_least" in kept) == (
        "edited",
        Decimal("90.5"),
        False,
    )
    assert kept["review"] == {"by": "ab", "on": "2099-01-31"}


@pytest.mark.parametrize(
    "limit",
    [
        "",
        "as the lab says",
        "Hemoglobin 9 g/dL",
        "Hemoglobin >= 9 g/dL and platelets >= 100,000/mm3",
        "Age >= 18 years",
        "Hemoglobin >= 9 g/dL\tplease",
        "Hemoglobin >= 9 mmHg",
        "\u202e9 g/dL",
        "AST and ALT <= 100 U/L",
    ],
)
def test_words_that_are_not_one_limit_of_the_kind_are_refused(limit):
    """No comparator, none at all, two, another kind, or a sign that nobody sees."""
    with pytest.raises(Refusal) as refused:
        editing.edited(proposal("Hemoglobin >= 9 g/dL"), limit, "ab", ON)
    assert refused.value.faults[0].where == "limit"


@pytest.mark.parametrize("by", ["", "   ", "x" * 61, "a\tb", "\u202ea"])
def test_a_decision_names_somebody(by):
    """A blank, endless or invisible name is refused in a sentence."""
    with pytest.raises(Refusal, match="by: "):
        editing.accepted(proposal("Hemoglobin >= 9 g/dL"), by, ON)


@pytest.mark.parametrize(
    ("words", "which", "sentence"),
    [
        ("Total bilirubin <= 1.50 mg/dL", 0, "total-bilirubin <= 1.5 mg/dL"),
        ("Platelets >= 100,000/mm3", 0, "platelets >= 100000 /mm3"),
        ("Systolic blood pressure 90-160 mmHg", 0, "systolic-pressure >= 90 and <= 160 mm[Hg]"),
        ("HbA1c < 7", 0, "hba1c < 7 (no unit stated)"),
        ("ALT < 3 x ULN, or 5 x ULN with liver metastases", 1,
         "alt < 5 x ULN, given: liver metastases"),
        ("For Arm B only: hemoglobin >= 9 g/dL", 0, "hemoglobin >= 9 g/dL, arm B only"),
        ("ECOG performance status 0-2", 0, "ECOG performance status >= 0 and <= 2"),
        ("Men or women", 0, "sex: all"),
        ("Life expectancy > 3 months", 0, "life expectancy > 3 months"),
        ("Age 18 years or older", 0, "age >= 18 years"),
    ],
)  # fmt: skip
def test_a_proposal_is_said_in_full(words, which, sentence):
    """Sides, numbers without idle noughts, unit, circumstance and arm."""
    assert said(proposal(words, which)) == sentence


def test_a_terminal_is_not_obeyed_when_words_are_shown():
    """An escape sequence beside a limit is shown, not sent."""
    words = "\x1b[2J. Hemoglobin >= 9 g/dL. \x1b]0;x\x07"

    shown = marked(words, proposal(words))

    assert shown.isprintable()
    assert "[[Hemoglobin >= 9 g/dL]]" in shown


def test_a_long_criterion_is_shown_around_its_limit():
    """Both ends are marked as cut."""
    words = f"{'before ' * 60}hemoglobin >= 9 g/dL{' after' * 60}"

    shown = marked(words, proposal(words), around=20)

    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 80


@pytest.mark.parametrize(
    ("choices", "left"),
    [("aass", {"I02", "I03"}), ("sasa", {"I01", "I02"}), ("tsta", {"I01"}), ("ssss", None)],
)
def test_whatever_is_decided_the_draft_still_reads(choices, left):
    """Accepted, attested or skipped in any order: what waits is what was skipped, as it was."""
    text = before = draft_of(
        "Hemoglobin >= 9 g/dL and platelets >= 100,000/mm3", "Age >= 18 years", "ALT < 3 x ULN"
    )
    for choice, item in zip(choices, pending(before), strict=True):
        if choice != "s":
            decide = {"a": editing.accepted, "t": editing.attested}[choice]
            text, _ = decided(text, item, decide(item.proposed, "ab", ON))

    waiting = [each.id for each in pending(text)]
    assert len(waiting) == choices.count("s")
    assert left is None or set(waiting) == left
    assert all(criterion_of(text, each) == criterion_of(before, each) or each == "I01"
               for each in waiting)  # fmt: skip


def test_an_unreviewed_proposal_is_refused_wherever_a_protocol_is_read(tmp_path):
    """Every gap filled but one: `read_study` and `load` name the criterion and its line."""
    text = finished(draft_of("Hemoglobin >= 9 g/dL", whole=True))
    file = tmp_path / "protocol.yaml"
    file.write_text(text, encoding="utf-8")

    for read in (lambda: read_study(text, "protocol.yaml"), lambda: load(str(file))):
        with pytest.raises(Refusal, match="a proposal for I01 that nobody reviewed") as refused:
            read()
        (fault,) = refused.value.faults
        assert fault.where == "criteria.0.proposals.0"
        assert text.splitlines()[fault.line - 1].strip() == "- kind: limit"


def test_a_reviewed_draft_with_its_gaps_filled_judges_by_its_words(tmp_path):
    """From a page's bullets to verdicts: met, not met and unknown where the words say so."""
    drafted = draft_of(
        "Hemoglobin >= 9 g/dL",
        "Platelets >= 100 x 10^9/L",
        "Women aged 18 years or older",
        "ECOG performance status 0-2",
        "Total bilirubin < 1.5 mg/dL",
        exclusion=("QTcF > 470 ms", "Prior testinib"),
        whole=True,
    )
    qtcf = [
        {"given": {"qtcf": 470}, "answer": "absent"},
        {"given": {"qtcf": Decimal("470.1")}, "answer": "present"},
        {"given": {"qtcf": None}, "answer": "unknown"},
    ]
    women = [
        {"given": {"age": 18, "sex": "female"}, "answer": "met"},
        {"given": {"age": 17, "sex": "female"}, "answer": "not met"},
        {"given": {"age": 40, "sex": "male"}, "answer": "not met"},
        {"given": {"age": 40, "sex": None}, "answer": "unknown"},
    ]
    examples = {
        "I01": [*limits("hemoglobin", 9, Decimal("8.9")),
                {"given": {"hemoglobin": "90 g/L"}, "answer": "met"}],
        "I02": limits("platelets", 100, Decimal("99.9")),
        "I03": women,
        "I04": limits("ecog", 2, 3),
        "I05": limits("total-bilirubin", Decimal("1.49"), Decimal("1.5")),
        "E01": qtcf,
    }  # fmt: skip
    file = tmp_path / "protocol.yaml"
    file.write_text(finished(accept_all(drafted), examples), encoding="utf-8")

    study = load(str(file)).study  # runs every example

    assert [each.kind for each in study.criteria] == ["rule"] * 6 + ["attested"]
    anemic = Example(given={"hemoglobin": Decimal("8.9")}, answer="not met")
    casebook = casebook_of(anemic, study.criteria[0], study.terms)
    judged = verdict(study.criteria[0], study, casebook, "A", DAY, ANCHORS)
    assert judged.word == "not met"
    assert "8.9" in judged.finding.because


def test_a_leaf_has_both_of_two_bounds():
    """And the term that it needs."""
    leaf, terms, because = leaf_of(proposal("Potassium 3.5 - 5 mmol/L"))

    assert (leaf["at_least"], leaf["at_most"]) == (Decimal("3.5"), Decimal("5"))
    assert terms["potassium"]["unit"] == "mmol/L"
    assert because == ""


def test_a_fact_that_is_not_known_here_is_no_rule():
    """A proposal typed into the file by hand may name anything."""
    known = proposal("Hemoglobin >= 9 g/dL")
    assert isinstance(known, LimitProposal)

    leaf, _, because = leaf_of(known.model_copy(update={"fact": "moonshine"}))

    assert leaf is None
    assert "moonshine" in because


def test_decisions_are_written_one_by_one(tmp_path):
    """A reviewer who stops finds every decision in the file, and the rest waiting."""
    file = tmp_path / "draft.yaml"
    file.write_text(draft_of("Hemoglobin >= 9 g/dL", "Platelets >= 100,000/mm3"), "utf-8")
    reviewer = Reviewer(file, "ab", ON)

    reviewer.accept(reviewer.open()[0])
    again = Reviewer(file, "cd", ON)
    (left,) = again.open()
    again.edit(left, "Platelets >= 75,000/mm3")

    text = file.read_text(encoding="utf-8")
    assert criterion_of(text, "I01")["proposals"][0]["review"]["by"] == "ab"
    assert criterion_of(text, "I02")["proposals"][0]["review"]["by"] == "cd"
    assert criterion_of(text, "I02")["rule"]["at_least"] == 75000
    assert again.open() == ()
    assert {fault.where for fault in again.missing()} >= {"version", "dlt"}
    assert [each.name for each in tmp_path.iterdir()] == ["draft.yaml"]


def test_a_refused_decision_leaves_the_file(tmp_path):
    """Not a byte changes when the words cannot be taken, or the draft moved on."""
    file = tmp_path / "draft.yaml"
    file.write_text(draft_of("Hemoglobin >= 9 g/dL"), "utf-8")
    before = file.read_bytes()
    reviewer = Reviewer(file, "ab", ON)
    (item,) = reviewer.open()

    with pytest.raises(Refusal):
        reviewer.edit(item, "more")
    with pytest.raises(Refusal, match="changed meanwhile"):
        reviewer.accept(replace(item, source_text="other"))
    assert file.read_bytes() == before


def test_a_text_is_replaced_behind_a_link_with_its_rights_kept(tmp_path):
    """The link stays one, and leads to the new text."""
    (tmp_path / "folder").mkdir()
    real = tmp_path / "folder" / "draft.yaml"
    real.write_text("old", "utf-8")
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)

    replace_text(link, "new\n")

    assert link.is_symlink()
    assert real.read_text("utf-8") == "new\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(list((tmp_path / "folder").iterdir())) == 1


def test_a_compressed_draft_is_not_replaced_by_text(tmp_path):
    """Its name would lie; the old content stands."""
    file = tmp_path / "draft.yaml.gz"
    file.write_bytes(b"old")

    with pytest.raises(Refusal, match="compressed by gzip"):
        replace_text(file, "new")
    assert file.read_bytes() == b"old"


def test_a_text_in_a_folder_that_is_gone_is_refused(tmp_path):
    """A sentence, and no file left beside."""
    with pytest.raises(Refusal):
        replace_text(tmp_path / "gone" / "draft.yaml", "new")
    assert list(tmp_path.iterdir()) == []
