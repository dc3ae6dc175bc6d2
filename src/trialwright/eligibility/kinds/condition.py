"""A condition present or absent; silence is unknown unless the protocol says otherwise."""

from trialwright.casebook.facts import Condition
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.criteria import ConditionRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.verdicts import Answer, Finding


def judge(rule: ConditionRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether the condition is present, or recorded as absent.

    Parameters
    ----------
    rule : ConditionRule
        Fact and what is expected.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        Unknown when nothing is recorded (unless the protocol reads silence as absence) and when
        records disagree.
    """
    says = context.terms[rule.fact].says
    records = casebook.conditions_of(rule.fact, context.as_of)
    if not records:
        if rule.not_recorded == "absent":
            because = f"{says}: nothing recorded, which the protocol reads as absent"
            return _finding(rule, because, (), is_present=False)
        return unknown(f"{says}: nothing recorded, present or absent", rule.fact)
    states = {_is_present(each, rule, context) for each in records}
    told = "; ".join(_tell(each) for each in records)
    if len(states) > 1 or None in states:
        because = f"{says}: records do not decide it ({told})"
        return Finding(
            Answer.UNKNOWN, because, tuple(each.evidence for each in records), (rule.fact,)
        )
    return _finding(rule, f"{says}: {told}", records, is_present=True in states)


def _is_present(record: Condition, rule: ConditionRule, context: Context) -> bool | None:
    """Say whether a record makes the condition present at the day asked; None: cannot tell."""
    if not record.is_present or rule.when == "ever" or record.until is None:
        return record.is_present
    ended = record.until.on_or_before(context.as_of)
    return None if ended is Answer.UNKNOWN else ended is Answer.NOT_MET


def _tell(record: Condition) -> str:
    """Say a record: state, dates and source."""
    since = f" since {record.since}" if record.since else ""
    until = f" until {record.until}" if record.until else ""
    return f"{'present' if record.is_present else 'absent'}{since}{until} [{record.source}]"


def _finding(
    rule: ConditionRule, because: str, records: tuple[Condition, ...], *, is_present: bool
) -> Finding:
    """Give the finding for a state that is decided."""
    is_met = is_present == (rule.expect == "present")
    answer = Answer.MET if is_met else Answer.NOT_MET
    return Finding(answer, because, tuple(each.evidence for each in records))


def say(rule: ConditionRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : ConditionRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `Pregnancy present`.
    """
    past = " (now or in the past)" if rule.when == "ever" else ""
    return f"{terms[rule.fact].says} {rule.expect}{past}"


def check(rule: ConditionRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : ConditionRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: presence expected although silence is read as absence.
    """
    if rule.expect == "present" and rule.not_recorded == "absent" and not terms[rule.fact].codes:
        yield (
            f"{rule.fact} has no code, and silence is read as absence",
            "a code under which records hold it, or not_recorded: unknown",
            "Add the codes, or leave silence unknown",
        )
