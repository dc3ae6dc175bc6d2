"""What questions are answered from: protocols, grading rules and a reader of records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trialwright.casebook.participant import Casebook
from trialwright.grading.criteria import LabRules
from trialwright.protocol.study import Study


@dataclass(frozen=True, slots=True)
class Library:
    """What `assembly` hands down for answering.

    Attributes
    ----------
    study : callable (str) -> Study
        Gives a protocol by the name or NCT number of a shipped one, or of a file handed down.
    lab_rules : LabRules
        CTCAE laboratory grading.
    read_bundle : callable (mapping, Study, str) -> Casebook
        Reads a FHIR R4 bundle: of the patient named, or of its only one where none is.
    """

    study: Callable[[str], Study]
    lab_rules: LabRules
    read_bundle: Callable[[Mapping[str, Any], Study, str], Casebook]
