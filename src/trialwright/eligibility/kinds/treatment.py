"""A medicine or treatment of a set; a wash-out is counted from the last dose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.courses import DoseSince, dose_since, first_of_courses
from trialwright.eligibility.last_dose import goes_on, has_begun, last_dose
from trialwright.eligibility.silence import silent
from trialwright.eligibility.windows import up_to
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.verdicts import Answer, Evidence, Finding, all_of

_HOURS = 24

_GOING = {Answer.MET: "taken", Answer.NOT_MET: "over", Answer.UNKNOWN: "perhaps taken"}
"""How what goes on, or not, is told of a day."""

_WITHIN = {
    Answer.MET: "within", Answer.NOT_MET: "not within", Answer.UNKNOWN: "perhaps within",
}  # fmt: skip
"""How a last dose is told to lie in a wash-out, or not."""


def judge(rule: TreatmentRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether a treatment of the set counts.

    Parameters
    ----------
    rule : TreatmentRule
        Set, time and reasons for stopping.
    casebook : Casebook
        What is known.
    context : Context
        Days, vocabulary and medicines.

    Returns
    -------
    Finding
        Met by one record that certainly counts. Unknown while one may count, or while the record
        may be silent about others; by the rule's policy else.
    """
    term = context.terms[rule.fact]
    if rule.days is not None and context.anchored_on is None:
        named = context.anchor.replace("_", " ")
        return unknown(f"{term.says}: the day of {named} is not known", context.anchor)
    records = [
        each for each in casebook.treated_with(term.members, context.day) if not each.is_local
    ]
    firsts = _firsts(records, rule, context)
    counted = [_Counted.of(each, rule, context, firsts) for each in records]
    turns = tuple(sorted({day for each in counted for day in each.turns_on}))
    for answer in (Answer.MET, Answer.UNKNOWN):
        deciding = [each for each in counted if each.answer is answer]
        if deciding:
            because = "; ".join(each.because for each in deciding)
            evidence = tuple(dict.fromkeys(told for each in deciding for told in each.evidence))
            missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
            return Finding(answer, because, evidence, missing, turns_on=turns)
    others = " beside these" if counted else ""
    rest = silent(rule, f"{term.says}{others}", (rule.fact, *term.members), casebook, context)
    told = "; ".join(each.because for each in counted)
    because = f"{told}; {rest.because}" if told else rest.because
    evidence = (*(each.record.evidence for each in counted), *rest.evidence)
    turns = tuple(sorted({*turns, *rest.turns_on}))
    return Finding(rest.answer, because, evidence, rest.missing, turns_on=turns)


_Firsts = Mapping[Treatment, Treatment]
"""The record with which the course of each may have begun; empty where no rule asks for it."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """One record and whether it counts; what it goes on from is evidence too."""

    record: Treatment
    answer: Answer
    because: str
    turns_on: tuple[date, ...] = ()
    before: Treatment | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The record, and the one from which it may go on."""
        return tuple(each.evidence for each in (self.record, self.before) if each is not None)

    @classmethod
    def of(
        cls, record: Treatment, rule: TreatmentRule, context: Context, firsts: _Firsts
    ) -> "_Counted":
        """Say whether a record counts."""
        shown = f"{context.medicines[record.medicine].says} {record.evidence.value}"
        dose = dose_since(record, firsts, context.day)
        timed, because, turns_on = _timed(record, rule, context, dose)
        answer = all_of([has_begun(record, context.day), timed, _stopped(record, rule)])
        stopped = f", stopped for {record.stopped_for or 'a reason not recorded'}"
        shown += stopped if rule.stopped_for else ""
        ahead = context.anchored_on or context.day
        turns = tuple(sorted({day for day in turns_on if day > ahead}))
        return cls(record, answer, f"{shown}{because}", turns, dose.before if dose else None)


def _firsts(records: Iterable[Treatment], rule: TreatmentRule, context: Context) -> _Firsts:
    """Give the record with which the course of each may have begun, where a rule asks for it."""
    if rule.when != "started-within":
        return {}  # no other time asks since when a dose is taken
    return first_of_courses(records, rule.refill_gap_days, context.day)


def _stopped(record: Treatment, rule: TreatmentRule) -> Answer:
    """Say whether a treatment ended for one of the reasons asked."""
    if not rule.stopped_for:
        return Answer.MET
    if record.is_ongoing and record.until is None:
        return Answer.NOT_MET
    if record.stopped_for is None:
        return Answer.UNKNOWN
    return Answer.MET if record.stopped_for in rule.stopped_for else Answer.NOT_MET


def _timed(
    record: Treatment, rule: TreatmentRule, context: Context, dose: DoseSince | None
) -> tuple[Answer, str, tuple[date, ...]]:
    """Say whether a treatment lies in the time asked, why, and when that turns."""
    match rule.when:
        case "ever":
            return Answer.MET, "", ()
        case "now":
            ends = (record.until.earliest, record.until.latest) if record.until else ()
            turns_on = tuple(up_to(end, 1) for end in ends if end < date.max)
            answer = _answer(goes_on(record, context.day))
            return answer, f", {_GOING[answer]} on {context.day.isoformat()}", turns_on
        case "started-within":
            return _started(record, rule.days or 0, context, dose)
        case _:
            return _washed_out(record, rule, context)


def _answer(is_so: bool | None) -> Answer:  # a fact, not a switch
    """Give an answer for a fact that may not be known."""
    if is_so is None:
        return Answer.UNKNOWN
    return Answer.MET if is_so else Answer.NOT_MET


