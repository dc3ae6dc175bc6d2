"""The library that questions are answered from, opened once."""

import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from trialwright.assembly import shelf
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


def _bundle(bundle: Mapping[str, Any], study: Study) -> Casebook:
    """Read a bundle that came inside a question."""
    stream = io.BytesIO("".join(_written(bundle)).encode("utf-8", "surrogatepass"))
    return read_records(stream, study, "CASE").casebook


def _written(value: object) -> Iterator[str]:
    """Write JSON that was read strictly; a decimal becomes the same digits again."""
    match value:
        case Mapping():
            yield "{"
            for place, (name, inner) in enumerate(value.items()):
                yield f"{',' if place else ''}{json.dumps(name)}:"
                yield from _written(inner)
            yield "}"
        case list():
            yield "["
            for place, inner in enumerate(value):
                yield "," if place else ""
                yield from _written(inner)
            yield "]"
        case Decimal():
            yield f"{value:f}"
        case _:
            yield json.dumps(value)
