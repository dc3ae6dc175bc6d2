"""What is signed, in the words of the forms that enter it: in groups, with nothing left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django import forms

from trialwright.terms.canonical import Json
from trialwright.web.clinical_forms import DoseForm
from trialwright.web.entry_fields import label_of
from trialwright.web.event_form import EventForm
from trialwright.web.tumour_forms import AssessmentForm

_FORMS: Mapping[str, type[forms.Form]] = MappingProxyType(
    {"doses": DoseForm, "adverse_events": EventForm, "assessments": AssessmentForm}
)
"""Part of a participant's state to the form that enters it, where a form has words of its own."""

_NAMES = ("Term", "Condition", "Question")
"""Fields that hold a name of the vocabulary."""

ONE: Mapping[str, str] = MappingProxyType(
    {
        "observations": "Observation", "conditions": "Condition", "attestations": "Answer",
        "treatments": "Treatment", "specimens": "Specimen", "doses": "Dose",
        "adverse_events": "Adverse event", "assessments": "Tumour assessment",
        "targets": "Target", "nontargets": "Non-target", "visits": "Visit",
        "medicines": "Medicine", "counts": "Drug count", "criteria": "Criterion",
        "delays": "Delay", "contacts": "Survival contact", "therapies": "Later therapy",
        "progressions": "Progression", "pregnancies": "Pregnancy", "others": "Other value",
        "new_lesions": "New lesion", "ranges": "Range", "participants": "Participant",
    }
)  # fmt: skip
"""Name of a list to what one line of it is."""

_NUMBERED = re.compile(r"(.+) [0-9]+")
_LISTS = MappingProxyType({one: label_of(many) for many, one in ONE.items()})
"""Words of one line of a list to those of the list."""

_MANY = 12
"""Lines of a list within a part from which the list is a section of its own."""

_SHORT = 30
"""Most values of a section that is shown unfolded."""

_DATE = frozenset({"text", "earliest", "latest"})
_AMOUNT = frozenset({"value", "unit", "comparator"})
_SOURCE = frozenset({"kind", "place"})


@dataclass(slots=True)
class Group:
    """Values that belong together.

    Attributes
    ----------
    says : str
        What they are of, e.g. `Dose 3`; empty: of the whole.
    rows : list of (str, Json)
        Words of a field, and its value.
    """

    says: str
    rows: list[tuple[str, Json]] = field(default_factory=list)

    @property
    def filled(self) -> list[tuple[str, Json]]:
        """The fields that hold a value."""
        return [each for each in self.rows if not _is_empty(each[1])]

    @property
    def empty(self) -> list[str]:
        """Words of the fields that hold none: they are signed as empty."""
        return [words for words, value in self.rows if _is_empty(value)]


@dataclass(slots=True)
class Section:
    """Groups under one heading, to be found in a long list.

    Attributes
    ----------
    says : str
        E.g. `Doses` or `Casebook, observations`.
    groups : list of Group
        In their order.
    """

    says: str
    groups: list[Group] = field(default_factory=list)

    @property
    def values(self) -> int:
        """How many values it holds, empty ones included."""
        return sum(len(each.rows) for each in self.groups)

    @property
    def is_short(self) -> bool:
        """Whether it is shown unfolded."""
        return self.values <= _SHORT


def sections_of(groups: Iterable[Group]) -> list[Section]:
    """Put groups under the headings by which they are looked for.

    Parameters
    ----------
    groups : iterable of Group
        As of `groups_of`.

    Returns
    -------
    list of Section
        Each group once, in its order; a heading stands where its first group does. A long list
        within a part has a heading of its own.
    """
    every = [*groups]
    within = [(_list_of(each.says, 1), _list_of(each.says, 2)) for each in every]
    lines = Counter(names for names in within if names[1])
    found: dict[str, Section] = {}
    for group, (part, inner) in zip(every, within, strict=True):
        is_own = lines[part, inner] > _MANY
        says = _joined(part, inner) if is_own else part
        found.setdefault(says, Section(says or "General")).groups.append(group)
    return [*found.values()]


def _list_of(says: str, depth: int) -> str:
    """Give the list in which a line stands, or the part at the first depth; else nothing."""
    parts = says.split(", ")
    name = parts[depth - 1] if len(parts) >= depth else ""
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None:
        return name if depth == 1 else ""
    one = numbered[1]
    return _LISTS.get(one[:1].upper() + one[1:], one)


def groups_of(shown: Json, terms: Mapping[str, str] = MappingProxyType({})) -> list[Group]:
    """Lay out what is signed.

    Parameters
    ----------
    shown : Json
        Every value that the digest of a signature covers.
    terms : mapping of str to str
        Words of the vocabulary by name; its names are told in words, each with the name behind.

    Returns
    -------
    list of Group
        In the order of what is signed. A day, an amount or a source stands in one line, with all
        of its parts.
    """
    groups = [Group("")]
    for head, words, value in _walk(shown, "", "", None):
        if groups[-1].says != head:
            groups.append(Group(head))
        says = terms.get(value) if isinstance(value, str) and words in _NAMES else None
        groups[-1].rows.append((words, f"{says} ({value})" if says else value))
    return [each for each in groups if each.rows]


def _walk(
    value: Json, head: str, words: str, form: type[forms.Form] | None
) -> Iterator[tuple[str, str, Json]]:
    """Give group, words and value of each field."""
    if isinstance(value, Mapping) and value and _in_one_line(value) is None:
        for name, inner in value.items():
            yield from _named(str(name), inner, head, words, form)
    elif isinstance(value, list | tuple) and value:
        for place, inner in enumerate(value, start=1):
            yield from _walk(inner, head, f"{words} {place}".strip(), form)
    else:
        yield head, words, _line(value)


def _named(
    name: str, value: Json, head: str, words: str, form: type[forms.Form] | None
) -> Iterator[tuple[str, str, Json]]:
    """Give the fields below a name; each line of a list of records begins a group."""
    of = _FORMS.get(name, form)
    label = _label(name, of)
    if isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        one = ONE.get(name, label)
        for place, inner in enumerate(value, start=1):
            yield from _walk(inner, _joined(head, f"{one} {place}"), "", of)
    elif isinstance(value, Mapping) and value and _in_one_line(value) is None and not words:
        yield from _walk(value, _joined(head, label), "", of)
    else:
        yield from _walk(value, head, _joined(words, label), of)


def _is_empty(value: Json) -> bool:
    """Say whether a field holds nothing; no and zero are values."""
    return value is None or value in ([], {}, "")


def _label(name: str, form: type[forms.Form] | None) -> str:
    """Give the words of a field: those of its form, else those of all forms."""
    found = form.base_fields.get(name) if form else None
    return str(found.label) if found is not None and found.label else label_of(name)


def _joined(first: str, then: str) -> str:
    """Put words behind others."""
    return f"{first}, {then[:1].lower()}{then[1:]}" if first else then


def _in_one_line(value: Mapping[str, Json]) -> str | None:
    """Write a day, an amount or a source in one line; None for anything else."""
    names = frozenset(value)
    if names == _DATE:
        days = {value["text"], value["earliest"], value["latest"]}
        whole = f"{value['text']}, that is {value['earliest']} to {value['latest']}"
        return str(value["text"]) if len(days) == 1 else whole
    if names == _AMOUNT:
        return f"{value['comparator']}{value['value']} {value['unit']}".strip()
    if names == _SOURCE:
        return ": ".join(str(each) for each in (value["kind"], value["place"]) if each)
    return None


def _line(value: Json) -> Json:
    """Give a value as it is shown."""
    return _in_one_line(value) if isinstance(value, Mapping) and value else value
