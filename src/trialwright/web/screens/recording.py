"""The visit form: what was seen at a visit or between visits, one form for each act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from trialwright.biomarkers.calls import STATE_MEANINGS
from trialwright.conduct.acts import (
    RecordAdverseEvent,
    RecordDoses,
    RecordException,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.amendment_acts import RecordReconsent
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.clinical_acts import DelayCycle, RecordForm
from trialwright.conduct.data_checks import DataCheck, data_checks
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.drug_counts import account_of
from trialwright.conduct.planning import code_of, planned_visits, preview
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.verdicts import Answer
from trialwright.visits.windows import PlannedVisit
from trialwright.web import desk
from trialwright.web.biomarkers_entered import entered, records_of, runs_of, stains_of
from trialwright.web.clinical_forms import (
    ENTRIES,
    ClinicalForm,
    DoseForm,
    EntryForm,
)
from trialwright.web.doing import REFUSED, is_made, is_rehearsed
from trialwright.web.event_form import EventForm
from trialwright.web.fact_forms import (
    FACTS,
    ExceptionForm,
    FactForm,
    PersonForm,
    ReconsentForm,
)
from trialwright.web.lines_form import LinesForm, lines_of
from trialwright.web.material_forms import MaterialsForm, tree_on_record
from trialwright.web.measures_form import LaboratoryForm, MeasuresForm
from trialwright.web.result_forms import SequencingForm, StainForm
from trialwright.web.roles import actor_of, may_do
from trialwright.web.screens.participants import asked_for
from trialwright.web.tumour_forms import AssessmentForm, BaselineForm

BIOMARKERS = "Biomarkers"
"""Group of the forms under which what is on record of biomarkers stands too."""

_CYCLES_AHEAD = 2
"""Cycles after the present one that a preview of a delay looks at."""


@dataclass(frozen=True, slots=True)
class FormKind:
    """A form of the page.

    Attributes
    ----------
    says : str
        Its name for people.
    act : type
        What it is read as.
    form : type
        Its fields.
    group : str
        Under which it is listed.
    leaves : str
        What stays as it is once it is recorded; empty: nothing needs to be said.
    """

    says: str
    act: type
    form: type[ClinicalForm]
    group: str
    leaves: str = ""


def _entry(word: str, says: str, group: str) -> FormKind:
    """Give the form of an entry of the course."""
    kind = ENTRIES[word]
    form = type(f"{kind.record.__name__}Form", (EntryForm,), {"kind": kind})
    return FormKind(says, kind.act, form, group)


def _measures(name: str, says: str) -> FormKind:
    """Give a form of measurements."""
    form = type(f"{name.title().replace('-', '')}Form", (MeasuresForm,), {"name": name})
    return FormKind(says, RecordForm, form, "At a visit")


def _fact(name: str, says: str) -> FormKind:
    """Give the form of a fact of the casebook."""
    kind = FACTS[name]
    form = type(f"{kind.record.__name__}Form", (FactForm,), {"kind": kind})
    return FormKind(says, RecordFacts, form, "Before treatment")


KINDS: Mapping[str, FormKind] = MappingProxyType(
    {
        "person": FormKind("Birth and sex", RecordFacts, PersonForm, "Before treatment"),
        "medical-history": _fact("medical-history", "Medical history"),
        "prior-therapy": _fact("prior-therapy", "Prior therapy"),
        "specimen": _fact("specimen", "Specimen"),
        "tumour-baseline": FormKind(
            "Tumour baseline", RecordTumourBaseline, BaselineForm, "Before treatment"
        ),
        "exception": FormKind(
            "Exception or deviation",
            RecordException,
            ExceptionForm,
            "Before treatment",
            " The verdict stays what it is, and no longer keeps registration back.",
        ),
        "visit": _entry("visit", "Visit", "At a visit"),
        "laboratory": FormKind("Laboratory values", RecordForm, LaboratoryForm, "At a visit"),
        "vital-signs": _measures("vital-signs", "Vital signs"),
        "ecg": _measures("ecg", "ECG"),
        "doses": FormKind("Doses", RecordDoses, DoseForm, "At a visit"),
        "tumour-assessment": FormKind(
            "Tumour assessment", RecordTumourAssessment, AssessmentForm, "At a visit"
        ),
        "drug-count": _entry("drug-count", "Drug handed out and counted", "At a visit"),
        "biomarker-material": FormKind(
            "Biomarker material", RecordMaterials, MaterialsForm, BIOMARKERS
        ),
        "sequencing": FormKind("Run of sequencing", RecordSequencing, SequencingForm, BIOMARKERS),
        "stain": FormKind("Stained tissue", RecordStain, StainForm, BIOMARKERS),
        "adverse-event": FormKind("Adverse event", RecordAdverseEvent, EventForm, "At any time"),
        "reconsent": FormKind("Renewed consent", RecordReconsent, ReconsentForm, "At any time"),
        "medicine": _entry("medicine", "Other medicine", "At any time"),
        "cycle-delay": _entry("cycle-delay", "Delay of a cycle", "At any time"),
        "pregnancy": _entry("pregnancy", "Pregnancy", "At any time"),
        "clinical-progression": _entry(
            "clinical-progression", "Progression without imaging", "Ends and afterwards"
        ),
        "end-of-treatment": _entry("end-of-treatment", "End of treatment", "Ends and afterwards"),
        "later-therapy": _entry("later-therapy", "Later therapy", "Ends and afterwards"),
        "survival": _entry("survival", "Survival contact", "Ends and afterwards"),
        "end-of-study": _entry("end-of-study", "End of study", "Ends and afterwards"),
        "death": _entry("death", "Death", "Ends and afterwards"),
        "screen-failure": _entry("screen-failure", "Screen failure", "Ends and afterwards"),
    }
)
"""Word of an address to its form."""


_OWN_DAY = ("death", "clinical-progression", "specimen", "tumour-baseline", "sequencing", "stain")
"""Forms whose day is seldom that of the entry, so that none is proposed."""


_NEEDS_LEVEL = ("doses", "drug-count")
"""Forms of what is taken."""


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Show a form of a participant, and record what was entered.

    Parameters
    ----------
    request : HttpRequest
        A POST records; the code of a visit may stand in the query.
    number : str
        Study number.
    kind : str
        One of `KINDS`.

    Returns
    -------
    HttpResponse
        The form, with what the protocol plans for that visit.

    Raises
    ------
    Http404
        If there is no such form.
    """
    state, here = asked_for(request, number)
    chosen = KINDS.get(kind)
    if chosen is None:
        raise Http404
    visit = request.GET.get("visit", "")
    planned = _planned(state, here, visit)
    grows = "more" in request.POST and issubclass(chosen.form, LinesForm)
    begun = _grown(request.POST, chosen.form) if grows else _initial(kind, visit, planned)
    if kind == "exception":
        begun["criterion"] = request.GET.get("criterion", "")
    asked = chosen.form(
        None if grows else request.POST or None, state=state, here=here, initial=begun
    )
    moved = None
    if asked.is_bound and asked.is_valid():
        if "preview" in request.POST:
            moved = _moved(request, state, asked)
        elif is_made(request, asked, lambda: asked.act(desk.today()),
                     f"{chosen.says} of {number} is on record.{chosen.leaves}"):  # fmt: skip
            _ask_at_once(request, asked, here, data_checks(state, here, desk.today()))
            if kind == "exception":
                at = reverse("participant_eligibility", args=[number])
                return redirect(f"{at}#c-{asked.cleaned_data['criterion']}")
            back = redirect("participant_record", number=number, kind=kind)
            back["Location"] += f"?visit={visit}" if visit else ""
            return back
    context = {
        "participant": here, "page": "record", "kind": kind, "chosen": chosen, "form": asked,
        "visit": visit, "kinds": KINDS, "may_record": may_do(actor_of(request), chosen.act),
        "planned": planned, "moved": moved,
        "accounts": [(each, account_of(here, each)) for each in here.course.counts]
        if kind == "drug-count" else [],
        "first": _first(state, here, kind),
        "opens_on": _opens_on(planned) if kind == "visit" else None,
    }  # fmt: skip
    if chosen.group == BIOMARKERS:
        context |= {
            "entries": [entered(state, each) for each in records_of(here)[::-1]],
            "runs": [*runs_of(state, here)],
            "stains": [*stains_of(state, here)], "states": STATE_MEANINGS,
            "branches": [*tree_on_record(here).branches()],
        }  # fmt: skip
    status = REFUSED if asked.is_bound and moved is None else 200
    return render(request, "web/record.html", context, status=status)


