"""Records of every form that `Record` allows, odd and empty ones first."""

import types
import typing

from hypothesis import strategies as st
from pydantic import BaseModel
from tests.protocol.studies import (
    CYCLES,
    DAY_RANGES,
    NAMES,
    WORDS,
    bounds,
    leaf_rules,
    trees,
)

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.protocol.criteria import Rule
from trialwright.protocol.proposals import (
    AgeProposal,
    LifeExpectancyProposal,
    LimitProposal,
    PerformanceProposal,
    PriorLinesProposal,
    Proposal,
    Review,
    SexProposal,
    WashOutProposal,
)
from trialwright.protocol.publication import KeptText, OtherNumber, Publication, RecordDate
from trialwright.protocol.vocabulary import Term
from trialwright.registry.record import Record, RecordAgent, RecordArm, RecordCriterion

AWKWARD = [
    *["", "", " ", "A", "B", "C", "E01", "I01", "I02", "safety", "primary", "secondary", "phase"],
    *["PO", "oral", "RXNORM 282357", "RXNORM ", "LOCAL a b", "urn:trialwright:code", "not-stated"],
    *["Not stated", "USA", "United States", "Georgia", "ClinicalTrials.gov", "2026-11-22"],
    *["National Cancer Institute", "PARALLEL", "Parallel Assignment", "EXPERIMENTAL", "Ib", "I/Ib"],
    *[
        "2026-02-30",
        "18 Years",
        "075 Years",
        "registry",
        "not_in_registry",
        "sponsor",
        "null",
        "{}",
    ],
    *["principal-investigator", "treatment", "randomised", "attested", "line\nline", "<7 & >3"],
]
"""Texts that a writer may take for its own codes, and texts without words."""

TEXTS = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LINES = st.sampled_from([each for each in AWKWARD if "\n" not in each]) | WORDS
SOME_WORDS = LINES.filter(bool)
TERMS = {
    "platelets": Term(says="Platelets", kind="observation", unit="/mm3"),
    "hiv": Term(says="HIV", kind="condition"),
    "consent": Term(says="Consent?", kind="question"),
}
DATES = st.builds(
    RecordDate,
    date=st.sampled_from(["2019", "2019-05", "2019-05-31"]),
    type=st.sampled_from(["", "ACTUAL", "ESTIMATED"]),
)


def _proposals(kind, name, limits, **values):
    """Give proposals of one kind, reviewed or not."""
    return st.builds(
        lambda limits, review, standing, told: kind(
            kind=name,
            start=3,
            end=9,
            standing=standing if review else "proposed",
            review=review,
            **limits,
            **told,
        ),
        limits,
        st.none() | st.just(Review(by="ab", on="2026-01-31")),
        st.sampled_from(["accepted", "edited", "attested"]),
        st.fixed_dictionaries(
            {
                "words": SOME_WORDS,
                "confidence": st.sampled_from(["high", "medium"]),
                "because": LINES,
                "arms": st.sampled_from([(), ("C",), ("A", "C")]),
                **values,
            }
        ),
    )


UNITS = st.sampled_from(["days", "weeks", "months", "years"])
PROPOSALS = st.one_of(
    _proposals(
        LimitProposal,
        "limit",
        bounds(),
        fact=NAMES,
        unit=st.sampled_from(["", "g/dL"]),
        times=st.sampled_from([None, "ULN", "baseline"]),
        given=LINES,
    ),
    _proposals(AgeProposal, "age", bounds(), unit=st.sampled_from(["years", "months"])),
    _proposals(SexProposal, "sex", st.just({}), expect=st.sampled_from(["female", "male", "all"])),
    _proposals(PerformanceProposal, "performance", bounds(), scale=st.just("ECOG")),
    _proposals(LifeExpectancyProposal, "life-expectancy", bounds(), unit=UNITS),
    _proposals(WashOutProposal, "wash-out", bounds(), what=LINES, unit=UNITS, before=LINES),
    _proposals(PriorLinesProposal, "prior-lines", bounds(), what=LINES),
)

FIELDS = {
    (Publication, "conditions"): st.lists(SOME_WORDS, max_size=2).map(tuple),
    (Publication, "keywords"): st.lists(SOME_WORDS, max_size=2).map(tuple),
    (Publication, "collaborators"): st.lists(SOME_WORDS, max_size=2).map(tuple),
    (Publication, "other_numbers"): st.lists(
        st.builds(OtherNumber, id=SOME_WORDS, type=LINES, domain=LINES), max_size=3
    ).map(tuple),
    (Publication, "sex"): st.sampled_from(["", "female", "male", "all"]),
    (Publication, "enrolled"): st.none() | st.integers(0, 10**9),
    (Publication, "minimum_age"): st.sampled_from(["", "18 Years", "6 Months", "018 Years"]),
    (Publication, "maximum_age"): st.sampled_from(["", "75 Years", "N/A"]),
    (Publication, "kept"): st.lists(
        st.builds(KeptText, place=SOME_WORDS, words=LINES, because=LINES), max_size=2
    ).map(tuple),
    (RecordCriterion, "arms"): st.lists(st.sampled_from("ABCZ"), max_size=3).map(tuple),
    (RecordCriterion, "id"): st.sampled_from(["I01", "I02", "E01", "E02", "X", ""]),
    (RecordArm, "id"): st.sampled_from(["A", "B", "C", "A", ""]),
}
"""Fields whose values other rules narrow, or that should often meet."""


def values_of(annotation, owner=None, name=""):
    """Give values of the type of a field."""
    if (owner, name) in FIELDS:
        return FIELDS[owner, name]
    if annotation is Rule:
        return trees(leaf_rules(TERMS))
    if annotation is Proposal:
        return PROPOSALS
    told = {
        str: LINES if owner is Publication else TEXTS,
        bool: st.booleans(),
        int: st.integers(0, 10**6),
        DayRange: DAY_RANGES,
        CycleRange: CYCLES,
        RecordDate: DATES,
    }
    if annotation in told:
        return told[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return made(annotation)
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple:
        return st.lists(values_of(inside[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXTS, values_of(inside[1]), max_size=3)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(
            *(st.none() if each is type(None) else values_of(each, owner, name) for each in inside)
        )
    if origin is typing.Annotated:
        return values_of(inside[0], owner, name)
    raise AssertionError(f"{owner} {name}: no values of {annotation!r}")


def made(kind):
    """Give values of a model, each field with values of its type."""
    return st.builds(
        kind,
        **{
            name: values_of(info.rebuild_annotation(), kind, name)
            for name, info in kind.model_fields.items()
        },
    )


RECORDS = made(Record)
"""Any record, whether or not a protocol could have it."""

AGENTS = made(RecordAgent)
