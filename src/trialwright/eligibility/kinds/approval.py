"""An approval that the protocol itself leaves to a role; it is no waiver."""

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.kinds import attested
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.verdicts import Finding


def judge(rule: ApprovalRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether the role has approved.

    Parameters
    ----------
    rule : ApprovalRule
        What is approved, and by whom.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Met by the last answer `yes` in that role; unknown until somebody in it has answered.
    """
    if casebook.answered(rule.question, context.as_of) is None:
        says, role = context.terms[rule.question].says, rule.by.replace("-", " ")
        return unknown(f"{says} Not yet approved by the {role}.", rule.question)
    return attested.judge(_asked(rule), casebook, context)


def _asked(rule: ApprovalRule) -> AttestedRule:
    """Give the approval as the question it is."""
    return AttestedRule(kind="attested", question=rule.question, expect="yes", by=rule.by)


def say(rule: ApprovalRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : ApprovalRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        The question and the role that approves.
    """
    return f"the {rule.by.replace('-', ' ')} approves: {terms[rule.question].says}"


def check(rule: ApprovalRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : ApprovalRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: a question without a question mark.
    """
    yield from attested.check(_asked(rule), terms)
