"""The number of earlier lines of therapy, by the protocol's own counting rules."""

from fractions import Fraction

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.therapy_lines import lines_of, relapsed
from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.vocabulary import Term
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
        Unknown when no treatment of the set is on record, unless a person says that the record is
        complete, and while the interval straddles a bound.
    """
    term = context.terms[rule.fact]
    records = casebook.treated_with(term.members, context.day)
    if not records and not _is_complete(casebook, context):
        return unknown(f"{term.says}: no treatment recorded", rule.fact)
    lines = lines_of(rule, records, context.day)
    relapse = _relapse(rule, casebook, context)
    least = sum(each.counts is Answer.MET for each in lines) + (relapse is Answer.MET)
    most = least + sum(each.counts is Answer.UNKNOWN for each in lines)
    most += relapse is Answer.UNKNOWN
    bounds = bounds_of(rule)
    answers = {bounds.hold(Fraction(number)) for number in range(least, most + 1)}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    number = f"{least}" if least == most else f"{least} to {most}"
    after = ", relapse after adjuvant treatment counted" if relapse is Answer.MET else ""
    because = f"{term.says}: {number} counted lines of {len(lines)}{after}, {BE[answer]}"
    evidence: tuple[Evidence, ...] = tuple(
        record.evidence for line in lines for record in line.treatments
    )
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    return Finding(answer, f"{because}{say_bounds(rule)}", evidence, missing)


def _is_complete(casebook: Casebook, context: Context) -> bool:
    """Say whether a person has said that the record is complete."""
    if not context.completeness:
        return False
    said = casebook.answered(context.completeness, context.as_of)
    return said is not None and said.answer == "yes"


def _relapse(rule: LinesRule, casebook: Casebook, context: Context) -> Answer:
    """Say whether a relapse counts as one line; it does not where the rule has none."""
    if rule.relapse is None or rule.relapse_after is None:
        return Answer.NOT_MET
    members = context.terms[rule.relapse_after].members
    before = casebook.treated_with(members, context.day)
    onsets = casebook.conditions_of(rule.relapse, context.day)
    return relapsed(rule, before, onsets, context.day)


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
    highest = rule.at_most if rule.at_most is not None else rule.below
    if highest is not None and highest < (0 if rule.at_most is not None else 1):
        yield (f"{say_bounds(rule)} lines", "0 or more", "Correct the bound")
