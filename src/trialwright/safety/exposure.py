"""Exposure of one participant to one agent: cumulative dose, dose intensity, relative intensity.

Dose intensity is the amount taken over the time on treatment, by the week, after all reductions
and delays: the received dose intensity of Hryniuk and Bush [1]_. They set it against a standard
regimen of another trial; relative dose intensity here is the amount taken over the amount that this
protocol plans for that time at the dose assigned, counted from the first dose without delays, so
that a delay, a held dose and a reduced one each lower it. Amounts are exact fractions.

References
----------
.. [1] Hryniuk W, Bush H. J Clin Oncol 1984;2(11):1281-1288. doi:10.1200/JCO.1984.2.11.1281, as two
   later papers describe it; the paper itself was not opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from trialwright.casebook.exposure import DoseGiven
from trialwright.terms.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one participant took of one agent.

    Attributes
    ----------
    agent, unit : str
        Name of the agent in the protocol, and unit of its amounts.
    first, last : date or None
        Days of the first and the last dose taken; None without one.
    days : int, days
        From the first dose to the end of the time counted, both included; 0 without a dose.
    doses, reduced, held, unrecorded, planned : int
        Days on which it was taken, taken reduced, held, planned without any record, and planned.
    amount, planned_amount : Fraction, in `unit`
        Taken and planned.
    because : str
        One sentence.
    """

    agent: str
    unit: str
    first: date | None
    last: date | None
    days: int
    doses: int
    reduced: int
    held: int
    unrecorded: int
    planned: int
    amount: Fraction
    planned_amount: Fraction
    because: str

    @property
    def intensity(self) -> Fraction | None:
        """Amount taken a week, in `unit`; None without a dose."""
        return self.amount * 7 / self.days if self.days else None

    @property
    def relative_intensity(self) -> Fraction | None:
        """Amount taken over amount planned; None without a planned amount or with unrecorded days.

        An unrecorded day is neither taken nor held, so the share is not known.
        """
        if not self.planned_amount or self.unrecorded:
            return None
        return self.amount / self.planned_amount


def exposure(
    agent: str,
    unit: str,
    planned: Iterable[tuple[date, Quantity | None]],
    doses: Iterable[DoseGiven],
    until: date,
) -> Exposure:
    """Work out the exposure of a participant to an agent.

    Parameters
    ----------
    agent : str
        Name of the agent in the protocol.
    unit : str
        Its dose unit; amounts are converted to it.
    planned : iterable of (date, Quantity or None)
        Planned days and amounts of the agent, counted from the first dose; None: no dose level.
    doses : iterable of DoseGiven
        What was recorded, of any agent.
    until : date
        Last day counted: the data cutoff, or the last day of treatment if that is earlier.

    Returns
    -------
    Exposure
        Two records of one day count once, the later record.

    Raises
    ------
    Refusal
        If an amount does not convert to the unit.
    """
    recorded = {dose.on: dose for dose in doses if dose.agent == agent and dose.on <= until}
    taken = {on: dose for on, dose in recorded.items() if dose.was_taken}
    first = min(taken, default=None)
    if first is None:
        because = f"no {agent} taken as of {until.isoformat()}"
        none = Fraction(0)
        return Exposure(agent, unit, None, None, 0, 0, 0, 0, 0, 0, none, none, because)
    plan = {on: amount for on, amount in planned if first <= on <= until}
    amounts = [dose.amount.exact_in(unit) for dose in taken.values() if dose.amount is not None]
    wanted = [amount.exact_in(unit) for amount in plan.values() if amount is not None]
    missing = len(set(plan) - set(recorded))
    days = (until - first).days + 1
    amount, whole = sum(amounts, Fraction(0)), sum(wanted, Fraction(0))
    because = (
        f"{agent}: {len(taken)} of {len(plan)} planned doses in {days} days from"
        f" {first.isoformat()} to {until.isoformat()}, {float(amount):g} of {float(whole):g} {unit}"
    )
    if missing:
        because += f"; {missing} planned days without a record"
    return Exposure(
        agent=agent,
        unit=unit,
        first=first,
        last=max(taken),
        days=days,
        doses=len(taken),
        reduced=sum(dose.status == "reduced" for dose in taken.values()),
        held=len(recorded) - len(taken),
        unrecorded=missing,
        planned=len(plan),
        amount=amount,
        planned_amount=whole,
        because=because,
    )
