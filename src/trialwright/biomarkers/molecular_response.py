"""What a response of circulating tumour DNA is, from what became of the variants of baseline.

A specimen that shows nothing tells no reads. It tells its limit: a silent variant lies anywhere
from nothing up to it. So a ratio has bounds, and where a rule lies between them nobody can say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from trialwright.biomarkers.changes import Reading, VariantChange, changes_of
from trialwright.biomarkers.records import BiomarkerRecord, SpecimenTree, tree_of
from trialwright.casebook.materials import Material
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.terms.errors import refuse
from trialwright.terms.markers import TimePoint

BASELINE: TimePoint = "C1D1"
TREATED: TimePoint = "on treatment"


@dataclass(frozen=True, slots=True)
class MolecularRule:
    """A named rule of what a response of circulating tumour DNA is.

    Attributes
    ----------
    name : str
        Printed with every answer.
    most : Decimal
        Largest ratio of the mean fraction on treatment to that at baseline which is a response; 0:
        no variant of baseline may be detected, whatever its fraction was.
    says : str
        The rule in words.

    Raises
    ------
    Refusal
        If the ratio is no fall.
    """

    name: str
    most: Decimal
    says: str

    def __post_init__(self) -> None:
        """Refuse a ratio that is no fall."""
        if not 0 <= self.most <= 1:
            raise refuse("rule.most", f"{self.most}", "from 0 to 1", "Give half as 0.5")


CLEARANCE = MolecularRule("clearance", Decimal(0), "no variant of C1D1 is detected on treatment")
HALVED = MolecularRule(
    "halved",
    Decimal("0.5"),
    "the mean allele fraction of the variants of C1D1 falls by half or more",
)
RULES = (CLEARANCE, HALVED)
"""Rules by name; others are the protocol's."""

MolecularAnswer = Literal["yes", "no", "not evaluable"]


@dataclass(frozen=True, slots=True)
class MolecularResponse:
    """Whether circulating tumour DNA responded by one rule.

    Attributes
    ----------
    answer : {'yes', 'no', 'not evaluable'}
        `not evaluable`: no variant was detected at baseline, or the later specimen leaves it open.
    rule : MolecularRule
        The rule.
    lowest, highest : Decimal or None
        Bounds of the mean fraction on treatment over that at baseline, equal where every fraction
        is told; None of clearance, and where a fraction is not known.
    because : str
        Why.
    """

    answer: MolecularAnswer
    rule: MolecularRule
    lowest: Decimal | None
    highest: Decimal | None
    because: str


@dataclass(frozen=True, slots=True)
class TreatedSpecimen:
    """Variants of cell-free DNA at baseline and in one specimen of treatment.

    Attributes
    ----------
    participant : str
        Study number.
    taken : Material or None
        The blood that was drawn on treatment; None: there is none, or it is open which came first.
    why_none : str
        Why there is none; empty when there is one.
    has_baseline : bool
        Whether cell-free DNA of baseline was sequenced with a result.
    changes : tuple of VariantChange
        From baseline to that specimen; without one, what was detected at baseline.
    """

    participant: str
    taken: Material | None
    why_none: str
    has_baseline: bool
    changes: tuple[VariantChange, ...]

    @property
    def detected(self) -> tuple[VariantChange, ...]:
        """Variants that were detected at baseline; a response is one of these."""
        return tuple(each for each in self.changes if each.before.is_detected)


def first_treated(record: BiomarkerRecord, settings: BiomarkerSettings) -> TreatedSpecimen:
    """Compare the first specimen of treatment with that of baseline.

    Parameters
    ----------
    record : BiomarkerRecord
        Materials and runs.
    settings : BiomarkerSettings
        Panels and their limits.

    Returns
    -------
    TreatedSpecimen
        The first by the day on which blood was drawn; of several without a day none is the first.
        One of which no run passed is the first all the same: a later one is another question.

    Raises
    ------
    Refusal
        If the materials contradict each other.
    """
    tree = tree_of(record)
    baseline = tuple(run for run in record.runs if _is_of(tree, run.material, BASELINE))
    drawn = {
        taken.id: taken
        for each in record.materials
        if _is_of(tree, each.id, TREATED) and (taken := tree.line_of(each.id)[-1])
    }
    first, why = _first(tuple(drawn.values()))
    runs = tuple(
        run
        for run in record.runs
        if first and (line := tree.line_of(run.material)) and line[-1] == first
    )
    alone = replace(record, runs=(*baseline, *runs))
    changes = changes_of(alone, settings, "cfDNA", BASELINE, TREATED)
    has_baseline = any(run.outcome == "passed" for run in baseline)
    return TreatedSpecimen(record.participant, first, why, has_baseline, changes)


