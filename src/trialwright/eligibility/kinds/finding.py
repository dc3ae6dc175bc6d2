"""A coded result that is one of those named."""

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes
from trialwright.eligibility.newest import nothing_recorded, of_newest, told, unless_unread
from trialwright.eligibility.silence import silent
from trialwright.protocol.leaf_rules import FindingRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.answers import IN_QUESTION, UNSURE
from trialwright.terms.verdicts import Answer, Finding


def judge(rule: FindingRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the latest coded result.

    Parameters
    ----------
    rule : FindingRule
        Fact and the answers that meet it.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Unknown when results of one day disagree, when the result is in question, when one that
        could not be read may be newer, and when the test did not decide and the rule does not name
        that; by the rule's policy when nothing is recorded.
    """
    found = of_newest(
        rule.fact,
        rule.within_days,
        casebook,
        context,
        lambda each: _judge_one(rule, each, context),
    )
    if found is not None:
        return unless_unread(found, (rule.fact,), casebook, context)
    if rule.not_recorded == "unknown":
        return nothing_recorded(rule.fact, casebook, context)
    return silent(rule, context.terms[rule.fact].says, (rule.fact,), casebook, context)


def _judge_one(rule: FindingRule, found: Observation, context: Context) -> Finding:
    """Judge one result."""
    shown = told(found, context.terms[rule.fact])
    if not isinstance(found.value, str) or found.value == IN_QUESTION:
        because = f"{shown} is no coded answer"
        return Finding(Answer.UNKNOWN, because, (found.evidence,), (rule.fact,))
    if found.value in UNSURE and found.value not in rule.among:
        because = f"{shown} decides nothing"
        return Finding(Answer.UNKNOWN, because, (found.evidence,), (rule.fact,))
    answer = Answer.MET if found.value in rule.among else Answer.NOT_MET
    is_so = "" if answer is Answer.MET else "not "
    because = f"{shown}, {is_so}{' or '.join(rule.among)}"
    return Finding(answer, because, (found.evidence,))


def say(rule: FindingRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : FindingRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `latest HIV test positive`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"latest {terms[rule.fact].says} {' or '.join(rule.among)}{window}"


def check(rule: FindingRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : FindingRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: an answer named twice, or one that is no answer.
    """
    if len(set(rule.among)) < len(rule.among) or IN_QUESTION in rule.among:
        yield (
            f"{rule.fact} among {', '.join(rule.among)}",
            f"answers, each once; {IN_QUESTION!r} is none",
            "Correct the list",
        )
