"""What it means that nothing is recorded: the policy that each rule declares."""

from collections.abc import Iterable, Sequence
from datetime import date

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context
from trialwright.eligibility.windows import up_to
from trialwright.protocol.rule_parts import Recorded
from trialwright.terms.dates import days_after
from trialwright.terms.verdicts import Answer, Evidence, Finding

_MOST_LISTED = 5
"""Names that are told of one reason."""


def silent(
    rule: Recorded, what: str, names: Iterable[str], casebook: Casebook, context: Context
) -> Finding:
    """Say what it means that a record is silent about something.

    Parameters
    ----------
    rule : Recorded
        Declares the policy.
    what : str
        What nothing is recorded of, in words.
    names : iterable of str
        Terms or medicines concerned; the first is what is missing.
    casebook : Casebook
        What is known.
    context : Context
        Days, and the question that says that the record is complete.

    Returns
    -------
    Finding
        Not met where silence is absence: nothing of it is there. Unknown otherwise, and where
        something on record could not be read; it turns when a record that goes on has been complete
        for the whole look-back.
    """
    named = tuple(names)
    unread = casebook.unsettled.intersection(named)
    if unread:
        because = f"{what}: something on record could not be read ({_listed(sorted(unread))})"
        return Finding(Answer.UNKNOWN, because, missing=named[:1])
    match rule.not_recorded:
        case "absent":
            return Finding(
                Answer.NOT_MET, f"{what}: nothing recorded, which the protocol reads as absent"
            )
        case "absent-if-complete":
            return _if_complete(rule, what, named[:1], casebook, context)
        case _:
            return Finding(Answer.UNKNOWN, f"{what}: nothing recorded", missing=named[:1])


def _listed(names: Sequence[str]) -> str:
    """List names; of many the first, and how many more."""
    if len(names) <= _MOST_LISTED:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_LISTED])} and {len(names) - _MOST_LISTED} more"


def _if_complete(
    rule: Recorded, what: str, missing: tuple[str, ...], casebook: Casebook, context: Context
) -> Finding:
    """Read silence as absence where the record is complete over the look-back."""
    because = f"{what}: nothing recorded"
    evidence = completeness(rule.look_back_days or 1, casebook, context)
    if evidence is None:
        told = f"{because}, and the record is not known to be complete"
        turns_on = _covered_on(rule.look_back_days or 1, casebook, context)
        return Finding(Answer.UNKNOWN, told, missing=missing, turns_on=turns_on)
    return Finding(Answer.NOT_MET, f"{because} in a record known to be complete", (evidence,))


def completeness(look_back_days: int, casebook: Casebook, context: Context) -> Evidence | None:
    """Find what says that the record is complete over a look-back.

    Parameters
    ----------
    look_back_days : int
        Days before the anchor.
    casebook : Casebook
        What is known.
    context : Context
        Days, and the question that says so.

    Returns
    -------
    Evidence or None
        The newest answer `yes` to the protocol's question, given up to `as_of`; else the first
        span that certainly holds the look-back up to the day judged. None when neither is there.
    """
    if context.completeness and casebook.answered(context.completeness, context.as_of):
        return said_complete(casebook, context)
    first = days_after(context.anchored_on or context.day, -look_back_days)
    for span in casebook.coverage:
        begins = span.since is None or span.since.latest <= first
        if begins and span.until.earliest >= context.day:
            value = f"{span.since or 'birth'} to {span.until}"
            return Evidence("record complete", value, str(span.until), span.source)
    return None


def _covered_on(look_back_days: int, casebook: Casebook, context: Context) -> tuple[date, ...]:
    """Give the days of the anchor from which on a span that goes on holds the look-back."""
    anchored = context.anchored_on or context.day
    days = {
        up_to(span.since.latest, look_back_days)
        for span in casebook.coverage
        if span.since is not None and span.until.earliest >= context.day
    }
    return tuple(sorted(day for day in days if day > anchored))


def said_complete(casebook: Casebook, context: Context) -> Evidence | None:
    """Find a person's word that the record is complete.

    Parameters
    ----------
    casebook : Casebook
        What is known.
    context : Context
        Days, and the question that says so.

    Returns
    -------
    Evidence or None
        The newest answer to the protocol's question, given up to `as_of`, if it is `yes`.
    """
    said = casebook.answered(context.completeness, context.as_of)
    if said is None or said.answer != "yes":
        return None
    return said.evidence if said.on.on_or_before(context.as_of) is Answer.MET else None
