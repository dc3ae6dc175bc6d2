"""Records of the one patient whom a file is about: whose each resource is, and each once."""

from dataclasses import dataclass

from trialwright.intake.elements import Element
from trialwright.intake.outcome import Place
from trialwright.intake.people import SOMEBODY, People, Whose, read_patient
from trialwright.intake.references import about, base_of
from trialwright.intake.specimen_records import names_of
from trialwright.terms.errors import Fault, refuse

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
