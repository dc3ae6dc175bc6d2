"""Reading a trial record of any shape -> Draft."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from trialwright.registry.draft import Draft
from trialwright.registry.page import read_page
from trialwright.registry.shapes.ctgov import is_ctgov, read_ctgov
from trialwright.registry.shapes.fhir import read_fhir
from trialwright.registry.shapes.fhir_choice import is_fhir
from trialwright.registry.shapes.line_list import is_line_list, read_line_list
from trialwright.registry.shapes.strict_json import Json, read_json
from trialwright.registry.shapes.trial_matching import (
    is_matching_service,
    read_matching_service,
)
from trialwright.terms.errors import Fault, Refusal, shorten

SHAPES = (
    "the page of a trial on cancer.gov as text; JSON of the ClinicalTrials.gov API v2"
    " (protocolSection); a FHIR R4 ResearchStudy or a Bundle of them; JSON of a matching service"
    " (trialId, eligibility); a line list (Clinical Trial ID, Eligibility, Intervention)"
)
"""The shapes that are read, for messages."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape of JSON."""

    recognises: Callable[[dict[str, Json]], bool]
    read: Callable[[dict[str, Json], str], Draft]


_JSON_SHAPES = (
    _Shape(is_ctgov, read_ctgov),
    _Shape(is_line_list, read_line_list),
    _Shape(is_matching_service, read_matching_service),
)


def read_record(text: str, file: str = "", id: str = "") -> Draft:  # noqa: A002
    """Read a trial record, whatever its shape.

    Parameters
    ----------
    text : str
        The record.
    file : str
        Name shown in faults.
    id : str
        Which trial is meant: a resource id or registration number. Needed for a bundle that holds
        several; a record of another trial is refused.

    Returns
    -------
    Draft
        What the record says, with every word either in a typed part or in kept text.

    Raises
    ------
    Refusal
        If the text is of no known shape, is no strict JSON, or does not hold the trial meant.
    """
    wanted = " ".join(id.split())
    if not text.removeprefix("\ufeff").lstrip().startswith(("{", "[")):
        return _checked(_page(text, file), wanted)
    root = read_json(text, file)
    if is_fhir(root):
        return read_fhir(root, file, wanted)
    for shape in _JSON_SHAPES:
        if shape.recognises(root):
            return _checked(shape.read(root, file), wanted)
    raise Refusal([_unknown(root, file)])


def _page(text: str, file: str) -> Draft:
    """Read a page; a fault of the whole text names the whole text."""
    try:
        return read_page(text, file)
    except Refusal as refused:
        raise Refusal(_placed(refused.faults)) from None


def _placed(faults: Iterable[Fault]) -> Iterable[Fault]:
    """Give each fault a place."""
    return (each if each.where or each.line else replace(each, where="record") for each in faults)


def _checked(draft: Draft, wanted: str) -> Draft:
    """Refuse a record of another trial than the one meant."""
    numbers = draft.identifiers
    known = [numbers.nct, numbers.primary, *numbers.secondary]
    known += [each.id for each in draft.publication.other_numbers]
    if wanted and wanted.casefold() not in {each.casefold() for each in known}:
        found = f"a record without the number {shorten(wanted)}"
        allowed = ", ".join(each for each in known if each) or "a record with that number"
        do = "Give the record of the trial meant, or name it by one of its numbers"
        raise Refusal([Fault("id", found, shorten(allowed, 300), do, draft.file)])
    return draft


def _unknown(root: dict[str, Json], file: str) -> Fault:
    """Say that a record is of no known shape."""
    keys = shorten(", ".join(list(root)[:8]), 200) or "none"
    found = f"a JSON object of no known shape, with the keys {keys}"
    return Fault("record", found, SHAPES, "Give a record of one of these shapes", file, 1)
