"""What it means that nothing is recorded, as `eligibility.silence` says it."""

from typing import Any

import ibis

from trialwright.protocol.rule_parts import Recorded
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import Context, Gathered, key_in
from trialwright.warehouse.exact import NOT_MET, UNKNOWN, verdict


def gather(rule: Recorded, context: Context) -> tuple[Gathered, ...]:
    """Find the first observation period that holds the look-back of a rule.

    Parameters
    ----------
    rule : Recorded
        Declares the policy.
    context : Context
        Days and facts.

    Returns
    -------
    tuple of Gathered
        Empty for a rule that does not ask.
    """
    if rule.not_recorded != "absent-if-complete":
        return ()
    periods = context.staged.periods
    begin = days_after(context.anchored_on, -(rule.look_back_days or 1))
    holds = (periods.since <= begin) & (periods.until >= context.day)
    name = _name(rule, context)
    return (Gathered("periods", periods, {name: periods.period_id.min(where=holds)}),)


def silent(rule: Recorded, wide: Any, context: Context) -> tuple[Any, Any]:
    """Give the verdict of silence, and the period it rests on.

    Parameters
    ----------
    rule : Recorded
        Declares the policy.
    wide : ibis table
        One row a person, with the column that `gather` made.
    context : Context
        Days.

    Returns
    -------
    verdict : ibis value
        Not met where silence is absence, else unknown.
    key : ibis value
        Order of arrival of the observation period; null when there is none.
    """
    match rule.not_recorded:
        case "absent":
            return verdict(NOT_MET), ibis.null("int64")
        case "absent-if-complete":
            period = wide[_name(rule, context)]
            is_complete = period.notnull()
            found = ibis.ifelse(is_complete, verdict(NOT_MET), verdict(UNKNOWN))
            return found, key_in("observation_period", period)
        case _:
            return verdict(UNKNOWN), ibis.null("int64")


def _name(rule: Recorded, context: Context) -> str:
    """Name the column of a look-back, which criteria of one anchor share."""
    return f"complete_{rule.look_back_days}_{context.anchored_on:%Y%m%d}"
