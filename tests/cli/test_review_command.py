"""`trialwright protocol review`: what is asked, what is written, and how it ends."""

import re

import pytest
from click.testing import CliRunner
from tests.registry.short_pages import criterion_of, draft_of, finished, limits

from trialwright.assembly import files
from trialwright.cli import review_command
from trialwright.cli.main import main
from trialwright.protocol.strict_yaml import read_yaml

DRAFT = ("Hemoglobin >= 9 g/dL", "ALT < 3 x ULN", "Consent")


@pytest.fixture
def draft(tmp_path):
    """Give the file of a draft with two limits that wait."""
    file = tmp_path / "draft.yaml"
    file.write_text(draft_of(*DRAFT), encoding="utf-8")
    return file


def review(file, *options, answers=""):
    """Run the review with what somebody types."""
    return CliRunner().invoke(main, ["protocol", "review", str(file), *options], input=answers)


def decide(file, answers):
    """Run it as somebody, on some day."""
    return review(file, "--by", "ab", "--on", "2099-01-31", answers=answers)


def criterion(file, name):
    """Give a criterion of the file."""
    return criterion_of(file.read_text(encoding="utf-8"), name)


def test_the_list_says_what_waits_and_changes_nothing(draft):
    """Exit status 1 while something waits."""
    before = draft.read_bytes()

    done = review(draft, "--list")

    assert done.exit_code == 1
    assert "I01: hemoglobin >= 9 g/dL  (high)" in done.stdout
    assert "I02: alt < 3 x ULN  (high)" in done.stdout
    assert "2 proposals wait for a decision." in done.stdout
    assert draft.read_bytes() == before


def test_the_list_of_a_draft_without_proposals_is_empty(tmp_path):
    """Exit status 0."""
    file = tmp_path / "draft.yaml"
    file.write_text(draft_of("Consent"), encoding="utf-8")

    done = review(file, "--list")

    assert (done.exit_code, done.stdout) == (0, "No proposal waits.\n")


def test_accepting_everything_ends_well_and_says_what_is_missing(draft):
    """Each limit is shown in its words; each criterion is told; the gaps are counted."""
    done = decide(draft, "a\na\n")

    assert done.exit_code == 0
    assert "1 of 2  I01, page.txt, inclusion bullet 1, line 9" in done.stdout
    assert "words     [[Hemoglobin >= 9 g/dL]]" in done.stdout
    assert "read as   hemoglobin >= 9 g/dL" in done.stdout
    assert "I01 is now decided from facts." in done.stdout
    assert "the words ask for more than what was read" in done.stdout  # ALT alone, not both
    assert re.search(r"The draft lacks \d+ more parts: `trialwright protocol check`", done.stdout)
    assert "No proposal waits." in done.stdout
    assert criterion(draft, "I01")["proposals"][0]["review"] == {"by": "ab", "on": "2099-01-31"}
    assert criterion(draft, "I01")["kind"] == "rule"


def test_attesting_leaves_the_question(draft):
    """The limit is kept as reviewed, and the criterion asks a person."""
    done = decide(draft, "t\ns\n")

    assert done.exit_code == 1
    assert criterion(draft, "I01")["proposals"][0]["standing"] == "attested"
    assert criterion(draft, "I01")["rule"] == {"kind": "attested", "question": "i01"}
    assert "1 proposal waits" in done.stdout


def test_a_worded_limit_is_shown_as_it_was_taken(draft):
    """So that a slip of the unit is seen at once."""
    done = decide(draft, "e\nHemoglobin > 10 mg/dL\nq\n")

    assert "taken as  hemoglobin > 10 mg/dL" in done.stdout
    assert criterion(draft, "I01")["rule"] == {
        "kind": "observation",
        "fact": "hemoglobin",
        "above": 10,
        "unit": "mg/dL",
    }


def test_a_wording_that_cannot_be_taken_is_asked_again(draft):
    """The refusal stands on standard error, nothing is written, and another answer may follow."""
    before = draft.read_bytes()

    done = decide(draft, "e\nas usual\ne\nHemoglobin 9\nq\n")

    assert done.exit_code == 1
    assert done.stderr.count("one limit of the kind limit") == 2
    assert draft.read_bytes() == before


def test_an_answer_that_is_none_is_asked_again(draft):
    """Only the five letters count."""
    done = decide(draft, "yes\nA\na\nq\n")

    assert done.exit_code == 1
    assert criterion(draft, "I01")["kind"] == "rule"


@pytest.mark.parametrize("answers", ["q\n", "", "s\nq\n", "e\n"])
def test_stopping_before_any_decision_leaves_the_file(draft, answers):
    """Quitting, or the end of the input, even in the middle of a wording."""
    before = draft.read_bytes()

    done = decide(draft, answers)

    assert done.exit_code == 1
    assert "2 proposals wait for a decision." in done.stdout
    assert draft.read_bytes() == before


def test_who_quits_goes_on_later_where_they_were(draft):
    """Each decision so far is in the file; only the rest is asked."""
    first = decide(draft, "a\nq\n")
    second = review(draft, "--by", "cd", "--on", "2099-02-01", answers="a\n")

    assert (first.exit_code, second.exit_code) == (1, 0)
    assert "1 of 1  I02" in second.stdout
    assert "I01" not in second.stdout.replace("I01, ", "")
    assert criterion(draft, "I01")["proposals"][0]["review"]["by"] == "ab"
    assert criterion(draft, "I02")["proposals"][0]["review"]["by"] == "cd"