def _grown(entered: QueryDict, form: type[ClinicalForm]) -> dict[str, object]:
    """Give what was typed so far, for a form with more lines."""
    typed: dict[str, object] = dict(entered.items())
    more = form.first_lines if issubclass(form, LinesForm) else 0
    return typed | {"lines": lines_of(typed.get("lines"), more) + more}


def _initial(kind: str, visit: str, planned: list[PlannedVisit]) -> dict[str, object]:
    """Give what an empty form begins with: the visit asked for, and today.

    No day is proposed for a visit whose windows do not take in today: it was on another.
    """
    begun: dict[str, object] = {"code": visit, "visit": visit, "outcome": "done"}
    today = desk.today()
    is_apart = bool(planned) and not any(each.earliest <= today <= each.latest for each in planned)
    if kind not in _OWN_DAY and not is_apart:
        begun["on"] = today
    return begun


def _first(state: TrialState, here: ParticipantState, kind: str) -> str:
    """Say what comes before a form, where it cannot be used yet."""
    if kind in _NEEDS_LEVEL and here.assigned_on is None:
        return "There is no dose level yet. It is given on the page of eligibility."
    if kind == "tumour-assessment" and here.baseline is None:
        return "There is no baseline yet. An investigator records it first."
    if kind == "tumour-baseline" and here.baseline is not None:
        return "The baseline is on record. It is corrected value by value."
    if kind == "sequencing" and not here.biomarkers.materials:
        return "There is no biomarker material yet. It is recorded first."
    if kind == "stain" and not any(each.is_tissue for each in here.biomarkers.materials):
        return "There is no tissue among the biomarker material yet. It is recorded first."
    if kind == "reconsent" and len(state.amendments.versions) < 2:  # the first and an amendment
        return "The protocol was never amended: there is nothing to consent to again."
    return ""


