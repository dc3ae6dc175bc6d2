"""What is signed is told in the words of the forms, and nothing of it is left out."""

import pytest

from trialwright.web.said import groups_of, sections_of
from trialwright.web.templatetags.words import plain

DAY = {"text": "2026-09", "earliest": "2026-09-01", "latest": "2026-09-30"}
WHOLE = {"text": "2026-09-21", "earliest": "2026-09-21", "latest": "2026-09-21"}
SHOWN = {
    "arm": "A",
    "choice": {},
    "adverse_events": [
        {"term": "Rash", "grade": 2, "started": DAY, "ended": WHOLE, "is_serious": False,
         "related_to": ["ipatasertib", "fulvestrant"],
         "source": {"kind": "person", "place": "clinic note"}},
    ],
    "doses": [
        {"agent": "ipatasertib", "status": "held", "amount": None, "reason": "toxicity"},
        {"agent": "ipatasertib", "status": "given", "reason": None,
         "amount": {"value": "400", "unit": "mg", "comparator": ""}},
    ],
    "course": {"counts": [{"units_a_dose": 2, "returned": 14}], "death": None},
}  # fmt: skip


def test_each_value_stands_under_the_words_of_its_form():
    """Groups as people speak of them; a day, an amount and a source in one line each."""
    told = [(each.says, each.rows) for each in groups_of(SHOWN)]

    assert told == [
        ("", [("Arm", "A"), ("Choice", {})]),
        ("Adverse event 1", [
            ("Term", "Rash"), ("Highest grade", 2),
            ("Began", "2026-09, that is 2026-09-01 to 2026-09-30"), ("Ended", "2026-09-21"),
            ("Serious", False), ("Study agents 1", "ipatasertib"),
            ("Study agents 2", "fulvestrant"), ("Source", "person: clinic note"),
        ]),
        ("Dose 1", [("Agent", "ipatasertib"), ("What became of it", "held"),
                    ("Amount taken", None), ("Why it was held or reduced", "toxicity")]),
        ("Dose 2", [("Agent", "ipatasertib"), ("What became of it", "given"),
                    ("Why it was held or reduced", None), ("Amount taken", "400 mg")]),
        ("Course, drug count 1", [("Units to a dose", 2), ("Units brought back", 14)]),
        ("Course", [("Death", None)]),
    ]  # fmt: skip


def test_empty_fields_are_named_beside_those_that_hold_a_value():
    """No is a value; of a dose without amount and reason both words are told, once."""
    whole, event, held, given, _, course = groups_of(SHOWN)

    assert (whole.filled, whole.empty) == ([("Arm", "A")], ["Choice"])
    assert ("Serious", False) in event.filled
    assert event.empty == []
    assert held.empty == ["Amount taken"]
    assert given.empty == ["Why it was held or reduced"]
    assert (course.filled, course.empty) == ([], ["Death"])


@pytest.mark.parametrize(
    ("coded", "printed"),
    [
        ("3 {score}", "3"),
        ("126 mm[Hg]", "126 mmHg"),
        ("33.5 [IU]/L", "33.5 IU/L"),
        ("2.4 10*3/uL", "2.4 × 10³/µL"),
        (
            "platelets 232 10*9/L, at least 100 10*9/L",
            "platelets 232 × 10⁹/L, at least 100 × 10⁹/L",
        ),
        ("68 umol/L", "68 µmol/L"),
        ("74 /min", "74 /min"),
        ("0.82 mg/dL", "0.82 mg/dL"),
        ("unacceptable toxicity", "unacceptable toxicity"),
    ],
)
def test_a_unit_is_written_as_laboratories_print_it(coded, printed):
    """Codes of UCUM become signs that people know; everything else stays as it is."""
    assert plain(coded) == printed


def test_a_name_of_the_vocabulary_is_told_in_words_with_the_name_behind():
    """Only where a field holds such a name: the same letters elsewhere stay as they are."""
    shown = {"observations": [{"term": "er-percent", "method": "er-percent"}]}

    (group,) = groups_of(shown, {"er-percent": "Estrogen receptor positive cells"})

    assert group.rows == [
        ("Term", "Estrogen receptor positive cells (er-percent)"),
        ("Method", "er-percent"),
    ]


def many(name, number):
    """Give a list of so many records."""
    return {name: [{"term": f"{name}-{place}"} for place in range(number)]}


def test_what_is_signed_stands_under_headings_with_nothing_left_out():
    """A long list within a part is a section; short ones stand with their part."""
    shown = {
        "number": "P-1",
        "casebook": {"born": "1950", **many("observations", 13), **many("conditions", 12)},
        **many("doses", 40),
        "course": {"death": None, **many("counts", 2)},
    }
    groups = groups_of(shown)

    sections = sections_of(groups)

    assert [(each.says, len(each.groups), each.is_short) for each in sections] == [
        ("General", 1, True),
        ("Casebook", 13, True),
        ("Casebook, observations", 13, True),
        ("Doses", 40, False),
        ("Course", 3, True),
    ]
    held = [each for section in sections for each in section.groups]
    assert sorted(map(id, held)) == sorted(map(id, groups))
    assert sum(each.values for each in sections) == sum(len(each.rows) for each in groups)
