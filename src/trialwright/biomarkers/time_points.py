"""When material was taken, proposed from its day by a named rule; a person confirms it."""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.materials import Material
from trialwright.terms.dates import PartialDate
from trialwright.terms.markers import TimePoint
from trialwright.terms.verdicts import Answer

DAY_OF_COLLECTION = "day of collection"
"""Name of the rule: tissue taken before registration is archival; what was taken from then to the
first dose is of C1D1; after it of treatment, until progression; from progression on, of
progression. It tells nothing of blood drawn before registration, and of what was taken after
treatment ended without progression."""


@dataclass(frozen=True, slots=True)
class Milestones:
    """Days of one participant against which material is held.

    Attributes
    ----------
    registered_on, first_dose_on : date or None
        None before they happened.
    progressed_on : PartialDate or None
        Of the first progression.
    treated_until : date or None
        Day on which treatment was ended.
    """

    registered_on: date | None = None
    first_dose_on: date | None = None
    progressed_on: PartialDate | None = None
    treated_until: date | None = None


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """The time point that is proposed for a piece of material.

    Attributes
    ----------
    material : str
        Its label.
    time_point : {'archival', 'C1D1', 'on treatment', 'progression'} or None
        None where the rule tells none: a person is asked.
    because : str
        Why, with the days.
    """

    material: str
    time_point: TimePoint | None
    because: str


def proposed_time(material: Material, days: Milestones) -> ProposedTime:
    """Propose when in a trial a piece of material was taken, by the rule `day of collection`.

    Parameters
    ----------
    material : Material
        Taken from the participant, and not made of another piece.
    days : Milestones
        Of the participant.

    Returns
    -------
    ProposedTime
        Without a time point where the day is not told, or lies on both sides of a milestone.
    """
    taken = material.on
    if taken is None:
        return ProposedTime(material.id, None, "its day is not told")
    when, why = _time(taken, days, is_tissue=material.is_tissue)
    return ProposedTime(material.id, when, f"taken {taken}, {why}")


def _time(taken: PartialDate, days: Milestones, *, is_tissue: bool) -> tuple[TimePoint | None, str]:
    """Hold a day against each milestone in turn."""
    registered, dosed = days.registered_on, days.first_dose_on
    if registered is None or taken.latest < registered:
        said = f"before registration on {registered}" if registered else "before any registration"
        return (
            ("archival", said) if is_tissue else (None, f"{said}: blood is of no time point there")
        )
    if taken.earliest < registered:
        return None, f"perhaps before registration on {registered}"
    if dosed is None:
        return "C1D1", f"after registration on {registered}, before any dose"
    match taken.on_or_before(dosed):
        case Answer.MET:
            return "C1D1", f"from registration on {registered} to the first dose on {dosed}"
        case Answer.NOT_MET:
            return _after_dose(taken, days)
    return None, f"perhaps before the first dose on {dosed}"


def _after_dose(taken: PartialDate, days: Milestones) -> tuple[TimePoint | None, str]:
    """Hold a day after the first dose against progression and the end of treatment."""
    progressed, ended = days.progressed_on, days.treated_until
    if progressed is not None and taken.earliest >= progressed.latest:
        return "progression", f"on or after progression on {progressed}"
    if progressed is not None and taken.latest >= progressed.earliest:
        return None, f"perhaps before progression on {progressed}"
    if ended is not None and taken.latest > ended:
        return (
            None,
            f"perhaps or certainly after treatment ended on {ended}, without progression then",
        )
    return "on treatment", f"after the first dose on {days.first_dose_on}, before any progression"
