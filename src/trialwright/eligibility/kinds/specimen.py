"""A specimen of the tumour that suffices."""

from collections.abc import Sequence

from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Specimen
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.event_rules import SpecimenForm, SpecimenRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import decimal
from trialwright.terms.verdicts import Answer, Finding, all_of, any_of


def judge(rule: SpecimenRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether the specimens at hand suffice in one of the forms accepted.

    Parameters
    ----------
    rule : SpecimenRule
        Forms accepted.
    casebook : Casebook
        What is known.
    context : Context
        Days.

    Returns
    -------
    Finding
        Unknown when none is recorded, for none on record is not none there, and while a number
        or thickness that decides is not recorded.
    """
    held = [each for each in casebook.specimens if _is_there(each, context)]
    if not held:
        says = context.terms[rule.fact].says
        return unknown(f"{says}: no specimen is recorded", rule.fact)
    answers = [_suffices(form, held, context) for form in rule.accepts]
    answer = any_of(answers)
    told = "; ".join(str(each.evidence) for each in held)
    is_so = {Answer.MET: "suffices", Answer.NOT_MET: "does not suffice"}.get(answer, "may suffice")
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    evidence = tuple(each.evidence for each in held)
    return Finding(answer, f"{told}: {is_so} ({_said(rule)})", evidence, missing)


def _is_there(specimen: Specimen, context: Context) -> bool:
    """Say whether a specimen was taken by the day judged; one without a day was."""
    on = specimen.on
    return on is None or on.on_or_before(context.day) is not Answer.NOT_MET


def _suffices(form: SpecimenForm, held: Sequence[Specimen], context: Context) -> Answer:
    """Say whether the specimens of one form suffice; what is not recorded may be any number."""
    same = [each for each in held if each.form == form.form]
    fit = [(each, all_of([_is_cut(form, each), _is_taken(each, context)])) for each in same]
    if sum(each.number or 0 for each, fits in fit if fits is Answer.MET) >= form.at_least:
        return Answer.MET
    may_fit = [each for each, fits in fit if fits is not Answer.NOT_MET]
    most = sum(form.at_least if each.number is None else each.number for each in may_fit)
    return Answer.UNKNOWN if most >= form.at_least else Answer.NOT_MET


def _is_taken(specimen: Specimen, context: Context) -> Answer:
    """Say whether a specimen at hand was certainly taken by the day judged."""
    return Answer.MET if specimen.on is None else specimen.on.on_or_before(context.day)


def _is_cut(form: SpecimenForm, specimen: Specimen) -> Answer:
    """Say whether slides have the thickness asked for."""
    if form.thickness_um is None:
        return Answer.MET
    try:
        is_same = decimal(specimen.thickness_um) == form.thickness_um
    except Refusal:  # not recorded, or not as a number
        return Answer.UNKNOWN
    return Answer.MET if is_same else Answer.NOT_MET


def _said(rule: SpecimenRule) -> str:
    """Say the forms accepted."""
    return " or ".join(
        f"{form.at_least} {form.form}"
        + (f" of {form.thickness_um:f} um" if form.thickness_um else "")
        for form in rule.accepts
    )


def say(rule: SpecimenRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : SpecimenRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Returns
    -------
    str
        E.g. `a specimen of 1 block or 20 slides of 5 um`.
    """
    return f"a specimen of {_said(rule)}"


def check(rule: SpecimenRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : SpecimenRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Yields
    ------
    tuple of str
        Found, allowed, do: a thickness of what is not cut.
    """
    for form in rule.accepts:
        if form.thickness_um is not None and form.form != "slides":
            yield (
                f"a {form.form} of {form.thickness_um:f} um",
                "a thickness of slides",
                "Remove it",
            )
