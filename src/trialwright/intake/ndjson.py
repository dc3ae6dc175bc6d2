"""FHIR resources one on a line, as a bulk export writes them, into a casebook.

Lines are taken as they come, so that memory grows with the facts and not with the file.
"""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from trialwright.intake.coding import Codebook
from trialwright.intake.lines import lines_of
from trialwright.intake.outcome import Intake
from trialwright.intake.own_records import Listener, record_of_line
from trialwright.intake.resources import Resources
from trialwright.intake.settling import settle
from trialwright.protocol.vocabulary import Medicine, Term


def read_ndjson(
    stream: BinaryIO,
    terms: Mapping[str, Term],
    participant: str,
    patient: str = "",
    medicines: Mapping[str, Medicine] | None = None,
    beside: Sequence[Listener] = (),
) -> Intake:
    """Read the records of one participant from lines.

    Parameters
    ----------
    stream : BinaryIO
        FHIR R4 resources as JSON in UTF-8, one on a line; empty lines count for nothing. Files of
        an export that is split by kind of resource are read one after another.
    terms : mapping of str to Term
        The protocol's vocabulary.
    participant : str
        Study number under which the casebook is kept. Name, record number and address are not
        read.
    patient : str
        `Patient/<id>` or id of the one meant; needed when the lines hold several.
    medicines : mapping of str to Medicine, or None
        The protocol's medicines; None: no medication is read.
    beside : sequence of Listener
        Each is given every resource as it passes.

    Returns
    -------
    Intake
        Casebook, counts and questions, as of a bundle; each line is an entry.

    Raises
    ------
    Refusal
        If a line is no JSON or breaks off, a limit is exceeded, or it is not said who the patient
        is.
    """
    resources = Resources(Codebook(terms, medicines))
    for line in lines_of(stream):
        resources.take_line(line.content, line.number, line.faults)
        if beside and (record := record_of_line(line)):
            for each in beside:
                each.take(record)
    return settle(resources.finish(), participant, patient)
