"""Recorded sex."""

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.leaf_rules import SexRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding


def judge(rule: SexRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the recorded sex.

    Parameters
    ----------
    rule : SexRule
        The sex asked for.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary; not needed here.

    Returns
    -------
    Finding
        Unknown when it is not recorded as female or male.
    """
    if casebook.sex is None:
        return unknown("sex: not recorded as female or male", "sex")
    answer = Answer.MET if casebook.sex == rule.expect else Answer.NOT_MET
    source = casebook.person or Source("derived", "participant record")
    evidence = Evidence("sex", casebook.sex, "", source)
    return Finding(answer, f"recorded sex {casebook.sex}, asked {rule.expect}", (evidence,))


def say(rule: SexRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : SexRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Returns
    -------
    str
        E.g. `recorded sex female`.
    """
    return f"recorded sex {rule.expect}"


def check(rule: SexRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time; nothing can be wrong with it.

    Parameters
    ----------
    rule : SexRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Yields
    ------
    tuple of str
        Nothing.
    """
    yield from ()
