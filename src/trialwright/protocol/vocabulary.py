"""The vocabulary of a protocol: each fact it speaks of, with unit, codes and words."""

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number, Text
from trialwright.terms.bounds import exact
from trialwright.terms.codes import Code

CodeText = Annotated[
    str, Field(pattern=r"^(LOINC|SNOMEDCT|RXNORM|ICD10CM|AJCC|LOCAL) [A-Za-z0-9.\-]{1,40}$")
]
"""A code with its system, e.g. `LOINC 718-7`."""


class Plausible(Data):
    """Numbers that can be true of a living person, in the term's unit.

    Attributes
    ----------
    at_least, at_most : Number
        Outside this window a value is questioned, never converted silently.
    or_zero : bool
        Whether none at all can be true though it lies below the window: counters that report tens
        of cells report 0 as well, and 3.2 has lost its thousand.
    """

    at_least: Number
    at_most: Number
    or_zero: bool = False

    def holds(self, number: Fraction) -> bool:
        """Say whether a number can be true.

        Parameters
        ----------
        number : Fraction
            In the term's unit.

        Returns
        -------
        bool
            Bounds included.
        """
        if self.or_zero and number == 0:
            return True
        return exact(self.at_least) <= number <= exact(self.at_most)


OtherName = Annotated[str, Field(min_length=2, max_length=60)]
"""A name under which records hold a medicine."""

OmopId = Annotated[int, Field(ge=1, le=2_147_483_647)]
"""A concept id of the OMOP vocabularies."""

Phrase = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 '/+.\-]{1,59}$")]
"""Words under which a record may hold a fact, without marks that end a phrase."""

Effort = Literal["ask", "chart", "vital", "laboratory", "ecg", "imaging", "biopsy"]
"""What it takes to find a fact out, cheapest first."""

ListedOn = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
"""Day of a list, year-month-day; empty when it has none."""


class Listed(Data):
    """Which edition of a list of codes or medicines it is, and where it stands.

    Attributes
    ----------
    version : str
        Edition, e.g. `2`.
    dated : str
        Day of the edition, year-month-day.
    source : str
        Where it was taken from.
    """

    version: Annotated[str, Field(min_length=1, max_length=40)]
    dated: ListedOn
    source: Text


