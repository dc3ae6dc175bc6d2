"""A question that a person answers and answers for."""

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.leaf_rules import AttestedRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.verdicts import Answer, Finding


def judge(rule: AttestedRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the last answer given in the role that may answer.

    Parameters
    ----------
    rule : AttestedRule
        Question, answer expected and role.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        Unknown until somebody in that role has answered. An answer in another role decides
        nothing, and takes nothing away.
    """
    term, role = context.terms[rule.question], rule.by.replace("-", " ")
    given = casebook.answered(rule.question, context.as_of, rule.by)
    if given is None:
        return _unanswered(rule, casebook, context)
    if given.on.on_or_before(context.as_of) is not Answer.MET:
        because = f"{term.says} Answered {given.on}, maybe after {context.as_of.isoformat()}."
        return Finding(Answer.UNKNOWN, because, (given.evidence,), (rule.question,))
    answer = Answer.MET if given.answer == rule.expect else Answer.NOT_MET
    because = f"{term.says} {given.answer.capitalize()}, {role}, {given.on}."
    return Finding(answer, because, (given.evidence,))


def _unanswered(rule: AttestedRule, casebook: Casebook, context: Context) -> Finding:
    """Say that nobody in the role asked has answered."""
    term, role = context.terms[rule.question], rule.by.replace("-", " ")
    other = casebook.answered(rule.question, context.as_of)
    if other is None:
        return unknown(f"{term.says} Not yet answered by the {role}.", rule.question)
    given_by = other.role.replace("-", " ")
    because = f"{term.says} Answered by the {given_by}, asked of the {role}."
    return Finding(Answer.UNKNOWN, because, (other.evidence,), (rule.question,))


def say(rule: AttestedRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : AttestedRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        The question, the answer expected and the role.
    """
    role = rule.by.replace("-", " ")
    return f"the {role} answers {rule.expect} to: {terms[rule.question].says}"


def check(rule: AttestedRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : AttestedRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: a question without a question mark.
    """
    if not terms[rule.question].says.endswith("?"):
        yield (
            f"{rule.question} is asked of a person and is no question",
            "words that end with a question mark",
            "Word it as a question",
        )
