"""What is signed is told in the words of the forms, and nothing of it is left out."""

from trialwright.web.said import groups_of

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
