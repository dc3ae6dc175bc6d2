"""Names in the words of a record: a whole text is one, a text may hold one, and `no` speaks."""

import pytest

from trialwright.intake.wording import Wording
from trialwright.protocol.vocabulary import Term


@pytest.fixture(scope="module")
def wording():
    """Give the names of an invented protocol."""
    condition = {"kind": "condition"}
    return Wording(
        {
            "brain": Term(says="b", **condition, words=("brain metastases", "CNS mets")),
            "gut": Term(says="g", **condition, words=("Crohn's disease",)),
            "infection": Term(
                says="i",
                **condition,
                words=("pneumonia", "COVID", "COVID-19"),
                unless=("aspiration",),
            ),
            "pregnancy": Term(says="p", **condition, words=("pregnancy",)),
            "sudden": Term(says="s", **condition, relative_words=("sudden death",)),
            "anc": Term(says="a", kind="observation", words=("neutrophils absolute",)),
            "her2": Term(says="h", kind="finding", words=("HER2 FISH",)),
        }
    )


@pytest.mark.parametrize(
    ("text", "certain", "possible"),
    [
        ("Crohn's disease", ("gut",), ()),
        ("CROHN\u2019S DISEASE (disorder)", ("gut",), ()),
        ("Crohn's disease of small intestine", (), ("gut",)),
        ("CNS mets, s/p WBRT", (), ("brain",)),
        ("Breast cancer; brain metastases", (), ("brain",)),
        ("High risk pregnancy", (), ("pregnancy",)),
        ("No evidence of lung, liver or brain metastases", (), ()),
        ("Brain metastases ruled out", (), ()),
        ("Family history of Crohn's disease", (), ()),
        ("At high risk for pneumonia", (), ()),
        ("No fever; pneumonia", (), ("infection",)),
        ("Aspiration pneumonia", (), ()),
        ("Pneumonia vaccine", (), ()),
        ("COVID-19 vaccination", (), ()),
        ("COVID-19", ("infection",), ()),
        ("Hypertension", (), ()),
    ],
)
def test_a_text_is_a_name_or_holds_one(wording, text, certain, possible):
    """What is denied, of a relative, of a screening or a vaccine tells nothing of her."""
    told = wording.told("condition", [text])

    assert (told.certain, told.possible) == (certain, possible)


def test_a_name_is_certain_once_one_of_the_texts_is_it(wording):
    """The words of a concept and those of its codings say the same in other words."""
    told = wording.told("condition", ["Crohn's disease (CMS/HCC)", "Crohn's disease of ileum"])

    assert (told.certain, told.possible) == (("gut",), ())


def test_a_relative_has_names_of_her_own(wording):
    """What the protocol asks of a relative is none of the participant's."""
    assert wording.told("relative", ["Sudden death at 40"]).possible == ("sudden",)
    assert wording.told("relative", ["Pneumonia"]).possible == ()
    assert wording.told("condition", ["Sudden death"]).certain == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Neutrophils, absolute", ("anc",)),
        ("ABSOLUTE NEUTROPHILS", ("anc",)),
        ("Neutrophils, absolute, urine", ()),
        ("HER2 FISH", ("her2",)),
        ("HER2 FISH, liver biopsy", ("her2",)),
        ("Comment on HER2 FISH", ()),
    ],
)
def test_a_result_is_told_by_its_whole_name(wording, text, named):
    """A finding may tell its specimen behind a mark; a measurement of urine is another one."""
    assert wording.results_named(text) == named
    assert wording.may_name(text) is bool(named)
