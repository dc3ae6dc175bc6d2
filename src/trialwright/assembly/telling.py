"""Sentences of the demo's account, made of what the rooms answered."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from trialwright.assembly.story import illustrative
from trialwright.eligibility.screening import Screening
from trialwright.intake.outcome import Intake
from trialwright.protocol.reading import ReadProtocol
from trialwright.visits.dosing_days import PlannedDose
from trialwright.visits.strip import cycle_strip

_SHOWN = 3
"""Questions told one by one."""


def promises(protocol: ReadProtocol) -> tuple[str, ...]:
    """Say what the protocol promises.

    Parameters
    ----------
    protocol : ReadProtocol
        As read and checked.

    Returns
    -------
    tuple of str
        Title, criteria, days of each arm, and what is illustrative.
    """
    study = protocol.study
    kinds = [criterion.kind for criterion in study.criteria]
    return (
        study.title,
        f"{len(kinds)} criteria: {kinds.count('rule')} decided from facts, "
        f"{kinds.count('attested')} answered by a person, {kinds.count('note')} permissions; "
        "every example beside them was run",
        *(
            line
            for arm in study.arms
            for line in cycle_strip(arm, 1, study.cycle_days).splitlines()
        ),
        "Illustrative, not from the registry: " + "; ".join(illustrative(study)),
        f"digest of the protocol text {protocol.digest[:16]}",
    )


def intake_told(who: str, intake: Intake) -> list[str]:
    """Say what came of reading a bundle.

    Parameters
    ----------
    who : str
        Whose bundle it is.
    intake : Intake
        What reading gave.

    Returns
    -------
    list of str
        Facts by term, what was left aside, and questions for a person.
    """
    facts = ", ".join(f"{count} {term}" for term, count in sorted(intake.read.items()))
    return [
        f"{who}: {intake.entries} entries = {intake.used} used + {intake.questioned} in question "
        f"+ {sum(intake.ignored.values())} left aside",
        f"  facts: {facts or 'none'}",
        f"  left aside: {aside_told(intake.ignored) or 'none'}",
        *(f"  a question for a person: {asked}" for asked in intake.questions[:_SHOWN]),
        *(f"  and {more} more questions" for more in [len(intake.questions) - _SHOWN] if more > 0),
    ]


def aside_told(ignored: Mapping[str, int], before: str = "", after: str = "") -> str:
    """Say what was left aside.

    Parameters
    ----------
    ignored : mapping of str to int
        Entries by reason.
    before, after : str
        What stands around the words, where there are any.

    Returns
    -------
    str
        E.g. `2 x Condition: refuted`; empty when nothing was left aside.
    """
    aside = "; ".join(f"{count} x {why}" for why, count in sorted(ignored.items()))
    return f"{before}{aside}{after}" if aside else ""


def counted(judged: Screening) -> str:
    """Say how many criteria are met, not met, unknown and not applicable.

    Parameters
    ----------
    judged : Screening
        The verdicts.

    Returns
    -------
    str
        Counts with their words.
    """
    return ", ".join(f"{count} {answer}" for answer, count in sorted(judged.counts.items()))


def spans(planned: tuple[PlannedDose, ...]) -> Iterator[str]:
    """Say a calendar with runs of days joined, each with the line that made it.

    Parameters
    ----------
    planned : tuple of PlannedDose
        The calendar.

    Yields
    ------
    str
        One line for each run of days of an agent in a cycle.
    """
    run: list[PlannedDose] = []
    by_line = sorted(planned, key=lambda dose: (dose.agent, dose.cycle, dose.on))
    for dose in by_line:
        goes_on = run and (dose.agent, dose.cycle) == (run[-1].agent, run[-1].cycle)
        if run and not (goes_on and dose.on == run[-1].on + timedelta(days=1)):
            yield _span(run)
            run = []
        run.append(dose)
    if run:
        yield _span(run)


def _span(run: list[PlannedDose]) -> str:
    """Say one run of days."""
    first, last = run[0], run[-1]
    days = f"C{first.cycle}D{first.day}" + (f"-{last.day}" if last is not first else "")
    dates = f"{first.on}" + (f" to {last.on}" if last is not first else "")
    label = f" ({first.label})" if first.label else ""
    return f"{dates}  {days:<9} {first.agent} {first.amount} [{first.rule}]{label}"
