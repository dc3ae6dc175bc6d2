"""Three-valued verdicts: Kleene's strong connectives, and never an answer without its reason."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding, all_of, any_of, negate

MET, NOT, UNK, NA = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN, Answer.NOT_APPLICABLE
ANSWERS = st.lists(st.sampled_from(Answer))


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (MET, MET, MET, MET),
        (MET, UNK, UNK, MET),
        (MET, NOT, NOT, MET),
        (UNK, MET, UNK, MET),
        (UNK, UNK, UNK, UNK),
        (UNK, NOT, NOT, UNK),
        (NOT, MET, NOT, MET),
        (NOT, UNK, NOT, UNK),
        (NOT, NOT, NOT, NOT),
        (NA, MET, MET, MET),
        (NA, UNK, UNK, UNK),
        (NA, NOT, NOT, NOT),
        (MET, NA, MET, MET),
        (UNK, NA, UNK, UNK),
        (NOT, NA, NOT, NOT),
        (NA, NA, NA, NA),
    ],
)
def test_truth_tables_of_and_and_or(one, other, both, either):
    """The tables are Kleene's (1952, section 64); what does not apply is left out."""
    assert all_of([one, other]) is both
    assert any_of([one, other]) is either


@pytest.mark.parametrize(("answer", "negated"), [(MET, NOT), (NOT, MET), (UNK, UNK), (NA, NA)])
def test_truth_table_of_not(answer, negated):
    """The negation of unknown is unknown."""
    assert negate(answer) is negated


@pytest.mark.parametrize("answers", [[], [NA], [NA, NA, NA]])
def test_nothing_that_applies_gives_not_applicable(answers):
    """An empty list of rules is neither met nor not met."""
    assert all_of(answers) is NA
    assert any_of(answers) is NA


@pytest.mark.parametrize("answers", list(product(Answer, repeat=3)))
def test_three_answers_combine_like_pairs(answers):
    """The connectives are associative: brackets do not matter."""
    one, other, third = answers

    assert all_of(answers) is all_of([all_of([one, other]), third])
    assert any_of(answers) is any_of([any_of([one, other]), third])


@given(ANSWERS)
def test_de_morgan(answers):
    """Not (a and b) is (not a) or (not b)."""
    assert negate(all_of(answers)) is any_of([negate(answer) for answer in answers])
    assert negate(any_of(answers)) is all_of([negate(answer) for answer in answers])


@given(ANSWERS, st.randoms(use_true_random=False))
def test_order_never_matters(answers, chance):
    """Rules may be judged in any order."""
    mixed = answers.copy()
    chance.shuffle(mixed)

    assert (all_of(mixed), any_of(mixed)) == (all_of(answers), any_of(answers))


@given(ANSWERS, st.integers(0, 5))
def test_what_does_not_apply_is_left_out(answers, place):
    """A rule for another arm changes nothing, unless it is all there is."""
    wider = [*answers[:place], NA, *answers[place:]]

    assert (all_of(wider), any_of(wider)) == (all_of(answers), any_of(answers))


@given(st.lists(st.sampled_from([MET, NOT, UNK]), min_size=1))
def test_unknown_resolves_to_what_filling_it_in_gives(answers):
    """An answer is unknown exactly when the missing facts could still decide it either way."""
    gaps = [place for place, answer in enumerate(answers) if answer is UNK][:6]
    kept = [answer for place, answer in enumerate(answers) if answer is not UNK or place in gaps]
    gaps = [place for place, answer in enumerate(kept) if answer is UNK]
    filled = []
    for values in product([MET, NOT], repeat=len(gaps)):
        told = list(kept)
        for place, value in zip(gaps, values, strict=True):
            told[place] = value
        filled.append((all_of(told), any_of(told)))

    for combined, column in ((all_of(kept), 0), (any_of(kept), 1)):
        possible = {row[column] for row in filled}
        assert possible == ({MET, NOT} if combined is UNK else {combined})


@given(st.sampled_from(Answer))
def test_negating_twice_changes_nothing(answer):
    """An exclusion of an exclusion is the rule itself."""
    assert negate(negate(answer)) is answer


def test_answers_are_said_in_words():
    """The four answers read as people write them."""
    assert [str(answer) for answer in Answer] == ["met", "not met", "unknown", "not applicable"]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-03", "hemoglobin 9.5 g/dL on 2026-03 [fhir Observation/1]"),
        ("", "hemoglobin 9.5 g/dL [fhir Observation/1]"),
    ],
)
def test_evidence_is_said_with_date_and_source(on, said):
    """Every number can be walked back to where it stands."""
    assert str(Evidence("hemoglobin", "9.5 g/dL", on, Source("fhir", "Observation/1"))) == said


@pytest.mark.parametrize("because", ["", " ", "\n"])
def test_answer_without_a_reason_is_a_mistake_in_the_program(because):
    """Nothing answers without a reason."""
    with pytest.raises(ValueError, match=r"^the answer not met has no reason$"):
        Finding(NOT, because)


def test_finding_needs_no_evidence():
    """A finding that rests on nothing recorded has an answer and a reason."""
    finding = Finding(UNK, "ECOG is not recorded", missing=("ecog",))

    assert (finding.evidence, finding.missing, finding.parts) == ((), ("ecog",), ())
