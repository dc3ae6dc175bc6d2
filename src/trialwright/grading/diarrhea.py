"""Diarrhea by stools a day over baseline, CTCAE v5.0.

Only the limbs whose numbers were read in a source are here: the stool count and life-threatening
consequences. Ostomy output, hospitalization and activities of daily living are left to the
investigator's grade, which may be higher.
"""

from trialwright.grading.findings import GradeFinding
from trialwright.terms.errors import refuse

SOURCE = "NCI CTCAE v5.0 (2017-11-27), Gastrointestinal disorders: Diarrhea"

GRADE_2_FROM = 4
"""Stools a day over baseline: <4 is grade 1, 4-6 grade 2."""

GRADE_3_FROM = 7
"""Stools a day over baseline: >=7 is grade 3."""


def grade_diarrhea(
    stools_over_baseline: int | None, *, life_threatening: bool | None = None
) -> GradeFinding:
    """Grade diarrhea by the stool count.

    Parameters
    ----------
    stools_over_baseline : int or None, stools a day
        Increase over the participant's usual number; 0 or fewer is no diarrhea by count, None is
        not recorded.
    life_threatening : bool or None
        Whether consequences were life-threatening; None is not recorded and is not counted.

    Returns
    -------
    GradeFinding
        `grade` None when neither is recorded. `lab_only_grade` is always None.

    Raises
    ------
    Refusal
        If the count is no whole number.
    """
    if isinstance(stools_over_baseline, bool) or not isinstance(stools_over_baseline, int | None):
        found = f"a {type(stools_over_baseline).__name__}"
        raise refuse("stools_over_baseline", found, "a whole number or null", "Count whole stools")
    if life_threatening:
        return _finding(4, "life-threatening consequences are recorded")
    if stools_over_baseline is None:
        return _finding(None, "the stool count is not recorded", ("stools_over_baseline",))
    counted = f"{stools_over_baseline} stools a day over baseline"
    if stools_over_baseline <= 0:
        return _finding(0, f"{counted}, no increase")
    if stools_over_baseline < GRADE_2_FROM:
        return _finding(1, f"{counted}, increase of <4")
    if stools_over_baseline < GRADE_3_FROM:
        return _finding(2, f"{counted}, increase of 4-6")
    return _finding(3, f"{counted}, increase of >=7")


def _finding(grade: int | None, reason: str, missing: tuple[str, ...] = ()) -> GradeFinding:
    """Make the finding of a count."""
    answer = "cannot be graded" if grade is None else f"is grade {grade} by stool count"
    return GradeFinding(
        term="Diarrhea",
        version="5.0",
        grade=grade,
        lab_only_grade=None,
        because=f"Diarrhea (CTCAE 5.0) {answer}: {reason}; ostomy output, hospitalization and"
        " activities of daily living are not counted here",
        differs_because="",
        missing=missing,
        possible=(0, 1, 2, 3, 4) if grade is None else (grade,),
        source=SOURCE,
    )
