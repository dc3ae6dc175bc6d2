"""The library that questions are answered from, opened once."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.assembly import shelf
from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.protocols import load, shipped
from trialwright.assembly.records_in import read_records
from trialwright.casebook.participant import Casebook
from trialwright.protocol.study import Study
from trialwright.questions.library import Library
from trialwright.terms.errors import refuse


@cache
def library(*files: Path) -> Library:
    """Give the library.

    Parameters
    ----------
    *files : Path
        Protocol files that cases may name too, by the name of the file; no case opens another.

    Returns
    -------
    Library
        Protocols, CTCAE rules and the FHIR reader.

    Raises
    ------
    Refusal
        With every fault of the files, or if two have one name.
    """
    studies: dict[str, Study] = {}
    for path in files:
        if path.name in studies:
            found = f"two files named {path.name}"
            raise refuse("--protocol", found, "one file of each name", "Rename one")
        studies[path.name] = load(str(path)).study

    def study(name: str) -> Study:
        if name in studies:
            return studies[name]
        if name.strip().lower() not in shelf.PROTOCOLS:
            allowed = ", ".join((*shelf.PROTOCOLS, *studies))
            raise refuse("protocol", name, allowed, "Correct the name")
        return shipped(name).study

    return Library(study, shelf.lab_rules(), _bundle)


def _bundle(bundle: Mapping[str, Any], study: Study, patient: str) -> Casebook:
    """Read a bundle that came inside a question, of one patient of it."""
    stream = io.BytesIO(exact_json(bundle).encode("utf-8", "surrogatepass"))
    return read_records(stream, study, "CASE", patient).casebook
