"""The functions that add a happening to the state, where a subject has a table of its own."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialwright.conduct.account_changes import ACCOUNT_STEPS
from trialwright.conduct.amendment_folding import AMENDMENT_STEPS
from trialwright.conduct.assignment_folding import ASSIGNMENT_STEPS
from trialwright.conduct.cohort_folding import COHORT_STEPS
from trialwright.conduct.delegation_folding import DELEGATION_STEPS
from trialwright.conduct.dose_decision_folding import DOSE_DECISION_STEPS
from trialwright.conduct.legible import Legible
from trialwright.conduct.locking_folding import LOCKING_STEPS, VERIFYING_STEPS
from trialwright.conduct.oversight_records import Oversight
from trialwright.conduct.query_folding import QUERY_STEPS
from trialwright.conduct.signing_folding import SIGNING_STEPS
from trialwright.conduct.slot_folding import SLOT_STEPS
from trialwright.conduct.state import TrialState

STEPS_BY_SUBJECT: Mapping[str, Callable[[TrialState, Legible], TrialState]] = MappingProxyType(
    {
        **DELEGATION_STEPS,
        **SIGNING_STEPS,
        **LOCKING_STEPS,
        **DOSE_DECISION_STEPS,
        **SLOT_STEPS,
        **COHORT_STEPS,
        **AMENDMENT_STEPS,
        **ASSIGNMENT_STEPS,
        **ACCOUNT_STEPS,
    }
)
"""Act of a happening to the function that adds it."""

OVERSIGHT_STEPS: Mapping[str, Callable[[Oversight, Legible], Oversight]] = MappingProxyType(
    {**QUERY_STEPS, **VERIFYING_STEPS}
)
"""The same of acts about one participant that look at nothing but who vouches for what."""

ABOUT_PLACES = (*SLOT_STEPS, *COHORT_STEPS)
"""Acts on which the places of a cohort rest."""