def test_nothing_to_decide_asks_nothing(draft):
    """A second run over a reviewed draft ends at once."""
    decide(draft, "a\na\n")

    done = decide(draft, "")

    assert done.exit_code == 0
    assert "No proposal waits." in done.stdout


@pytest.mark.parametrize(
    "options",
    [(), ("--by", "ab"), ("--on", "2099-01-31"), ("--by", "ab", "--on", "31.1.2099")],
)
def test_who_and_when_must_be_named(draft, options):
    """A decision of nobody on no day is none."""
    done = review(draft, *options, answers="a\n")

    assert done.exit_code == 2
    assert "proposed" in draft.read_text(encoding="utf-8")


@pytest.mark.parametrize("by", ["", "  ", "x" * 61, "a\tb"])
def test_a_name_that_is_none_is_refused_before_anything_is_asked(draft, by):
    """In a sentence, exit status 2."""
    done = review(draft, "--by", by, "--on", "2099-01-31", answers="a\n")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "by: " in done.stderr
    assert "Name who decides" in done.stderr


def test_a_draft_changed_in_another_window_is_not_overwritten(draft, monkeypatch):
    """The decision is refused, the change stands, and the reviewer is told."""
    asked = review_command._ask

    def meanwhile(reviewer, item):
        """Change the limit before the first answer is given."""
        text = draft.read_text(encoding="utf-8")
        draft.write_text(text.replace("at_least: 9", "at_least: 12"), encoding="utf-8")
        return asked(reviewer, item)

    monkeypatch.setattr(review_command, "_ask", meanwhile)
    done = decide(draft, "a\nq\n")

    assert done.exit_code == 1
    assert "a draft that changed meanwhile" in done.stderr
    assert "at_least: 12" in draft.read_text(encoding="utf-8")
    assert "accepted" not in draft.read_text(encoding="utf-8")


def test_a_rule_that_people_wrote_is_said_to_stay(draft):
    """The proposal is decided, the rule beside it is theirs."""
    text = draft.read_text(encoding="utf-8").replace(
        "kind: attested\n  rule:\n    kind: attested\n    question: i01",
        "kind: rule\n  rule:\n    kind: age\n    at_least: 21",
    )
    draft.write_text(text, encoding="utf-8")

    done = decide(draft, "a\nq\n")

    assert "I01 keeps what people wrote" in done.stdout
    assert criterion(draft, "I01")["rule"] == {"kind": "age", "at_least": 21}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.txt", b"Trial Status: Active\nInclusion Criteria\n- Hemoglobin >= 9 g/dL\n"),
        ("record.json", b'{"protocolSection": {}}'),
        ("empty.yaml", b""),
        ("list.yaml", b"- a\n"),
        ("binary.yaml", bytes(range(256))),
        ("alias.yaml", b"format: 1\na: &x 1\nb: *x\n"),
        ("deep.yaml", b"[" * 3000),
        ("form.yaml", b"format: 1\ncriteria:\n- id: I01\n  proposals:\n  - kind: limit\n"),
        ("draft.yaml.gz", b"no gzip"),
    ],
)
@pytest.mark.parametrize("options", [("--list",), ("--by", "ab", "--on", "2099-01-31")])
def test_what_is_no_draft_is_refused_in_a_sentence(tmp_path, name, content, options):
    """Exit status 2, on standard error, and no traceback."""
    file = tmp_path / name
    file.write_bytes(content)

    done = review(file, *options)

    assert (done.exit_code, done.stdout) == (2, "")
    assert name in done.stderr
    assert isinstance(done.exception, SystemExit)
    assert file.read_bytes() == content


def test_a_draft_that_cannot_be_written_is_said_to_be_so(draft, monkeypatch):
    """The decision is refused; the reviewer can quit, and the old text stands."""

    def full(*_, **__):
        """Fail as a full disk does."""
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    before = draft.read_bytes()

    done = decide(draft, "a\nq\n")

    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert draft.read_bytes() == before
    assert [each.name for each in draft.parent.iterdir()] == ["draft.yaml"]


def test_a_protocol_with_a_proposal_is_refused_and_reviewed_is_not(tmp_path):
    """`protocol check` before and after: the last gap is the person's decision."""
    file = tmp_path / "protocol.yaml"
    examples = {"I01": limits("hemoglobin", 9, 8)}
    file.write_text(
        finished(draft_of("Hemoglobin >= 9 g/dL", whole=True), examples), encoding="utf-8"
    )

    def check():
        """Check the file."""
        return CliRunner().invoke(main, ["protocol", "check", str(file)])

    before = check()
    done = decide(file, "a\n")
    after = check()

    assert before.exit_code == 2
    assert "a proposal for I01 that nobody reviewed" in before.stderr
    assert done.exit_code == 0
    assert "lacks" not in done.stdout
    assert after.exit_code == 0, after.stderr
    assert "no fault" in after.stdout
    assert read_yaml(file.read_text(encoding="utf-8")).value["criteria"][0]["kind"] == "rule"
