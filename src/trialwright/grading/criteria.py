"""The laboratory criteria of CTCAE as data.

A criterion is a list of limbs: one printed alternative of one grade (a semicolon means "or").
A limit is written as CTCAE writes it: `ULN`, `3.0 x ULN`, `1.5 x baseline`, `baseline + 60 ms`,
or one number per unit family, `10.0 g/dL | 6.2 mmol/L | 100 g/L`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from trialwright.terms.errors import refuse, shorten
from trialwright.terms.quantities import Quantity

SIDES = ("at_least", "above", "at_most", "below")
"""Names of the four kinds of limit a limb may have."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One printed limit.

    Attributes
    ----------
    of : {'ULN', 'LLN', 'baseline', ''}
        What is multiplied; empty for a limit that is a number by itself.
    factor : Fraction
        The multiple; 1 for `ULN` alone.
    amounts : tuple of Quantity
        What is added, or the limit itself: one amount for each unit family CTCAE prints.
    """

    of: Literal["ULN", "LLN", "baseline", ""]
    factor: Fraction
    amounts: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Limb:
    """One printed alternative of one grade.

    Attributes
    ----------
    grade : int
        1 to 5.
    says : str
        The words of CTCAE.
    limits : mapping of str to Limit
        By the names in `SIDES`; empty for a limb that asks nothing of the value.
    when : mapping of str to bool
        Facts that must be recorded so.
    even_if_normal : bool
        Whether the limb holds though the value is not beyond the normal limit.
    """

    grade: int
    says: str
    limits: Mapping[str, Limit]
    when: Mapping[str, bool]
    even_if_normal: bool = False

    @property
    def needs_baseline(self) -> bool:
        """Whether a limit is a multiple of the baseline value or is counted from it."""
        return any(limit.of == "baseline" for limit in self.limits.values())


@dataclass(frozen=True, slots=True)
class Criterion:
    """The laboratory criteria of one CTCAE term.

    Attributes
    ----------
    term, version, soc : str
        Term, CTCAE version, system organ class.
    side : {'low', 'high'}
        Whether the term is of low or of high values.
    tests : tuple of str
        Upper-case short names of the tests it grades, e.g. `HGB`.
    limbs : tuple of Limb
        In the order printed.
    source : str
        The document the limits are taken from.
    substance : str
        Name in `terms.quantities.SUBSTANCES`, empty when no mass-to-amount factor is needed.
    unit : str
        `1` for results that have no unit (INR, pH), else empty.
    requires : mapping of str to bool
        Facts without which no value can be graded, e.g. `fasting`.
    by_management : bool
        Whether the grade follows from what was done, so that the value alone gives none.
    note : str
        How an unclear passage of the printed text is read.
    """

    term: str
    version: str
    soc: str
    side: Literal["low", "high"]
    tests: tuple[str, ...]
    limbs: tuple[Limb, ...]
    source: str
    substance: str = ""
    unit: str = ""
    requires: Mapping[str, bool] = field(default_factory=dict)
    by_management: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabRules:
    """All laboratory criteria that are shipped.

    Attributes
    ----------
    criteria : tuple of Criterion
        Unique by version and term.
    """

    criteria: tuple[Criterion, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """The CTCAE versions that have at least one criterion."""
        return tuple(sorted({criterion.version for criterion in self.criteria}, reverse=True))

    def find(self, term: str, version: str) -> Criterion:
        """Give the criteria of a term.

        Parameters
        ----------
        term : str
            CTCAE term; case does not matter, and British spelling (`Anaemia`) is understood.
        version : str
            `5.0` or `4.03`; `5`, `v5.0` and `4.0` are understood.

        Returns
        -------
        Criterion
            The criteria.

        Raises
        ------
        Refusal
            If the version or the term in that version is not shipped.
        """
        wanted = plain_version(version, self.versions)
        spelled = american(term)
        for criterion in self.criteria:
            if criterion.version == wanted and american(criterion.term) == spelled:
                return criterion
        known = sorted(rule.term for rule in self.criteria if rule.version == wanted)
        raise refuse(
            "term",
            f"{shorten(term)!r} has no laboratory criteria of CTCAE {wanted} here",
            ", ".join(known) if len(known) < 5 else f"the {len(known)} laboratory terms shipped",
            "Correct the term, or take the grade as entered by the investigator",
        )

    def tests_elsewhere(self, criterion: Criterion) -> frozenset[str]:
        """Give the tests that other criteria grade and this one does not.

        Parameters
        ----------
        criterion : Criterion
            One of this table.

        Returns
        -------
        frozenset of str
            Upper-case short names.
        """
        every = {test for rule in self.criteria for test in rule.tests}
        return frozenset(every - set(criterion.tests))


def american(term: str) -> str:
    """Bring a term to lower case, single spaces and American spelling.

    Parameters
    ----------
    term : str
        E.g. `Hypokalaemia`.

    Returns
    -------
    str
        E.g. `hypokalemia`.
    """
    plain = " ".join(term.split()).lower()
    for british, spelled in _SPELLED:
        plain = plain.replace(british, spelled)
    return plain


_SPELLED = (
    ("aem", "em"), ("oem", "em"), ("oea", "ea"), ("oedem", "edem"), ("leuco", "leuko"),
    ("paraesth", "paresth"), ("tumour", "tumor"),
)  # fmt: skip
"""British to American spelling, as far as CTCAE terms differ by it."""


def plain_version(version: str, shipped: Sequence[str]) -> str:
    """Name a CTCAE version as the table does.

    Parameters
    ----------
    version : str
        E.g. `v5`, `5`, `5.0`, `4.0`.
    shipped : sequence of str
        Versions of the table.

    Returns
    -------
    str
        One of `shipped`.

    Raises
    ------
    Refusal
        If that version is not shipped; another version is never taken in its place.
    """
    bare = version.strip().lower().removeprefix("ctcae").strip().removeprefix("v").strip()
    # 4.0 and 4.03 print the same laboratory limits; 4.03 is the last of the 4 series.
    named = {"5": "5.0", "4": "4.03", "4.0": "4.03"}.get(bare, bare)
    if named not in shipped:
        raise refuse(
            "version",
            f"CTCAE {shorten(version)!r} is not shipped",
            ", ".join(shipped),
            "Name the version that the protocol pins",
        )
    return named
