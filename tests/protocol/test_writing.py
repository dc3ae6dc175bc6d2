"""A study written as YAML reads back as the same study."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.protocol.studies import AWKWARD, seen, studies
from tests.sizes import sized

from trialwright.assembly.protocols import shipped
from trialwright.protocol.criteria import NotRule
from trialwright.protocol.leaf_rules import SexRule
from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.protocol.writing import write_study
from trialwright.terms.errors import Refusal

SLOW = settings(
    max_examples=sized(250, 15),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


BARE = shipped("nct03959891").study.model_copy(
    update=dict.fromkeys(
        ("arms", "criteria", "assessments", "endpoints", "objectives", "obligations"), ()
    )
    | {"terms": {}, "agents": {}, "medicines": {}}
)


@pytest.fixture(scope="module")
def study():
    """Give the shipped study."""
    return shipped("nct03959891").study


def retitled(study, **texts):
    """Give the study with other texts, as the model takes them."""
    return type(study).model_validate({**dict(study), **texts})


@SLOW
@given(studies())
def test_a_study_written_reads_back_as_the_same_study(study):
    """Study to YAML to study, for studies of any shape and words."""
    again = read_study(write_study(study)).study

    assert again == study
    assert [str(arm.ladder.doses) for arm in again.arms] == [
        str(arm.ladder.doses) for arm in study.arms
    ]


@SLOW
@given(studies())
def test_a_text_written_from_what_it_reads_is_stable(study):
    """A second writing changes no sign, so that texts can be compared."""
    text = write_study(study)

    assert write_study(read_study(text).study) == text


def test_the_shipped_protocol_is_written_and_read_back(study):
    """What ships survives the way through the writer."""
    text = write_study(study)

    assert read_study(text).study == study
    assert write_study(read_study(text).study) == text


@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_survive_as_text(words):
    """`NO` stays a word, `012` keeps its zero, line ends and colons stay where they are."""
    written = write_study(BARE.model_copy(update={"title": words, "summary": words}))

    assert read_yaml(written).value["title"] == words
    assert read_yaml(written).value["summary"] == words


def test_awkward_words_survive_as_the_words_of_a_study(study):
    """What the model makes of them is what was written, word by word."""
    said = study.criteria[0]
    more = tuple(
        said.model_copy(update={"id": f"I{number}", "says": words})
        for number, words in enumerate(AWKWARD, start=21)
    )

    written = write_study(study.model_copy(update={"criteria": (*study.criteria, *more)}))

    assert [each.says for each in read_study(written).study.criteria[-len(more) :]] == AWKWARD


@settings(max_examples=sized(1_200, 40), deadline=None)
@given(
    st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=6).map(" ".join)
    | st.text(st.sampled_from("ab \n:#-'\"\\,[]{}&*!|>%@`?~0129."), min_size=1)
    | st.text(min_size=1, max_size=200).filter(seen)
)
def test_any_words_survive_as_text(words):
    """Whatever the emitter would fold, escape or quote comes back sign by sign."""
    text = write_study(BARE.model_copy(update={"title": words}))

    assert read_yaml(text).value["title"] == words


def test_values_at_their_default_are_left_out(study):
    """A protocol stays as short as its author wrote it."""
    written = read_yaml(write_study(study)).value

    assert "not_recorded" not in written["criteria"][0]["rule"]["of"][0]
    assert "arms" not in written["criteria"][0]
    assert written["criteria"][32]["arms"] == ["C"]


@pytest.mark.parametrize(
    ("number", "written"),
    [("200", "200"), ("2.50", "2.50"), ("1E+2", "100"), ("1.0E-7", "0.00000010")],
)
def test_numbers_are_written_plainly(study, number, written):
    """No exponent, no float, and the zeros that were given."""
    arm = study.arms[0]
    ladder = type(arm.ladder).model_validate({**dict(arm.ladder), "doses": (Decimal(number),)})
    arms = (arm.model_copy(update={"ladder": ladder}), *study.arms[1:])
    text = write_study(study.model_copy(update={"arms": arms}))

    (dose,) = read_yaml(text).value["arms"][0]["ladder"]["doses"]

    assert f"{Decimal(dose):f}" == written


def test_a_tree_deeper_than_a_file_may_be_is_not_written(study):
    """What the reader would refuse is refused when written."""
    rule = SexRule(kind="sex", expect="female")
    for _ in range(40):
        rule = NotRule(kind="not", rule=rule)
    deep = study.criteria[0].model_copy(update={"rule": rule})

    with pytest.raises(Refusal, match="rules nested very deep"):
        write_study(study.model_copy(update={"criteria": (deep,)}))
