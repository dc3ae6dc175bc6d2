"""The fields of an entry in the words of the form that enters them; their paths stay beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django import forms

from trialwright.conduct.scopes import WHOLE
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.web.clinical_forms import DoseForm
from trialwright.web.entry_fields import label_of
from trialwright.web.event_form import EventForm
from trialwright.web.fact_forms import FACTS
from trialwright.web.said import ONE
from trialwright.web.tumour_forms import BaselineForm

_FORMS: Mapping[str, type[forms.Form]] = MappingProxyType(
    {"doses": DoseForm, "event": EventForm, "baseline": BaselineForm}
)
"""Name in a payload to the form that enters it, where a form has words of its own."""

_FACTS = MappingProxyType({each.many: each.labels for each in FACTS.values()})
"""Name of a list of facts to the words of its form."""

_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "about": "Speaks of", "alt_reads": "Reads with it", "at": "Instant",
        "calls": "Variants", "calls_rearrangements": "Rearrangements called",
        "clone": "Antibody clone", "counts_copies": "Copy number called",
        "coverage": "What the record covers", "evaluator": "Reader",
        "high": "Upper limit of normal", "id": "Label", "is_node": "Lymph node",
        "limit": "Limit of detection", "low": "Lower limit of normal", "made_of": "Made of",
        "mm": "Diameter, mm", "recorded": "Put on record", "ref_reads": "Reads without it",
        "role": "Answered by", "says": "What it calls for", "sex": "Recorded sex",
        "time_point": "Taken when", "told_fraction": "Fraction as told",
        "tumour_fraction": "Tumour fraction", "uncounted": "Genes whose copies are not told",
        "unsettled": "Records in question",
        "white_cells_beside": "White blood cells sequenced beside it", "written": "As written",
    }
)  # fmt: skip
"""Name of a field to its words, where its form has it under another name or not at all."""

_ONE: Mapping[str, str] = MappingProxyType(
    {**ONE, "calls": "Variant", "materials": "Material", "treatments": "Therapy",
     "observations": "Value"}
)  # fmt: skip
"""Name of a list to what one line of it is."""

_NAMED_BY = ("term", "medicine", "agent", "gene", "label", "id", "form", "group", "name")
"""Fields by which one line of a list is told from the others."""

_PARTS: Mapping[frozenset[str], Mapping[str, str]] = MappingProxyType(
    {
        frozenset({"text", "earliest", "latest"}): MappingProxyType(
            {"text": "", "earliest": "earliest day meant", "latest": "latest day meant"}
        ),
        frozenset({"value", "unit", "comparator"}): MappingProxyType(
            {"value": "", "unit": "unit", "comparator": "more or less than"}
        ),
        frozenset({"kind", "place"}): MappingProxyType({"place": "", "kind": "sort"}),
    }
)
"""Parts of a day, an amount and a source to what is said of each behind the words of the field."""


@dataclass(frozen=True, slots=True)
class Said:
    """A field in words.

    Attributes
    ----------
    group : str
        The line of a list to which it belongs, e.g. `Value 2: Hemoglobin`; empty: the entry itself.
    words : str
        Of the field, e.g. `Highest grade`.
    value : Json
        As it is shown: a term of the protocol in its words, an amount with its unit.
    unit : str
        Of the number alone; empty where there is none.
    is_part : bool
        Whether it says again what another field says: the earliest and latest day of a day that is
        known, the comparator of an amount that is exact.
    """

    group: str
    words: str
    value: Json
    unit: str
    is_part: bool

    @property
    def whole(self) -> str:
        """Group and words in one."""
        return _behind(self.group, self.words)


def said_of(study: Study, payload: Mapping[str, Json], field: str) -> Said:
    """Say a field of an entry in words.

    Parameters
    ----------
    study : Study
        Whose terms are said.
    payload : mapping of str to Json
        Of the entry, as corrections left it.
    field : str
        Path of a leaf of it, e.g. `payload/event/grade`.

    Returns
    -------
    Said
        What the payload lacks is said as far as the path goes.
    """
    held: Json = payload
    place: Json = payload
    within, group, words = "", "", ""
    name, parts = "", field.split("/")[1:]
    for step, part in enumerate(parts):
        held, place = place, _below(place, part)
        if part.startswith("#"):
            number = int(part[1:]) + 1
            if isinstance(place, Mapping):
                one = _ONE.get(name, _label(name, within))
                group = _behind(group, f"{one} {number}{_name_of(study, place)}")
                within, words = name, ""
            else:
                words = f"{words} {number}"
        elif part in WHOLE and step == 0:
            within = part
        elif step and (told := _part_of(held, part)) is not None:
            words = _behind(words, told) if told else words
        else:
            words = _behind(words, _label(part, within))
            name = part
    last = parts[-1] if parts else ""
    unit = _unit(held, last)
    return Said(group, words, _shown(study, held, last, place), unit, _repeats(held, last, place))


def _below(place: Json, part: str) -> Json:
    """Give what stands below a place; None where nothing does."""
    if part.startswith("#") and isinstance(place, list | tuple):
        number = int(part[1:])
        return place[number] if number < len(place) else None
    return place.get(part) if isinstance(place, Mapping) else None


def _label(name: str, within: str) -> str:
    """Give the words of a field: those of its form, else those of all forms."""
    form = _FORMS.get(within)
    found = form.base_fields.get(name) if form else None
    if found is not None and found.label:
        return str(found.label)
    return _FACTS.get(within, {}).get(name) or _FIELDS.get(name) or label_of(name)


def _name_of(study: Study, line: Mapping[str, Json]) -> str:
    """Tell one line of a list from the others."""
    by = next((each for each in _NAMED_BY if line.get(each)), "")
    return f": {_shown(study, line, by, line[by])}" if by else ""


def _part_of(held: Json, part: str) -> str | None:
    """Say which part of a day, an amount or a source it is; None: of none."""
    told = _PARTS.get(frozenset(held)) if isinstance(held, Mapping) else None
    return told[part] if told is not None else None


def _shown(study: Study, held: Json, name: str, value: Json) -> Json:
    """Give a value as people read it."""
    if name in ("term", "question") and isinstance(value, str) and value in study.terms:
        return study.terms[value].says
    if name in ("medicine", "agent") and isinstance(value, str):
        return value.replace("-", " ")
    if (unit := _unit(held, name)) and isinstance(held, Mapping):
        return f"{held['comparator']}{value} {unit}"
    return value


def _unit(held: Json, name: str) -> str:
    """Give the unit of the number of an amount; empty for anything else."""
    if name == "value" and isinstance(held, Mapping) and _part_of(held, name) == "":
        return str(held["unit"])
    return ""


def _repeats(held: Json, name: str, value: Json) -> bool:
    """Say whether a part says again what another one says."""
    if not isinstance(held, Mapping) or not _part_of(held, name):
        return False
    return name in ("unit", "kind") or value in ("", held.get("text"))


def _behind(first: str, then: str) -> str:
    """Put words behind others."""
    return f"{first}, {then[:1].lower()}{then[1:]}" if first else then
