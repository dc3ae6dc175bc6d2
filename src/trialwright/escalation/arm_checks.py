"""A design held to its arm: what stands in both must say the same."""

from collections.abc import Iterator
from decimal import Decimal

from trialwright.protocol.arms import Arm
from trialwright.terms.errors import Fault


def check(arm: Arm, where: str = "arm") -> tuple[Fault, ...]:
    """Find doses and a DLT window of a design that are not those of its arm.

    Parameters
    ----------
    arm : Arm
        With its design, its ladder and its DLT window.
    where : str
        Path of the arm in the protocol file, e.g. `arms.0`.

    Returns
    -------
    tuple of Fault
        Empty when the doses of the design are those of the ladder, or all the same multiple of
        them (another unit), and its window is that of the arm; designs without either have none.
    """
    return (*_doses(arm, where), *_window(arm, where))


def _doses(arm: Arm, where: str) -> Iterator[Fault]:
    """Name each dose that does not keep the ratio of the lowest to that of the ladder."""
    given: tuple[Decimal, ...] = getattr(arm.escalation, "doses", ())
    ladder = arm.ladder.doses
    if len(given) != len(ladder):
        return  # told by the design, where it has doses
    for place, (dose, amount) in enumerate(zip(given, ladder, strict=True)):
        if dose * ladder[0] != given[0] * amount:
            yield Fault(
                f"{where}.escalation.doses.{place}",
                f"{dose:f} for dose level {place + 1}, the ladder has {amount:f}",
                "the doses of the ladder, in its unit or all in one other",
                "Copy the doses of the ladder",
            )


def _window(arm: Arm, where: str) -> Iterator[Fault]:
    """Name a window of the design that is not that of the arm."""
    days = getattr(arm.escalation, "window_days", None)
    if days is not None and days != arm.dlt_window.days:
        yield Fault(
            f"{where}.escalation.window_days",
            f"{days} days, the DLT window of the arm has {arm.dlt_window.days}",
            f"{arm.dlt_window.days}",
            "Give the design the DLT window of its arm",
        )
