"""Whose record it is: the patients of a bundle, and which of them a resource is about."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, TypeVar, cast

from trialwright.casebook.participant import Casebook
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between, civil
from trialwright.intake.outcome import Place, Question
from trialwright.intake.references import RESTFUL, Reference, base_of, identified
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse

Read = TypeVar("Read")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
SOMEBODY = frozenset({"Device", "Group", "Location", "Patient", "RelatedPerson"})
"""Kinds of resource of which an observation may speak instead of the participant."""

_DO_ASK = "Ask where the record comes from"


class Whose(Enum):
    """About whom a reference says that a resource is."""

    HERS = "hers"
    ANOTHER = "another patient's"
    NO_PATIENT = "not about a patient"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Person:
    """What a Patient resource says of a participant, name and identifiers left out.

    Attributes
    ----------
    place : Place
        Where it stands.
    names : frozenset of str
        References under which resources may speak of this patient.
    born, died : PartialDate or None
        As known.
    sex : {'female', 'male'} or None
        Administrative gender.
    questions : tuple of Question
        What a person must settle.
    is_linked : bool
        Whether the resource says that another Patient resource is about the same person.
    identifiers : frozenset of str
        Digests of the identifiers under which resources may speak of this patient.
    """

    place: Place
    names: frozenset[str]
    born: PartialDate | None
    died: PartialDate | None
    sex: Literal["female", "male"] | None
    questions: tuple[Question, ...]
    is_linked: bool = False
    identifiers: frozenset[str] = frozenset()

    def casebook(self, participant: str) -> Casebook:
        """Begin the casebook.

        Parameters
        ----------
        participant : str
            Study number.

        Returns
        -------
        Casebook
            With birth, death and sex, without facts.
        """
        return Casebook(participant, self.born, self.sex, self.died, person=self.place.source)


class People:
    """The patients of a bundle, and others of whom resources may speak.

    Attributes
    ----------
    patients : list of Person
        In the order of the bundle.
    is_of_many : bool
        Whether others than those noted are on record too: a patient who is not noted is another.
    is_named : bool
        Whether resources name the participant by kind and id: a patient of another id is another.
    """

    def __init__(self) -> None:
        self.patients: list[Person] = []
        self.is_of_many = False
        self.is_named = False
        self._named: dict[str, list[int]] = {}
        self._others: set[str] = set()

    def add(self, person: Person, faults: tuple[Fault, ...] = ()) -> bool:
        """Add a patient.

        Parameters
        ----------
        person : Person
            As read.
        faults : tuple of Fault
            Names that stand twice in the resource; nothing it says then holds.

        Returns
        -------
        bool
            False for a patient who stands in the bundle already, who is not added again.
        """
        if faults:
            asked = tuple(person.place.nameless.question(fault) for fault in faults)
            person = replace(person, born=None, died=None, sex=None, questions=asked)
        if any(self.patients[place].names == person.names for place in self._places(person)):
            return False
        for name in person.names | person.identifiers:
            self._named.setdefault(name, []).append(len(self.patients))
        self.patients.append(person)
        return True

    def _places(self, person: Person) -> set[int]:
        """Give the places of patients who share a name with this one."""
        return {place for name in person.names for place in self._named.get(name, ())}

    def note_other(self, full_url: str) -> None:
        """Note a relative, a group or a device, which a resource may be about.

        Parameters
        ----------
        full_url : str
            Under which its entry stands.
        """
        if full_url:
            self._others.add(full_url.lower())

    def choose(self, wanted: str) -> int:
        """Give the place of the participant among the patients.

        Parameters
        ----------
        wanted : str
            `Patient/<id>`, id or `fullUrl`; empty when the bundle has one patient.

        Returns
        -------
        int
            Place in `patients`.

        Raises
        ------
        Refusal
            If there is no patient, or it is not clear which one is meant.
        """
        if not self.patients:
            raise refuse("entry", "no Patient", "one", "Add the Patient resource to the bundle")
        key = wanted.strip().lower()
        meant = set(range(len(self.patients)))
        if key:
            meant = {*self._named.get(key, ()), *self._named.get(f"patient/{key}", ())}
        if len(meant) != 1:
            what = "that were named" if key else "in the bundle"
            raise refuse(
                "entry",
                f"{len(meant)} patients {what}",
                "one",
                "Name the one meant by its Patient/<id>, or export the records of one patient",
            )
        return meant.pop()

    def is_of_somebody(self, reference: Reference) -> bool:
        """Say whether a reference names a person or group, rather than a tumour or a specimen.

        Parameters
        ----------
        reference : Reference
            What an observation focuses on.

        Returns
        -------
        bool
            True for a patient of the bundle, a relative, a group or a device.
        """
        found = RESTFUL.fullmatch(reference.text)
        if found:
            return found["kind"] in SOMEBODY
        name = reference.text.lower()
        return name in self._others or name in self._named

    def whose(self, reference: Reference, chosen: int) -> Whose:
        """Say about whom a resource is.

        Parameters
        ----------
        reference : Reference
            Its subject.
        chosen : int
            Place of the participant in `patients`.

        Returns
        -------
        Whose
            Unresolved when no patient of the bundle, or more than one, has that name; another's
            when resources name the participant by an id and this one names another id.
        """
        found = RESTFUL.fullmatch(reference.text)
        if reference.text.lower() in self._others or (found and found["kind"] != "Patient"):
            return Whose.NO_PATIENT
        for name in _meanings(reference):
            named = self._named.get(name)
            if named:
                hers = Whose.HERS if named == [chosen] else Whose.ANOTHER
                return hers if len(named) == 1 else Whose.UNRESOLVED
        if found is None or not (self.is_of_many or self._is_strange(found["named"], chosen)):
            return Whose.UNRESOLVED
        return Whose.ANOTHER

    def _is_strange(self, named: str, chosen: int) -> bool:
        """Say whether an id is not the participant's, whom resources name by her own."""
        person = self.patients[chosen]
        is_hers = person.place.record.lower() == named.lower()
        return self.is_named and not is_hers and not person.is_linked

    def note_named(self, subjects: Iterable[Reference], chosen: int) -> None:
        """Note whether resources name the participant by kind and id.

        Parameters
        ----------
        subjects : iterable of Reference
            Of all resources.
        chosen : int
            Place of the participant in `patients`.
        """
        self.is_named = any(
            RESTFUL.fullmatch(each.text) and self.whose(each, chosen) is Whose.HERS
            for each in subjects
        )

    def whose_record(self, subject: Reference, focus: tuple[Reference, ...], chosen: int) -> Whose:
        """Say about whom a resource is: its subject, unless it focuses on somebody else.

        Parameters
        ----------
        subject : Reference
            As it says.
        focus : tuple of Reference
            On what it focuses.
        chosen : int
            Place of the participant in `patients`.

        Returns
        -------
        Whose
            As `whose`, of the focus that is another's, else of the subject.
        """
        for each in focus:
            if self.is_of_somebody(each):
                whose = self.whose(each, chosen)
                if whose is not Whose.HERS:
                    return whose
        return self.whose(subject, chosen)


