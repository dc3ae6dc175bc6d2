"""Every act on cohorts and their places, once or more, at the end of a trial's history."""

from datetime import timedelta

from trialwright.conduct.acts import Consent
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.recruiting_acts import ReopenSite, SuspendSite
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)


def slot_acts(day):
    """Give acts in order; the expiry of `request-3` falls due before the refusal."""
    later = day + timedelta(days=15)
    return (
        ReopenSite("elsewhere", day, "pharmacist found"),
        RequestSlot("request-1", "A", "elsewhere", day),
        SuspendSite("elsewhere", day, "pharmacist left"),
        RequestSlot("request-2", "A", "mgh", day),
        ReserveSlot("request-2", day),
        Consent("P-5", day),
        LinkSlot("request-2", "P-5", day),
        ReleaseSlot("request-2", day, "moved away"),
        RequestSlot("request-3", "A", "mgh", day),
        ReserveSlot("request-3", day),
        RefuseSlot("request-1", later, "site stays suspended"),
        RequestSlot("request-4", "A", "mgh", later),
        WithdrawSlot("request-4", later, "chose another trial"),
        HoldCohort("A", later, "safety review"),
        ResumeCohort("A", later, "review done"),
        CloseCohort("A", later, "drug is short"),
        OpenCohort("A", later, "drug is back"),
    )
