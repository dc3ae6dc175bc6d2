"""Settle whose the facts are, and give every entry its one fate."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.intake.ages import UNTOLD, dated, ended_by
from trialwright.intake.belonging import NOWHERE, Belonging, Diseases, Fact, first_told
from trialwright.intake.dosage import Dose, with_changes
from trialwright.intake.outcome import Intake, Place, Question, Reading, left_open
from trialwright.intake.people import People, Person, Whose
from trialwright.intake.references import Reference
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, refuse
from trialwright.terms.sources import Source

MOST_QUESTIONS = 10_000
"""Most questions that one bundle may raise; nobody settles more."""

MOST_KEPT = 100_000
"""Most resources that may hold facts; a long illness leaves some 2,000."""

MOST_PATIENTS = 50_000
"""Most patients of one file; the export of many patients is a folder."""

_DO_ASK = "Ask where the record comes from, and correct it there"


@dataclass(frozen=True, slots=True)
class Draft:
    """What one resource gave, and whose it says it is.

    Attributes
    ----------
    place : Place
        Where it stands.
    kind : str
        Kind of resource.
    identity : str
        Under which the same resource would stand a second time.
    reading : Reading
        What it gave.
    subject : Reference
        Whom it is about.
    focus : tuple of Reference
        What it is about instead, if that is a person.
    belonging : Belonging
        Of which disease it speaks.
    """

    place: Place
    kind: str
    identity: str
    reading: Reading
    subject: Reference
    focus: tuple[Reference, ...]
    belonging: Belonging = NOWHERE


@dataclass(slots=True)
class Gathered:
    """What the entries of a bundle gave.

    Attributes
    ----------
    people : People
        Patients and others.
    drafts : list of Draft
        In the order of the bundle.
    questions : list of Question
        Of resources that could not be read far enough to say whose they are.
    ignored : Counter of str
        Entries left aside, by kind and reason.
    entries : int
        Entries of the bundle.
    primaries : mapping of str to str
        The cancer of which each metastasis must be one.
    """

    people: People = field(default_factory=People)
    drafts: list[Draft] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    primaries: Mapping[str, str] = field(default_factory=dict)

    def require_room(self, where: str, waiting: int) -> None:
        """Refuse to keep more than the record of one participant holds.

        Parameters
        ----------
        where : str
            Place of the resource that comes next.
        waiting : int
            Resources that wait beside the drafts.

        Raises
        ------
        Refusal
            If so much is kept already.
        """
        for what, kept, most in (
            ("resources that may hold facts", len(self.drafts) + waiting, MOST_KEPT),
            ("patients", len(self.people.patients), MOST_PATIENTS),
        ):
            if kept > most:
                raise refuse(where, f"more than {most} {what}", "the record of one participant",
                             "Export it in parts")  # fmt: skip

    def ask(self, question: Question) -> None:
        """Note a question.

        Parameters
        ----------
        question : Question
            What a person must settle.

        Raises
        ------
        Refusal
            When there are too many to settle.
        """
        self.questions.append(question)
        if len(self.questions) > MOST_QUESTIONS:
            raise refuse(
                "entry",
                f"more than {MOST_QUESTIONS} questions",
                "a bundle that people can settle",
                "Correct the export: the same fault stands in many resources",
            )


def settle(
    gathered: Gathered, participant: str, patient: str, assembled: PartialDate | None = None
) -> Intake:
    """Make the casebook of one patient.

    Parameters
    ----------
    gathered : Gathered
        What the entries gave; used up.
    participant : str
        Study number.
    patient : str
        The patient meant; empty when there is one.
    assembled : PartialDate or None
        Day on which the records were put together: what had ended then ended by that day.

    Returns
    -------
    Intake
        Facts, counts and questions.

    Raises
    ------
    Refusal
        If it is not clear which patient is meant, or there are too many questions.
    """
    people = gathered.people
    chosen = people.choose(patient)
    person = people.patients[chosen]
    people.note_named((draft.subject for draft in gathered.drafts), chosen)
    used = _count_patients(gathered, chosen)
    facts: list[Fact] = []
    doses: list[tuple[Treatment, Dose]] = []
    twice, records = _Twice(gathered.drafts), _records(gathered.drafts)
    settled = [(each, _settled(each, people, chosen, twice)) for each in gathered.drafts]
    diseases = Diseases(gathered.primaries)
    for draft, reading in settled:
        if draft.kind == "Condition":
            diseases.note(_names(draft), reading, draft.belonging)
    for draft, own in settled:
        reading = diseases.hers(own, draft.belonging, _names(draft), draft.place, draft.kind)
        for question in reading.questions:
            gathered.ask(question)
        if reading.ignored:
            gathered.ignored[f"{draft.kind}: {reading.ignored}"] += 1
        elif not reading.questions:
            used += 1
        facts.extend(_about(reading, draft, records))
        doses.extend((fact, reading.dose) for fact in reading.facts if isinstance(fact, Treatment))
    facts = [
        ended_by(each, assembled) if isinstance(each, Condition) else each
        for each in first_told(facts)
    ]
    casebook = replace(
        person.casebook(participant),
        observations=tuple(fact for fact in facts if isinstance(fact, Observation)),
        conditions=tuple(fact for fact in facts if isinstance(fact, Condition)),
        treatments=with_changes(doses),
        unsettled=left_open(gathered.questions),
    )
    return Intake(
        casebook,
        gathered.entries,
        used,
        MappingProxyType(dict(sorted(_counts(casebook).items()))),
        MappingProxyType(dict(sorted(gathered.ignored.items()))),
        tuple(
            sorted(gathered.questions, key=lambda each: -1 if each.entry is None else each.entry)
        ),
    )


def _records(drafts: list[Draft]) -> dict[str, str]:
    """Give the place of each Condition by the ways in which results refer to it."""
    names: dict[str, str] = {}
    for draft in drafts:
        if draft.kind == "Condition":
            names |= dict.fromkeys(_names(draft), draft.place.source.place)
    return names


def _names(draft: Draft) -> tuple[str, ...]:
    """Give the ways in which others refer to a resource, in lower case."""
    id_ = draft.place.record.removeprefix(f"{draft.kind}/").lower()
    return draft.identity, draft.place.source.place.lower(), f"urn:uuid:{id_}"


def _about(reading: Reading, draft: Draft, records: dict[str, str]) -> tuple[Fact, ...]:
    """Give the facts of a resource, results with the records of which they speak."""
    spoken = (records.get(each.text.lower()) for each in draft.focus)
    about = tuple(each for each in spoken if each)
    if not about:
        return reading.facts
    return tuple(
        replace(fact, about=about) if isinstance(fact, Observation) else fact
        for fact in reading.facts
    )


def unsettled(reading: Reading, fault: Fault, place: Place) -> Reading:
    """Put everything that a resource gave in question.

    Parameters
    ----------
    reading : Reading
        What it gave.
    fault : Fault
        What is doubtful.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        Observations keep their day; conditions and treatments are left out.
    """
    observations = tuple(
        replace(fact, value=IN_QUESTION, low=None, high=None, ranges=())
        for fact in reading.facts
        if isinstance(fact, Observation)
    )
    held = {fact.term for fact in observations}
    asked = tuple(place.question(fault, term, is_held=term in held) for term in _terms(reading))
    opens = frozenset[str]().union(*(each.opens for each in reading.questions))
    if opens or not asked:
        asked = (*asked, place.question(fault, opens=opens))
    return Reading(observations, asked)


class _Twice:
    """Which resources stand more than once, and whether they say the same."""

    def __init__(self, drafts: list[Draft]) -> None:
        self._first: dict[str, Draft] = {}
        self._differing: set[str] = set()
        for draft in drafts:
            first = self._first.setdefault(draft.identity, draft)
            if first is not draft and not _say_the_same(first, draft):
                self._differing.add(draft.identity)

    def is_repeated(self, draft: Draft) -> bool:
        """Say whether the same stood before."""
        return self._first[draft.identity] is not draft

    def is_contradicted(self, draft: Draft) -> bool:
        """Say whether it stands again and says something else."""
        return draft.identity in self._differing


def _say_the_same(one: Draft, other: Draft) -> bool:
    """Compare what two versions of a resource gave, and of whom."""
    if (one.subject, one.focus, one.reading.ignored) != (
        other.subject,
        other.focus,
        other.reading.ignored,
    ):
        return False
    return _said(one.reading) == _said(other.reading)


def _said(reading: Reading) -> list[object]:
    """Give facts and faults of a reading, without the place of the entry."""
    nowhere = Source("", "")
    facts: list[object] = [replace(fact, source=nowhere) for fact in reading.facts]
    facts.append(reading.dose)
    return facts + [(each.term, each.fault.found) for each in reading.questions]


def _settled(draft: Draft, people: People, chosen: int, twice: _Twice) -> Reading:
    """Give the final reading of a resource."""
    reading, place = draft.reading, draft.place
    whose = people.whose_record(draft.subject, draft.focus, chosen)
    if whose is Whose.UNRESOLVED and reading.ignored:
        return reading
    if whose is Whose.UNRESOLVED:
        fault = Fault(
            f"{place.where}.subject", "no patient of this bundle", "the participant", _DO_ASK
        )
        asked = unsettled(reading, fault, place).questions
        return Reading(questions=tuple(replace(each, is_held=False) for each in asked))
    if whose is not Whose.HERS:
        return Reading(ignored=whose.value)
    if twice.is_contradicted(draft):
        fault = Fault(place.where, "stands twice, and differs", "one version", _DO_ASK)
        return unsettled(reading, fault, place)
    if twice.is_repeated(draft):
        return Reading(ignored="repeated")
    return _within_life(_dated(reading, people.patients[chosen]), people.patients[chosen], place)


def _dated(reading: Reading, person: Person) -> Reading:
    """Date conditions by the ages at which they began and ended."""
    facts = (
        dated(fact, reading.ages, person.born) if isinstance(fact, Condition) else fact
        for fact in reading.facts
    )
    return reading if reading.ages == UNTOLD else replace(reading, facts=tuple(facts))


def _within_life(reading: Reading, person: Person, place: Place) -> Reading:
    """Put in question what is dated before birth or after death."""
    born = person.born.earliest if person.born else date.min
    died = person.died.latest if person.died else date.max
    strange = [
        fact
        for fact in reading.facts
        if any(day.latest < born or day.earliest > died for day in _days(fact))
    ]
    if not strange:
        return reading
    fault = Fault(place.where, "a day before birth or after death", "in life", _DO_ASK)
    asked = tuple(place.question(fault, _named(fact)) for fact in strange)
    kept = tuple(fact for fact in reading.facts if fact not in strange)
    return Reading(kept, reading.questions + asked)


def _days(fact: Fact) -> tuple[PartialDate, ...]:
    """Give the days that lie in the life of the participant; a condition may be older."""
    if isinstance(fact, Observation):
        return (fact.on,)
    if isinstance(fact, Treatment):
        return tuple(day for day in (fact.since, fact.until) if day is not None)
    return ()


def _count_patients(gathered: Gathered, chosen: int) -> int:
    """Give the patients their fate; say how many were used."""
    used = 0
    for place, person in enumerate(gathered.people.patients):
        if place != chosen:
            gathered.ignored[f"Patient: {Whose.ANOTHER.value}"] += 1
            continue
        for question in person.questions:
            gathered.ask(question)
        used += not person.questions
    return used


def _counts(casebook: Casebook) -> Counter[str]:
    """Count the facts of a casebook by term; results in question are none."""
    counts = Counter(fact.term for fact in casebook.observations if fact.value != IN_QUESTION)
    counts.update(fact.term for fact in casebook.conditions)
    counts.update(fact.medicine for fact in casebook.treatments)
    known = {"born": casebook.born, "sex": casebook.sex, "died": casebook.died}
    counts.update(name for name, value in known.items() if value is not None)
    return counts


def _terms(reading: Reading) -> list[str]:
    """Give the terms that a reading is about, each once."""
    named = [_named(fact) for fact in reading.facts] + [each.term for each in reading.questions]
    return [term for term in dict.fromkeys(named) if term]


def _named(fact: Fact) -> str:
    """Give the term or medicine of a fact."""
    return fact.medicine if isinstance(fact, Treatment) else fact.term
