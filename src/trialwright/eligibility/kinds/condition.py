"""A condition present or absent; silence is unknown unless the protocol says otherwise."""

from datetime import date

from trialwright.casebook.facts import Condition, History
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes
from trialwright.eligibility.silence import silent
from trialwright.eligibility.windows import leaves_window_on, within
from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate
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
        Unknown when nothing is recorded (unless the protocol reads silence as absence), when
        records disagree, when it is only suspected, when dates leave it open, and when records are
        over but another one could not be read, unless an absence is on record. An ended
        episode does not speak against one that goes on, nor an absence recorded before the
        condition began or after it ended.
    """
    says = context.terms[rule.fact].says
    records = casebook.conditions_of(rule.fact, context.day)
    if not records:
        found = silent(rule, says, (rule.fact,), casebook, context)
        if found.answer is Answer.UNKNOWN or rule.expect == "present":
            return found
        return Finding(Answer.MET, found.because, found.evidence)
    is_present = _is_present(records, rule, context)
    is_ruled_out = any(not each.is_present for each in records)
    if is_present is False and rule.fact in casebook.unsettled and not is_ruled_out:
        is_present = None  # what could not be read may stand, though all that was read is over
    told = "; ".join(_tell(each) for each in records)
    evidence, turns = tuple(each.evidence for each in records), _turns(rule, records, context)
    if is_present is None:
        because = f"{says}: records do not decide it ({told})"
        return Finding(Answer.UNKNOWN, because, evidence, (rule.fact,), turns_on=turns)
    is_met = is_present == (rule.expect == "present")
    answer = Answer.MET if is_met else Answer.NOT_MET
    return Finding(answer, f"{says}: {told}", evidence, turns_on=turns)


def _is_present(
    records: tuple[Condition, ...], rule: ConditionRule, context: Context
) -> bool | None:
    """Say whether records make the condition present at a day; None: they do not decide it."""
    day = context.day
    sure = [each for each in records if each.is_confirmed]
    absences = [each for each in sure if not each.is_present]
    presences = [each for each in sure if each.is_present]
    standing = [(each, _stands(each, rule, context)) for each in presences]
    for presence, stands in standing:
        if stands and not any(_contradicts(absence, presence) for absence in absences):
            return True
    suspected = [each for each in records if not _is_ruled_out(each, absences, day)]
    standing += [(each, _stands(each, rule, context)) for each in suspected]
    is_open = any(stands is not False for _, stands in standing)
    is_certain = bool(standing) or any(_is_known(each, day) for each in absences)
    return False if is_certain and not is_open else None


def _is_ruled_out(record: Condition, absences: list[Condition], day: date) -> bool:
    """Say whether a record is no open suspicion: confirmed, or older than a certain absence."""
    if record.is_confirmed:
        return True
    dated = record.recorded or record.since
    return dated is not None and any(
        dated.latest < first.earliest
        for first in (each.since or each.recorded for each in absences if _is_known(each, day))
        if first is not None
    )


def _stands(presence: Condition, rule: ConditionRule, context: Context) -> bool | None:
    """Say whether a record of presence counts: an ended one only when asked for ever or within."""
    if not _is_known(presence, context.day):
        return None
    if rule.when == "ever":
        return True
    if isinstance(presence, History):
        return None
    if rule.when == "within":
        return _within(presence, rule, context)
    if presence.until is None:
        return True
    ended = presence.until.on_or_before(context.day)
    return None if ended is Answer.UNKNOWN else ended is Answer.NOT_MET


def _within(presence: Condition, rule: ConditionRule, context: Context) -> bool | None:
    """Say whether an episode lies in the window: it began in it, or ended in it or later.

    An acute event, such as a myocardial infarction, stays on the list of problems without an end,
    or is marked as over on a day that nobody recorded; it is dated by its onset, and by its record
    where the onset is not recorded. A lasting one, such as angina, may have been there since.
    """
    days = rule.within_days or 0
    began = within(presence.since, days, context) if presence.since else None
    ended = within(presence.until, days, context) if presence.until else None
    if Answer.MET in (began, ended):
        return True
    if ended is Answer.NOT_MET:
        return False
    if ended is Answer.UNKNOWN and presence.until and not presence.until.is_recorded:
        ended = None
    if presence.since is None and presence.recorded is not None:
        began = within(presence.recorded, days, context)
    answers = {each for each in (began, ended) if each is not None}
    if answers == {Answer.MET}:
        return True
    if rule.lasting:
        return None
    return False if answers == {Answer.NOT_MET} else None


def _turns(
    rule: ConditionRule, records: tuple[Condition, ...], context: Context
) -> tuple[date, ...]:
    """Give the days ahead on which episodes leave the window, end, or have certainly been."""
    present = [each for each in records if each.is_present]
    days = set[date]()
    if rule.when == "now":
        ends = [each.until for each in present if each.until]
        days = {day for each in ends for day in (each.earliest, each.latest)}
    elif rule.when == "within":
        days = {
            leaves_window_on(day, rule.within_days or 0)
            for each in present
            for dated in (each.until, each.since or each.recorded)
            if dated
            for day in (dated.earliest, dated.latest)
        }
    for each in records:
        if not _is_known(each, context.day):
            days.add(min(dated.latest for dated in _dates(each)))
    ahead = context.anchored_on or context.day
    return tuple(sorted(day for day in days if ahead < day < date.max))


def _is_known(record: Condition, day: date) -> bool:
    """Say whether a record certainly does not come from after a day; one without dates does not."""
    dates = _dates(record)
    return not dates or any(each.on_or_before(day) is Answer.MET for each in dates)


def _dates(record: Condition) -> list[PartialDate]:
    """Give the dates that a record has."""
    return [each for each in (record.since, record.until, record.recorded) if each]


def _contradicts(absence: Condition, presence: Condition) -> bool:
    """Say whether a recorded absence may lie within a recorded presence."""
    first, last = absence.since or absence.recorded, absence.recorded or absence.since
    began, ended = presence.since or presence.recorded, presence.until
    is_before = last is not None and began is not None and last.latest < began.earliest
    is_after = first is not None and ended is not None and first.earliest > ended.latest
    return not is_before and not is_after


def _tell(record: Condition) -> str:
    """Say a record: state, dates and source."""
    since = f" since {record.since}" if record.since else ""
    until = f" until {record.until}" if record.until else ""
    state = "present" if record.is_present else "absent"
    if isinstance(record, History):
        return f"a history, told {record.recorded} [{record.source}]"
    return f"{state if record.is_confirmed else 'suspected'}{since}{until} [{record.source}]"


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
    past = {
        "now": "",
        "ever": " (now or in the past)",
        "within": f" within {rule.within_days} days{' or since' if rule.lasting else ''}",
    }[rule.when]
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
        Found, allowed, do: silence read as absence of what no record can hold, and a window of no
        days.
    """
    if rule.within_days == 0:
        yield (f"{rule.fact} within 0 days", "at least 1 day", "Correct within_days")
    term = terms[rule.fact]
    if rule.not_recorded != "unknown" and not term.codes and not term.omop:
        yield (
            f"{rule.fact} has no code, and silence is read as absence",
            "a code under which records hold it, or not_recorded: unknown",
            "Add the codes, or leave silence unknown",
        )
