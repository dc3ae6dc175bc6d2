"""What a count of a drug comes to, beside the doses recorded between its two days."""

from dataclasses import dataclass
from fractions import Fraction

from trialwright.casebook.course import DrugCount
from trialwright.conduct.state import ParticipantState


@dataclass(frozen=True, slots=True)
class DrugAccount:
    """Units that should be gone, and units that are.

    Attributes
    ----------
    expected : int or None, units
        To be taken by the doses recorded; where they do not say it, the number entered, and None
        when there is none.
    used : int or None, units
        Handed out and not brought back; None while nothing was counted.
    because : str
        What made the expected number, in words.
    has_difference : bool
        Whether the numbers of expected, entered and used units, as far as known, are not one.
    """

    expected: int | None
    used: int | None
    because: str
    has_difference: bool

    @property
    def compliance_percent(self) -> Fraction | None:
        """Units used of each hundred expected; None while that is not known."""
        if self.used is None or not self.expected:
            return None
        return Fraction(100 * self.used, self.expected)

    @property
    def says(self) -> str:
        """The account in one sentence."""
        if self.used is None:
            return f"{self.because}; nothing was counted yet"
        word = "a difference" if self.has_difference else "no difference"
        return f"{self.because}; {self.used} units did not come back: {word}"


def account_of(here: ParticipantState, count: DrugCount) -> DrugAccount:
    """Work out what a count comes to.

    Parameters
    ----------
    here : ParticipantState
        The participant, with the doses recorded.
    count : DrugCount
        Units handed out and brought back.

    Returns
    -------
    DrugAccount
        By the doses recorded from the day of dispensing to the day before the count. Not worked
        out while nothing was counted, when no dose of these days is recorded, and when one was
        reduced: how many units a reduced dose takes is recorded nowhere.
    """
    if count.returned is None or count.counted_on is None:
        return DrugAccount(
            count.expected, None, _as_entered(count, "no count"), has_difference=False
        )
    used = count.dispensed - count.returned
    within = [dose for dose in here.doses
              if dose.agent == count.agent
              and count.dispensed_on <= dose.on < count.counted_on]  # fmt: skip
    reduced = sum(dose.status == "reduced" for dose in within)
    expected: int | None = None
    if not within:
        because = _as_entered(count, f"no dose of {count.agent} recorded between the two days")
    elif reduced:
        because = _as_entered(count, f"{reduced} reduced doses, of unknown units")
    else:
        taken, each = sum(dose.was_taken for dose in within), count.units_a_dose or 1
        expected = taken * each
        because = (
            f"{expected} units expected: {taken} doses of {count.agent} recorded as taken from "
            f"{count.dispensed_on.isoformat()} to the day before {count.counted_on.isoformat()}, "
            f"{each} to a dose"
        )
    numbers = {number for number in (expected, count.expected, used) if number is not None}
    known = expected if expected is not None else count.expected
    return DrugAccount(known, used, because, has_difference=len(numbers) > 1)


def _as_entered(count: DrugCount, why: str) -> str:
    """Say that the expected number is the one entered, or none, and why."""
    if count.expected is None:
        return f"expected units not worked out: {why}"
    return f"{count.expected} units expected, as entered: {why}"
