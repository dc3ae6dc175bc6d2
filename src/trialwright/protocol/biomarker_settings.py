"""Biomarkers as data: what panels cover, which alterations count, how stains are read, markers."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Day, Illustrated, Name, Number, Text
from trialwright.terms.markers import COPY_EFFECTS, PROTEIN_ALTERING, Effect, Family, TimePoint

SYMBOL = r"^[A-Z][A-Za-z0-9-]{0,29}$"
"""Form of the symbol of a gene."""

Symbol = Annotated[str, Field(pattern=SYMBOL)]
"""Symbol of a gene, as the HUGO committee gives it."""

Measure = Literal[
    "percent stained", "percent unstained", "Allred", "H-score", "HER2 2013", "HER2 2018"
]
"""What a rule looks at: a percentage of tumour cells, a score, or the HER2 guideline of a year."""


class Panel(Illustrated):
    """What one version of an assay looks at.

    Attributes
    ----------
    id : Name
        As results name it.
    assay : Name
        Id of an assay of the protocol.
    says : str
        The panel in words.
    genes : tuple of str
        Whose coding sequence it covers.
    counts_copies : bool
        Whether it calls copy number in them.
    calls_rearrangements : bool
        Whether it calls rearrangements of them, such as fusions.
    limit : Number or None, fraction
        Lowest variant allele fraction it detects; None: not stated.
    """

    id: Name
    assay: Name
    says: Text
    genes: Annotated[tuple[Symbol, ...], Field(min_length=1)]
    counts_copies: bool = False
    calls_rearrangements: bool = False
    limit: Annotated[Number, Field(gt=0, lt=1)] | None = None


class Residues(Data):
    """A stretch of a protein.

    Attributes
    ----------
    first, last : int
        Residues, both included.
    """

    first: Annotated[int, Field(ge=1, le=40000)]
    last: Annotated[int, Field(ge=1, le=40000)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a stretch that ends before it begins."""
        if self.last < self.first:
            raise ValueError(f"ends at {self.last}, before {self.first}: first, then last")
        return self


class AlterationForm(Data):
    """One way in which a gene may be altered.

    Attributes
    ----------
    genes : tuple of str
        Any of them.
    effects : tuple of str
        What the alteration does; empty: whatever changes the protein.
    changes : tuple of str
        Protein changes without `p.`, e.g. `E17K`; empty: any.
    residues : tuple of Residues
        Where in the protein; empty: anywhere.
    """

    genes: Annotated[tuple[Symbol, ...], Field(min_length=1)]
    effects: tuple[Effect, ...] = ()
    changes: tuple[Annotated[str, Field(pattern=r"^[A-Z*][A-Za-z0-9_*>=]{1,59}$")], ...] = ()
    residues: tuple[Residues, ...] = ()

    @property
    def counted(self) -> tuple[Effect, ...]:
        """Effects that count."""
        return self.effects or PROTEIN_ALTERING

    @property
    def needs_copies(self) -> bool:
        """Whether only an assay that counts copies can see it."""
        return any(each in COPY_EFFECTS for each in self.counted)

    @property
    def needs_rearrangements(self) -> bool:
        """Whether only an assay that calls rearrangements can see all of it."""
        return "rearrangement" in self.counted


class Alteration(Illustrated):
    """A named rule: what counts as this alteration.

    Attributes
    ----------
    id : Name
        Name of the rule, shown beside each answer.
    says : str
        The rule in words.
    reference : str
        Where it comes from: a paper with its DOI, or who chose it.
    forms : tuple of AlterationForm
        Any of them suffices.
    silent_in_plasma : bool
        Whether cell-free DNA without it says nothing, so that its absence is told from tissue only.
    """

    id: Name
    says: Text
    reference: Text
    forms: Annotated[tuple[AlterationForm, ...], Field(min_length=1)]
    silent_in_plasma: bool = False

    @property
    def genes(self) -> tuple[str, ...]:
        """Genes it speaks of, each once, in order."""
        return tuple(dict.fromkeys(gene for form in self.forms for gene in form.genes))