def _first(drawn: tuple[Material, ...]) -> tuple[Material | None, str]:
    """Give the blood that was drawn first, or why there is none."""
    if not drawn:
        return None, "no blood of treatment is recorded"
    if len(drawn) == 1:
        return drawn[0], ""
    dated = [(each.on, each) for each in drawn if each.on is not None]
    if len(dated) == len(drawn):
        last, first = min(((day.latest, each) for day, each in dated), key=lambda pair: pair[0])
        if sum(day.earliest <= last for day, _ in dated) == 1:
            return first, ""
    return None, "which blood of treatment was drawn first is not recorded"


def _is_of(tree: SpecimenTree, material: str, when: TimePoint) -> bool:
    """Say whether a material is blood of a time point."""
    return tree.is_tissue(material) is False and tree.time_point_of(material) == when


def molecular_response(found: TreatedSpecimen, rule: MolecularRule) -> MolecularResponse:
    """Say whether circulating tumour DNA responded.

    Parameters
    ----------
    found : TreatedSpecimen
        As `first_treated` gives it.
    rule : MolecularRule
        `CLEARANCE`, `HALVED`, or one that the protocol names.

    Returns
    -------
    MolecularResponse
        By the variants detected at baseline; emergent ones do not count against it.
    """
    why = _why_not(found)
    if why:
        return MolecularResponse("not evaluable", rule, None, None, why)
    if not rule.most:
        return _cleared(found.detected, rule)
    told = [each for each in found.detected if each.before.fraction]
    without = [each.variant for each in told if _ends(each.after) is None]
    if not told:
        because = "no fraction is told at C1D1"
        return MolecularResponse("not evaluable", rule, None, None, because)
    if without:
        because = f"the fraction of {', '.join(without)} is not known on treatment"
        return MolecularResponse("not evaluable", rule, None, None, because)
    low, high = _bounds(told)
    ends = [f"{float(each):.3g}" for each in (low, high)]
    said = ends[0] if low == high else f"between {ends[0]} and {ends[1]}"
    because = (
        f"mean fraction of {len(told)} of {len(found.detected)} variants of C1D1: {said} of it"
    )
    if low > rule.most:
        return MolecularResponse("no", rule, low, high, because)
    if high <= rule.most:
        return MolecularResponse("yes", rule, low, high, because)
    because += "; silent variants may lie anywhere up to the limit"
    return MolecularResponse("not evaluable", rule, low, high, because)


def _why_not(found: TreatedSpecimen) -> str:
    """Say why no rule can be asked; empty when it can."""
    if not found.has_baseline:
        return "no result of cell-free DNA of C1D1"
    if found.why_none:
        return found.why_none
    if not found.detected:
        return "no variant was detected at C1D1"
    return ""


def _cleared(detected: Sequence[VariantChange], rule: MolecularRule) -> MolecularResponse:
    """Say whether every variant is gone; one that is there decides, and silence does not."""
    there = [each.variant for each in detected if each.after.is_detected]
    if there:
        because = f"{', '.join(there)} detected on treatment"
        return MolecularResponse("no", rule, None, None, because)
    unknown = [
        f"{each.variant}: {each.after.because}"
        for each in detected
        if each.after.is_detected is None
    ]
    if unknown:
        return MolecularResponse("not evaluable", rule, None, None, "; ".join(unknown))
    limits = {each.after.limit for each in detected if each.after.limit is not None}
    said = ", ".join(f"{each:.2%}" for each in sorted(limits))
    because = f"none of {len(detected)} variants of C1D1 detected on treatment, limit {said}"
    return MolecularResponse("yes", rule, None, None, because)


def _bounds(told: Sequence[VariantChange]) -> tuple[Decimal, Decimal]:
    """Give the bounds of the ratio of mean fractions."""
    before = sum((each.before.fraction or Decimal(0) for each in told), Decimal(0))
    ends = [_ends(each.after) or (Decimal(0), Decimal(0)) for each in told]
    low, high = (sum((each[end] for each in ends), Decimal(0)) for end in (0, 1))
    return low / before, high / before


def _ends(after: Reading) -> tuple[Decimal, Decimal] | None:
    """Give where a fraction on treatment lies: as told, else up to the limit; None: not known."""
    if after.is_detected:
        return None if after.fraction is None else (after.fraction, after.fraction)
    is_silent = after.is_detected is False
    is_below = after.is_detected is None and after.fraction is not None
    if after.limit is None or not (is_silent or is_below):
        return None
    return Decimal(0), after.limit
