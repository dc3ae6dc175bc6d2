"""Take the resources of a record one at a time; each is used, in question, or left aside by name.

A resource may stand before the patient it is about, or before the Medication to which it refers, so
that what little it gives is kept until the whole record is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from trialwright.intake.belonging import NOWHERE, belonging_of
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import is_named
from trialwright.intake.concluded import read_told_beside
from trialwright.intake.elements import ID, Element, element_of
from trialwright.intake.enclosed import READ, encloses, hidden, modifiers, read_enclosing
from trialwright.intake.medications import KINDS, read_medication
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Question, Reading
from trialwright.intake.people import SOMEBODY, Whose, read_patient
from trialwright.intake.references import Reference, about, base_of
from trialwright.intake.resource_kinds import (
    READERS,
    UNREAD,
    hides_what,
    is_misnamed,
    opened_inside,
    read_alone,
)
from trialwright.intake.settling import Draft, Gathered, unsettled
from trialwright.terms.errors import Fault, Refusal, refuse

_CODED = frozenset({"Observation", "Condition"})
"""Kinds of resource that hold a term by code alone."""

_WORDY = frozenset({"text", "note", "contained"})
"""Parts of a medication resource that are not kept while it waits."""

_DESCRIBING = frozenset({"code", "ingredient"})
"""Parts of a Medication that are kept for what refers to it."""

_NOT_GIVEN = frozenset({"not-taken", "not-done", "entered-in-error"})
_DO_ASK = "Ask where the record comes from, and correct it there"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a resource stands.

    Attributes
    ----------
    entry : int
        Place in the record, counted from 0.
    container : str
        What stands there, e.g. `entry[12]` or `line[13]`.
    full_url : str
        Address under which it stands; empty when it has none.
    faults : tuple of Fault
        Names that stand twice in it.
    file : str
        File of an export of several; empty where there is one.
    """

    entry: int
    container: str
    full_url: str = ""
    faults: tuple[Fault, ...] = ()
    file: str = ""

    def place(self, record: str = "") -> Place:
        """Give the place of a resource that stands here.

        Parameters
        ----------
        record : str
            E.g. `Observation/123`; empty when it has no usable id.

        Returns
        -------
        Place
            Of that name.
        """
        return Place(self.entry, record, self.container, self.file)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A medication resource that refers to a Medication, which may stand after it."""

    resource: Element
    standing: Standing
    place: Place
    refers_to: str


class Resources:
    """Gathers what resources give, until the patients are known.

    Attributes
    ----------
    gathered : Gathered
        What they gave; complete after `finish`.

    Parameters
    ----------
    codebook : Codebook
        Codes and names of the protocol's vocabulary.
    is_of_many : bool
        Whether other patients are on record too, whose resources are not given: Medications are
        then kept by `describe` alone.
    """

    def __init__(self, codebook: Codebook, *, is_of_many: bool = False) -> None:
        self._codebook = codebook
        self._everything = codebook.formulary.names.union(codebook.terms)  # one, however many ask
        self._is_of_many = is_of_many
        self._described: dict[str, Element | None] = {}
        self._waiting: list[_Waiting] = []
        self.gathered = Gathered(primaries=codebook.primaries)
        self.gathered.people.is_of_many = is_of_many

    @property
    def referred(self) -> frozenset[str]:
        """Medications to which resources that wait refer."""
        return frozenset(each.refers_to for each in self._waiting)

    def take_entry(self, content: object, entry: int, faults: tuple[Fault, ...] = ()) -> None:
        """Take one entry of a bundle; a fault of its form is a question.

        Parameters
        ----------
        content : object
            As read.
        entry : int
            Place in `Bundle.entry`, counted from 0.
        faults : tuple of Fault
            Names that stand twice in it.
        """
        container = f"entry[{entry}]"
        try:
            holder = element_of(content, container)
            resource, full_url = holder.inner("resource"), holder.text("fullUrl")
        except Refusal as refused:
            self.gathered.entries += 1
            self._ask_of_anything(Place(entry, "", container), refused.faults[0])
            return
        if resource is None:
            self.gathered.entries += 1
            self.gathered.ignored["entry without a resource"] += 1
        else:
            self._take_resource(resource, Standing(entry, container, full_url, faults))

    def take_line(
        self,
        content: object,
        number: int,
        faults: tuple[Fault, ...] = (),
        file: str = "",
        before: int = 0,
    ) -> None:
        """Take one line of an export; a fault of its form is a question.

        Parameters
        ----------
        content : object
            As read.
        number : int
            Number of the line, counted from 1; its place is one less.
        faults : tuple of Fault
            Names that stand twice in it.
        file : str
            File of an export of several; empty where there is one.
        before : int
            Lines of the files before it.
        """
        standing = Standing(before + number - 1, f"line[{number}]", "", faults, file)
        try:
            resource = element_of(content, standing.container)
        except Refusal as refused:
            self.gathered.entries += 1
            self._ask_of_anything(standing.place(), refused.faults[0])
        else:
            self._take_resource(resource, standing)

    def leave_to_another(self, kind: str) -> None:
        """Count a resource of another patient, without keeping anything of it.

        Parameters
        ----------
        kind : str
            As the resource says.
        """
        self.gathered.entries += 1
        shown = kind if kind in READ or kind in UNREAD or kind == "Patient" else "another kind"
        self.gathered.ignored[f"{shown}: {Whose.ANOTHER.value}"] += 1

    def describe(self, content: dict[str, object], where: str) -> None:
        """Note a Medication again, if a resource that waits refers to it.

        Parameters
        ----------
        content : dict of str to object
            The Medication.
        where : str
            Its place.
        """
        id_ = str(content.get("id") or "").strip().lower()
        if not self.referred.isdisjoint((f"medication/{id_}", f"urn:uuid:{id_}")):
            self._describe(Element(content, where), "")

    def _take_resource(self, resource: Element, standing: Standing) -> None:
        """Take one resource; a fault of its form is a question."""
        self.gathered.entries += 1
        self.gathered.require_room(standing.container, len(self._waiting))
        try:
            self._take(resource, standing)
        except Refusal as refused:
            if resource.content.get("resourceType") == "Patient":
                self.gathered.ask(standing.place().question(refused.faults[0]))
            else:
                self._ask_of_anything(standing.place(), refused.faults[0])

    def _ask_of_anything(self, place: Place, fault: Fault) -> None:
        """Ask about a resource of which nobody knows what it holds: it may hold anything."""
        self.gathered.ask(place.question(fault, opens=self._everything))

    def finish(self, question: Fault | None = None) -> Gathered:
        """Read what waited for the Medications to which it refers.

        Parameters
        ----------
        question : Fault or None
            What is doubtful about the record as a whole; then nothing is known to be absent.

        Returns
        -------
        Gathered
            What all resources gave, in the order of the record.
        """
        for each in self._waiting:
            self._read_medication(each, self._described.get(each.refers_to))
        self._waiting.clear()
        self.gathered.drafts.sort(key=lambda draft: draft.place.entry)
        if question is not None:
            self.gathered.ask(Question(question, None, opens=self._everything))
        return self.gathered

    def _take(self, resource: Element, standing: Standing) -> None:
        """Take one resource by its kind."""
        kind = resource.text("resourceType")
        if self._is_foreign(kind, resource, standing):
            self.gathered.ignored[f"{kind}: {NOT_IN_VOCABULARY}"] += 1
            return
        id_ = resource.text("id")
        known = kind in READ or kind in UNREAD or kind in ("Patient", "Bundle")
        record = f"{kind}/{id_}" if known and ID.fullmatch(id_) else ""
        place = standing.place(record)
        if kind == "Patient":
            person = read_patient(resource, standing.full_url, place)
            if not self.gathered.people.add(person, standing.faults):
                raise refuse(resource.where, "a patient who stands twice", "once", _DO_ASK)
        elif encloses(resource):
            self._keep(
                resource,
                standing,
                place,
                lambda: read_enclosing(resource, self._codebook, place),
            )
        elif kind in READERS:
            self._keep(
                resource, standing, place, lambda: read_alone(resource, self._codebook, place)
            )
        elif kind in KINDS:
            self._take_medication(resource, standing, place)
        elif told := read_told_beside(resource, self._codebook, place):
            self._keep(resource, standing, place, lambda: told)
        else:
            self._leave(resource, standing, place, kind if known else "another kind")

    def _is_foreign(self, kind: str, resource: Element, standing: Standing) -> bool:
        """Say whether a resource certainly holds none of the protocol's terms."""
        is_coded = kind in _CODED and not standing.faults and "contained" not in resource
        if not is_coded or self._codebook.may_speak_of(resource.content):
            return False
        return kind != "Condition" or is_named(resource.inner("code"))

    def _leave(self, resource: Element, standing: Standing, place: Place, shown: str) -> None:
        """Leave aside a resource from which no fact is read, unless it hides one."""
        fault = next(iter((*standing.faults, *hidden(resource))), None)
        if fault is None and is_misnamed(resource.text("resourceType")):
            where = resource.path("resourceType")
            fault = Fault(where, "no kind of resource of FHIR R4", "one of FHIR R4", _DO_ASK)
        if fault and hides_what(fault):
            self._ask_of_anything(place, fault)
            return
        if fault:
            opens = opened_inside(resource, self._codebook, place)
            asked = Reading(questions=(place.question(fault, opens=opens),))
            if "subject" in resource:
                self._keep(resource, replace(standing, faults=()), place, lambda: asked)
            else:
                self.gathered.ask(asked.questions[0])
            return
        if shown == "Medication" and not self._is_of_many:
            self._describe(resource, standing.full_url)
        if shown in SOMEBODY:
            self.gathered.people.note_other(standing.full_url)
        self.gathered.ignored[f"{shown}: {_reason(resource)}"] += 1

    def _with_enclosed(self, reading: Reading, resource: Element, place: Place) -> Reading:
        """Add what is asked of resources inside one that is read, unless it reads them itself."""
        if "contained" not in resource:
            return reading
        try:
            fault = None if encloses(resource) else next(hidden(resource), None)
            opens = opened_inside(resource, self._codebook, place) if fault else frozenset()
        except Refusal as refused:
            fault, opens = refused.faults[0], self._everything
        if fault is None:
            return reading
        asked = (*reading.questions, place.question(fault, opens=opens))
        return replace(reading, questions=asked, ignored="")

    def _describe(self, resource: Element, full_url: str) -> None:
        """Note a Medication to which other resources may refer; two of one name are none."""
        kept = {name: resource.content[name] for name in _DESCRIBING if name in resource}
        id_ = resource.text("id").lower()
        for name in {full_url.lower(), *((f"medication/{id_}", f"urn:uuid:{id_}") if id_ else ())}:
            held = self._described.setdefault(name, Element(kept, resource.where))
            if held is None or held.content != kept:
                self._described[name] = None

    def _take_medication(self, resource: Element, standing: Standing, place: Place) -> None:
        """Read a medication resource, unless it must wait for the Medication it refers to."""
        try:
            reference = resource.inner("medicationReference")
            refers_to = reference.text("reference").lower() if reference else ""
            inside = {f"#{each.text('id').lower()}": each for each in resource.inners("contained")}
        except Refusal as refused:
            opens = self._codebook.formulary.names
            asked = place.question(refused.faults[0], opens=opens)
            self._keep(resource, standing, place, lambda: Reading(questions=(asked,)))
            return
        waiting = _Waiting(resource, standing, place, refers_to)
        if refers_to and not refers_to.startswith("#"):
            kept = {name: value for name, value in resource.content.items() if name not in _WORDY}
            self._waiting.append(replace(waiting, resource=Element(kept, resource.where)))
        else:
            self._read_medication(waiting, inside.get(refers_to))

    def _read_medication(self, waiting: _Waiting, described: Element | None) -> None:
        """Read a medication resource with the Medication to which it refers."""
        resource, place = waiting.resource, waiting.place
        self._keep(
            resource,
            waiting.standing,
            place,
            lambda: read_medication(resource, self._codebook, place, described),
        )

    def _keep(
        self, resource: Element, standing: Standing, place: Place, read: Callable[[], Reading]
    ) -> None:
        """Read a resource that may hold facts, and keep what it gives with whose it is."""
        kind = resource.text("resourceType")
        try:
            reading = read()
        except Refusal as refused:
            opens = self._codebook.formulary.names if kind in KINDS else self._everything
            questions = [place.question(each, opens=opens) for each in refused.faults]
            reading = Reading(questions=tuple(questions))
        reading = self._with_enclosed(reading, resource, place)
        if reading.ignored == NOT_IN_VOCABULARY and not standing.faults:
            self.gathered.ignored[f"{kind}: {reading.ignored}"] += 1
            return
        faults = standing.faults
        doubts = faults if reading.ignored else (*faults, *modifiers(resource))
        if doubts:
            reading = unsettled(reading, doubts[0], place)
        if any(hides_what(each) for each in faults):
            opened = place.question(faults[0], opens=self._everything)
            reading = Reading(reading.facts, (opened,))
        base = base_of(standing.full_url)
        try:
            subject, focus = about(resource, base)
            belonging = belonging_of(resource)
        except Refusal:
            # of nobody known: settled as a question
            subject, focus, belonging = Reference("", base), (), NOWHERE
        identity = standing.full_url.lower() or place.source.place
        draft = Draft(place, kind, identity, reading, subject, focus, belonging)
        self.gathered.drafts.append(draft)


def _reason(resource: Element) -> str:
    """Say why a kind of resource from which no fact is read is left aside."""
    status = resource.text("status")
    return status if status in _NOT_GIVEN else "no term is read from it"
