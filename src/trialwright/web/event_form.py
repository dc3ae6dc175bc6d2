"""The form of an adverse event: what it was, its seriousness, and what its grade rests on."""

from datetime import date
from typing import Any, get_args

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trialwright.assembly.shelf import ctcae_names, ctcae_terms
from trialwright.casebook.adverse_events import (
    GRADES,
    AdverseEvent,
    Degree,
    EventSigns,
    Limits,
    SeriousBecause,
)
from trialwright.conduct.acts import Act, RecordAdverseEvent
from trialwright.conduct.observing import attributable
from trialwright.grading.criteria import american
from trialwright.web.clinical_forms import ClinicalForm
from trialwright.web.entry_fields import (
    KNOWN,
    PartialDay,
    known_or_not,
    source_field,
    source_of,
)
from trialwright.web.forms import day_field

_DEGREES = [("", "Not recorded"), *((each, each.capitalize()) for each in get_args(Degree))]


class _Offered(forms.TextInput):
    """A text field that offers the CTCAE terms by name; another term may be written."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the field with its list."""
        listed = f"{name}-offered"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        terms = format_html_join(
            "", '<option value="{}">', ((each,) for each in sorted(ctcae_terms()))
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, terms)


class EventForm(ClinicalForm):
    """An adverse event."""

    term = forms.CharField(
        label="Term", help_text="CTCAE, e.g. Diarrhea. Never a name.", max_length=120,
        widget=_Offered,
    )  # fmt: skip
    grade = forms.ChoiceField(
        label="Highest grade", required=False,
        choices=[("", "Not recorded"), *((str(each), f"Grade {each}") for each in GRADES)],
    )  # fmt: skip
    started = PartialDay(label="Began", required=False)
    ended = PartialDay(label="Ended", help_text="Empty: going on.", required=False)
    is_serious = forms.ChoiceField(label="Serious", choices=KNOWN, required=False)
    attribution = forms.ChoiceField(
        label="Attribution", required=False,
        choices=[("", "Not recorded"), ("none", "Related to no study agent"),
                 ("agents", "Related to the agents chosen")],
    )  # fmt: skip
    related_to = forms.MultipleChoiceField(
        label="Study agents", required=False, widget=forms.CheckboxSelectMultiple
    )
    highest_grade_hours = forms.IntegerField(
        label="Hours at the highest grade", help_text="In all. Empty: going on, or not recorded.",
        required=False, min_value=0, max_value=100_000,
    )  # fmt: skip
    serious_because = forms.MultipleChoiceField(
        label="Serious because of", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each, each.capitalize()) for each in get_args(SeriousBecause)],
    )  # fmt: skip
    is_expected = forms.ChoiceField(
        label="Named in the reference safety information", choices=KNOWN, required=False
    )
    sponsor_aware_on = day_field("Day on which the sponsor first knew of it", required=False)
    stools_over_baseline = forms.IntegerField(
        label="Diarrhea: stools a day over baseline", required=False, min_value=-50, max_value=50
    )
    ostomy_output = forms.ChoiceField(
        label="Diarrhea: increase in ostomy output", choices=_DEGREES, required=False
    )
    body_surface_percent = forms.DecimalField(
        label="Rash: percent of the body surface", required=False, min_value=0, max_value=100
    )
    symptoms = forms.ChoiceField(label="Rash: symptoms", choices=_DEGREES, required=False)
    relieved_by_rest = forms.ChoiceField(
        label="Fatigue: relieved by rest", choices=KNOWN, required=False
    )
    limits = forms.ChoiceField(
        label="Limits activities", required=False,
        choices=[("", "Not recorded"), *((each, each.capitalize()) for each in get_args(Limits))],
    )  # fmt: skip
    hospitalization_indicated = forms.ChoiceField(
        label="Hospitalization indicated", choices=KNOWN, required=False
    )
    life_threatening = forms.ChoiceField(
        label="Life-threatening consequences", choices=KNOWN, required=False
    )
    source = source_field()

    def begin(self) -> None:
        """Offer the agents to which the event may be attributed."""
        known = sorted(attributable(self.state, self.here))
        agents = [(each, each.capitalize()) for each in known]
        self.fields["related_to"].choices = agents  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse agents that contradict the attribution.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        if (entered.get("attribution") == "agents") != bool(entered.get("related_to")):
            self.add_error("related_to", "Choose agents where the event is related to some, and "
                           "none otherwise.")  # fmt: skip
        return entered

    def remarks(self) -> list[str]:
        """Say so where no rule of the protocol can find the term by its name.

        Returns
        -------
        list of str
            Empty for a CTCAE term that is known here, in either spelling.
        """
        if american(self.cleaned_data["term"]) in ctcae_names():
            return []
        return [
            "The term is none of the CTCAE terms known here: the grade counts as entered, and no "
            "rule that names a term finds it. Correct it if it is misspelled."
        ]

    def act(self, on: date) -> Act:
        """Read the event.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = self.cleaned_data
        related = tuple(entered["related_to"]) if entered["attribution"] else None
        grade = int(entered["grade"]) if entered["grade"] else None
        event = AdverseEvent(
            entered["term"].strip(), grade, entered["started"], entered["ended"],
            known_or_not(entered["is_serious"]), related, source_of(entered),
            entered["highest_grade_hours"], tuple(entered["serious_because"]) or None,
            known_or_not(entered["is_expected"]), entered["sponsor_aware_on"], self._signs(),
        )  # fmt: skip
        return RecordAdverseEvent(self.here.number, on, event)

    def _signs(self) -> EventSigns | None:
        """Read what was seen of the event; None when nothing was."""
        entered = self.cleaned_data
        found: dict[str, Any] = {
            each: entered[each]
            for each in ("stools_over_baseline", "body_surface_percent")
            if entered[each] is not None
        }
        found |= {each: entered[each] for each in ("ostomy_output", "symptoms", "limits")
                  if entered[each]}  # fmt: skip
        found |= {each: known_or_not(entered[each])
                  for each in ("relieved_by_rest", "hospitalization_indicated", "life_threatening")
                  if entered[each]}  # fmt: skip
        return EventSigns(**found) if found else None