def read_patient(resource: Element, full_url: str, place: Place) -> Person:
    """Read a Patient resource.

    Parameters
    ----------
    resource : Element
        The Patient.
    full_url : str
        Under which its entry stands; empty when it has none.
    place : Place
        Where it stands.

    Returns
    -------
    Person
        Faults of single elements are questions.
    """
    faults: list[Fault] = []
    born = _tried(lambda: civil(resource, "birthDate"), faults)
    if born is None and not faults:
        faults.append(
            Fault(resource.path("birthDate"), "missing", "a date", "Enter the birth date by hand")
        )
    died = _tried(lambda: civil(resource, "deceasedDateTime"), faults)
    if died is None and _tried(lambda: resource.truth("deceasedBoolean"), faults):
        died = between(born.earliest if born else None, None)
        faults.append(
            Fault(resource.path("deceasedBoolean"), "died, without a day", "a date", _DO_ASK)
        )
    if born and died and died.latest < born.earliest:
        faults.append(Fault(resource.path("deceasedDateTime"), "before birth", "later", _DO_ASK))
        died = None
    if resource.content.get("active") is False and died is None:  # else inactive as deceased
        faults.append(Fault(resource.path("active"), "a record no longer in use", "true", _DO_ASK))
    gender = resource.content.get("gender")
    sex = cast(Literal["female", "male"], gender) if gender in ("female", "male") else None
    if sex is None and gender not in (None, "other", "unknown"):
        faults.append(Fault(resource.path("gender"), "no code", "female or male", _DO_ASK))
    nameless = place.nameless  # the id of a patient may be a record number
    asked = tuple(nameless.question(fault) for fault in faults)
    names, is_linked = _names(place.record, full_url), "link" in resource
    digests = _tried(lambda: [identified(each) for each in resource.inners("identifier")], [])
    return Person(place, names, born, died, sex, asked, is_linked, frozenset(digests or ()) - {""})


def _tried(read: Callable[[], Read | None], faults: list[Fault]) -> Read | None:
    """Read an element, noting a fault instead of raising it."""
    try:
        return read()
    except Refusal as refused:
        faults.extend(refused.faults)
        return None


def _names(record: str, full_url: str) -> frozenset[str]:
    """Give the references under which resources may speak of a patient, in lower case."""
    names = {full_url, record} - {""}
    if not base_of(full_url):
        names |= {f"*/{record}"} if record else set()  # no server named: any server's
    found = RESTFUL.fullmatch(full_url)
    if found:
        names |= {f"{found['base']}/{found['named']}", found["named"]}
    if _UUID.fullmatch(record.removeprefix("Patient/")):
        names.add(f"urn:uuid:{record.removeprefix('Patient/')}")
    return frozenset(name.lower() for name in names)


def _meanings(reference: Reference) -> tuple[str, ...]:
    """Give the names that a reference may mean, the most exact first."""
    found = RESTFUL.fullmatch(reference.text)
    if not found:
        return (reference.text.lower(),)
    named = found["named"].lower()
    server = (found["base"] or reference.base).lower()
    return (f"{server}/{named}", f"*/{named}") if server else (named,)
