"""Diarrhea, maculo-papular rash and fatigue by what was recorded of them, CTCAE v5.0.

Each printed alternative of a grade is asked by itself; the highest that holds is the grade. What
is not recorded beside a count or an area (hospitalization, daily activities) is not counted, as
for laboratory values; what is needed to tell two grades apart leaves the grade open.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from trialwright.casebook.adverse_events import Degree, Limits
from trialwright.grading.findings import GradeFinding
from trialwright.grading.terms_table import EnteredGrade
from trialwright.terms.errors import Fault, Refusal

DIARRHEA_2_FROM, DIARRHEA_3_FROM = 4, 7
"""Stools a day over baseline: <4 is grade 1, 4-6 grade 2, >=7 grade 3."""

RASH_2_FROM, RASH_3_ABOVE = 10, 30
"""Percent of the body surface: <10 is grade 1, 10-30 grade 2, above it symptoms decide."""

_ADL: dict[str, int] = {"instrumental ADL": 2, "self care ADL": 3}
_DEGREES: dict[str, int] = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}
_SOURCE = "NCI CTCAE v5.0 (2017-11-27)"

_Held = tuple[int, str]
"""A grade and the words of the printed alternative that holds."""


def grade_diarrhea(
    stools_over_baseline: int | None,
    *,
    ostomy_output: Degree | None = None,
    hospitalization_indicated: bool | None = None,
    limits: Limits | None = None,
    life_threatening: bool | None = None,
) -> GradeFinding:
    """Grade diarrhea.

    Parameters
    ----------
    stools_over_baseline : int or None, stools a day
        Increase over the participant's usual number; 0 or fewer is no diarrhea by count, None is
        not recorded.
    ostomy_output : {'none', 'mild', 'moderate', 'severe'} or None
        Increase over baseline; None is not recorded or no ostomy.
    hospitalization_indicated, life_threatening : bool or None
        None is not recorded and is not counted.
    limits : {'nothing', 'instrumental ADL', 'self care ADL'} or None
        Activities it limits; None is not recorded and is not counted.

    Returns
    -------
    GradeFinding
        `grade` None when nothing that grades it is recorded. `lab_only_grade` is always None.

    Raises
    ------
    Refusal
        If the count is no whole number, or a word is none of those named.
    """
    faults = [
        *_whole("stools_over_baseline", stools_over_baseline),
        *_word("ostomy_output", ostomy_output, _DEGREES),
        *_word("limits", limits, ("nothing", *_ADL)),
    ]
    if faults:
        raise Refusal(faults)
    held = [*_by_stools(stools_over_baseline)]
    if ostomy_output is not None:
        held.append((_DEGREES[ostomy_output], f"increase in ostomy output: {ostomy_output}"))
    held += _by_activities(limits)
    held += _if(hospitalization_indicated, 3, "hospitalization indicated")
    held += _if(life_threatening, 4, "life-threatening consequences")
    missing = () if held else ("stools_over_baseline",)
    return _finding("Diarrhea", "Gastrointestinal disorders", held, (0, 1, 2, 3, 4), missing)


def grade_rash(
    body_surface_percent: Decimal | int | None,
    *,
    symptoms: Degree | None = None,
    limits: Limits | None = None,
) -> GradeFinding:
    """Grade a maculo-papular rash.

    Parameters
    ----------
    body_surface_percent : Decimal or int or None, % of body surface
        Area covered; 0 is no rash, None is not recorded.
    symptoms : {'none', 'mild', 'moderate', 'severe'} or None
        Pruritus, burning, tightness; they decide above 30 %. None is not recorded.
    limits : {'nothing', 'instrumental ADL', 'self care ADL'} or None
        Activities it limits; None is not recorded and is not counted.

    Returns
    -------
    GradeFinding
        Above 30 % without recorded symptoms grade 2 and 3 are open, unless self care is limited.

    Raises
    ------
    Refusal
        If the area is no exact number from 0 to 100, or a word is none of those named.
    """
    faults = [
        *_percent("body_surface_percent", body_surface_percent),
        *_word("symptoms", symptoms, _DEGREES),
        *_word("limits", limits, ("nothing", *_ADL)),
    ]
    if faults:
        raise Refusal(faults)
    held = [*_by_activities(limits)]
    missing: tuple[str, ...] = ()
    left: tuple[int, ...] = (0, 1, 2, 3)
    if body_surface_percent is not None:
        held.append(_by_area(Fraction(body_surface_percent), symptoms))
        is_wide = body_surface_percent > RASH_3_ABOVE
        if is_wide and symptoms is None and limits != "self care ADL":
            missing, left = ("symptoms",), (2, 3)
    elif not held:
        missing = ("body_surface_percent",)
    where = "Skin and subcutaneous tissue disorders"
    return _finding("Rash maculo-papular", where, held, left, missing)


def grade_fatigue(
    *, relieved_by_rest: bool | None = None, limits: Limits | None = None
) -> GradeFinding:
    """Grade fatigue that is present.

    Parameters
    ----------
    relieved_by_rest : bool or None
        None is not recorded.
    limits : {'nothing', 'instrumental ADL', 'self care ADL'} or None
        Activities it limits; None is not recorded.

    Returns
    -------
    GradeFinding
        Grade 3 is fatigue not relieved by rest AND limiting self care; CTCAE has no grade 4.
        Fatigue that rest relieves is grade 1, whatever it limits.

    Raises
    ------
    Refusal
        If a word is none of those named.
    """
    faults = [*_word("limits", limits, ("nothing", *_ADL))]
    if faults:
        raise Refusal(faults)
    where = "General disorders and administration site conditions"
    if relieved_by_rest:
        return _finding("Fatigue", where, [(1, "fatigue relieved by rest")], (1,), ())
    if relieved_by_rest is None:
        return _finding("Fatigue", where, [], (1, 2, 3), ("relieved_by_rest",))
    if limits is None:
        return _finding("Fatigue", where, [], (2, 3), ("limits",))
    grade = 3 if limits == "self care ADL" else 2
    held = [(grade, f"fatigue not relieved by rest, limiting {limits}")]
    return _finding("Fatigue", where, held, (grade,), ())


def query_of(entered: EnteredGrade, computed: GradeFinding) -> str:
    """Ask about a grade entered that the recorded facts contradict.

    Parameters
    ----------
    entered : EnteredGrade
        As the investigator graded.
    computed : GradeFinding
        What follows from what is recorded.

    Returns
    -------
    str
        A question for the site; empty when the grade entered is one of those left open.
    """
    if entered.grade in computed.possible or entered.grade == 5:
        return ""
    possible = " or ".join(map(str, computed.possible))
    return (
        f"{entered.term} is entered as grade {entered.grade}, what is recorded gives {possible}: "
        f"{computed.because}"
    )


def _by_stools(count: int | None) -> Iterable[_Held]:
    """Grade by the stool count."""
    if count is None:
        return
    counted = f"{count} stools a day over baseline"
    if count <= 0:
        yield 0, f"{counted}, no increase"
    elif count < DIARRHEA_2_FROM:
        yield 1, f"{counted}, increase of <4"
    elif count < DIARRHEA_3_FROM:
        yield 2, f"{counted}, increase of 4-6"
    else:
        yield 3, f"{counted}, increase of >=7"


def _by_area(percent: Fraction, symptoms: Degree | None) -> _Held:
    """Grade a rash by its area, and above 30 % by its symptoms."""
    covered = f"{float(percent):g} % of the body surface"
    if percent == 0:
        return 0, f"{covered}, no rash"
    if percent < RASH_2_FROM:
        return 1, f"{covered}, <10 %"
    if percent <= RASH_3_ABOVE:
        return 2, f"{covered}, 10-30 %"
    if symptoms in ("moderate", "severe"):
        return 3, f"{covered}, >30 % with {symptoms} symptoms"
    told = "symptoms not recorded" if symptoms is None else f"symptoms: {symptoms}"
    return 2, f"{covered}, >30 % with {told}"


def _by_activities(limits: Limits | None) -> Iterable[_Held]:
    """Grade by the activities of daily living that are limited."""
    if limits in _ADL:
        yield _ADL[limits], f"limiting {limits}"


def _if(fact: bool | None, grade: int, words: str) -> Iterable[_Held]:
    """Give an alternative that a recorded fact makes hold."""
    if fact:
        yield grade, words


def _finding(
    term: str,
    soc: str,
    held: list[_Held],
    left: tuple[int, ...],
    missing: tuple[str, ...],
) -> GradeFinding:
    """Give the highest grade of which an alternative holds, or the grades left open."""
    if missing:
        open_grades = ", ".join(map(str, left))
        told = "; ".join(words for _, words in held) or "nothing that grades it is recorded"
        because = f"may be grade {open_grades}: {told}; not recorded: {', '.join(missing)}"
        grade, possible = None, left
    else:
        grade = max(each for each, _ in held)
        told = "; ".join(words for each, words in held if each == grade)
        because, possible = f"is grade {grade}: {told}", (grade,)
    return GradeFinding(
        term=term,
        version="5.0",
        grade=grade,
        lab_only_grade=None,
        because=f"{term} (CTCAE 5.0) {because}",
        differs_because="",
        missing=missing,
        possible=possible,
        source=f"{_SOURCE}, {soc}: {term}",
    )


def _whole(where: str, found: object) -> Iterable[Fault]:
    """Fault what is no whole number."""
    if isinstance(found, bool) or not isinstance(found, int | None):
        said = f"a {type(found).__name__}"
        yield Fault(where, said, "a whole number or null", "Count whole ones")


def _percent(where: str, found: object) -> Iterable[Fault]:
    """Fault what is no exact share of the body surface."""
    if found is None:
        return
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        said = f"a {type(found).__name__}"
        yield Fault(where, said, "an exact number or null", "Read it as decimal text")
    elif not (Decimal(found).is_finite() and 0 <= found <= 100):
        yield Fault(where, f"{found}", "0 to 100", "Correct the area")


def _word(where: str, found: object, allowed: Iterable[str]) -> Iterable[Fault]:
    """Fault a word that is none of those known."""
    known = tuple(allowed)
    if found is not None and found not in known:
        said = "none of the words known"
        yield Fault(where, said, ", ".join(known), "Write it so, or leave it out")
