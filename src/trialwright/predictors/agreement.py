"""Two assays of the same participants: agreement, and what is gained or lost between two times.

References
----------
.. [1] Clopper CJ, Pearson ES. Biometrika 1934;26(4):404-413. doi:10.1093/biomet/26.4.404
.. [2] Cohen J. Educ Psychol Meas 1960;20(1):37-46. doi:10.1177/001316446002000104
.. [3] Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72(5):323-327. doi:10.1037/h0028106
.. [4] McNemar Q. Psychometrika 1947;12(2):153-157. doi:10.1007/BF02295996
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import binomtest

from trialwright.endpoints.concordance import kappa_of
from trialwright.endpoints.proportions import clopper_pearson
from trialwright.predictors.markers import ASSAYED, Cohort, Marker, same_length
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Share:
    """A share of participants on whom two assays agree.

    Attributes
    ----------
    name : str
        E.g. `positive percent agreement`.
    agreeing, of : int
        How many, of how many.
    estimate, lower, upper : float or None
        Proportion and Clopper-Pearson limits [1]_; None of nobody.
    """

    name: str
    agreeing: int
    of: int
    estimate: float | None
    lower: float | None
    upper: float | None

    def __str__(self) -> str:
        """Say it in percent."""
        if self.estimate is None or self.lower is None or self.upper is None:
            return f"{self.name} not estimable, of nobody"
        return (
            f"{self.name} {self.agreeing}/{self.of} = {100 * self.estimate:.1f} % "
            f"({100 * self.lower:.1f} % to {100 * self.upper:.1f} %)"
        )


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a compared assay agrees with a reference, e.g. plasma with tissue.

    Attributes
    ----------
    both, reference_only, compared_only, neither : int
        Participants altered by both, by one, by neither assay.
    positive, negative, overall : Share
        Of those altered by the reference, of those not altered by it, and of all.
    kappa, kappa_lower, kappa_upper : float or None
        Agreement beyond chance [2]_ with large-sample limits [3]_; None where both assays say the
        same of everybody.
    excluded : mapping of str to str
        Why each participant who is not counted is not, by study number.
    conf_level : float
        Of all limits.
    because : str
        The answer in a sentence.
    """

    both: int
    reference_only: int
    compared_only: int
    neither: int
    positive: Share
    negative: Share
    overall: Share
    kappa: float | None
    kappa_lower: float | None
    kappa_upper: float | None
    excluded: Mapping[str, str]
    conf_level: float
    because: str


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Participants who gained and who lost an alteration between two times.

    Attributes
    ----------
    emergent, lost, persistent, never : int
        Altered at the second time alone, at the first alone, at both, at neither.
    p : float
        Exact two-sided p-value of McNemar's test [4]_: that gains and losses are as frequent.
    floor : float
        Smallest p-value that so many changes allow.
    excluded : mapping of str to str
        Why each participant who is not counted is not, by study number.
    because : str
        The answer in a sentence.
    """

    emergent: int
    lost: int
    persistent: int
    never: int
    p: float
    floor: float
    excluded: Mapping[str, str]
    because: str


def agreement(
    reference: Marker, compared: Marker, cohort: Cohort, conf_level: float = 0.95
) -> Agreement:
    """Compare two assays of the same participants.

    Parameters
    ----------
    reference, compared : Marker
        E.g. of tissue and of plasma.
    cohort : Cohort
        The participants.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Agreement
        Of those assayed by both.

    Raises
    ------
    Refusal
        If columns differ in length.
    """
    cells, excluded = _cells(reference, compared, cohort)
    names = (f"{reference.name} ({reference.family})", f"{compared.name} ({compared.family})")
    return agreement_of(*cells, names=names, excluded=excluded, conf_level=conf_level)


def agreement_of(
    both: int,
    reference_only: int,
    compared_only: int,
    neither: int,
    *,
    names: tuple[str, str] = ("reference", "compared"),
    excluded: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> Agreement:
    """Give the agreement of counts.

    Parameters
    ----------
    both, reference_only, compared_only, neither : int
        Participants altered by both, by one, by neither assay.
    names : tuple of (str, str)
        Of the reference and of what is compared with it.
    excluded : mapping of str to str or None
        Why participants are not counted.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Agreement
        With limits.

    Raises
    ------
    Refusal
        If a count is negative.
    """
    counts = (both, reference_only, compared_only, neither)
    if min(counts) < 0:
        raise refuse("counts", f"{counts}", "0 or more each", "Correct the counts")
    positive = _share("positive percent agreement", both, both + reference_only, conf_level)
    negative = _share("negative percent agreement", neither, neither + compared_only, conf_level)
    overall = _share("overall percent agreement", both + neither, sum(counts), conf_level)
    kappa, lower, upper = kappa_of(((both, reference_only), (compared_only, neither)), conf_level)
    said = (
        "kappa not estimable"
        if kappa is None
        else f"kappa {kappa:.3f} ({lower:.3f} to {upper:.3f})"
    )
    because = (
        f"{names[1]} against {names[0]}: altered by both {both}, by the reference alone "
        f"{reference_only}, by the compared alone {compared_only}, by neither {neither}; "
        f"{positive}; {negative}; {overall}; {said}; {100 * conf_level:.10g} % limits, of shares "
        f"Clopper-Pearson, of kappa by its large-sample error; {_left_out(excluded or {})}."
    )
    return Agreement(*counts, positive, negative, overall, kappa, lower, upper,
                     dict(excluded or {}), conf_level, because)  # fmt: skip


def paired_change(first: Marker, second: Marker, cohort: Cohort) -> PairedChange:
    """Compare one marker at two times, e.g. baseline and progression.

    Parameters
    ----------
    first, second : Marker
        Of the earlier and the later specimen.
    cohort : Cohort
        The participants.

    Returns
    -------
    PairedChange
        Of those assayed at both times.

    Raises
    ------
    Refusal
        If columns differ in length.
    """
    (persistent, lost, emergent, never), excluded = _cells(first, second, cohort)
    changes = emergent + lost
    p = _mcnemar(emergent, changes)
    floor = _mcnemar(0, changes)
    because = (
        f"{first.name}: emergent {emergent}, lost {lost}, persistent {persistent}, never {never}; "
        f"exact McNemar p = {p:.6g}, smallest attainable with {changes} changes {floor:.6g}; "
        f"{_left_out(excluded)}."
    )
    return PairedChange(emergent, lost, persistent, never, p, floor, excluded, because)


def _mcnemar(emergent: int, changes: int) -> float:
    """Give the exact p-value; 1 without a change."""
    return float(binomtest(emergent, changes).pvalue) if changes else 1.0


def _cells(
    first: Marker, second: Marker, cohort: Cohort
) -> tuple[tuple[int, int, int, int], dict[str, str]]:
    """Count both, first alone, second alone, neither; and say who is not counted."""
    same_length(cohort, {f"{first.family}.calls": first.calls,
                         f"{second.family} compared.calls": second.calls})  # fmt: skip
    pairs: Counter[tuple[bool, bool]] = Counter()
    excluded: dict[str, str] = {}
    for number, one, other in zip(cohort.numbers, first.calls, second.calls, strict=True):
        missing = [
            f"{marker.family} {call}"
            for marker, call in ((first, one), (second, other))
            if call not in ASSAYED
        ]
        if missing:
            excluded[number] = ", ".join(missing)
        else:
            pairs[one == "altered", other == "altered"] += 1
    cells = tuple(
        pairs[cell] for cell in ((True, True), (True, False), (False, True), (False, False))
    )
    return (cells[0], cells[1], cells[2], cells[3]), excluded


def _share(name: str, agreeing: int, of: int, conf_level: float) -> Share:
    """Give a share with its limits."""
    if not of:
        return Share(name, 0, 0, None, None, None)
    lower, upper = clopper_pearson(agreeing, of, conf_level)
    return Share(name, agreeing, of, agreeing / of, lower, upper)


def _left_out(excluded: Mapping[str, str]) -> str:
    """Say who is left out, by reason."""
    counted = sorted(Counter(excluded.values()).items(), key=lambda each: (-each[1], each[0]))
    return f"left out: {', '.join(f'{count} {why}' for why, count in counted) or 'nobody'}"
