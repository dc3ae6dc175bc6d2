"""Fields of forms made from the records that acts carry: one for each field of a record."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from django import forms
from django.core.exceptions import ValidationError

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source
from trialwright.web.forms import DAY_LOOKS, OPEN, day_field

KNOWN = (("", "Not recorded"), ("yes", "Yes"), ("no", "No"))
"""Choices of what may be known or not."""

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "code": ("Visit", "Its code: C1D8, W8, SCREENING, UNSCHEDULED, END or FU-1."),
        "on": ("Day", ""),
        "begins_on": ("Day 1 from now on", ""),
        "since": ("First dose", ""),
        "until": ("Last dose", ""),
        "is_ongoing": ("Going on", ""),
        "dispensed": ("Units handed out", ""),
        "dispensed_on": ("Handed out on", ""),
        "returned": ("Units brought back", ""),
        "counted_on": ("Counted on", ""),
        "expected": (
            "Units to be taken between the two days",
            "Empty: worked out from the doses recorded. A difference needs a note.",
        ),
        "units_a_dose": ("Units to a dose", "Empty: 1."),
        "alive_on": ("Known to be alive on", ""),
        "how": ("How it is known", ""),
        "of": ("Who is pregnant", ""),
        "known_on": ("Became known on", ""),
        "last_dose": ("Last dose of a study agent", ""),
        "criteria": ("Criteria that are not met", ""),
        "name": ("Name", "As it stands in the record."),
        "thickness_um": ("Thickness of slides, micrometres", ""),
        "is_present": ("Present", "No: somebody looked, and it is absent."),
        "is_confirmed": ("Confirmed", "No: it is suspected."),
        "is_local": ("Applied locally", "To skin, eye or the like."),
        "changed": ("Last change of dose", ""),
        "stopped_for": ("Why it ended", ""),
        "intent": ("Setting", ""),
    }
)
"""Field of a record to its label and help, where the name alone does not say it."""


class PartialDay(forms.CharField):
    """A day known to the day, the month or the year."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.widget.attrs |= {**DAY_LOOKS, "pattern": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}
        self.help_text = f"{self.help_text} As far as known: 2026-11-28, 2026-11 or 2026.".strip()

    def clean(self, value: Any) -> PartialDate | None:
        """Read the day.

        Parameters
        ----------
        value : object
            As entered.

        Returns
        -------
        PartialDate or None
            None: left empty.

        Raises
        ------
        ValidationError
            If it is no day, month or year.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except Refusal as refused:
            raise ValidationError(
                "Give year-month-day, year-month or the year, e.g. 2026-11-28."
            ) from refused


def source_field() -> forms.CharField:
    """Make the field that says where a value stands.

    Returns
    -------
    CharField
        Required: every value has a source.
    """
    return forms.CharField(
        label="Source",
        help_text="Where it can be looked up, e.g. clinic note 28 Nov. Never a name.",
        max_length=200,
    )


def source_of(entered: Mapping[str, Any]) -> Source:
    """Give the source as recorded.

    Parameters
    ----------
    entered : mapping of str to object
        Cleaned fields of a form.

    Returns
    -------
    Source
        A person's entry, with the place.
    """
    return Source("person", entered["source"].strip())


def known_or_not(word: str) -> bool | None:
    """Read a choice of `KNOWN`.

    Parameters
    ----------
    word : str
        `yes`, `no` or empty.

    Returns
    -------
    bool or None
        None: not recorded.
    """
    return {"yes": True, "no": False}.get(word)


def fields_of(kind: type, choices: Mapping[str, list[tuple[str, str]]]) -> dict[str, forms.Field]:
    """Make the fields of a record.

    Parameters
    ----------
    kind : type
        A record of the casebook.
    choices : mapping of str to list of (str, str)
        What may be chosen for fields whose type does not say it.

    Returns
    -------
    dict of str to Field
        In the order of the record; its source last.
    """
    made = {name: _field(name, hint, choices.get(name))
            for name, hint in get_type_hints(kind).items() if hint is not Source}  # fmt: skip
    return {**made, "source": source_field()}


def record_of(kind: type, entered: Mapping[str, Any]) -> Any:
    """Make a record of what was entered.

    Parameters
    ----------
    kind : type
        A record of the casebook.
    entered : mapping of str to object
        Cleaned fields.

    Returns
    -------
    record
        Of that kind.

    Raises
    ------
    Refusal
        If the fields contradict each other.
    """
    hints = get_type_hints(kind)
    given = {name: _value(hint, entered[name]) for name, hint in hints.items()
             if hint is not Source}  # fmt: skip
    return kind(**given, source=source_of(entered))


def label_of(name: str) -> str:
    """Give the words of a field of a record.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    str
        As forms show it.
    """
    return _WORDS.get(name, (name.replace("_", " ").capitalize(), ""))[0]


def _field(name: str, hint: Any, choices: list[tuple[str, str]] | None) -> forms.Field:
    """Make one field by the type of the record's field."""
    label, help_text = label_of(name), _WORDS.get(name, ("", ""))[1]
    kind, may_be_empty = _plain(hint)
    said: dict[str, Any] = {"label": label, "help_text": help_text, "required": not may_be_empty}
    if get_origin(kind) is tuple:
        return forms.MultipleChoiceField(
            **{**said, "required": False}, choices=choices or (),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
    if get_origin(kind) is Literal:
        choices = [(each, each.capitalize()) for each in get_args(kind)]
        choices = [("", "Not recorded") if may_be_empty else OPEN, *choices]
    if choices is not None:
        return forms.ChoiceField(**said, choices=choices)
    if kind is bool:
        return forms.ChoiceField(**said, choices=KNOWN)
    if kind is int:
        return forms.IntegerField(**said)
    if kind is PartialDate:
        return PartialDay(**said)
    if kind is date:
        return day_field(label, help_text, required=not may_be_empty)
    return forms.CharField(**said, max_length=200)


def _plain(hint: Any) -> tuple[Any, bool]:
    """Give a type without None, and whether None was in it."""
    if get_origin(hint) in (Union, UnionType):
        kinds = [each for each in get_args(hint) if each is not NoneType]
        return kinds[0], len(kinds) < len(get_args(hint))
    return hint, False


def _value(hint: Any, entered: Any) -> Any:
    """Give what was entered as the record holds it."""
    kind, may_be_empty = _plain(hint)
    if kind is bool:
        return known_or_not(entered)
    if may_be_empty and entered == "":
        return None
    return tuple(entered) if get_origin(kind) is tuple else entered