def _washed_out(
    record: Treatment, rule: TreatmentRule, context: Context
) -> tuple[Answer, str, tuple[date, ...]]:
    """Say whether the last dose lies within the wash-out before the anchor."""
    anchored = context.anchored_on or context.day
    shortest, longest = washout_days(rule, context.medicines[record.medicine], context)
    dose = last_dose(record, context.day)
    is_endless = bool(record.is_ongoing) and record.until is None
    since_latest = 0 if is_endless else (anchored - dose.latest).days  # taken up to the anchor
    since_earliest = (anchored - dose.earliest).days
    told = f"{since_latest}" if since_latest == since_earliest else f"{since_latest} or more"
    answer = Answer.UNKNOWN
    if since_earliest <= shortest:
        answer = Answer.MET
    elif longest is not None and since_latest > longest:
        answer = Answer.NOT_MET
    lies = f"{_WITHIN[answer]} {float(longest or shortest):g} days"
    if longest is None:
        more = f"its half-life is not known, so that more than {rule.days} days may count"
        lies = more if answer is Answer.UNKNOWN else f"{lies}; its half-life is not known"
    because = (
        f", {told} days before {context.anchor.replace('_', ' ')} {anchored.isoformat()} ({lies})"
    )
    lengths = {floor(each) for each in (shortest, longest) if each is not None}
    turns_on = _ends(dose.earliest, lengths) + _ends(dose.latest, lengths)
    return answer, because, turns_on


def _ends(last: date, lengths: Iterable[int]) -> tuple[date, ...]:
    """Give the first days after so many days have passed; none beyond the calendar."""
    room = (date.max - last).days
    return tuple(up_to(last, length + 1) for length in lengths if length < room)


def washout_days(
    rule: TreatmentRule, medicine: Medicine, context: Context
) -> tuple[Fraction, Fraction | None]:
    """Give how long a wash-out certainly lasts, and how long it may last.

    Parameters
    ----------
    rule : TreatmentRule
        Days and half-lives; the longer of both counts.
    medicine : Medicine
        Whose half-life counts; one that nobody verified counts as missing.
    context : Context
        Gives the set, which may say after how long no half-life matters.

    Returns
    -------
    tuple of Fraction and (Fraction or None), days
        Equal when the half-life is known or does not count; None: nobody knows how long.
    """
    days = Fraction(rule.days or 0)
    if rule.half_lives is None:
        return days, days
    if medicine.half_life_hours is None or "half_life_hours" in medicine.unverified:
        cleared = context.terms[rule.fact].cleared_after_days
        return days, None if cleared is None else max(days, Fraction(cleared))
    half_lives = Fraction(rule.half_lives) * Fraction(medicine.half_life_hours) / _HOURS
    longest = max(days, half_lives)
    return longest, longest


def _started(
    record: Treatment, days: int, context: Context, dose: DoseSince | None
) -> tuple[Answer, str, tuple[date, ...]]:
    """Say whether a treatment that goes on was begun, or its dose changed, within days."""
    anchored = context.anchored_on or context.day
    going = _answer(goes_on(record, context.day))
    if dose is None:
        return all_of([going, Answer.UNKNOWN]), ", first dose not recorded", ()
    nearest, farthest = (anchored - dose.latest).days, (anchored - dose.earliest).days
    recent = Answer.UNKNOWN
    if farthest <= days:
        recent = Answer.MET
    elif nearest > days:
        recent = Answer.NOT_MET
    because = f", on this dose for {nearest} days before {anchored.isoformat()}"
    if dose.before is not None:
        since = dose.before.since
        earlier = f"since {since}" if since else "without a first day"
        because += f", or longer: it may go on unchanged from a record {earlier}"
    turns_on = _ends(dose.earliest, [days]) + _ends(dose.latest, [days])
    return all_of([going, recent]), because, turns_on


def say(rule: TreatmentRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : TreatmentRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `Anti-cancer therapy with its last dose within 14 days`.
    """
    says = terms[rule.fact].says
    stopped = f", stopped for {' or '.join(rule.stopped_for)}" if rule.stopped_for else ""
    match rule.when:
        case "ever":
            return f"{says} at any time{stopped}"
        case "now":
            return f"{says} going on{stopped}"
        case "started-within":
            gap = f"what follows within {rule.refill_gap_days} days may go on unchanged"
            return f"{says} going on, begun or changed within {rule.days} days ({gap}){stopped}"
        case _:
            longer = ""
            if rule.half_lives is not None:
                longer = f" or {rule.half_lives:f} half-lives, whichever is longer"
            return f"{says} with its last dose within {rule.days} days{longer}{stopped}"


def check(rule: TreatmentRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : TreatmentRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: no half-lives at all, a set that is cleared before its wash-out, and a
        time of no days.
    """
    if rule.days == 0 and rule.half_lives is None:
        yield (f"{rule.fact} {rule.when} 0 days", "at least 1 day", "Correct days")
    if rule.half_lives is not None and rule.half_lives <= 0:
        yield (f"{rule.half_lives:f} half-lives", "a number above 0", "Correct it")
    cleared = terms[rule.fact].cleared_after_days
    if rule.half_lives is not None and cleared is not None and cleared <= (rule.days or 0):
        yield (
            f"{rule.fact} cleared after {cleared} days, with a wash-out of {rule.days}",
            "more days than the wash-out",
            "Correct cleared_after_days of the term",
        )
