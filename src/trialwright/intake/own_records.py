"""Records of the one patient whom a file is about: whose each resource is, and each once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from trialwright.intake.bundle_stream import Entry
from trialwright.intake.elements import Element, element_of
from trialwright.intake.lines import Line
from trialwright.intake.outcome import Place
from trialwright.intake.people import SOMEBODY, People, Whose, read_patient
from trialwright.intake.references import about, base_of
from trialwright.intake.specimen_records import names_of
from trialwright.terms.errors import Fault, Refusal, refuse

MOST_WEIGHT = 150_000_000
"""Most that resources which wait may take, bytes as estimated."""

_OF_A_VALUE = 100
"""What a value takes beside its signs, bytes."""

_NOT_READ = frozenset({"text", "presentedForm"})
"""Parts of a resource that are not kept."""

MOST_NAMES = 1_000_000
"""Most names of results that are kept to tell whether a report is whole."""

REPEATED, NOBODY = "repeated", "about no patient of this file"
"""Why a resource is left aside."""


@dataclass(frozen=True, slots=True)
class Record:
    """A resource of a record.

    Attributes
    ----------
    resource : Element
        With its place.
    full_url : str
        Under which its entry stands; empty when it has none.
    faults : tuple of Fault
        Names that stand twice in it.
    """

    resource: Element
    full_url: str = ""
    faults: tuple[Fault, ...] = ()


class Waiting:
    """Resources that wait until every patient of a record is known, within bounds.

    Without their narrative and attachments, which are not read.
    """

    def __init__(self) -> None:
        self._kept: list[Record] = []
        self._weight = 0

    def __iter__(self) -> Iterator[Record]:
        """Give them in the order of the record."""
        return iter(self._kept)

    def __len__(self) -> int:
        """Count them."""
        return len(self._kept)

    def keep(self, record: Record) -> None:
        """Keep a resource.

        Parameters
        ----------
        record : Record
            Any that may matter.

        Raises
        ------
        TooMuch
            When more is to be kept than any record of one participant holds.
        """
        resource = record.resource
        read = {name: each for name, each in resource.content.items() if name not in _NOT_READ}
        self._weight += _weight(read)
        if self._weight > MOST_WEIGHT:
            raise TooMuch.at(resource, f"{MOST_WEIGHT // 1_000_000} MB of visits and reports")
        self._kept.append(replace(record, resource=Element(read, resource.where)))


class TooMuch(Refusal):
    """More than may wait; unlike a fault of one resource it ends the reading."""

    @classmethod
    def at(cls, resource: Element, most: str) -> "TooMuch":
        """Refuse to keep more.

        Parameters
        ----------
        resource : Element
            At which it is too much.
        most : str
            What is allowed.

        Returns
        -------
        TooMuch
            To be raised.
        """
        return cls([Fault(resource.where, "more than a record of one participant holds", most,
                          "Export the records of one participant, and in parts")])  # fmt: skip


def _weight(content: object) -> int:
    """Estimate what a value takes in memory, bytes."""
    weight, inside = 0, [content]
    while inside:
        each = inside.pop()
        weight += _OF_A_VALUE
        if isinstance(each, str):
            weight += len(each)
        elif isinstance(each, dict):
            inside += each.values()
        elif isinstance(each, list):
            inside += each
    return weight


class Listener(Protocol):
    """Takes the resources of a record as they pass, beside the reader of facts."""

    def take(self, record: Record) -> None:
        """Take one resource.

        Parameters
        ----------
        record : Record
            Any; what has another form is asked about with the facts.
        """
        ...


def record_of_entry(entry: Entry) -> Record | None:
    """Give the resource of an entry of a bundle.

    Parameters
    ----------
    entry : Entry
        As it stands in the text.

    Returns
    -------
    Record or None
        None where it holds none, or has another form, which is asked about with the facts.
    """
    try:
        holder = element_of(entry.content, f"entry[{entry.place}]")
        resource, address = holder.inner("resource"), holder.text("fullUrl")
    except Refusal:
        return None
    return None if resource is None else Record(resource, address, entry.faults)


def record_of_line(line: Line) -> Record | None:
    """Give the resource of a line.

    Parameters
    ----------
    line : Line
        As it stands in the text.

    Returns
    -------
    Record or None
        As `record_of_entry`.
    """
    if not isinstance(line.content, dict):
        return None
    return Record(element_of(line.content, f"line[{line.number}]"), "", line.faults)


def note_somebody(record: Record, kind: str, people: People) -> bool:
    """Note a resource that is a patient, or somebody or something else a record may be about.

    Parameters
    ----------
    record : Record
        Any resource.
    kind : str
        Its kind.
    people : People
        Where it is noted.

    Returns
    -------
    bool
        Whether it is one.

    Raises
    ------
    Refusal
        If a patient has another form.
    """
    resource = record.resource
    if kind == "Patient":
        place = Place(0, f"{kind}/{resource.text('id')}", resource.where)
        people.add(read_patient(resource, record.full_url, place))
    elif kind in SOMEBODY:
        people.note_other(record.full_url)
    else:
        return False
    return True


def why_aside(record: Record, people: People, chosen: int, seen: dict[str, Record]) -> str:
    """Say why a resource is not the participant's, or stood before.

    Parameters
    ----------
    record : Record
        The resource.
    people : People
        All of the file.
    chosen : int
        Place of the participant among them.
    seen : dict of str to Record
        Resources of the participant so far, by name; this one's names are added.

    Returns
    -------
    str
        Empty where it counts.

    Raises
    ------
    Refusal
        If it stands twice and differs, or tells in another form whom it is about.
    """
    subject, focus = about(record.resource, base_of(record.full_url))
    whose = people.whose_record(subject, focus, chosen)
    if whose is not Whose.HERS:
        return NOBODY if whose is Whose.UNRESOLVED else str(whose.value)
    names = names_of(record.resource, record.full_url)
    first = next((seen[name] for name in names if name in seen), None)
    seen |= dict.fromkeys(names, first or record)
    if first is None:
        return ""
    if first.resource.content == record.resource.content:
        return REPEATED
    raise refuse(record.resource.where, "stands twice, and differs", "one version",
                 "Ask where the record comes from, and correct it there")  # fmt: skip
