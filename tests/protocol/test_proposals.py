"""Proposals and publications: what a protocol file may hold of them, and how it is written."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from trialwright.protocol.proposals import AgeProposal, LimitProposal, Proposal, Review
from trialwright.protocol.publication import KeptText, OtherNumber, Publication, RecordDate
from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.protocol.wellformed import faults_of
from trialwright.protocol.writing import write_plain
from trialwright.terms.errors import Refusal

PROPOSAL: TypeAdapter = TypeAdapter(Proposal)

WORDS = {"words": "Hemoglobin >= 9 g/dL", "start": 0, "end": 20, "confidence": "high"}
LIMIT = {**WORDS, "kind": "limit", "fact": "hemoglobin", "unit": "g/dL", "at_least": 9}
REVIEW = {"by": "ab", "on": "2099-01-31"}

KINDS = [
    LIMIT,
    {**WORDS, "kind": "limit", "fact": "alt", "times": "ULN", "below": 3, "given": "liver mets"},
    {**WORDS, "kind": "age", "at_least": 18, "at_most": Decimal("75.5")},
    {**WORDS, "kind": "age", "above": 17, "unit": "months"},
    {**WORDS, "kind": "sex", "expect": "all"},
    {**WORDS, "kind": "performance", "scale": "Karnofsky", "at_least": 70},
    {**WORDS, "kind": "life-expectancy", "unit": "weeks", "at_least": 12},
    {**WORDS, "kind": "wash-out", "unit": "half-lives", "below": 5, "whichever": "longer"},
    {**WORDS, "kind": "prior-lines", "what": "chemotherapy", "at_most": 2},
]


@pytest.mark.parametrize("plain", KINDS, ids=lambda each: each["kind"])
def test_each_kind_is_taken_and_waits(plain):
    """Who reads words proposes; nobody has decided."""
    proposal = PROPOSAL.validate_python(plain, strict=True)

    assert (proposal.kind, proposal.standing, proposal.review) == (plain["kind"], "proposed", None)


@pytest.mark.parametrize("plain", KINDS, ids=lambda each: each["kind"])
def test_each_kind_reads_back_from_yaml_and_json(plain):
    """Numbers with every digit, what is at its default left out."""
    proposal = PROPOSAL.validate_python(plain, strict=True)
    dumped = proposal.model_dump(exclude_defaults=True)

    back, faults = gather_yaml(write_plain({"x": dumped}))

    assert faults == []
    assert PROPOSAL.validate_python(back.value["x"], strict=True) == proposal
    assert PROPOSAL.validate_json(proposal.model_dump_json()) == proposal


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"at_least": None}, "has no bound"),
        ({"above": 8}, "two on one side"),
        ({"at_least": None, "at_most": 9, "below": 9}, "two on one side"),
        ({"kind": "hunch"}, "tag"),
        ({"confidence": "low"}, "confidence"),
        ({"standing": "decided"}, "standing"),
        ({"start": -1}, "greater than or equal to 0"),
        ({"end": 0}, "greater than or equal to 1"),
        ({"words": ""}, "at least 1 character"),
        ({"arms": ("b",)}, "pattern"),
        ({"arms": "B"}, "tuple"),
        ({"fact": "Hemoglobin"}, "pattern"),
        ({"unit": "x" * 41}, "at most 40"),
        ({"times": "normal"}, "ULN"),
        ({"given": "x" * 301}, "at most 300"),
        ({"at_least": 9.5}, "decimal|Decimal"),
        ({"at_least": "9"}, "decimal|Decimal"),
        ({"at_least": Decimal("1e30")}, "too long a number"),
        ({"words": "a\tb"}, "U\\+0009"),
        ({"because": "a\u202eb"}, "U\\+202E"),
        ({"surely": True}, "Extra"),
    ],
)
def test_what_no_proposal_can_hold_is_refused(change, because):
    """No bound or two on a side, odd words and places, other kinds, invisible signs."""
    with pytest.raises(ValidationError, match=because):
        PROPOSAL.validate_python(LIMIT | change, strict=True)


@pytest.mark.parametrize(
    ("standing", "review", "is_taken"),
    [
        ("proposed", None, True),
        ("proposed", REVIEW, False),
        ("accepted", None, False),
        ("accepted", REVIEW, True),
        ("edited", REVIEW, True),
        ("attested", REVIEW, True),
        ("attested", None, False),
    ],
)
def test_who_decided_is_named_if_and_only_if_somebody_did(standing, review, is_taken):
    """A decision of nobody is none."""
    plain = LIMIT | {"standing": standing, "review": review}

    if is_taken:
        assert PROPOSAL.validate_python(plain, strict=True).standing == standing
    else:
        with pytest.raises(ValidationError, match="review it"):
            PROPOSAL.validate_python(plain, strict=True)


@pytest.mark.parametrize(
    "review",
    [
        {"by": "", "on": "2099-01-31"},
        {"by": "x" * 61, "on": "2099-01-31"},
        {"by": "ab", "on": "31/01/2099"},
        {"by": "ab", "on": "2099-1-31"},
        {"by": "ab"},
        {"on": "2099-01-31"},
        {"by": "a\nb\x00", "on": "2099-01-31"},
    ],
)
def test_a_review_has_a_name_and_a_day(review):
    """The day as year-month-day."""
    with pytest.raises(ValidationError):
        Review.model_validate(review, strict=True)


def test_a_proposal_does_not_change():
    """A decision is another value."""
    proposal = PROPOSAL.validate_python(LIMIT, strict=True)

    with pytest.raises(ValidationError, match="frozen"):
        proposal.standing = "accepted"


@pytest.mark.parametrize(
    "values",
    [
        {"x": Decimal("1.50")},
        {"x": Decimal("0.9")},
        {"x": Decimal("-0.000001")},
        {"x": Decimal("123456789012345678.123456789012345678")},
        {"x": [1, -2, 0, True, False, None, "", " ", "no", "NO", "~", "null", "12:30", "1e5"]},
        {"x": {"y": {}, "z": []}, "on": "yes", "no": 1, "null": 2, "12": 3, "": 4},
        {"x": "a\nb\n", "y": "\n", "z": "a  b  " * 40, "w": "- a: [b\n# c"},
        {"x": "a\tb", "y": "\u00a0a", "z": "é≥\U0001f600", "w": "\x85\u2028"},
        {"x": "2099-01-31", "y": "2099-13-45", "z": "=", "w": "<<"},
    ],
)
def test_plain_values_read_back_as_they_are(values):
    """Numbers digit by digit, words that readers take differently in quotes."""
    back, faults = gather_yaml(write_plain(values))

    assert faults == []
    assert back.value == values
    assert repr(back.value) == repr(values)


@pytest.mark.parametrize(
    ("number", "written"),
    [("100000", "100000"), ("1E+5", "100000"), ("9.0", "9.0"), ("0E-3", "0.000")],
)
def test_numbers_are_written_without_an_exponent(number, written):
    """A whole one without a point, another with every digit."""
    assert write_plain({"x": Decimal(number)}) == f"x: {written}\n"


def test_tuples_and_days_are_written_as_lists_and_text():
    """The file has neither."""
    back, _ = gather_yaml(write_plain({"x": (1, ("a",)), "y": date(2099, 1, 31)}))

    assert back.value == {"x": [1, ["a"]], "y": "2099-01-31"}


def test_values_nested_beyond_a_protocol_are_refused():
    """In a sentence, not by the depth of the stack."""
    deep: dict = {}
    for _ in range(60):
        deep = {"x": deep}

    with pytest.raises(Refusal, match="nested very deep"):
        write_plain(deep)


def test_a_number_that_stands_twice_is_written_twice():
    """One value in memory is no anchor in the file."""
    number = Decimal("1.5")

    back, faults = gather_yaml(write_plain({"x": number, "y": number}))

    assert faults == []
    assert back.value == {"x": number, "y": number}


@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_changes_of_direction_are_escaped(sign):
    """A reader that refuses what nobody sees can read what was written."""
    back, faults = gather_yaml(write_plain({"x": f"a{sign}b"}))

    assert faults == []
    assert back.value == {"x": f"a{sign}b"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sex", "women"),
        ("sex", None),
        ("enrolled", -1),
        ("enrolled", Decimal("1.5")),
        ("enrolled", True),
        ("acronym", "x" * 2001),
        ("description", "x" * 40_001),
        ("outline", "a\x07b"),
        ("keywords", ("",)),
        ("keywords", "testinib"),
        ("minimum_age", 18),
        ("healthy_volunteers", "no"),
        ("started", {"date": "31.01.2099"}),
        ("started", {"date": "2099-1"}),
        ("started", {"date": "2099", "type": "GUESSED"}),
        ("other_numbers", ({"id": ""},)),
        ("kept", ({"place": "line 1"},)),
        ("kept", ({"place": "", "words": "x"},)),
        ("kept", ({"place": "line 1", "words": "x" * 200_001},)),
        ("colour", "green"),
    ],
)
def test_what_no_publication_can_hold_is_refused(field, value):
    """Other words, lengths, days and fields than a record has."""
    with pytest.raises(ValidationError):
        Publication.model_validate({field: value}, strict=True)


def test_a_publication_holds_what_a_record_states_and_nothing_by_itself():
    """All is empty until a record says it, and zero participants are a statement."""
    empty = Publication()
    full = Publication(
        acronym="INVENT",
        other_numbers=(OtherNumber(id="2099-000001-01", type="EUDRACT_NUMBER"),),
        enrolled=0,
        healthy_volunteers=False,
        started=RecordDate(date="2099-01"),
        completion=RecordDate(date="2101", type="ESTIMATED"),
        kept=(KeptText(place="line 12", words="", because="too long"),),
    )

    assert empty.model_dump(exclude_defaults=True) == {}
    assert Publication.model_validate_json(full.model_dump_json()) == full
    assert full.model_dump(exclude_defaults=True)["enrolled"] == 0
    assert full.model_dump(exclude_defaults=True)["healthy_volunteers"] is False


def with_proposals(text, *proposals):
    """Give the shipped protocol with proposals at its first criterion."""
    study = read_study(text).study
    first = study.criteria[0].model_copy(update={"proposals": proposals})
    return study.model_copy(update={"criteria": (first, *study.criteria[1:])})


def test_what_nobody_reviewed_is_a_fault_at_its_place(shipped_text):
    """Each of them, with what to do; a decided one is none."""
    waiting = PROPOSAL.validate_python(LIMIT, strict=True)
    review = Review(by="ab", on="2099-01-31")
    decided = waiting.model_copy(update={"standing": "accepted", "review": review})

    faults = faults_of(with_proposals(shipped_text, waiting, decided, waiting))

    assert [each.where for each in faults] == ["criteria.0.proposals.0", "criteria.0.proposals.2"]
    assert all("nobody reviewed" in each.found for each in faults)
    assert all("protocol review" in each.do for each in faults)
    assert faults_of(with_proposals(shipped_text, decided)) == ()


def test_what_nobody_reviewed_is_said_beside_other_faults(shipped_text):
    """One does not hide the other."""
    waiting = PROPOSAL.validate_python(LIMIT, strict=True)
    study = with_proposals(shipped_text, waiting)
    twice = study.model_copy(update={"criteria": (*study.criteria, study.criteria[-1])})

    wheres = [each.where for each in faults_of(twice)]

    assert wheres[0] == "criteria.0.proposals.0"
    assert f"criteria.{len(study.criteria)}.id" in wheres


def test_a_protocol_keeps_its_decided_proposals(shipped_text):
    """They read back with words, place, reviewer and day."""
    decided = LimitProposal(
        **WORDS,
        kind="limit",
        fact="hemoglobin",
        unit="g/dL",
        at_least=Decimal("9.50"),
        arms=("A", "C"),
        standing="edited",
        because="Hemoglobin >= 9.50 g/dL",
        review=Review(by="ab", on="2099-01-31"),
    )
    age = AgeProposal(**WORDS, kind="age", at_least=Decimal(18), standing="attested",
                      review=Review(by="ab", on="2099-01-31"))  # fmt: skip
    study = with_proposals(shipped_text, decided, age)

    written = write_plain(study.model_dump(mode="python", exclude_defaults=True))

    assert "at_least: 9.50" in written
    assert read_study(written).study == study
