"""Many designs in many scenarios: variations of one design."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trialwright.assembly.designs import NamedDesign
from trialwright.escalation.calibrating import Value, candidates
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.dose_escalation import DoseEscalation


def variations(
    named: NamedDesign, varied: Mapping[str, Sequence[Value]]
) -> tuple[DoseEscalation, ...]:
    """Make every combination of settings of a design.

    Parameters
    ----------
    named : NamedDesign
        The design whose settings are varied.
    varied : mapping of str to sequence of int or Decimal
        Settings of the protocol file with their values; of a CRM also `halfwidth` and `prior_mtd`.

    Returns
    -------
    tuple of DoseEscalation
        Each labelled with its settings, e.g. `target 0.25, cohort_size 2`.

    Raises
    ------
    Refusal
        As `calibrating.candidates`.
    """
    levels = named.escalation.levels
    return tuple(
        replace(
            named.escalation,
            design=design_from(each.data, levels),
            label=", ".join(f"{name} {value}" for name, value in each.settings),
        )
        for each in candidates(named.data, levels, varied)
    )