def _ask_at_once(
    request: HttpRequest, asked: ClinicalForm, of: ParticipantState, before: tuple[DataCheck, ...]
) -> None:
    """Say what the entry leaves to be checked, while whoever entered it is there."""
    state = desk.desk().gateway.state()
    here = state.participants[of.number]
    for remark in asked.remarks():
        messages.warning(request, remark)
    if isinstance(asked, EventForm) and here.dose_level is not None:
        _ask_of_event(request, state, here)
    for each in data_checks(state.as_at(here.site), here, desk.today()):
        if each not in before:
            messages.warning(request, f"To be checked: {each.says}.")


def _ask_of_event(request: HttpRequest, state: TrialState, here: ParticipantState) -> None:
    """Say what the newest adverse event leaves open for the definition of a DLT."""
    verdict = dlt_status(state.as_at(here.site), here, desk.today()).verdicts[
        len(here.adverse_events) - 1
    ]
    if verdict.answer is Answer.UNKNOWN:
        says = f"Whether it is a DLT cannot be told yet: {verdict.because}."
        messages.warning(request, says)


def _planned(state: TrialState, here: ParticipantState, visit: str) -> list[PlannedVisit]:
    """Give what the protocol plans for a visit."""
    start = here.first_dose_on or here.first_dose_planned_on
    if start is None or not visit:
        return []
    length = timedelta(days=state.study.cycle_days)
    cycles = max((desk.today() - start) // length, 0) + 1 + _CYCLES_AHEAD
    return [each for each in planned_visits(state, here, cycles)
            if code_of(state, here, each) == visit]  # fmt: skip


def _opens_on(planned: list[PlannedVisit]) -> date | None:
    """Give the day on which the first window of a visit opens, while that is ahead."""
    first = min((each.earliest for each in planned), default=None)
    return first if first is not None and first > desk.today() else None


def _moved(
    request: HttpRequest, state: TrialState, form: ClinicalForm
) -> tuple[tuple[PlannedVisit, PlannedVisit], ...] | None:
    """Show which visits a delay would move; None when it is refused."""
    if not is_rehearsed(request, form, lambda: form.act(desk.today())):
        return None
    act = form.act(desk.today())
    return (
        ()
        if not isinstance(act, DelayCycle)
        else preview(state, act, act.entry.cycle + _CYCLES_AHEAD)
    )
