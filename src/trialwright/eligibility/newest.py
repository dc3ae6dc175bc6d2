"""Which results of a fact count, and what one of them says of bounds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, unknown
from trialwright.eligibility.windows import leaves_window_on, within
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Evidence, Finding


def newest(fact: str, casebook: Casebook, context: Context) -> tuple[Observation, ...]:
    """Give the results of a fact that may be the newest, in the order in which they came in.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    casebook : Casebook
        What is known.
    context : Context
        Gives the day judged.

    Returns
    -------
    tuple of Observation
        All of the newest day, and those whose partial date may be it; empty when none is known.
    """
    known = casebook.observed(fact, context.day)
    if not known:
        return ()
    last = known[-1].on
    if last.is_complete and (len(known) == 1 or known[-2].on.latest < last.earliest):
        return known[-1:]
    latest = max(each.on.earliest for each in known)
    return tuple(each for each in known if each.on.latest >= latest)


def of_newest(
    fact: str,
    within_days: int | None,
    casebook: Casebook,
    context: Context,
    judge_one: Callable[[Observation], Finding],
) -> Finding | None:
    """Judge the newest results of a fact; those of one day must agree, or one be the later.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    within_days : int or None, days
        How far back from the anchor a result counts.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.
    judge_one : callable (Observation) -> Finding
        Judges a result whose day is sure.

    Returns
    -------
    Finding or None
        None when nothing is recorded. Unknown when results that may be the newest disagree.
    """
    candidates = _last(newest(fact, casebook, context), fact, casebook, context)
    if not candidates:
        return None
    findings = [_dated(each, fact, within_days, context, judge_one) for each in candidates]
    turns = tuple(sorted({day for each in findings for day in each.turns_on}))
    if len({each.answer for each in findings}) == 1:
        return turning(findings[-1], turns)
    said = "; ".join(each.because for each in findings)
    because = f"results that may be the latest disagree: {said}"
    evidence = tuple(each.evidence[0] for each in findings)
    return Finding(Answer.UNKNOWN, because, evidence, (fact,), turns_on=turns)


def _last(
    candidates: tuple[Observation, ...], fact: str, casebook: Casebook, context: Context
) -> tuple[Observation, ...]:
    """Keep the last of results that may be the newest, where each has an instant on record.

    A civil day is as its place writes it, so that a result of the day before may be the later one;
    of two days before where the time zones lie more than 24 hours apart.
    A clock time without a time zone is no instant: many systems write midnight for a day alone.
    """
    moments = [_moment(each) for each in candidates]
    if not candidates or None in moments:
        return candidates
    day = candidates[0].on.earliest
    timed = [
        (moment, each)
        for each in casebook.observed(fact, context.day)
        if (day - each.on.earliest).days <= 2 and (moment := _moment(each)) is not None
    ]
    last = max(moment for moment, _ in timed)
    return tuple(each for moment, each in timed if moment == last)


def _moment(found: Observation) -> datetime | None:
    """Give the instant of a result of which the record names the time zone."""
    if not found.at:
        return None
    try:
        moment = datetime.fromisoformat(found.at)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _dated(
    found: Observation,
    fact: str,
    within_days: int | None,
    context: Context,
    judge_one: Callable[[Observation], Finding],
) -> Finding:
    """Judge a result, unless its day does not let it count; note when it grows too old."""
    doubt = doubtful_day(found, within_days, context)
    if doubt:
        shown = f"{told(found, context.terms[fact])}: {doubt}"
        return Finding(Answer.UNKNOWN, shown, (found.evidence,), (fact,))
    judged = judge_one(found)
    return turning(judged, leaving(found, within_days, context))


def turning(found: Finding, days: Iterable[date]) -> Finding:
    """Add days on which the answer of a finding may turn.

    Parameters
    ----------
    found : Finding
        The finding.
    days : iterable of date
        Later than the anchor, in any order.

    Returns
    -------
    Finding
        With its own days and these, in order, each once.
    """
    turns = tuple(sorted({*found.turns_on, *days}))
    return found if turns == found.turns_on else replace(found, turns_on=turns)


def leaving(found: Observation, within_days: int | None, context: Context) -> tuple[date, ...]:
    """Give the days of the anchor from which on a result leaves its window.

    Parameters
    ----------
    found : Observation
        The result.
    within_days : int or None, days
        How far back from the anchor a result counts; None: for ever.
    context : Context
        Gives the anchor.

    Returns
    -------
    tuple of date
        Later than the anchor, in order; two when a partial date leaves the window piecemeal.
    """
    anchored = context.anchored_on
    if within_days is None or anchored is None:
        return ()
    ends = sorted({found.on.earliest, found.on.latest})
    days = (leaves_window_on(end, within_days) for end in ends)
    return tuple(day for day in days if day > anchored)


def doubtful_day(found: Observation, within_days: int | None, context: Context) -> str:
    """Say why the day of a result does not let it count.

    Parameters
    ----------
    found : Observation
        The result.
    within_days : int or None, days
        How far back from the anchor a result counts.
    context : Context
        Days.

    Returns
    -------
    str
        Empty when it counts.
    """
    if found.on.on_or_before(context.day) is not Answer.MET:
        return f"may be later than {context.day.isoformat()}"
    if within_days is None:
        return ""
    match within(found.on, within_days, context):
        case None:
            return f"the day of {context.anchor.replace('_', ' ')} is not known"
        case Answer.MET:
            return ""
        case Answer.NOT_MET:
            return f"is older than {within_days} days"
        case _:
            return f"may be older than {within_days} days"


def told(found: Observation, term: Term) -> str:
    """Say a result as people read it.

    Parameters
    ----------
    found : Observation
        The result.
    term : Term
        Its term.

    Returns
    -------
    str
        E.g. `Hemoglobin 9.5 g/dL on 2026-03-02`.
    """
    return f"{term.says} {in_words(str(found.value))} on {found.on}"


@dataclass(frozen=True, slots=True)
class Amount:
    """A result as an exact number in the unit of a rule.

    Attributes
    ----------
    number : Fraction
        In the unit asked.
    comparator : str
        Empty, or that of the result.
    evidence : Evidence
        The result, with its converted value where the unit is another one.
    shown : str
        The result as people read it.
    """

    number: Fraction
    comparator: str
    evidence: Evidence
    shown: str


def amount_of(found: Observation, unit: str, context: Context) -> Amount | Finding:
    """Take a result as a number in a unit, or say why that cannot be.

    Parameters
    ----------
    found : Observation
        The result.
    unit : str
        UCUM unit asked.
    context : Context
        Gives its term.

    Returns
    -------
    Amount or Finding
        Unknown for what is no amount, does not convert, or can hardly be true: a wrong unit is
        asked about and never converted silently.
    """
    term = context.terms[found.term]
    shown = told(found, term)
    if isinstance(found.value, str):
        return _undecided(found, f"{shown} is no amount")
    try:
        number = found.value.exact_in(unit, term.substance)
        in_term = number
        if unit != term.unit:
            in_term = found.value.exact_in(term.unit, term.substance)
    except Refusal as refused:
        return _undecided(found, f"{shown}: {refused.faults[0].found}")
    window = term.plausible
    if window and not window.holds(in_term):
        return _undecided(found, f"{shown} can hardly be true (is the unit right?)")
    evidence = found.evidence
    if found.value.unit != unit:
        converted = str(found.value.to(unit, term.substance))
        evidence = replace(evidence, converted=converted)
        shown = f"{shown} (= {in_words(converted)})"
    return Amount(number, found.value.comparator, evidence, shown)


def _undecided(found: Observation, because: str) -> Finding:
    """Give an unknown finding of one result."""
    return Finding(Answer.UNKNOWN, because, (found.evidence,), (found.term,))


def nothing_recorded(fact: str, casebook: Casebook, context: Context) -> Finding:
    """Give the finding that nothing is recorded of a fact, which decides nothing.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    casebook : Casebook
        Says of what something on record could not be read.
    context : Context
        Day and vocabulary.

    Returns
    -------
    Finding
        Unknown, with the fact as missing.
    """
    says = context.terms[fact].says
    if fact in casebook.unsettled:
        return unknown(f"{says}: something on record could not be read", fact)
    return unknown(f"{says}: not recorded by {context.day.isoformat()}", fact)


def unless_unread(
    found: Finding, facts: Sequence[str], casebook: Casebook, context: Context
) -> Finding:
    """Leave open what the newest results say, where one that could not be read may be newer.

    Parameters
    ----------
    found : Finding
        By the results that were read, or by silence.
    facts : sequence of str
        Terms of the vocabulary whose newest results decide it.
    casebook : Casebook
        Says of what something on record could not be read.
    context : Context
        Vocabulary.

    Returns
    -------
    Finding
        Unknown, with the same evidence, where a result of a term was left out: one without a day,
        or of a subject that nobody knows. As found otherwise, and where somebody entered the newest
        by hand, who has settled it.
    """
    unread = tuple(
        each for each in facts if each in casebook.unsettled and not _is_by_hand(each, found)
    )
    if not unread or found.answer is Answer.UNKNOWN:
        return found
    named = ", ".join(context.terms[each].says for each in unread)
    because = f"{found.because}; a result on record that could not be read may be newer ({named})"
    return replace(found, answer=Answer.UNKNOWN, because=because, missing=unread)


def _is_by_hand(fact: str, found: Finding) -> bool:
    """Say whether somebody entered the newest result of a fact, or what stands in its place."""
    own = [each for each in found.evidence if each.what == fact] or found.evidence
    return any(each.source.kind == "person" for each in own)


def of_one_day(results: Sequence[Observation], number: int) -> tuple[Observation, ...]:
    """Give the newest results of one day, by instant, then by order of arrival.

    Parameters
    ----------
    results : sequence of Observation
        All of one complete day; one without an instant comes before those with one.
    number : int
        How many.

    Returns
    -------
    tuple of Observation
        Oldest first; fewer than `number` when there are fewer.
    """
    return tuple(sorted(results, key=instant)[-number:])


def instant(found: Observation) -> str:
    """Give the instant of a result, so that instants of two time zones compare.

    Parameters
    ----------
    found : Observation
        The result.

    Returns
    -------
    str
        ISO 8601 to the microsecond: in UTC where the record names the time zone, else as the
        clock showed. Empty where the record gives no instant.
    """
    try:
        moment = datetime.fromisoformat(found.at)
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat(timespec="microseconds")
