"""Criteria as files: the forms of others, each with what it cannot say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.assembly.criteria_out import ENDINGS, FAILED, Form, Remark, Written, criteria_as
from trialwright.assembly.failed_criteria import failed_criteria
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.state import TrialState
from trialwright.protocol.study import Study
from trialwright.web import desk
from trialwright.web.roles import actor_of, sees_everybody

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "circe": "Cohort definition of OHDSI",
        "fhir": "FHIR R5",
        "sdtm-ti": "SDTM, domain TI",
        FAILED: "SDTM, domain IE",
    }
)
"""Forms in words."""

CONTENTS: Mapping[str, str] = MappingProxyType(
    {
        "circe": "For Atlas, or any other tool that reads the JSON of Circe: an inclusion rule for "
        "each criterion that an OMOP database can answer, whole or in part. It finds people to "
        "look at; whether somebody is eligible, screening says.",
        "fhir": "EvidenceVariable and Group in one Bundle: the sentence of each criterion, its "
        "rule as the protocol file holds it, and what FHIR has words for.",
        "sdtm-ti": "For a submission: one row a criterion, with its text, its rule in words and "
        "the version of the protocol.",
        FAILED: "For a submission: one row for each criterion that a participant fails whose "
        "eligibility is decided, by study number, as of the day that decided it.",
    }
)
"""What a file of each form holds, and for whom."""

KINDS: Mapping[str, str] = MappingProxyType({"json": "application/json", "csv": "text/csv"})
"""What browsers take files for, by the end of their name."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that is offered.

    Attributes
    ----------
    form, title, says : str
        Its form, in words, and what it holds.
    ending : str
        How its name ends.
    remarks : int
        How many there are of what it cannot say.
    unsaid : tuple of (str, tuple of str)
        The same: of which criteria or participants, and what.
    """

    form: str
    title: str
    says: str
    ending: str
    remarks: int
    unsaid: tuple[tuple[str, tuple[str, ...]], ...]


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """Offer the criteria of a version of the protocol as files, with what each cannot say.

    Parameters
    ----------
    request : HttpRequest
        The version may stand in its query; else it is the one in force for the trial as a whole.

    Returns
    -------
    HttpResponse
        With the failed criteria of participants for those who may see all of them.

    Raises
    ------
    Http404
        If there is no such version.
    """
    state = desk.state()
    number, study = _version(request, state)
    context = {
        "criteria_of": study,
        "number": number,
        "versions": state.amendments.versions,
        "offered": [*_offered(study)],
        "failed": None,
    }
    if sees_everybody(actor_of(request), state):
        context["failed"] = _offer(FAILED, "csv", _failed(state))
    return render(request, "web/criteria_files.html", context)


@require_safe
def criteria_file(request: HttpRequest, form: str) -> HttpResponse:
    """Give criteria as a file.

    Parameters
    ----------
    request : HttpRequest
        The version may stand in its query.
    form : str
        `circe`, `fhir`, `sdtm-ti`, or `sdtm-ie`.

    Returns
    -------
    HttpResponse
        The file.

    Raises
    ------
    Http404
        If there is no such form or version, or the form holds participants whom the account may
        not see.
    """
    state = desk.state()
    if form == FAILED:
        if not sees_everybody(actor_of(request), state):
            raise Http404
        name = f"{state.study.identifiers.nct}-{FAILED}-{desk.today().isoformat()}.csv"
        return _file(_failed(state), name)
    if form not in ENDINGS:
        raise Http404
    number, study = _version(request, state)
    known = cast(Form, form)
    version = f"-version-{number}" if state.amendments.versions else ""
    name = f"{study.identifiers.nct}-{form}{version}.{ENDINGS[known]}"
    return _file(criteria_as(study, known), name)


def _version(request: HttpRequest, state: TrialState) -> tuple[int, Study]:
    """Give the version that is asked for, by its number, and what it says."""
    versions, asked = state.amendments.versions, request.GET.get("version")
    if asked is None:
        now = state.amendments.at(EVERY_SITE, desk.today())
        return (now.number, now.study) if now else (0, state.study)
    for each in versions:
        if str(each.number) == asked:
            return each.number, each.study
    if asked == "0" and not versions:
        return 0, state.study
    raise Http404


def _offered(study: Study) -> Iterator[Offered]:
    """Give the forms that hold nothing of participants."""
    for form, ending in ENDINGS.items():
        yield _offer(form, ending, criteria_as(study, form))


def _offer(form: str, ending: str, written: Written) -> Offered:
    """Offer a file."""
    unsaid = (*_grouped(written.unsaid),)
    return Offered(form, TITLES[form], CONTENTS[form], ending, len(written.unsaid), unsaid)


def _grouped(unsaid: Iterable[Remark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Put what is said of the same together, and those in a row of whom the same is said."""
    of_each = [(about, tuple(each.says for each in group))
               for about, group in groupby(unsaid, key=lambda each: each.about)]  # fmt: skip
    for says, group in groupby(of_each, key=lambda each: each[1]):
        yield ", ".join(about for about, _ in group), says


def _failed(state: TrialState) -> Written:
    """Give the criteria that participants failed, worked out once for each entry."""
    return desk.desk().once(failed_criteria, state, desk.today())


def _file(written: Written, name: str) -> HttpResponse:
    """Give a text as a file."""
    kind = KINDS[name.rpartition(".")[2]]
    response = HttpResponse(written.text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
