"""A participant as a case gives one: facts by name or a bundle, days, and ranges of normal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.example_facts import shown
from trialwright.eligibility.examples import casebook_from, roles_of
from trialwright.protocol.criteria import Anchor, Criterion
from trialwright.protocol.study import Study
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, form_of
from trialwright.terms.errors import Fault, Refusal


class RangeGiven(BaseModel):
    """A line of the institution's table of reference ranges.

    Attributes
    ----------
    term : str
        Name in the protocol's vocabulary.
    low, high : Decimal or None
        Ends of the range, included; null: open.
    unit : str
        UCUM unit of the ends.
    group : str
        To whom it applies, e.g. `postmenopausal`; empty: to everybody.
    source : str
        The table and its line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    term: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str
    group: str = ""
    source: str = ""

    @property
    def line(self) -> LaboratoryRange:
        """The line as the rules read it."""
        return LaboratoryRange(self.term, self.low, self.high, self.unit, self.group, self.source)


class ParticipantCase(Case):
    """Who is asked about, as of which day.

    Attributes
    ----------
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        Named days that are known; screening and registration are `as_of` unless given.
    given : mapping of str to value
        Facts by name, as in a protocol's examples, dated `as_of` unless they say otherwise.
    bundle : mapping
        Instead of `given`: a FHIR R4 bundle.
    patient : str
        The patient of the bundle who is meant, `Patient/<id>`; empty where it holds one.
    laboratory : tuple of RangeGiven
        The institution's table of reference ranges, for results that carry none.
    """

    verbatim: ClassVar[tuple[str, ...]] = ("bundle",)

    as_of: date
    anchors: dict[Anchor, date] = Field(default_factory=dict)
    given: dict[str, str | int | Decimal | None] | None = None
    bundle: dict[str, Any] | None = None
    patient: str = ""
    laboratory: tuple[RangeGiven, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        """Refuse no facts, and facts from two places."""
        if (self.given is None) == (self.bundle is None):
            raise ValueError("give the facts as `given` or as `bundle`, and not as both")
        if self.patient and self.bundle is None:
            raise ValueError("`patient` names one of a `bundle`; without one, leave it out")
        return self

    @property
    def days(self) -> dict[Anchor, date]:
        """The named days, with those that are `as_of` unless given."""
        days: dict[Anchor, date] = {"screening": self.as_of, "registration": self.as_of}
        return {**days, **self.anchors}

    @property
    def ranges(self) -> tuple[LaboratoryRange, ...]:
        """The institution's table."""
        return tuple(each.line for each in self.laboratory)

    def casebook(self, study: Study, library: Library) -> Casebook:
        """Read the facts in the vocabulary of a protocol.

        Parameters
        ----------
        study : Study
            The protocol.
        library : Library
            Reads a bundle.

        Returns
        -------
        Casebook
            What is known of the participant.

        Raises
        ------
        Refusal
            If a fact cannot be read.
        """
        if self.bundle is not None:
            return library.read_bundle(self.bundle, study, self.patient)
        return casebook_given(self.given or {}, study, study.criteria, self.as_of)


def casebook_given(
    given: Mapping[str, str | int | Decimal | None],
    study: Study,
    criteria: tuple[Criterion, ...],
    as_of: date,
) -> Casebook:
    """Make a casebook of facts by name.

    Parameters
    ----------
    given : mapping of str to value
        As in a protocol's examples.
    study : Study
        Whose vocabulary they speak.
    criteria : tuple of Criterion
        Those that are asked: they give the roles that answer.
    as_of : date
        Day of facts that do not say another.

    Returns
    -------
    Casebook
        With the facts given.

    Raises
    ------
    Refusal
        Naming every fact that cannot be read, without a text that was given: it may be a name.
    """
    roles = {question: role for each in criteria for question, role in roles_of(each).items()}
    try:
        return casebook_from(given, study.terms, roles, as_of, "CASE", study.medicines)
    except Refusal as refused:
        raise Refusal(_without_text(each, given) for each in refused.faults) from None


def _without_text(fault: Fault, given: Mapping[str, object]) -> Fault:
    """Show the form of a text that was given, and not the text."""
    value = given.get(fault.where)
    is_shown = isinstance(value, str) and (value in fault.found or shown(value) in fault.found)
    return replace(fault, found=form_of(value)) if is_shown else fault
