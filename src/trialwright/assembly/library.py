"""The library that questions are answered from, opened once."""

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from trialwright.assembly import shelf
from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.protocols import shipped
from trialwright.assembly.records_in import read_records
from trialwright.casebook.participant import Casebook
from trialwright.protocol.study import Study
from trialwright.questions.library import Library


@cache
def library() -> Library:
    """Give the library.

    Returns
    -------
    Library
        Shipped protocols, CTCAE rules and the FHIR reader.
    """
    return Library(lambda name: shipped(name).study, shelf.lab_rules(), _bundle)


def _bundle(bundle: Mapping[str, Any], study: Study, patient: str) -> Casebook:
    """Read a bundle that came inside a question, of one patient of it."""
    stream = io.BytesIO(exact_json(bundle).encode("utf-8", "surrogatepass"))
    return read_records(stream, study, "CASE", patient).casebook
