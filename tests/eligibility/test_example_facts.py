"""The notation of facts in examples: every part is read, and nothing is guessed."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.facts import Condition, Observation, ReferenceRange
from trialwright.casebook.treatments import Specimen, Treatment
from trialwright.eligibility.example_facts import (
    _OF_CONDITION,
    _OF_FINDING,
    _OF_OBSERVATION,
    _OF_SPECIMEN,
    _OF_TREATMENT,
    HERE,
    conditions,
    findings,
    observations,
    specimens,
    treatments,
)
from trialwright.protocol.describing import NOTATION
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

DAY = date(2020, 6, 15)
AST = Term(says="AST", kind="observation", unit="U/L")


def before(days):
    """Give the day so many days before."""
    return PartialDate.of(DAY - timedelta(days=days))


def seen(value, on=0, place=0, **fields):
    """Make the result that a value stands for."""
    at = f"{(DAY - timedelta(days=on)).isoformat()}T08:{place:02d}:00"
    return Observation("ast", Quantity.read(value, "U/L"), before(on), HERE, at=at, **fields)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, [seen("0 U/L")]),
        (Decimal("0.10"), [seen("0.10 U/L")]),
        ("90 g/L", [seen("90 g/L")]),
        ("<0.3 mg/dL", [seen("<0.3 mg/dL")]),
        ("120 U/L, ULN 40", [seen("120 U/L", high=Decimal(40))]),
        ("120, LLN 10.5", [seen("120 U/L", low=Decimal("10.5"))]),
        ("1 U/L, ULN 40, LLN 10", [seen("1 U/L", low=Decimal(10), high=Decimal(40))]),
        (
            "60 [IU]/L, postmenopausal 25 to 135",
            [
                seen(
                    "60 [IU]/L",
                    ranges=(ReferenceRange(Decimal(25), Decimal(135), "postmenopausal"),),
                )
            ],
        ),
        (
            "60, postmenopausal over 25",
            [seen("60 U/L", ranges=(ReferenceRange(Decimal(25), None, "postmenopausal"),))],
        ),
        (
            "60, postmenopausal under 30",
            [seen("60 U/L", ranges=(ReferenceRange(None, Decimal(30), "postmenopausal"),))],
        ),
        ("12 mm, spiral-ct", [seen("12 mm", method="spiral-ct")]),
        ("12 mm, 40 days before, mri", [seen("12 mm", 40, method="mri")]),
        ("12 mm, 1 day before", [seen("12 mm", 1)]),
        (
            "465 ms; 470 ms, 2 days before; 475 ms",
            [seen("465 ms"), seen("470 ms", 2, 1), seen("475 ms", 0, 2)],
        ),
    ],
)
def test_what_was_measured_is_read(value, expected):
    """An amount, then its range, its method and its day, in any order."""
    assert list(observations("ast", AST, value, DAY)) == expected


def test_the_first_results_of_two_facts_share_an_instant():
    """So QT finds the RR of its own ECG."""
    qt, rr = observations("qt", AST, "400 ms; 410 ms", DAY), observations("rr", AST, "8; 9", DAY)

    assert [each.at for each in qt] == [each.at for each in rr]
    assert len({each.at for each in qt}) == 2


@pytest.mark.parametrize(
    ("value", "word", "on", "about"),
    [
        ("negative", "negative", 0, ()),
        ("2+", "2+", 0, ()),
        (0, "0", 0, ()),
        ("stable, 40 days before", "stable", 40, ()),
        ("worsened, about cns-metastasis, 1 day before", "worsened", 1, ("cns-metastasis",)),
    ],
)
def test_what_was_found_is_read(value, word, on, about):
    """A word, its day, and the condition of which it speaks."""
    assert findings("status", value, DAY) == (
        Observation("status", word, before(on), HERE, about=about),
    )


def test_several_findings_stand_in_their_order():
    """Each with its own day."""
    found = findings("status", "stable, 40 days before; worsened", DAY)

    assert [(each.value, each.on) for each in found] == [
        ("stable", before(40)),
        ("worsened", before(0)),
    ]


def test_a_finding_speaks_of_the_condition_of_the_example():
    """Both name one place."""
    [finding] = findings("status", "stable, about cns-metastasis", DAY)
    [condition] = conditions("cns-metastasis", "present", DAY)

    assert condition.source.place in finding.about


PRESENT = Condition(
    "hiv", is_present=True, since=before(0), until=None,
    source=Source("example", "hiv"), recorded=before(0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("present", {}),
        ("absent", {"is_present": False}),
        ("suspected", {"is_confirmed": False}),
        ("present, since 300 days before", {"since": before(300)}),
        (
            "present, since 300 days before, until 9 days before",
            {"since": before(300), "until": before(9)},
        ),
        ("present, until 9 days before", {"since": None, "until": before(9)}),
        ("absent, since 5 days before", {"is_present": False, "since": before(5)}),
    ],
)
def test_a_condition_is_read(value, changes):
    """Its state, and since and until when; put on record on the day of the example."""
    assert conditions("hiv", value, DAY) == (replace(PRESENT, **changes),)


def test_several_records_of_a_condition_stand_in_their_order():
    """An absence before a presence, say."""
    states = [each.is_present for each in conditions("hiv", "absent; present", DAY)]

    assert states == [False, True]


GIVEN = Treatment("letrozole", before(400), None, is_ongoing=True, source=HERE, recorded=before(0))


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("ongoing", {}),
        ("ended", {"is_ongoing": False}),
        ("end not recorded", {"is_ongoing": None}),
        ("last dose 13 days before", {"is_ongoing": False, "until": before(13)}),
        (
            "last dose 370 days before",
            {"is_ongoing": False, "until": before(370), "since": before(400)},
        ),
        (
            "last dose 371 days before",
            {"is_ongoing": False, "until": before(371), "since": before(401)},
        ),
        (
            "last dose 600 days before, since 650 days before",
            {"is_ongoing": False, "until": before(600), "since": before(650)},
        ),
        ("ongoing, since 10 days before", {"since": before(10)}),
        ("metastatic, ongoing", {"intent": "metastatic"}),
        ("adjuvant, ongoing", {"intent": "adjuvant"}),
        ("neoadjuvant, ongoing", {"intent": "neoadjuvant"}),
        *(
            (f"ended, stopped for {why}", {"is_ongoing": False, "stopped_for": why})
            for why in ("progression", "toxicity", "completed", "refused", "other")
        ),
        ("ongoing, local", {"is_local": True}),
        ("ongoing, changed 9 days before", {"changed": before(9)}),
        ("last dose 0 days before", {"is_ongoing": False, "until": before(0)}),
    ],
)
def test_a_treatment_is_read(value, changes):
    """Begun 400 days before, or 30 days before an early last dose, unless it says since."""
    assert treatments("letrozole", value, DAY) == (replace(GIVEN, **changes),)


def test_several_courses_stand_in_their_order():
    """A medicine given twice."""
    courses = treatments("letrozole", "last dose 900 days before; ongoing", DAY)

    assert [each.is_ongoing for each in courses] == [False, True]


@pytest.mark.parametrize(
    ("value", "form", "number", "thickness", "on"),
    [
        ("1 block", "block", 1, "", 0),
        ("2 blocks", "block", 2, "", 0),
        ("block", "block", 1, "", 0),
        ("20 slides of 5 um", "slides", 20, "5", 0),
        ("19 slides of 4.5 um", "slides", 19, "4.5", 0),
        ("slides", "slides", None, "", 0),
        ("1 slide", "slides", 1, "", 0),
        ("biopsy", "biopsy", 1, "", 0),
        ("biopsy, 3 days before", "biopsy", 1, "", 3),
        ("0 slides", "slides", 0, "", 0),
    ],
)
def test_a_specimen_is_read(value, form, number, thickness, on):
    """Slides that nobody counted have no number."""
    assert specimens(value, DAY) == (Specimen(form, number, thickness, before(on), HERE),)


def test_several_specimens_stand_in_their_order():
    """Slides of two blocks."""
    assert [each.number for each in specimens("12 slides of 5 um; 8 slides of 5 um", DAY)] == [
        12,
        8,
    ]


@pytest.mark.parametrize(
    ("read", "value", "told"),
    [
        (lambda value: observations("x", AST, value, DAY), "5, ULN",
         "'5, ULN'. Allowed: parts such as N days before, ULN 40, LLN 10, postmenopausal 25 to "
         "135, postmenopausal over 25, postmenopausal under 30, a method such as spiral-ct. "
         "Correct the part."),
        (lambda value: observations("x", AST, value, DAY), "5, ULN 40, ULN 50",
         "'5, ULN 40, ULN 50'. Allowed: parts such as N days before, ULN 40, LLN 10, "
         "postmenopausal 25 to 135, postmenopausal over 25, postmenopausal under 30, a method "
         "such as spiral-ct. Say it once."),
        (lambda value: findings("x", value, DAY), "stable, yesterday",
         "'stable, yesterday'. Allowed: parts such as N days before, about a condition. "
         "Correct the part."),
        (lambda value: findings("x", value, DAY), "40 days before",
         "'40 days before'. Allowed: a word, then how many days before. Correct the value."),
        (lambda value: findings("x", value, DAY), "Jane Doe",
         "'Jane Doe'. Allowed: a word, then how many days before. Correct the value."),
        (lambda value: findings("x", value, DAY), "a" * 41,
         f"'{'a' * 41}'. Allowed: a word, then how many days before. Correct the value."),
        (lambda value: findings("x", value, DAY), "",
         "''. Allowed: a word, then how many days before. Correct the value."),
        (lambda value: conditions("x", value, DAY), "gone",
         "'gone'. Allowed: present, absent or suspected. Correct the value."),
        (lambda value: conditions("x", value, DAY), "present, 5 days before",
         "'present, 5 days before'. Allowed: parts such as since N days before, until N days "
         "before. Correct the part."),
        (lambda value: treatments("x", value, DAY), "metastatic",
         "'metastatic'. Allowed: one of ongoing, last dose N days before, ended, end not "
         "recorded. Say whether it ended."),
        (lambda value: treatments("x", value, DAY), "ongoing, ended",
         "'ongoing, ended'. Allowed: parts such as ongoing, last dose N days before, ended, end "
         "not recorded, since N days before, metastatic|adjuvant|neoadjuvant, stopped for "
         "progression|toxicity|completed|refused|other, local, changed N days before. "
         "Say it once."),
        (lambda value: treatments("x", value, DAY), "ongoing, stopped for fun",
         "'ongoing, stopped for fun'. Allowed: parts such as ongoing, last dose N days before, "
         "ended, end not recorded, since N days before, metastatic|adjuvant|neoadjuvant, stopped "
         "for progression|toxicity|completed|refused|other, local, changed N days before. "
         "Correct the part."),
        (lambda value: specimens(value, DAY), "20 slices",
         "'20 slices'. Allowed: 1 block, 20 slides of 5 um, biopsy. Correct the value."),
        (lambda value: specimens(value, DAY), "1 block, cold",
         "'1 block, cold'. Allowed: parts such as N days before. Correct the part."),
    ],
)  # fmt: skip
def test_a_part_that_says_nothing_or_something_twice_is_refused(read, value, told):
    """With the whole value as it stands, and what it can say."""
    with pytest.raises(Refusal) as caught:
        read(value)

    assert str(caught.value) == told


def test_days_outside_the_calendar_are_refused():
    """The calendar begins with year 1."""
    with pytest.raises(Refusal, match="outside the calendar"):
        conditions("x", "present, since 99999 days before", date(60, 1, 1))


@given(st.text(max_size=60) | st.integers() | st.decimals(allow_nan=False, allow_infinity=False))
def test_any_value_is_read_or_refused(value):
    """Nothing else comes of it."""
    for read in (
        lambda: observations("x", AST, value, DAY),
        lambda: findings("x", value, DAY),
        lambda: conditions("x", value, DAY),
        lambda: treatments("x", value, DAY),
        lambda: specimens(value, DAY),
    ):
        with suppress(Refusal):
            assert len(read()) == str(value).count(";") + 1


def written(kind):
    """Give the examples that the page of the protocol file shows for a kind of name."""
    row = next(each for each in NOTATION.splitlines() if each.startswith(f"| {kind} |"))
    return [each.strip('"') for each in re.findall(r"`([^`]+)`", row.split("|")[4])]


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("a measured term", lambda value: observations("ast", AST, value, DAY)),
        ("a finding", lambda value: findings("hiv", value, DAY)),
        ("a condition", lambda value: conditions("diabetes", value, DAY)),
        ("a medicine", lambda value: treatments("letrozole", value, DAY)),
        ("a specimen", lambda value: specimens(value, DAY)),
    ],
)
def test_what_the_page_shows_is_read(kind, read):
    """Each example of the notation is one."""
    examples = written(kind)

    assert examples
    assert all(read(each) for each in examples)


def test_the_page_shows_every_part():
    """Whatever a record may say beside its value is told."""
    parts = (*_OF_OBSERVATION, *_OF_FINDING, *_OF_CONDITION, *_OF_TREATMENT, *_OF_SPECIMEN)
    words = {word for _, _, shown in parts for word in re.findall(r"[a-zA-Z-]{4,}", shown)}

    assert {word for word in words if word not in NOTATION} == {"such"}
