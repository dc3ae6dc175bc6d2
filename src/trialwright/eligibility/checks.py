"""Design-time checks of the criteria: what can never be right is said before any screening."""

from collections.abc import Iterator

from trialwright.eligibility.contradictions import contradictions
from trialwright.eligibility.examples import run
from trialwright.eligibility.trees import check as check_tree
from trialwright.protocol.criteria import leaves
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Fault
from trialwright.terms.quantities import SUBSTANCES, comparable


def check(study: Study) -> tuple[Fault, ...]:
    """Find criteria that are impossible, contradictory or not covered by an example.

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
    return tuple(faults) or (*_uncovered(study), *run(study))


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
    """Find a condition or question with what only an observation has."""
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


def _approvals(study: Study) -> Iterator[Fault]:
    """Find an approval that no rule of the criterion asks for."""
    for place, criterion in enumerate(study.criteria):
        roles = {leaf.by for leaf in leaves(criterion.rule) if leaf.kind == "approval"}
        if criterion.approval and criterion.approval not in roles:
            yield Fault(
                f"criteria.{place}.approval",
                f"{criterion.id} may be approved by the {criterion.approval}",
                "a role that a rule of kind approval asks",
                "Add the rule, or remove the approval",
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
