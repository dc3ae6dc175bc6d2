"""Acts that oversee a trial, with whoever does them; the end of the long history."""

from datetime import UTC, date, datetime, time

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate, EndDelegation
from trialwright.conduct.dose_decision_acts import ChooseRp2d, Override
from trialwright.conduct.locking_acts import DataPoint, Freeze, Lock, Unlock, VerifySource
from trialwright.conduct.query_acts import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    OpenQuery,
    RaiseQuery,
    ReopenQuery,
    ResolveQuery,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Sign, Target

PEOPLE = {
    "principal-investigator": ("p.chief", "Paula Lindqvist"),
    "investigator": ("i.vestigator", "Ike Okafor"),
    "coordinator": ("c.meyer", "Clara Meyer"),
    "monitor": ("m.onitor", "Mona Ito"),
    "data-manager": ("d.manager", "Dan Mora"),
    "statistician": ("s.tat", "Stella Tatum"),
    "sponsor": ("s.ponsor", "Sol Ponsor"),
}
"""Role to the account and printed name of whoever holds it."""


def by(role: str, site: str = "mgh") -> Actor:
    """Give whoever holds a role."""
    return Actor(PEOPLE[role][0], role, site)


def delegation(role: str, on: date, **changed) -> Delegate:
    """Give the act that delegates to whoever holds a role, at every site and open-ended."""
    account, name = PEOPLE[role]
    told = {
        "account": account, "name": name, "role": role, "site": EVERY_SITE,
        "tasks": tuple(sorted(tasks_of(role))),
        "since": on, "until": None, "trained_on": on, "on": on,
    } | changed  # fmt: skip
    return Delegate(**told)


def delegate_all(trial, on: date, since: date | None = None) -> None:
    """Delegate to one person in every role; the operator begins."""
    days = {"since": since or on, "trained_on": since or on}
    trial.do(delegation("principal-investigator", on, **days), Actor("root", "operator", "mgh"))
    for role in PEOPLE:
        if role != "principal-investigator":
            trial.do(delegation(role, on, **days), by("principal-investigator"))


def signature(state, target: Target, role: str, on: date, **changed) -> Sign:
    """Give the act of a signature on what is shown now."""
    told = {
        "target": target, "meaning": "approved", "digest": content_digest(state, target),
        "account": PEOPLE[role][0], "at": datetime.combine(on, time(9, 30), UTC),
        "authenticated_by": ("password",),
    } | changed  # fmt: skip
    return Sign(**told)


def sign(trial, target: Target, role: str, on: date, **changed) -> int:
    """Sign, and give the happening."""
    trial.do(signature(trial.live, target, role, on, **changed), by(role))
    return trial.records[-1].sequence


def deciding(on, level, size=3, reason="seen by all"):
    """Give a dose meeting of arm A at which people decide."""
    return DecideDose("A", on, on, Override(level, size, reason), minutes="Discussed.")


def sequence_of(trial, act: str, subject: str = "") -> int:
    """Give the last happening of an act."""
    return next(
        each.sequence
        for each in reversed(trial.records)
        if each.happening.act == act and subject in ("", each.happening.subject)
    )


def oversee(trial, since: date, on: date) -> None:
    """Do every act of oversight at least once, on a trial with P-1 in arm A and P-9 in arm C."""
    delegate_all(trial, on, since)
    trial.do(EndDelegation(7, on, "left"), by("principal-investigator"))
    event = sequence_of(trial, "adverse_event_recorded", "P-1")
    grade = "payload/event/grade"
    monitor, coordinator, manager = by("monitor"), by("coordinator"), by("data-manager")
    raised = RaiseQuery("P-1", on, "grade 2?", sequence=event, field=grade, as_candidate=True)
    for act, actor in (
        (raised, monitor),
        (OpenQuery("P-1", 1, on), monitor),
        (AnswerQuery("P-1", 1, on, "yes"), coordinator),
        (ReopenQuery("P-1", 1, on, "where is the source?"), monitor),
        (AnswerQuery("P-1", 1, on, "chart of that day"), coordinator),
        (CloseQuery("P-1", 1, on), monitor),
        (RaiseQuery("P-1", on, "doses?", part="doses"), manager),
        (ResolveQuery("P-1", 2, on, "doses are recorded"), manager),
        (RaiseQuery("P-1", on, "wrong participant"), manager),
        (CancelQuery("P-1", 3, on, "meant another"), manager),
        (VerifySource("P-1", on, (DataPoint(event, grade),)), monitor),
        (Freeze("P-1", on), monitor),
        (Lock("P-1", on), manager),
        (Unlock("P-1", on, "late laboratory report"), manager),
        (Freeze("", on), manager),
        (Unlock("", on, "after the data cutoff"), manager),
    ):
        trial.do(act, actor)
    sign(trial, Target("casebook", "P-1"), "investigator", on)
    stopped = Override(None, 0, "two late events outside the window")
    trial.do(DecideDose("C", on, on, stopped, "Minutes.", ("p.chief", "s.tat")),
             by("principal-investigator"))  # fmt: skip
    trial.do(ChooseRp2d("C", 1, on, "tolerated by everybody"), by("principal-investigator"))
    for kind, act in (("dose-decision", "dose_decided"), ("rp2d", "rp2d_chosen")):
        target = Target(kind, "arm-C", sequence=sequence_of(trial, act))
        sign(trial, target, "principal-investigator", on)
