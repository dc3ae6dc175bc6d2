"""How places of a cohort are asked for, held and given, as data."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Illustrated


class SlotSettings(Illustrated):
    """How places of a cohort are asked for, held and given.

    Attributes
    ----------
    policy : {'first-come', 'round-robin-by-site', 'sponsor-choice'}
        Who of the wait list is next: the earliest request; the earliest of the site whose turn it
        is, and that is the one that was given a place longest ago; or whom the sponsor chooses,
        with the reason wherever that is not the earliest request.
    reservation_days : int, days
        How long a place is held. It is held to the end of the day that lies so many days after
        that of the reservation, and is lost from the day after, unless the participant is
        registered by then. Days on which the cohort is on hold do not count.
    site_reservations : int or None
        Most places that a site may hold at once in an arm without having somebody assigned to
        them; None: no limit but the cohort's.
    cohort_opening : {'by-decision', 'by-act'}
        Whether a cohort takes participants from the dose decision on (the first one from the
        opening of the trial on), or is planned until somebody opens it.
    """

    policy: Literal["first-come", "round-robin-by-site", "sponsor-choice"]
    reservation_days: Annotated[int, Field(ge=1, le=90)]
    site_reservations: Annotated[int, Field(ge=1, le=100)] | None = None
    cohort_opening: Literal["by-decision", "by-act"] = "by-decision"
