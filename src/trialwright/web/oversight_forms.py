"""Forms that correct, ask, verify, hold and sign."""

import json
from typing import Any

from django import forms

from trialwright.terms.canonical import Json
from trialwright.web.forms import reason_field

TEXT, NUMBER, YES_NO, NOTHING = "text", "number", "yes-no", "nothing"


class CorrectForm(forms.Form):
    """Another value in place of the one shown."""

    old = forms.CharField(widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label="What it is",
        choices=[(TEXT, "Words, a day or an exact amount"), (NUMBER, "A whole number"),
                 (YES_NO, "Yes or no"), (NOTHING, "Not recorded")],
    )  # fmt: skip
    new = forms.CharField(
        label="New value", help_text="Of yes or no: yes, no.", required=False, max_length=1000
    )
    reason = reason_field("Why the value is wrong.")

    @classmethod
    def about(cls, value: Json, **named: Any) -> "CorrectForm":
        """Give the form that begins with a value.

        Parameters
        ----------
        value : Json
            As it stands.
        **named : object
            As forms take them.

        Returns
        -------
        CorrectForm
            Unbound.
        """
        sort = {bool: YES_NO, int: NUMBER, str: TEXT}.get(type(value), NOTHING)
        shown = ("yes" if value else "no") if sort == YES_NO else value
        initial = {"old": json.dumps(value), "sort": sort, "new": "" if shown is None else shown}
        return cls(initial=initial, **named)

    def clean(self) -> dict[str, Any]:
        """Read both values.

        Returns
        -------
        dict of str to object
            With `old` and `new` as recorded values.
        """
        entered = super().clean() or {}
        try:
            entered["old"] = json.loads(entered.get("old", ""))
        except ValueError:
            self.add_error(None, "The form is not the one that was shown. Load the page again.")
        typed, sort = entered.get("new", "").strip(), entered.get("sort")
        match sort:
            case "nothing":
                entered["new"] = None
            case "yes-no" if typed in ("yes", "no"):
                entered["new"] = typed == "yes"
            case "number" if typed.removeprefix("-").isascii() and typed.lstrip("-").isdigit():
                entered["new"] = int(typed)
            case "text" if typed:
                entered["new"] = typed
            case _:
                self.add_error("new", "Give a value of the kind chosen.")
        return entered


class AskForm(forms.Form):
    """A question to the site."""

    text = forms.CharField(
        label="Question", help_text="Name no participant.", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class StepForm(forms.Form):
    """A step of a query."""

    text = forms.CharField(
        label="Words", help_text="Answer or reason. Name no participant.", required=False,
        max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class NoForm(forms.Form):
    """Nothing but a button."""


class UnlockForm(forms.Form):
    """Opens what is frozen or locked."""

    reason = reason_field("Why it is opened again; signatures on it become void.", required=False)


class PartForm(forms.Form):
    """A form of a participant, or all of them."""

    part = forms.ChoiceField(label="Of what", required=False)

    def __init__(self, *given: Any, parts: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        listed = [(each, each.replace("_", " ").capitalize()) for each in parts]
        field = forms.ChoiceField(
            label="Of what",
            required=False,
            choices=[("", "Everything of the participant"), *listed],
        )
        self.fields = {"part": field, **{name: each for name, each in self.fields.items()
                                         if name != "part"}}  # fmt: skip


class AskPartForm(PartForm, AskForm):
    """A question about a form or a participant."""


class UnlockPartForm(PartForm, UnlockForm):
    """Opens a form or a participant."""


class SignForm(forms.Form):
    """A signature: its meaning, and the credentials again."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    meaning = forms.ChoiceField(
        label="What the signature says",
        choices=[("authored", "I am the author"), ("reviewed", "I have reviewed it"),
                 ("approved", "I approve it"), ("responsible", "I am responsible for it")],
    )  # fmt: skip
    password = forms.CharField(
        label="Password of your account", strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *given: Any, has_factor: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        if has_factor:
            self.fields["code"] = forms.CharField(
                label="Code of your second factor", max_length=20,
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
            )  # fmt: skip
