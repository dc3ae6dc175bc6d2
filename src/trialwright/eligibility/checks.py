"""Design-time checks of the criteria: what can never be right is said before any screening."""

from collections.abc import Iterator

from trialwright.eligibility.boundaries import unshown
from trialwright.eligibility.contradictions import contradictions
from trialwright.eligibility.examples import run
from trialwright.eligibility.trees import check as check_tree
from trialwright.protocol.criteria import leaves
from trialwright.protocol.leaf_rules import ApprovalRule
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Fault
from trialwright.terms.quantities import SUBSTANCES, comparable


def check(study: Study) -> tuple[Fault, ...]:
    """Find criteria that are impossible, contradictory or not shown by examples.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of Fault
        Every fault found, with dotted paths.
    """
    faults = [
        Fault(f"criteria.{place}.{where}", f"{criterion.id}: {found}", allowed, do)
        for place, criterion in enumerate(study.criteria)
        if criterion.rule is not None
        for where, found, allowed, do in check_tree(criterion.rule, study.terms, "rule")
    ]
    faults += [*_approvals(study), *contradictions(study)]
    for name, term in study.terms.items():
        faults += _measured(name, term) if term.kind == "observation" else _unmeasured(name, term)
        faults += _unrecorded(name, term)
    return tuple(faults) or (*_uncovered(study), *unshown(study), *run(study))


def _measured(name: str, term: Term) -> Iterator[Fault]:
    """Find an observation whose unit, substance or plausible window is unusable."""
    if not term.unit or not comparable(term.unit, term.unit):
        yield Fault(f"terms.{name}.unit", f"{term.unit!r}", "a UCUM unit", "Correct the unit")
    if term.substance and term.substance not in {*SUBSTANCES, "hba1c"}:
        yield Fault(
            f"terms.{name}.substance",
            f"{term.substance!r}, of which no molar mass is known",
            ", ".join(sorted({*SUBSTANCES, "hba1c"})),
            "Correct the substance, or leave it out",
        )
    if term.plausible and term.plausible.at_least >= term.plausible.at_most:
        yield Fault(
            f"terms.{name}.plausible",
            "a window that nothing lies in",
            "at_least under at_most",
            "Correct the bounds",
        )


def _unmeasured(name: str, term: Term) -> Iterator[Fault]:
    """Find a term that is not measured with what only an observation has."""
    for field, value in (
        ("unit", term.unit),
        ("substance", term.substance),
        ("plausible", term.plausible),
    ):
        if value:
            yield Fault(
                f"terms.{name}.{field}",
                f"a {field} of a {term.kind}",
                "none: nothing is measured",
                "Remove it, or correct the kind",
            )


def _unrecorded(name: str, term: Term) -> Iterator[Fault]:
    """Find codes of what no record holds, and a clearance of what is not given."""
    if term.kind == "question" and (term.codes or term.omop):
        yield Fault(
            f"terms.{name}.codes",
            "codes of a question",
            "none: a person answers, no record does",
            "Remove them, or correct the kind",
        )
    if term.kind == "treatment" and (term.codes or term.omop):
        yield Fault(
            f"terms.{name}.codes",
            "codes of a set of medicines",
            "none: its members have codes",
            "Give them to the medicines",
        )
    if term.kind != "treatment" and term.cleared_after_days is not None:
        yield Fault(
            f"terms.{name}.cleared_after_days",
            f"a clearance of a {term.kind}",
            "none: no medicine is given",
            "Remove it, or correct the kind",
        )


def _approvals(study: Study) -> Iterator[Fault]:
    """Find an approval that no rule asks for, and one that its criterion does not allow."""
    for place, criterion in enumerate(study.criteria):
        roles = {leaf.by for leaf in leaves(criterion.rule) if isinstance(leaf, ApprovalRule)}
        if criterion.approval and criterion.approval not in roles:
            yield Fault(
                f"criteria.{place}.approval",
                f"{criterion.id} may be approved by the {criterion.approval}",
                "a role that a rule of kind approval asks",
                "Add the rule, or remove the approval",
            )
        for role in sorted(roles - {criterion.approval}):
            yield Fault(
                f"criteria.{place}.approval",
                f"{criterion.id} asks the {role} to approve",
                "approvals by the role that the criterion names",
                f"Write approval: {role}, if the protocol leaves it to that role",
            )


def _uncovered(study: Study) -> Iterator[Fault]:
    """Find a criterion whose examples do not show each of its answers."""
    for place, criterion in enumerate(study.criteria):
        shown = {example.answer for example in criterion.examples}
        lets_in, keeps_out = ("absent", "present") if criterion.is_exclusion else ("met", "not met")
        wanted = {lets_in} if criterion.kind == "note" else {lets_in, keeps_out, "unknown"}
        lacking = ", ".join(sorted(wanted - shown))
        if lacking:
            yield Fault(
                f"criteria.{place}.examples",
                f"{criterion.id} has no example answered {lacking}",
                "an example for each answer",
                "Add one",
            )
