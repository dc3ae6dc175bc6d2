"""The number of earlier lines of therapy, by the protocol's own counting rules."""

from datetime import date
from fractions import Fraction

from trialwright.casebook.facts import History
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.eligibility import windows
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.silence import said_complete
from trialwright.eligibility.therapy_lines import counted, lines_of, relapsed
from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds
from trialwright.terms.verdicts import Answer, Evidence, Finding


def judge(rule: LinesRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the number of lines, which is an interval while something is not known of them.

    Parameters
    ----------
    rule : LinesRule
        What counts, and bounds.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Unknown when no treatment of the set is on record, or too few lines are, unless a person
        says that the record is complete and nothing on record was left unread; and while the
        interval straddles a bound. What is left unread may be any number of lines. What is applied
        locally is no treatment of a line.
    """
    term = context.terms[rule.fact]
    records = _given(rule.fact, casebook, context)
    complete = _complete(rule, casebook, context)
    is_unread = _is_left_unread(rule, casebook, context)
    if not records and complete is None:
        said = "something on record could not be read" if is_unread else "no treatment recorded"
        return unknown(f"{term.says}: {said}", rule.fact)
    lines = lines_of(rule, records, context.day)
    relapse = _relapse(rule, casebook, context)
    least, most = counted(rule, records, context.day)
    least += relapse is Answer.MET
    most += relapse is not Answer.NOT_MET
    bounds = bounds_of(rule)
    if is_unread:
        answer = bounds.hold(Fraction(least), ">=")
        number, unread = f"{least} or more", ", and something on record could not be read"
    else:
        answer = up_to(bounds, least, most, is_complete=complete is not None)
        number = f"{least}" if least == most else f"{least} to {most}"
        is_open = answer is Answer.UNKNOWN and least == most
        unread = ", and the record is not known to be complete" if is_open else ""
    after = ", relapse after adjuvant treatment counted" if relapse is Answer.MET else ""
    because = f"{term.says}: {number} counted lines of {len(lines)}{after}{unread}, {BE[answer]}"
    evidence: tuple[Evidence, ...] = tuple(
        record.evidence for line in lines for record in line.treatments
    )
    evidence += () if records or complete is None else (complete,)
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    turns = _long_enough_on(rule, records, context.day)
    return Finding(answer, f"{because}{say_bounds(rule)}", evidence, missing, turns_on=turns)


def _long_enough_on(rule: LinesRule, records: tuple[Treatment, ...], day: date) -> tuple[date, ...]:
    """Give the days ahead on which a treatment that goes on will have lasted, or may have."""
    begun = [each.since for each in records if each.since is not None and rule.least_days]
    days = {
        windows.up_to(first, rule.least_days - 1)
        for since in begun
        for first in (since.earliest, since.latest)
    }
    return tuple(sorted(each for each in days if each > day))


def up_to(bounds: Bounds, least: int, most: int, *, is_complete: bool) -> Answer:
    """Say whether a number of lines meets bounds.

    Parameters
    ----------
    bounds : Bounds
        Of the rule.
    least, most : int, lines
        How many may be on record.
    is_complete : bool
        Whether the record is known to hold every line.

    Returns
    -------
    Answer
        Unknown when the numbers differ in it; too few lines are not too few while others may not
        be on record.
    """
    answers = {bounds.hold(Fraction(number)) for number in range(least, most + 1)}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    may_rise = bounds.hold(Fraction(most), ">=") is Answer.UNKNOWN
    return Answer.UNKNOWN if answer is Answer.NOT_MET and may_rise and not is_complete else answer


def _given(fact: str, casebook: Casebook, context: Context) -> tuple[Treatment, ...]:
    """Give the treatments of a set that are not applied locally."""
    records = casebook.treated_with(context.terms[fact].members, context.day)
    return tuple(each for each in records if not each.is_local)


def _complete(rule: LinesRule, casebook: Casebook, context: Context) -> Evidence | None:
    """Give what a person said of the record as complete; a record left unread is not."""
    if _is_left_unread(rule, casebook, context) or not context.completeness:
        return None
    return said_complete(casebook, context)  # a span of a source does not hold every line


def _is_left_unread(rule: LinesRule, casebook: Casebook, context: Context) -> bool:
    """Say whether something on record may be a treatment of the set, and could not be read."""
    return not casebook.unsettled.isdisjoint((rule.fact, *context.terms[rule.fact].members))


def _relapse(rule: LinesRule, casebook: Casebook, context: Context) -> Answer:
    """Say whether a relapse counts as one line; it does not where the rule has none."""
    if rule.relapse is None or rule.relapse_after is None:
        return Answer.NOT_MET
    before = _given(rule.relapse_after, casebook, context)
    known = casebook.conditions_of(rule.relapse, context.day)
    onsets = tuple(each for each in known if not isinstance(each, History))
    found = relapsed(rule, before, onsets, context.day)
    if before and found is Answer.NOT_MET and rule.relapse in casebook.unsettled:
        return Answer.UNKNOWN  # one that could not be read may have come sooner
    return found


def say(rule: LinesRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : LinesRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `at most 2 lines of Chemotherapy (metastatic, stopped for progression)`.
    """
    told = [" or ".join(rule.intents)]
    told += [f"stopped for {' or '.join(rule.stopped_for)}"] if rule.stopped_for else []
    told += [f"for at least {rule.least_days} days"] if rule.least_days else []
    if rule.relapse_after:
        after = terms[rule.relapse_after].says
        told.append(f"or relapse within {rule.relapse_days} days of adjuvant {after}")
    return f"{say_bounds(rule)} lines of {terms[rule.fact].says} ({', '.join(told)})"


def check(rule: LinesRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : LinesRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Yields
    ------
    tuple of str
        Found, allowed, do: bounds that no number of lines can meet.
    """
    yield from impossible(rule, f"lines of {rule.fact}")
    given = (rule.at_least, rule.above, rule.at_most, rule.below)
    is_negative = any(bound is not None and bound < 0 for bound in given)
    if is_negative or (rule.below is not None and rule.below <= 0):
        yield (f"{say_bounds(rule)} lines", "0 or more", "Correct the bound")
