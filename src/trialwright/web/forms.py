"""Forms of the pages: fields and their words; what is allowed is decided by the acts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from trialwright.conduct.dose_decision_acts import Override
from trialwright.terms.errors import Fault, Refusal

_PLACES = {
    "participant": "number",
    "attestation": "answer",
    "attestation.on": "on",
    "cutoff": "cutoff",
}
"""Place of a fault in an act to the field of a form, where they differ."""


OPEN = ("", "Choose")
"""What a list begins with, so that nothing is entered that nobody chose."""

DAY_LOOKS = {
    "class": "day",
    "placeholder": "year-month-day",
    "pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "title": "year-month-day",
    "autocomplete": "off",
}
"""How a field for a day looks."""


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    """Make a field for a day.

    Parameters
    ----------
    label, help_text : str
        Its words.
    required : bool
        Whether it may be left empty.

    Returns
    -------
    DateField
        Year-month-day alone: a browser's own calendar shows days in the order of its country.
    """
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs=DAY_LOOKS, format="%Y-%m-%d"),
        error_messages={"invalid": "Give the day as year-month-day, e.g. 2026-11-28."},
    )


def reason_field(help_text: str, *, required: bool = True) -> forms.CharField:
    """Make a field for a reason in a person's own words.

    Parameters
    ----------
    help_text : str
        What to write.
    required : bool
        Whether it may be left empty.

    Returns
    -------
    CharField
        Up to 2000 signs.
    """
    return forms.CharField(
        label="Reason",
        help_text=f"{help_text} Name no participant.",
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConsentForm(forms.Form):
    """A new participant."""

    number = forms.CharField(
        label="Study number",
        help_text="Up to 8 capital letters or digits, a hyphen, up to 5 digits, e.g. MGH-001. "
        "Never a name or a hospital's number.",
        max_length=14,
    )
    on = day_field("Day of consent")


class ArmDayForm(forms.Form):
    """An arm, a day and the first dose planned: what a judgement of eligibility is asked for."""

    arm = forms.ChoiceField(label="Arm")
    on = day_field("Day of the judgement")
    first_dose_on = day_field("First dose planned", "Some criteria look back from it.")

    def __init__(self, *given: Any, arms: Sequence[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["arm"] = forms.ChoiceField(
            label="Arm", choices=[(each, f"Arm {each}") for each in arms]
        )


class AnswerForm(forms.Form):
    """An answer to a question of the protocol."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=60)
    answer = forms.ChoiceField(
        label="Answer", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    on = day_field("Day of the answer")
    reason = reason_field("What the answer rests on.", required=False)


class AssignForm(forms.Form):
    """A dose level for a registered participant."""

    on = day_field("Day of the assignment")

    def __init__(self, *given: Any, choices: Iterable[tuple[str, str, list[str]]], **named: Any):
        super().__init__(*given, **named)
        self.lines = []
        for line, says, agents in choices:
            self.lines.append(line)
            self.fields[line] = forms.ChoiceField(
                label=says, choices=[OPEN, *((agent, agent.capitalize()) for agent in agents)]
            )

    @property
    def choice(self) -> dict[str, str]:
        """The agent chosen for each line that offers several."""
        return {line: self.cleaned_data[line] for line in self.lines}


class MeetingForm(forms.Form):
    """The day of a dose meeting and its data cutoff."""

    cutoff = day_field("Data cutoff", "Data up to and including this day count.")
    on = day_field("Day of the meeting")
    minutes = forms.CharField(
        label="Minutes", help_text="Name no participant.", required=False, max_length=10000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    attended = forms.MultipleChoiceField(
        label="Who attended", required=False, widget=forms.CheckboxSelectMultiple
    )
    choice = forms.ChoiceField(label="Decision")
    cohort_size = forms.IntegerField(
        label="Participants of the next cohort",
        help_text="Only of a decision against the advice.", required=False, min_value=0,
    )  # fmt: skip
    reason = reason_field("Only of a decision against the advice: why.", required=False)

    def __init__(
        self, *given: Any, levels: Sequence[str], people: Sequence[tuple[str, str]], **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.places = {"level": "choice"}
        others = [(str(level), f"Otherwise: dose level {level}, {dose}")
                  for level, dose in enumerate(levels, start=1)]  # fmt: skip
        self.fields["choice"] = forms.ChoiceField(
            label="Decision", required=False,
            choices=[("", "As the design advises"), *others,
                     ("stop", "Otherwise: end the escalation")],
        )  # fmt: skip
        self.fields["attended"].choices = people  # type: ignore[attr-defined]

    @property
    def override(self) -> Override | None:
        """What is decided against the advice; None: the advice is followed."""
        entered = self.cleaned_data
        if not entered["choice"]:
            return None
        level = None if entered["choice"] == "stop" else int(entered["choice"])
        return Override(level, entered["cohort_size"] or 0, entered["reason"])


class MoveForm(forms.Form):
    """Opens, suspends, closes or reopens the trial or a site."""

    move = forms.CharField(widget=forms.HiddenInput, max_length=20)
    site = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    on = day_field("Day from which it holds")
    reason = reason_field("Why; shown wherever the status is.", required=False)


def put(form: forms.Form, refused: Refusal) -> None:
    """Show each fault of a refusal at the field it concerns, else above the form.

    Parameters
    ----------
    form : Form
        Bound; `places` of it, where it has them, name the field of a place in its act.
    refused : Refusal
        Of the act that the form asked for.
    """
    places: Mapping[str, str] = {**_PLACES, **getattr(form, "places", {})}
    for fault in refused.faults:
        field = places.get(fault.where, fault.where)
        if field not in form.fields:
            field = fault.where.rpartition(".")[2]
        says = sentence(fault, is_placed=field in form.fields)
        place = field if field in form.fields else None
        if says not in form.errors.get(place or NON_FIELD_ERRORS, ()):
            form.add_error(place, says)


def sentence(fault: Fault, *, is_placed: bool = False) -> str:
    """Say a fault in sentences.

    Parameters
    ----------
    fault : Fault
        Of a refusal.
    is_placed : bool
        Whether the place is plain from where it stands.

    Returns
    -------
    str
        What was found, what is allowed, what to do.
    """
    if fault.file and not (fault.where or is_placed):
        return f"{fault.file}: {fault.found}. Allowed: {fault.allowed}. {fault.do}."
    head = fault.found if is_placed or not fault.where else f"{fault.where}: {fault.found}"
    return f"{head[:1].upper()}{head[1:]}. Allowed: {fault.allowed}. {fault.do}."
