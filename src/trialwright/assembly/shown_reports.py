"""Reports of an open trial for its pages: made once for each state of the ledger, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from trialwright.assembly.serving import Desk
from trialwright.assembly.trial_reports import (
    ReportKind,
    make_report,
    participant_section,
    safety_sections,
    stamp_of,
)
from trialwright.conduct.state import TrialState, changed
from trialwright.figures.inline import unlinked
from trialwright.reports.results import Result, frame_csv
from trialwright.reports.trial_pdf import pdf_report
from trialwright.reports.trial_report import Section, TrialReport, html_report


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report is asked for.

    Attributes
    ----------
    kind : {'safety', 'efficacy', 'biomarkers'}
        Which.
    cutoff : date
        Data up to this day count.
    site : str
        Site whose participants alone are in it; empty: everybody.
    link : str
        Address of a participant, with `{}` for the study number.
    """

    kind: ReportKind
    cutoff: date
    site: str = ""
    link: str = ""


def report_of(desk: Desk, asked: Asked) -> tuple[TrialReport, tuple[Result, ...]]:
    """Give a report of an open trial with the frame of its tables.

    Parameters
    ----------
    desk : Desk
        The open trial.
    asked : Asked
        Which report.

    Returns
    -------
    tuple of (TrialReport, tuple of Result)
        The same as long as the ledger does not grow.
    """
    found = desk.kept.answer((_head(desk), asked), lambda: _made(desk, asked))
    return cast("tuple[TrialReport, tuple[Result, ...]]", found)


def file_of(desk: Desk, asked: Asked, ending: str) -> bytes:
    """Give a report as a file.

    Parameters
    ----------
    desk : Desk
        The open trial.
    asked : Asked
        Which report.
    ending : {'html', 'pdf', 'csv'}
        Which file.

    Returns
    -------
    bytes
        For somebody who sees everybody, the same as `trialwright report` writes.
    """
    key, found = (_head(desk), asked, ending), report_of(desk, asked)
    return cast(bytes, desk.kept.answer(key, lambda: _written(*found, ending)))


def course_of(desk: Desk, number: str, cutoff: date, link: str = "") -> Section | None:
    """Give the timeline of a participant.

    Parameters
    ----------
    desk : Desk
        The open trial.
    number : str
        Study number.
    cutoff : date
        Data up to this day count.
    link : str
        As in `Asked`.

    Returns
    -------
    Section or None
        None before the first dose.
    """

    def drawn() -> Section | None:
        """Draw it."""
        return participant_section(desk.state_on(cutoff), number, cutoff, link)

    key = (_head(desk), number, cutoff, link)
    return cast("Section | None", desk.kept.answer(key, drawn))


def safety_pictures_of(desk: Desk, asked: Asked) -> tuple[Section, ...]:
    """Give the pictures of a report of safety, without its tables.

    Parameters
    ----------
    desk : Desk
        The open trial.
    asked : Asked
        Which report.

    Returns
    -------
    tuple of Section
        As the report holds them.
    """

    def drawn() -> tuple[Section, ...]:
        """Draw them."""
        return safety_sections(
            _within(asked, desk.state_on(asked.cutoff)), asked.cutoff, asked.link
        )

    key = (_head(desk), "pictures", asked)
    return cast("tuple[Section, ...]", desk.kept.answer(key, drawn))


def _head(desk: Desk) -> tuple[str, str]:
    """Name the state of the trial: its chain and the hash of its last entry."""
    head = desk.gateway.store.head(desk.gateway.trial)
    return desk.gateway.trial, head.hash if head else ""


def _made(desk: Desk, asked: Asked) -> tuple[TrialReport, tuple[Result, ...]]:
    """Make a report."""
    gateway = desk.gateway
    state = desk.state_on(asked.cutoff)
    head = gateway.store.head(gateway.trial)
    stamp = stamp_of(state, gateway.protocol, head, asked.cutoff)
    if asked.site:
        stamp = replace(stamp, participants=f"of site {asked.site} alone")
    return make_report(_within(asked, state), asked.kind, stamp, asked.cutoff, asked.link)


def _within(asked: Asked, state: TrialState) -> TrialState:
    """Give the part of the trial that a report is about."""
    return of_site(state, asked.site) if asked.site else state


def of_site(state: TrialState, site: str) -> TrialState:
    """Give a state with the participants of one site alone.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    site : str
        Id of the site.

    Returns
    -------
    TrialState
        For looking at; nothing is decided on it.
    """
    inside: Mapping[str, Any] = {
        number: here for number, here in state.participants.items() if here.site == site
    }
    return changed(state, participants=inside)


def _written(report: TrialReport, frame: tuple[Result, ...], ending: str) -> bytes:
    """Write a report as a file."""
    if ending == "csv":
        return frame_csv(frame).encode()
    sections = tuple(replace(each, picture=unlinked(each.picture)) for each in report.sections)
    plain = replace(report, sections=sections)
    return html_report(plain).encode() if ending == "html" else pdf_report(plain)
