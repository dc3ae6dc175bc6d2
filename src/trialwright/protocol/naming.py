"""Which terms and medicines the rules of a criterion name."""

from collections.abc import Mapping

from trialwright.protocol.criteria import Criterion, leaves
from trialwright.protocol.event_rules import (
    ConditionRule,
    LinesRule,
    SpecimenRule,
    StableRule,
    TreatmentRule,
)
from trialwright.protocol.leaf_rules import (
    AgeRule,
    ApprovalRule,
    AttestedRule,
    ClearanceRule,
    FindingRule,
    Leaf,
    MultipleRule,
    ObservationRule,
    QtcfRule,
    RangeRule,
    SexRule,
)
from trialwright.protocol.vocabulary import Term

Named = tuple[tuple[str, str, str], ...]
"""Field of a rule, the term it names, and the kind that the term must be of."""


def names_of(leaf: Leaf) -> Named:
    """Give the terms that a rule names.

    Parameters
    ----------
    leaf : Leaf
        A rule without rules below it.

    Returns
    -------
    tuple of (str, str, str)
        Field, term and kind of term; empty for age and sex, which the participant's record holds.
    """
    match leaf:
        case ObservationRule() | MultipleRule() | RangeRule():
            return (("fact", leaf.fact, "observation"),)
        case FindingRule():
            return (("fact", leaf.fact, "finding"),)
        case ConditionRule():
            return (("fact", leaf.fact, "condition"),)
        case TreatmentRule():
            return (("fact", leaf.fact, "treatment"),)
        case SpecimenRule():
            return (("fact", leaf.fact, "specimen"),)
        case AttestedRule() | ApprovalRule():
            return (("question", leaf.question, "question"),)
        case AgeRule() | SexRule():
            return ()
        case _:
            return _several(leaf)


def _several(leaf: ClearanceRule | QtcfRule | StableRule | LinesRule) -> Named:
    """Give the terms of a rule that names several."""
    match leaf:
        case ClearanceRule():
            return (
                ("creatinine", leaf.creatinine, "observation"),
                ("weight", leaf.weight, "observation"),
            )
        case QtcfRule():
            return (
                ("fact", leaf.fact, "observation"),
                ("qt", leaf.qt, "observation"),
                ("rr", leaf.rr, "observation"),
            )
        case StableRule():
            return ("fact", leaf.fact, "condition"), ("status", leaf.status, "finding")
        case LinesRule():
            relapse = (
                ("relapse", leaf.relapse, "condition"),
                ("relapse_after", leaf.relapse_after, "treatment"),
            )
            named = tuple((field, name, kind) for field, name, kind in relapse if name)
            return (("fact", leaf.fact, "treatment"), *named)


def example_names(criterion: Criterion, terms: Mapping[str, Term]) -> set[str]:
    """Give the names under which an example of a criterion gives facts.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    terms : mapping of str to Term
        The vocabulary; a set of medicines stands for its members.

    Returns
    -------
    set of str
        Terms, medicines, and `age` and `sex` where they are asked.
    """
    known = {"sex"} if criterion.sex else set()
    for leaf in leaves(criterion.rule):
        known |= _needs_of(leaf)
        for _, name, kind in names_of(leaf):
            known |= set(terms[name].members) if kind == "treatment" else {name}
    return known


def _needs_of(leaf: Leaf) -> set[str]:
    """Give what a rule needs of the participant's own record."""
    match leaf:
        case AgeRule():
            return {"age"}
        case SexRule():
            return {"sex"}
        case ClearanceRule():
            return {"age", "sex"}
        case _:
            return set()
