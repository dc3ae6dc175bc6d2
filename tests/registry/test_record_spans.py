"""Every sign of every record lies in exactly one understood span or kept text."""

import gzip
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.invented_records import CRITERIA, SHAPES, WRAPPED, text_of
from tests.registry.placed_words import loose_signs, parsed
from tests.sizes import sized

from trialwright.registry.reading import read_record

FHIR = "researchstudies-2022-fhir.json"
STUDIES = ["NCT02684032", "NCT03473639", "NCT03964532", "NCT03641755", "NCT03959891", "NCT03990896"]

quick = settings(
    max_examples=sized(600, 15), deadline=None, suppress_health_check=list(HealthCheck)
)


def check(text, wanted="", outside=()):
    """Read a record; count the signs that are in no span or in two."""
    draft = read_record(text, "record.json", wanted)
    assert loose_signs(parsed(text), draft, outside) == []
    assert {id(each.span) for each in draft.kept} == {
        id(span) for span in draft.spans if span.standing == "kept"
    }
    assert all(each.because for each in draft.kept)
    assert all(re.fullmatch(r"[IE][0-9]{2}", each.id) for each in draft.criteria)
    assert len({each.id for each in draft.criteria}) == len(draft.criteria)
    for criterion in draft.criteria:
        for proposal in criterion.proposals:
            assert criterion.source_text[proposal.start : proposal.end] == proposal.words
    return draft


@pytest.mark.parametrize("shape", SHAPES)
def test_every_sign_of_an_invented_record_has_its_place(shape):
    """Each shape with all its fields."""
    check(text_of(SHAPES[shape]))


def test_every_sign_of_a_complete_record_has_its_place(shared):
    """1.4 million characters, results and all."""
    file = shared / "registry" / "nct02513394-ctgov-v2.json.gz"

    check(gzip.decompress(file.read_bytes()).decode("utf-8"))


def test_every_sign_of_the_earlier_version_of_the_first_trial_has_its_place(shared):
    """As a matching service returned it."""
    check((shared / "registry" / "nct03959891-2022-matching-service.json").read_text("utf-8"))


@pytest.mark.parametrize("wanted", STUDIES)
def test_every_sign_of_a_study_of_the_searchset_has_its_place(shared, wanted):
    """Each of the six, and the bundle around them."""
    others = [("entry", place) for place, each in enumerate(STUDIES) if each != wanted]

    check((shared / "registry" / FHIR).read_text("utf-8"), wanted, others)


def test_every_sign_of_the_corpus_has_its_place(shared):
    """43 line lists."""
    files = sorted((shared / "registry" / "phase1_breast").glob("*.json"))
    drafts = [check(file.read_text("utf-8")) for file in files]

    assert len(drafts) == 43


SIGNS = st.text(st.characters(codec="utf-8"), max_size=30)
PIECES = st.sampled_from(
    [
        "Inclusion Criteria:", "Exclusion Criteria:", "DISEASE CHARACTERISTICS:", "* ", "  * ",
        "    - ", "1. ", "a) ", "--x", "\n", "\n\n", "\r\n", "\r", "   ", ":", "For Arm A only: ",
        "\\>", "\\*", "Patients receive x PO on days 1-21.", "PRIMARY OBJECTIVES:", "I. To find",
        "OUTLINE: ", "After completion of study treatment, ", "Inclusion Criteria: a", "Part B:",
        "Exceptions:", "ANC >= 1500/uL", "\u2028", "\x85", "\x0b", "\u202e", "\x00", "\ufeff",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(PIECES, SIGNS), max_size=12).map("".join)
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-10, 10), st.just(1.5), TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=6,
)


def texts(value, path=()):
    """Give the path of each text of a record."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*path, key))
    elif isinstance(value, str):
        yield path


@st.composite
def built(draw, shape, values):
    """Build a record: some values are others, some keys new, some gone."""
    record = json.loads(text_of(SHAPES[shape]))
    places = list(texts(record))
    for path in draw(st.lists(st.sampled_from(places), min_size=1, max_size=6, unique=True)):
        *above, last = path
        inner = record
        for key in above:
            inner = inner[key]
        act = draw(st.sampled_from(["put", "put", "put", "add", "delete"]))
        if act == "delete" and isinstance(inner, dict) and above:
            inner.pop(last, None)
        elif act == "add" and isinstance(inner, dict):
            inner[draw(SIGNS)] = draw(values)
        elif last != "resourceType" and (isinstance(inner, list) or last in inner):
            inner[last] = draw(values)
    return text_of(record)


@pytest.mark.sized
@pytest.mark.parametrize("shape", SHAPES)
@quick
@given(data=st.data())
def test_every_sign_of_a_record_with_any_text_has_its_place(shape, data):
    """Arbitrary text in place of any text."""
    check(data.draw(built(shape, TEXT)))


@pytest.mark.sized
@pytest.mark.parametrize("shape", SHAPES)
@quick
@given(data=st.data())
def test_every_sign_of_a_record_with_any_values_has_its_place(shape, data):
    """Arbitrary JSON in place of any text, new keys, and keys that are gone."""
    check(data.draw(built(shape, VALUE)))


@pytest.mark.sized
@quick
@given(text=st.one_of(TEXT, st.tuples(st.just(CRITERIA), TEXT, st.just(WRAPPED)).map("".join)))
def test_every_sign_of_any_eligibility_text_has_its_place(text):
    """Pieces of headings, bullets and line ends in any order."""
    check(json.dumps({"trialId": "NCT99999999", "eligibility": text}))


@pytest.mark.sized
@quick
@given(lines=st.lists(TEXT, max_size=8))
def test_every_sign_of_any_list_of_lines_has_its_place(lines):
    """The same, line by line."""
    check(json.dumps({"Clinical Trial ID": "x", "Eligibility": lines, "Intervention": lines}))
