"""Of which disease a record speaks: that of another cancer is no metastasis of the trial's.

A record says so by reference: a stage by its focus, or by the Condition of whose stage it is the
assessment; a secondary cancer by the Condition to which it is related; a treatment by its reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.treatments import Treatment
from trialwright.intake.elements import Element
from trialwright.intake.outcome import Place, Reading
from trialwright.terms.errors import Fault

Fact = Observation | Condition | Treatment
"""What a resource may give."""

_RELATED = ("condition-related", "mcode-related-primary-cancer-condition")
_OTHER_DISEASE = "of another disease"
_DO_ASK = "Ask of which cancer it is, and correct the record where it comes from"


@dataclass(frozen=True, slots=True)
class Belonging:
    """References by which a record says of which disease it speaks.

    Attributes
    ----------
    of : tuple of str
        Records of diseases of which it speaks, as written, in lower case.
    assessed_by : tuple of str
        Records of the assessment of its stage, as written, in lower case.
    """

    of: tuple[str, ...] = ()
    assessed_by: tuple[str, ...] = ()


NOWHERE = Belonging()
"""A record that says nothing of it."""


def belonging_of(resource: Element) -> Belonging:
    """Read of which disease a record speaks.

    Parameters
    ----------
    resource : Element
        Any.

    Returns
    -------
    Belonging
        By relation of a Condition, reason of a treatment, and focus of any.

    Raises
    ------
    Refusal
        If a reference has another form.
    """
    related = (
        each.inner("valueReference")
        for each in resource.inners("extension")
        if each.text("url").endswith(_RELATED)
    )
    named = (*related, *resource.inners("reasonReference"), *resource.inners("focus"))
    assessed = (one for each in resource.inners("stage") for one in each.inners("assessment"))
    return Belonging(_written(named), _written(assessed))


def _written(references: Iterable[Element | None]) -> tuple[str, ...]:
    """Give references as written, in lower case."""
    return tuple(each.text("reference").lower() for each in references if each is not None)


class Diseases:
    """The records of diseases of one participant, by the ways in which others refer to them.

    Parameters
    ----------
    primaries : mapping of str to str
        The cancer of which each metastasis must be one.
    """

    def __init__(self, primaries: Mapping[str, str]) -> None:
        self._primaries = primaries
        self._terms: dict[str, frozenset[str]] = {}
        self._assessed: dict[str, set[str]] = {}

    def note(self, names: Iterable[str], reading: Reading, belonging: Belonging) -> None:
        """Note the record of a disease.

        Parameters
        ----------
        names : iterable of str
            Ways in which others refer to it, in lower case.
        reading : Reading
            What it gave.
        belonging : Belonging
            Of what it speaks.
        """
        terms = frozenset(
            each.term for each in reading.facts if isinstance(each, Condition) and each.is_confirmed
        )
        ways = tuple(names)
        for each in ways:  # one that stands twice gives its facts once
            self._terms[each] = self._terms.get(each, frozenset()) | terms
        for each in belonging.assessed_by:
            self._assessed.setdefault(each, set()).update(ways[:1])

    def hers(
        self, reading: Reading, belonging: Belonging, names: Iterable[str], place: Place, kind: str
    ) -> Reading:
        """Leave out what a record says of another disease than the trial's.

        Parameters
        ----------
        reading : Reading
            What it gave.
        belonging : Belonging
            Of what it speaks.
        names : iterable of str
            Ways in which others refer to it, in lower case.
        place : Place
            Where it stands.
        kind : str
            Kind of resource; a metastasis of an Observation is told by a stage.

        Returns
        -------
        Reading
            Without a metastasis of another cancer; a stage of nobody known is a question; the
            setting of a treatment for another disease is not that of the trial's, and unknown.
        """
        of = [self._terms[each] for each in belonging.of if each in self._terms]
        kept: list[Fact] = []
        questions = list(reading.questions)
        for fact in reading.facts:
            match fact:
                case Condition() if fact.term in self._primaries and kind == "Observation":
                    told = of or self._assessing(names)
                    if not told:
                        found = "a stage of no cancer on record"
                        fault = Fault(f"{place.where}.focus", found, "the primary cancer", _DO_ASK)
                        questions.append(place.question(fault, fact.term))
                    elif self._is_primary(fact.term, told):
                        kept.append(fact)
                case Condition() if fact.term in self._primaries and of:
                    kept += [fact] if self._is_primary(fact.term, of) else []
                case Treatment() if of and not any(terms & self._ours for terms in of):
                    kept.append(replace(fact, intent=None))
                case _:
                    kept.append(fact)
        if kept == list(reading.facts) and len(questions) == len(reading.questions):
            return reading
        ignored = "" if kept or questions else _OTHER_DISEASE
        return replace(reading, facts=tuple(kept), questions=tuple(questions), ignored=ignored)

    @property
    def _ours(self) -> frozenset[str]:
        """The cancers of which metastases must be, and these."""
        return frozenset((*self._primaries, *self._primaries.values()))

    def _is_primary(self, term: str, of: list[frozenset[str]]) -> bool:
        """Say whether one of the diseases is that of which a metastasis must be."""
        return any(self._primaries[term] in terms for terms in of)

    def _assessing(self, names: Iterable[str]) -> list[frozenset[str]]:
        """Give the diseases of whose stage a record is the assessment."""
        ways = {way for each in names for way in self._assessed.get(each, ())}
        return [self._terms[each] for each in sorted(ways)]


def first_told(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Leave out a stage that tells later what a diagnosis told before.

    Parameters
    ----------
    facts : iterable of Observation, Condition or Treatment
        Of one participant.

    Returns
    -------
    tuple of Observation, Condition or Treatment
        Without conditions that began on an unknown day before their record, where another
        confirmed one of the term certainly began by then: its day of onset says more.
    """
    every = tuple(facts)
    onsets: dict[str, date] = {}
    for fact in every:
        is_sure = isinstance(fact, Condition) and fact.is_confirmed and not _is_open(fact)
        if isinstance(fact, Condition) and is_sure and fact.since is not None:
            known = onsets.get(fact.term, date.max)
            onsets[fact.term] = min(known, fact.since.latest)
    return tuple(
        fact
        for fact in every
        if not isinstance(fact, Condition)
        or not _is_open(fact)
        or fact.recorded is None
        or onsets.get(fact.term, date.max) > fact.recorded.earliest
    )


def _is_open(fact: Condition) -> bool:
    """Say whether a condition began at any time before a day."""
    return fact.since is not None and fact.since.earliest == date.min
