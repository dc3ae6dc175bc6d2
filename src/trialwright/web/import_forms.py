"""Forms of the import page: the file, and what its columns mean."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from django import forms

from trialwright.intake.proposing import Choice, Proposal

MOST_BYTES = 10_000_000
"""Largest file that a page takes, bytes; the command takes larger ones."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "visits": "Visits",
        "adverse-events": "Adverse events",
        "central-readings": "Readings of an independent reader, one lesion in each row",
        "facts": "Laboratory results and other facts, one in each row",
        "fhir": "FHIR R4 records of one participant",
    }
)
"""What a file can hold, in words."""

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**dict.fromkeys(KINDS, (".csv", ".xlsx")), "fhir": (".json",)}
)
"""How the name of a file of each kind ends."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "participant": "Study number", "code": "Visit", "day": "Day", "outcome": "Outcome",
        "term": "Term or test", "grade": "Grade", "started": "First day", "ended": "Last day",
        "is_serious": "Serious", "related_to": "Related to", "value": "Value", "unit": "Unit",
        "low": "Lower end of the range", "high": "Upper end of the range",
        "evaluator": "Who read", "timepoint": "Baseline or assessment", "finding": "Kind of lesion",
        "lesion": "Label of the lesion", "site": "Organ", "is_node": "Lymph node",
        "reading": "Reading", "method": "Imaging method", "marker": "Tumour marker",
        "overall": "Overall response as written",
    }
)  # fmt: skip
"""Fields of a table in words."""

_BLANKS = {"name": "leave these rows aside", "missing": "read it as it stands", "column": "none"}

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "column": "Columns",
        "dates": "Order of days",
        "missing": "Words for nothing",
        "word": "Words of cells",
        "name": "Names of tests",
        "unit": "Units",
    }
)
"""Headings over the choices of a mapping."""


class FileForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(label="What the file holds")
    file = forms.FileField(
        label="File", max_length=255,
        help_text=f"CSV in UTF-8, a workbook (.xlsx), or FHIR (.json); up to "
        f"{MOST_BYTES // 1_000_000} MB.",
    )  # fmt: skip
    participant = forms.CharField(
        label="Study number", required=False, max_length=14,
        help_text="Of FHIR records alone: whose they are.",
    )  # fmt: skip

    def __init__(self, *given: Any, kinds: Sequence[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["kind"].choices = [(each, KINDS[each]) for each in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a file whose name ends otherwise than its kind.

        Returns
        -------
        dict of str to object
            What was entered.
        """
        entered = super().clean() or {}
        sent, kind = entered.get("file"), entered.get("kind")
        if sent and kind and self._ending(sent.name) not in ENDINGS[kind]:
            self.add_error("file", f"Send a file that ends in {' or '.join(ENDINGS[kind])}.")
        if kind == "fhir" and not entered.get("participant"):
            self.add_error("participant", "Say whose records they are.")
        return entered

    @staticmethod
    def _ending(name: str) -> str:
        """Give how a name ends."""
        return PurePath(name).suffix.lower()

    @property
    def held_name(self) -> str:
        """Name under which the file is held: its own may name a person."""
        return f"file{self._ending(self.cleaned_data['file'].name)}"


class MappingForm(forms.Form):
    """What is proposed, to be confirmed or changed."""

    def __init__(self, *given: Any, proposal: Proposal, **named: Any) -> None:
        super().__init__(*given, **named)
        self._choices = proposal.choices
        for each in proposal.choices:
            self.fields[each.key] = _field(each)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields under their headings."""
        return [
            (says, fields)
            for group, says in GROUPS.items()
            if (fields := [self[each.key] for each in self._choices if each.group == group])
        ]


def _field(choice: Choice) -> forms.Field:
    """Give the field of a choice; its reason stands beside it."""
    why = f"{choice.why[:1].upper()}{choice.why[1:]}."
    if not choice.options:
        return forms.CharField(
            label=_label(choice), help_text=why, required=False, max_length=40,
        )  # fmt: skip
    blank = "choose" if choice.is_needed else _BLANKS.get(choice.group, "choose")
    return forms.ChoiceField(
        label=_label(choice), help_text=why, required=choice.is_needed, initial=choice.proposed,
        choices=[("", blank), *((each, each) for each in choice.options)],
        error_messages={"required": "Choose one."},
    )  # fmt: skip


def _label(choice: Choice) -> str:
    """Say what a choice is about."""
    field = FIELDS.get(choice.field, "")
    return {
        "column": FIELDS.get(choice.name, choice.name),
        "dates": "How days are written",
        "missing": f"“{choice.name}” says",
        "word": f"“{choice.name}” in {field.lower()}",
        "name": f"“{choice.name}” is",
        "unit": f"Unit of “{choice.name}”",
    }[choice.group]