class StatusRule(Illustrated):
    """A named rule: what a stain amounts to.

    Attributes
    ----------
    id : Name
        Name of the rule, shown beside each status.
    says : str
        The rule in words.
    reference : str
        Where it comes from.
    analyte : str
        Protein stained, e.g. `ER`.
    measure : str
        What is looked at.
    cut : Number or None
        Value from which on the status is `from_cut`, itself included; none for HER2.
    from_cut, below_cut : str
        The two statuses.
    """

    id: Name
    says: Text
    reference: Text
    analyte: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9-]{0,19}$")]
    measure: Measure
    cut: Annotated[Number, Field(gt=0, le=300)] | None = None
    from_cut: Literal["positive", "negative", "lost", "retained"] = "positive"
    below_cut: Literal["positive", "negative", "lost", "retained"] = "negative"

    @model_validator(mode="after")
    def _has_its_cut(self) -> Self:
        """Refuse a cut where a guideline decides, and a measure without one."""
        is_guideline = self.measure.startswith("HER2")
        if is_guideline != (self.cut is None):
            found = "has a cut" if is_guideline else "has no cut"
            raise ValueError(f"{found}: a cut for every measure but those of HER2")
        if self.from_cut == self.below_cut:
            raise ValueError("gives one status on both sides of its cut: two statuses")
        return self


class Marker(Illustrated):
    """A marker named before anybody looked.

    Attributes
    ----------
    id : Name
        Short name.
    says : str
        The marker in words.
    family : {'tissue DNA', 'cfDNA', 'IHC'}
        What it is read from; tests are corrected within it.
    rule : Name
        Id of an alteration, or of a status rule for a stain.
    altered : tuple of str
        For a stain: the statuses that count as altered.
    time_points : tuple of str
        When its specimen was taken; any of them.
    landmark_day : int or None, study day
        Day by which a marker measured on treatment is known: times are followed from there, of
        those without an event until then. None for a marker known on day 1.
    """

    id: Name
    says: Text
    family: Family
    rule: Name
    altered: tuple[Literal["positive", "negative", "lost", "retained"], ...] = ()
    time_points: Annotated[tuple[TimePoint, ...], Field(min_length=1)] = ("archival", "C1D1")
    landmark_day: Annotated[int, Field(ge=1)] | None = None


class BiomarkerSettings(Illustrated):
    """What the protocol promises about biomarkers.

    Attributes
    ----------
    version : str
        Version of these rules; empty when there are none.
    dated : date or None
        Its day.
    panels : tuple of Panel
        What the assays cover.
    alterations : tuple of Alteration
        Named rules for variants.
    statuses : tuple of StatusRule
        Named rules for stains.
    markers : tuple of Marker
        Markers named before anybody looked; every other one is exploratory.
    haematopoiesis_genes : tuple of str
        Genes in which a variant of cell-free DNA is suspected to come from blood cells unless
        white cells were sequenced beside it.
    """

    version: str = ""
    dated: Day | None = None
    panels: tuple[Panel, ...] = ()
    alterations: tuple[Alteration, ...] = ()
    statuses: tuple[StatusRule, ...] = ()
    markers: tuple[Marker, ...] = ()
    haematopoiesis_genes: tuple[Symbol, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuse ids given twice, and rules that a marker names and nobody wrote."""
        wrong = (*self._repeated(), *self._misnamed())
        if wrong:
            raise ValueError("; ".join(wrong) + ": ids given once, and markers of rules written")
        return self

    def _repeated(self) -> Iterator[str]:
        """Find ids that stand twice; alterations and status rules share theirs."""
        for what, ids in (
            ("panel", [each.id for each in self.panels]),
            (
                "rule",
                [*(each.id for each in self.alterations), *(each.id for each in self.statuses)],
            ),
            ("marker", [each.id for each in self.markers]),
        ):
            for again in sorted({each for each in ids if ids.count(each) > 1}):
                yield f"names the {what} {again!r} twice"

    def _misnamed(self) -> Iterator[str]:
        """Find markers whose rule is none of their family, or whose altered statuses do not fit."""
        for marker in self.markers:
            is_stain = marker.family == "IHC"
            known = {each.id for each in (self.statuses if is_stain else self.alterations)}
            if marker.rule not in known:
                yield f"has the marker {marker.id!r} with the unknown rule {marker.rule!r}"
            if is_stain != bool(marker.altered):
                yield f"has the marker {marker.id!r} with `altered` where none belongs, or without"

    def panel(self, panel: str) -> Panel | None:
        """Give a panel by its id.

        Parameters
        ----------
        panel : str
            As results name it, in any case.

        Returns
        -------
        Panel or None
            None when the protocol has no such panel.
        """
        named = panel.casefold()
        return next((each for each in self.panels if each.id.casefold() == named), None)

    def alteration(self, rule: str) -> Alteration | None:
        """Give a named rule for variants.

        Parameters
        ----------
        rule : str
            Its id.

        Returns
        -------
        Alteration or None
            None when there is none.
        """
        return next((each for each in self.alterations if each.id == rule), None)

    def status(self, rule: str) -> StatusRule | None:
        """Give a named rule for stains.

        Parameters
        ----------
        rule : str
            Its id.

        Returns
        -------
        StatusRule or None
            None when there is none.
        """
        return next((each for each in self.statuses if each.id == rule), None)
