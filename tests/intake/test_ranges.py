"""Ranges of groups stand apart from the range of everybody."""

import pytest

SNOMED = "http://snomed.info/sct"
FSH = {"value": 60, "unit": "mIU/mL", "code": "m[IU]/mL", "system": "http://unitsofmeasure.org"}


def end(value, unit="m[IU]/mL"):
    """Make one end of a range."""
    return {"value": value, "code": unit}


def ranged(*ranges, **more):
    """Make a result with ranges."""
    return {"valueQuantity": FSH, "referenceRange": list(ranges), **more}


def of_group(words="", code="", **ends):
    """Make a range of a group."""
    concept = {"text": words} if words else {}
    concept |= {"coding": [{"system": SNOMED, "code": code}]} if code else {}
    return {"low": end(25.8), "high": end(134.8), "appliesTo": [concept]} | ends


@pytest.mark.parametrize(
    ("given", "groups"),
    [
        (of_group("Postmenopausal women"), ["postmenopausal"]),
        (of_group("post-menopausal"), ["postmenopausal"]),
        (of_group(code="76498008"), ["postmenopausal"]),
        (of_group(code="307429007"), ["postmenopausal"]),
        (of_group("After menopause"), ["postmenopausal"]),
        (of_group("postmenopausal", low=end(25.8, "[IU]/L"), high=None), ["postmenopausal"]),
        (of_group("postmenopausal", low=end(25.8, "[IU]/mL"), high=None), []),
        (of_group("Follicular phase"), ["follicular"]),
        (of_group("luteal"), ["luteal"]),
        (of_group("Female"), ["female"]),
        (of_group("non-postmenopausal"), []),
        (of_group("patients of Dr Zyxwvut"), []),
        (of_group("postmenopausal", low=end(2, "g/dL"), high=None), []),
        (of_group("postmenopausal", low={"value": 25.8}, high=None), ["postmenopausal"]),
        (of_group("postmenopausal", low=end(25.8, "as usual"), high=None), []),
        (of_group("postmenopausal", age={"low": {"value": 60}}), []),
        (of_group("postmenopausal", low=end(200)), []),
    ],
)
def test_a_range_of_a_group_is_never_that_of_everybody(read, patient, observed, given, groups):
    """Only groups that are known here, in the unit of the result, in order."""
    found = read(patient, observed("15067-2", **ranged(given)))
    [fact] = found.casebook.observations

    assert [each.group for each in fact.ranges] == groups
    assert (fact.low, fact.high) == (None, None)


def test_plain_and_group_ranges_stand_side_by_side(read, patient, observed):
    """Each keeps its own ends, exactly as written."""
    plain = {"low": end(1), "high": end(9)}
    given = ranged(plain, of_group("postmenopausal"), of_group("luteal", high=None))
    [fact] = read(patient, observed("15067-2", **given)).casebook.observations

    assert (str(fact.low), str(fact.high)) == ("1", "9")
    assert [(str(each.low), str(each.high), each.group) for each in fact.ranges] == [
        ("25.8", "134.8", "postmenopausal"),
        ("25.8", "None", "luteal"),
    ]


def test_two_ranges_of_one_group_that_differ_are_left_out(read, patient, observed):
    """Which of them holds is not guessed."""
    given = ranged(of_group("postmenopausal"), of_group("postmenopausal", low=end(30)))
    [fact] = read(patient, observed("15067-2", **given)).casebook.observations

    assert fact.ranges == ()
