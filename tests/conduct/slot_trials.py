"""Trials without criteria under any slot settings, so that places are all they are about."""

from datetime import date, timedelta

from trialwright.conduct.acts import Assign, Consent, Register
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import LinkSlot, RequestSlot, ReserveSlot
from trialwright.protocol.slot_settings import SlotSettings
from trialwright.protocol.study import Site

DAY = date(2026, 2, 2)
MANAGER = Actor("d.manager", "data-manager", "mgh")
COORDINATOR = Actor("c.oord", "coordinator", "mgh")
ELSEWHERE = Actor("e.oord", "coordinator", "elsewhere")


def later(days):
    """Give a day so many days after the first."""
    return DAY + timedelta(days=days)


def study_with(study, policy="first-come", sites=("mgh", "elsewhere"), **settings):
    """Give the study without criteria, with such slot settings and such sites."""
    slots = SlotSettings(policy=policy, **{"reservation_days": 14, **settings}) if policy else None
    places = tuple(Site(id=each, name=each, status="active") for each in sites)
    return study.model_copy(update={"criteria": (), "slots": slots, "sites": places})


def opened(say, study, *arguments, **settings):
    """Give an open trial under such settings."""
    trial = say.empty(study_with(study, *arguments, **settings))
    trial.do(say.OPENING)
    return trial


def ask(trial, *references, site="mgh", arm="A", on=DAY):
    """Request places."""
    for each in references:
        trial.do(RequestSlot(each, arm, site, on))


def reserve(trial, *references, on=DAY, reason="", by=None):
    """Reserve places."""
    done = ()
    for each in references:
        done = trial.do(ReserveSlot(each, on, reason), by)
    return done


def register(trial, number, *, on=DAY, arm="A", first_dose=None):
    """Consent and register somebody."""
    trial.do(Consent(number, on))
    trial.do(Register(number, arm, on, first_dose or on))


def treat(trial, say, number, *, on=DAY, outcome="evaluable"):
    """Assign somebody registered and treat them through the window, to such an outcome."""
    trial.do(Assign(number, on))
    days = 20 if outcome == "not evaluable" else 28
    trial.do(say.doses(trial.live, number, days=days))
    if outcome == "dlt":
        start = trial.live.participants[number].first_dose_planned_on
        trial.do(say.toxicity(number, start=start))


def link(trial, reference, number, on=DAY):
    """Consent somebody for a request."""
    trial.do(Consent(number, on))
    trial.do(LinkSlot(reference, number, on))
