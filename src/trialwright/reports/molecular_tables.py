"""Tables of the response of circulating tumour DNA, with who can be said anything of."""

from collections.abc import Iterator, Sequence

from trialwright.biomarkers.molecular_response import (
    RULES,
    MolecularResponse,
    TreatedSpecimen,
    molecular_response,
)
from trialwright.endpoints.proportions import METHOD, clopper_pearson
from trialwright.reports.results import Result, told
from trialwright.reports.two_specimens import reading_said

RESPONSES = "Circulating tumour DNA from C1D1 to the first specimen of treatment"
RESPONDERS = "Response of circulating tumour DNA by participant"

_LEVEL = 0.95


def molecular_tables(found: Sequence[TreatedSpecimen]) -> Iterator[Result]:
    """Give the rates and reasons of responses, where a trial has cell-free DNA at all.

    Parameters
    ----------
    found : sequence of TreatedSpecimen
        Everybody of the analysis set.

    Yields
    ------
    Result
        Nothing where nobody has a result of C1D1 or blood of treatment.
    """
    if any(each.has_baseline or each.taken for each in found):
        yield from molecular_rates(found)
        yield from responder_listing(found)


def molecular_rates(found: Sequence[TreatedSpecimen]) -> Iterator[Result]:
    """Count who responded by each rule, of whom it can be said.

    Parameters
    ----------
    found : sequence of TreatedSpecimen
        Everybody of the analysis set.

    Yields
    ------
    Result
        One row a rule: the set, those with a result of C1D1, with a variant in it, and with a
        specimen of treatment besides; then yes, no, and who is not evaluable. The proportion is of
        those evaluable, with exact limits.
    """
    steps = (
        ("participants", len(found)),
        ("result of C1D1", sum(each.has_baseline for each in found)),
        ("variant at C1D1", sum(bool(each.detected) for each in found)),
        ("specimen of treatment", sum(bool(each.detected and each.taken) for each in found)),
    )
    for rule in RULES:
        answers = [molecular_response(each, rule).answer for each in found]
        yield told(RESPONSES, rule.name, "a response is that", rule.says)
        for name, count in steps:
            yield Result(RESPONSES, rule.name, name, "n", count, len(found), "", f"{count}")
        for name in ("yes", "no", "not evaluable"):
            count = sum(each == name for each in answers)
            yield Result(RESPONSES, rule.name, name, "n", count, len(found), "", f"{count}")
        yield from _share(rule.name, answers)


def _share(row: str, answers: Sequence[str]) -> Iterator[Result]:
    """Give the proportion of those evaluable."""
    yes = sum(each == "yes" for each in answers)
    known = yes + sum(each == "no" for each in answers)
    estimate, lower, upper, shown = None, None, None, "NE: nobody is evaluable"
    if known:
        estimate = yes / known
        lower, upper = clopper_pearson(yes, known, _LEVEL)
        shown = f"{yes}/{known} = {estimate:.0%} ({lower:.0%} to {upper:.0%})"
    for name, value in (("estimate", estimate), ("lower limit", lower), ("upper limit", upper)):
        yield Result(RESPONSES, row, "of those evaluable", name, value, known, METHOD, shown)


def responder_listing(found: Sequence[TreatedSpecimen]) -> Iterator[Result]:
    """List by each rule whether somebody responded, and why.

    Parameters
    ----------
    found : sequence of TreatedSpecimen
        Everybody of the analysis set.

    Yields
    ------
    Result
        One row a participant with a result of C1D1 or blood of treatment.
    """
    for each in found:
        if not each.has_baseline and each.taken is None:
            continue
        row = each.participant
        taken = f"{each.taken.id}, {each.taken.on or 'no day'}" if each.taken else each.why_none
        yield told(RESPONDERS, row, "first specimen of treatment", taken)
        fates = (
            f"{one.variant}: {reading_said(one.before)}, then {reading_said(one.after)}"
            for one in each.detected
        )
        yield told(RESPONDERS, row, "variants of C1D1", "; ".join(fates) or "none detected")
        for rule in RULES:
            yield told(RESPONDERS, row, rule.name, _said(molecular_response(each, rule)))


def _said(answer: MolecularResponse) -> str:
    """Write an answer with its reason."""
    return f"{answer.answer}: {answer.because}"
