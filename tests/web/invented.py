"""Who signs in to the invented trial, and the trial on its day: at one site or at two."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from tests.conduct.central_story import lesions, reading

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.serving import Desk, open_desk
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import changed
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_settings import Backfilling
from trialwright.protocol.reading import ReadProtocol

TODAY = date(2026, 11, 28)
"""The day on which the invented trial is looked at, whatever the clock says."""

NOW = "2026-11-28T09:00:00.000Z"

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of invented accounts


OPENED = date(2026, 6, 26)
"""The day from which the accounts of the tests act: 155 days before."""

PEOPLE = (
    *((f"the-{role}", role, "mgh")
      for role in ("coordinator", "investigator", "pharmacist", "operator", "inspector")),
    *((f"the-{role}", role, "all-sites")
      for role in ("principal-investigator", "data-manager", "monitor", "statistician", "sponsor")),
    ("elsewhere", "coordinator", "other"),
    ("the-reader", "reader", "all-sites"),
    ("second-reader", "reader", "all-sites"),
    ("the-adjudicator", "adjudicator", "all-sites"),
)  # fmt: skip
"""Account, role and site of everybody who signs in."""


def noon_of(day: date) -> datetime:
    """Give what the clock says at noon of a day, where this machine stands."""
    return datetime.combine(day, time(12)).astimezone()


def on_its_day(folder: Path) -> Desk:
    """Open the trial by a clock that stands on its day."""
    desk = open_desk(folder, "nct03959891")
    return timed(desk, desk.gateway.protocol)


def timed(desk: Desk, read: ReadProtocol) -> Desk:
    """Let a desk go by a protocol, and by a clock that stands on the day of the trial."""
    gateway = Gateway(desk.gateway.store, read, lambda: NOW, "page")
    return replace(desk, gateway=gateway)


def with_second_site(desk: Desk) -> Desk:
    """Give the same trial at two sites."""
    read = desk.gateway.protocol
    other = read.study.sites[0].model_copy(update={"id": "other", "name": "Another Hospital"})
    study = read.study.model_copy(update={"sites": (*read.study.sites, other)})
    return timed(desk, replace(read, study=study))


def disagree(desk: Desk) -> None:
    """Let both readers read one lesion to the end: PR and SD."""
    for number, account, mm in (("1", "the-reader", "12"), ("2", "second-reader", "19")):
        by, evaluator = Actor(account, "reader", "all-sites"), f"reader {number}"
        desk.gateway.execute(lesions("MGH-005", evaluator, date(2026, 6, 29)), by)
        for on in (date(2026, 8, 24), date(2026, 10, 19)):
            desk.gateway.execute(reading("MGH-005", evaluator, on, mm), by)


def keep_lower_levels_open(desk: Desk) -> None:
    """Put backfill around the design of arm A, whose cohort is full, and register MGH-015 there."""
    state, day = desk.gateway.state(), date(2026, 11, 28)
    around = Backfilling(cap=6, needs_response=False)
    design = BoinDesign(name="BOIN", target=Decimal("0.25"), max_n=12, backfill=around)
    arms = tuple(
        each.model_copy(update={"escalation": design}) if each.id == "A" else each
        for each in state.study.arms
    )
    here = changed(
        state.participants["MGH-015"], arm="A", registered_on=day, first_dose_planned_on=day
    )
    study = state.study.model_copy(update={"arms": arms})
    desk.gateway._held = changed(state, study=study).with_participant(here)