class Medicine(Data):
    """A medicine or treatment by its active ingredient.

    Attributes
    ----------
    says : str
        Its name for people.
    codes : tuple of str
        Codes under which records hold it, at the level of the ingredient.
    omop : tuple of int
        Concept ids of OMOP known for it; others are looked up by code in the site's own
        vocabulary tables.
    synonyms : tuple of str
        Other names, such as a sponsor's code: records of investigational agents have no other.
    doubtful_names : tuple of str
        Names of which another treatment goes as well: a record under one is asked about. In a
        vocabulary of cancer treatment they mean this one.
    half_life_hours : Number or None
        Elimination half-life; None: not known, which decides nothing.
    source : str
        Where codes and half-life were taken from.
    unverified : tuple of str
        Which of `codes`, `half_life_hours` nobody has verified.
    """

    says: Text
    codes: tuple[CodeText, ...] = ()
    omop: tuple[OmopId, ...] = ()
    synonyms: tuple[OtherName, ...] = ()
    doubtful_names: tuple[OtherName, ...] = ()
    half_life_hours: Annotated[Number, Field(gt=0)] | None = None
    source: str = ""
    unverified: tuple[Literal["codes", "half_life_hours"], ...] = ()

    @property
    def coded(self) -> tuple[Code, ...]:
        """The codes as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.codes)


class Term(Data):
    """One fact that the protocol speaks of.

    Attributes
    ----------
    says : str
        Its name for people; for a question, the question.
    kind : {'observation', 'finding', 'condition', 'treatment', 'specimen', 'question'}
        Measured; found and coded; diagnosed; a set of medicines given; a specimen; or answered by
        a person.
    unit : str
        UCUM unit in which values are shown; empty unless measured.
    substance : str
        Name under which mass and amount convert; empty when they need not.
    codes : tuple of str
        Codes under which records hold it.
    relative_codes : tuple of str
        For a condition: codes that mean it where a family history gives them to a relative.
    site_codes : tuple of str
        For a metastasis: body sites that make a metastasis it, where its own code names no site.
    primary : Name or None
        For a metastasis: the term of the cancer of which it must be one.
    staging_codes : tuple of str
        For a metastasis: codes under which records hold a stage of that cancer.
    stage_codes : tuple of str
        For a metastasis: values of such a stage that say that it is present.
    words : tuple of str
        Names that tell it where a record has no code of the protocol: a condition, by its whole
        text or inside of it; a result, by its whole name alone.
    unless : tuple of str
        Words beside which `words` tell something else.
    relative_words : tuple of str
        For a condition: names that mean it where a family history gives them to a relative.
    omop : tuple of int
        Concept ids of OMOP known for it; others are looked up by code.
    members : tuple of Name
        For a treatment: the medicines of the set.
    cleared_after_days : int or None, days
        For a treatment: after so long, no half-life of a member matters, known or not.
    listed : Listed or None
        Edition and source of the codes or members.
    plausible : Plausible or None
        Values that can be true.
    effort : Effort or None
        What it takes to find it out; None: as usual for its kind.
    note : str
        Trap or source to know.
    """

    says: Text
    kind: Literal["observation", "finding", "condition", "treatment", "specimen", "question"]
    unit: str = ""
    substance: str = ""
    codes: tuple[CodeText, ...] = ()
    relative_codes: tuple[CodeText, ...] = ()
    site_codes: tuple[CodeText, ...] = ()
    primary: Name | None = None
    staging_codes: tuple[CodeText, ...] = ()
    stage_codes: tuple[CodeText, ...] = ()
    words: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    relative_words: tuple[Phrase, ...] = ()
    omop: tuple[OmopId, ...] = ()
    members: tuple[Name, ...] = ()
    cleared_after_days: Annotated[int, Field(ge=1, le=36500)] | None = None
    listed: Listed | None = None
    plausible: Plausible | None = None
    effort: Effort | None = None
    note: str = ""

    @property
    def coded(self) -> tuple[Code, ...]:
        """The codes as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.codes)

    @property
    def coded_of_relatives(self) -> tuple[Code, ...]:
        """The codes of relatives as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.relative_codes)

    @property
    def coded_of_sites(self) -> tuple[Code, ...]:
        """The codes of sites as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.site_codes)

    @property
    def coded_of_stagings(self) -> tuple[Code, ...]:
        """The codes of a staging as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.staging_codes)

    @property
    def coded_of_stages(self) -> tuple[Code, ...]:
        """The codes of stages as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.stage_codes)

    @property
    def takes(self) -> Effort:
        """What it takes to find the fact out."""
        return self.effort or _USUAL[self.kind]

    @model_validator(mode="after")
    def _members_of_treatments(self) -> Self:
        """Refuse a set of medicines without members, and members of anything else."""
        if (self.kind == "treatment") != bool(self.members):
            raise ValueError("has no use for one alone: the kind treatment, and members")
        return self

    @model_validator(mode="after")
    def _relatives_and_sites_of_conditions(self) -> Self:
        """Refuse codes of relatives and of sites for anything but a condition."""
        if (self.relative_codes or self.site_codes) and self.kind != "condition":
            raise ValueError("relative_codes and site_codes are of a condition")
        return self

    @model_validator(mode="after")
    def _words_of_what_is_named(self) -> Self:
        """Refuse names of what records hold by code or medicine alone, and `unless` without any."""
        if self.words and self.kind not in ("condition", "observation", "finding"):
            raise ValueError("words are of a condition or of a result")
        if self.relative_words and self.kind != "condition":
            raise ValueError("relative_words are of a condition")
        if self.unless and not self.words:
            raise ValueError("unless is of words")
        return self

    @model_validator(mode="after")
    def _stages_of_metastases(self) -> Self:
        """Refuse a primary of anything but a condition, and a part of what reads a stage."""
        if self.primary and self.kind != "condition":
            raise ValueError("primary is of a condition")
        if bool(self.staging_codes) != bool(self.stage_codes):
            raise ValueError("has no use for one alone: staging_codes and stage_codes")
        if self.stage_codes and not self.primary:
            raise ValueError("has stages of no cancer: name the primary")
        return self


_USUAL: dict[str, Effort] = {
    "question": "ask",
    "condition": "chart",
    "treatment": "chart",
    "finding": "laboratory",
    "observation": "laboratory",
    "specimen": "biopsy",
}
