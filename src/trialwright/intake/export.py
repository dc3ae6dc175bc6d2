"""A bulk export into the casebook of one participant: files of lines, of many patients.

Resources of others are counted as they pass and not kept, so that memory grows with the
participant's own resources and not with the export.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import BinaryIO

from trialwright.intake.coding import Codebook
from trialwright.intake.lines import Line, lines_of
from trialwright.intake.outcome import Intake
from trialwright.intake.references import patient_named
from trialwright.intake.resources import Resources
from trialwright.intake.settling import settle
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.errors import Fault, Refusal, refuse

_SPEAKING = ("subject", "patient")
"""Elements in which resources say whom they are about."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export.

    Attributes
    ----------
    name : str
        Shown in questions and faults.
    open : callable () -> context manager of BinaryIO
        Opens it at its beginning; called again where Medications are looked up.
    """

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


def read_export(
    parts: Sequence[Part],
    terms: Mapping[str, Term],
    participant: str,
    patient: str,
    medicines: Mapping[str, Medicine] | None = None,
    doubt: Fault | None = None,
) -> Intake:
    """Read the records of one participant from an export of many patients.

    Parameters
    ----------
    parts : sequence of Part
        Files of FHIR R4 resources as JSON in UTF-8, one on a line; any kinds, in any order. One may
        be empty.
    terms : mapping of str to Term
        The protocol's vocabulary.
    participant : str
        Study number under which the casebook is kept. Name, record number and address are not
        read.
    patient : str
        `Patient/<id>` or id of the one meant.
    medicines : mapping of str to Medicine, or None
        The protocol's medicines; None: no medication is read.
    doubt : Fault or None
        What is doubtful about the export as a whole; then nothing is known to be absent.

    Returns
    -------
    Intake
        Casebook, counts and questions, as of a bundle; each line of each file is an entry, and
        those of others are counted as `another patient's`.

    Raises
    ------
    Refusal
        With the first fault of each file that has a line that is no JSON or breaks off; if a limit
        is exceeded, or if no Patient of the export has that id.
    """
    wanted = patient_named(patient) or patient.strip().lower()
    export = _Export(parts, Resources(Codebook(terms, medicines), is_of_many=True), wanted)
    export.take()
    if not export.resources.gathered.people.patients:
        found = "no Patient of that id in this export"
        do = "Correct it: the id is that of the resource, and no record number"
        raise refuse("patient", found, "the id of a Patient", do)
    return settle(export.resources.finish(doubt), participant, wanted)


class _Export:
    """The lines of all files, taken one after another."""

    def __init__(self, parts: Sequence[Part], resources: Resources, wanted: str) -> None:
        self._parts, self._wanted = parts, wanted
        self._faults: list[Fault] = []
        self._describing: list[Part] = []
        self.resources = resources

    def take(self) -> None:
        """Take every line; then the Medications to which those of the participant refer."""
        before = 0
        for part in self._parts:
            last = 0
            for line in self._lines(part):
                last = line.number
                self._take_line(line, part, before)
            before += last
        if self._faults:
            raise Refusal(self._faults)
        for part in self._describing if self.resources.referred else ():
            for line in self._lines(part):
                if _kind_of(line.content) == "Medication" and not line.faults:
                    self.resources.describe(line.content, f"line[{line.number}]")

    def _lines(self, part: Part) -> Iterator[Line]:
        """Give the lines of a file; note the fault that ends them."""
        try:
            with part.open() as stream:
                yield from lines_of(stream, may_be_empty=True)
        except Refusal as refused:
            self._faults += [replace(fault, file=part.name) for fault in refused.faults]

    def _take_line(self, line: Line, part: Part, before: int) -> None:
        """Take a line, unless it is certainly another's."""
        kind = _kind_of(line.content)
        if kind == "Medication" and part not in self._describing:
            self._describing.append(part)
        if not line.faults and _is_of_another(line.content, kind, self._wanted):
            self.resources.leave_to_another(kind)
        else:
            self.resources.take_line(line.content, line.number, line.faults, part.name, before)


def _kind_of(content: object) -> str:
    """Give the kind of a resource; empty where it says none."""
    kind = content.get("resourceType") if isinstance(content, dict) else None
    return kind.strip() if isinstance(kind, str) else ""


def _is_of_another(content: object, kind: str, wanted: str) -> bool:
    """Say whether a resource is certainly of another patient than the one wanted."""
    if not kind or not isinstance(content, dict):
        return False
    if kind == "Patient":
        id_ = content.get("id")
        return not isinstance(id_, str) or id_.strip().lower() != wanted
    spoken = [content[name] for name in _SPEAKING if isinstance(content.get(name), dict)]
    named = [patient_named(each.get("reference")) for each in spoken]
    return bool(named) and all(each and each != wanted for each in named)
