"""The import page: a file, what its columns mean, a rehearsal, and all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.assembly.held_files import claim, held, hold, let_go
from trialwright.assembly.import_plans import Given, Import
from trialwright.assembly.importing import UntakenError, carry_out, taken_up
from trialwright.assembly.proposed_mappings import propose_file
from trialwright.conduct.acts import RecordAdverseEvent, RecordFacts, RecordTumourAssessment
from trialwright.conduct.clinical_acts import RecordVisit
from trialwright.conduct.roles import CENTRAL
from trialwright.intake.proposing import TableKind, mapping_text
from trialwright.terms.errors import Fault, Refusal
from trialwright.web import desk
from trialwright.web.doing import REFUSED
from trialwright.web.forms import put, sentence
from trialwright.web.import_forms import KINDS, MOST_BYTES, FileForm, MappingForm
from trialwright.web.roles import actor_of, may_do, sees

ACTS: Mapping[str, type] = MappingProxyType(
    {
        "visits": RecordVisit,
        "adverse-events": RecordAdverseEvent,
        "central-readings": RecordTumourAssessment,
        "facts": RecordFacts,
        "fhir": RecordFacts,
    }
)
"""What the rows of each kind of file become."""

MOST_ROWS = 2_000
"""Most rows of a table that a page takes: all are decided under the lock of the trial, some
hundreds a second."""

MOST_SHOWN = 500
"""Most faults that a page shows."""

_KEPT = "import"
"""Where a session keeps which file is held; nothing of the file."""


@dataclass(frozen=True, slots=True)
class Held:
    """The file of a session.

    Attributes
    ----------
    word, name : str
        Where it is held.
    kind, participant : str
        What it holds, and of FHIR records whose.
    """

    word: str
    name: str
    kind: str
    participant: str

    @property
    def given(self) -> Given:
        """What is imported; raises LookupError where it is not held any more."""
        folder = held(desk.desk().folder, self.word)
        if folder is None:
            raise LookupError(self.word)
        mapping = None if self.kind == "fhir" else folder / "mapping.yaml"
        return Given(folder / self.name, self.kind, mapping, self.participant, desk.today())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rehearsal.

    Attributes
    ----------
    planned : Import or None
        What was read; None: some of it could not be.
    faults : tuple of Fault
        Every one, by line and field; none: it can be recorded.
    rows : int
        Rows below the headings, or facts of a bundle that was read.
    note : str
        Where rows keep the file out, what is told of the others; else empty.
    """

    planned: Import | None
    faults: tuple[Fault, ...]
    rows: int
    note: str = ""

    @property
    def fates(self) -> tuple[tuple[str, int], ...]:
        """Rows by what becomes of them, which add up to all; empty where faults have no line."""
        refused = len({each.line for each in self.faults})
        if any(not each.line for each in self.faults):
            return ()
        if self.planned is None and self.rows < refused:  # of records, whose rows are not counted
            return ()
        if self.planned is None:
            return (("refused", refused), ("kept out by those", self.rows - refused))
        return (
            ("to record", self.planned.recorded - refused),
            ("refused", refused),
            ("there already", len(self.planned.duplicates)),
            ("left aside", sum(self.planned.left_aside.values())),
        )

    @property
    def shown(self) -> list[tuple[Fault, str]]:
        """The first faults, in sentences."""
        ordered = sorted(self.faults, key=lambda each: each.line or 0)
        return [(each, sentence(each, is_placed=True)) for each in ordered[:MOST_SHOWN]]


@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Take a file, show what is proposed, rehearse it, and record it once it is confirmed.

    Parameters
    ----------
    request : HttpRequest
        A POST names its step: `send`, `rehearse`, `confirm` or `forget`.

    Returns
    -------
    HttpResponse
        The page as far as the file of the session came.
    """
    let_go(desk.desk().folder)
    kept = request.session.get(_KEPT)
    file = Held(**kept) if kept else None
    step = request.POST.get("step", "")
    try:
        if request.method == "POST" and step == "send":
            return _sent(request, file)
        if file is None or not _may_import(request, file.kind):
            return _shown(request, FileForm(kinds=_kinds(request)), 200 if not step else REFUSED)
        if step == "forget":
            return _forgotten(request, file)
        if step == "confirm":
            return _confirmed(request, file)
        return _mapped(request, file, is_rehearsed=step == "rehearse")
    except LookupError:
        request.session.pop(_KEPT, None)
        messages.warning(request, "The file is not held any more. Nothing was recorded; send it "
                         "again.")  # fmt: skip
        return redirect("import")


def _kinds(request: HttpRequest) -> list[str]:
    """Give the kinds of files whose acts the role grants."""
    return [kind for kind in KINDS if _may_import(request, kind)]


def _may_import(request: HttpRequest, kind: str) -> bool:
    """Say whether the role grants the acts of a kind of file; investigators read no lesion so."""
    actor = actor_of(request)
    if kind == "central-readings" and actor.role not in CENTRAL:
        return False
    return may_do(actor, ACTS[kind])


def _shown(
    request: HttpRequest, form: FileForm | MappingForm | None, status: int = 200, **more: object
) -> HttpResponse:
    """Show the page."""
    context = {"form": form, "kinds": _kinds(request), "says": KINDS, **more}
    return render(request, "web/import.html", context, status=status)


def _sent(request: HttpRequest, before: Held | None) -> HttpResponse:
    """Hold a file that was sent, in the place of another."""
    form = FileForm(request.POST, request.FILES, kinds=_kinds(request))
    if not form.is_valid():
        return _shown(request, form, REFUSED)
    folder, entered = desk.desk().folder, form.cleaned_data
    try:
        word = hold(folder, form.held_name, entered["file"].chunks(), MOST_BYTES)
    except Refusal as refused:
        put(form, refused)
        return _shown(request, form, REFUSED)
    if before is not None:
        let_go(folder, before.word)
    request.session[_KEPT] = {"word": word, "name": form.held_name, "kind": entered["kind"],
                              "participant": entered["participant"]}  # fmt: skip
    return redirect("import")


def _forgotten(request: HttpRequest, file: Held) -> HttpResponse:
    """Let go of the file."""
    let_go(desk.desk().folder, file.word)
    request.session.pop(_KEPT, None)
    messages.success(request, "The file is removed. Nothing was recorded.")
    return redirect("import")


def _mapped(request: HttpRequest, file: Held, *, is_rehearsed: bool) -> HttpResponse:
    """Show what is proposed; once it is sent back, what it would record."""
    given = file.given
    if given.mapping is None:
        return _rehearsed(request, file, None, 0)
    study = desk.state().study
    try:
        proposal = propose_file(given.file, cast(TableKind, file.kind), study, request.POST.dict())
    except Refusal as refused:
        return _shown(request, None, REFUSED, file=file, outcome=Outcome(None, refused.faults, 0))
    if proposal.rows > MOST_ROWS:
        many = Fault("file", f"{proposal.rows} rows", f"up to {MOST_ROWS} on a page",
                     "Split it, or import it by the command")  # fmt: skip
        return _shown(request, None, REFUSED, file=file, outcome=Outcome(None, (many,), 0))
    if not is_rehearsed:
        return _shown(request, MappingForm(proposal=proposal), file=file)
    form = MappingForm({**proposal.answers, **request.POST.dict()}, proposal=proposal)
    if any(each.key not in request.POST for each in proposal.choices):
        form.add_error(None, "With these columns there is more to settle: look through it again.")
    if not form.is_valid():
        return _shown(request, form, REFUSED, file=file)
    given.mapping.write_text(mapping_text(proposal, form.cleaned_data), encoding="utf-8")
    return _rehearsed(request, file, form, proposal.rows)


def _rehearsed(
    request: HttpRequest, file: Held, form: MappingForm | None, rows: int
) -> HttpResponse:
    """Decide everything and take it back, and show what it would record."""
    outcome = _outcome(request, file.given, rows)
    status = REFUSED if outcome.faults else 200
    return _shown(request, form, status, file=file, outcome=outcome)


def _outcome(request: HttpRequest, given: Given, rows: int) -> Outcome:
    """Rehearse an import; of participants of other sites it tells nothing."""
    opened, actor = desk.desk(), actor_of(request)
    planned = None
    try:
        planned = taken_up(opened.gateway, given, actor, partial(sees, actor))
        carry_out(opened.gateway, opened.folder, planned, given, actor, is_confirmed=False)
    except UntakenError as untaken:
        return _untaken(untaken, rows)
    except Refusal as refused:
        return Outcome(planned, refused.faults, planned.rows if planned else rows)
    return Outcome(planned, (), planned.rows)


def _untaken(untaken: UntakenError, rows: int) -> Outcome:
    """Tell what keeps a file out, and what would be refused of the rows that could be read."""
    faults = tuple(each for each in untaken.faults if each is not untaken.note)
    return Outcome(None, faults, rows, f"{untaken.note.found}. {untaken.note.do}.")


def _confirmed(request: HttpRequest, file: Held) -> HttpResponse:
    """Record what was rehearsed, all of it or nothing; sent twice, it is done once."""
    opened, actor = desk.desk(), actor_of(request)
    word = claim(opened.folder, file.word)
    if not word:
        raise LookupError(file.word)
    given = replace(
        Held(word, file.name, file.kind, file.participant).given,
        takes_proposed=request.POST.get("times") == "proposed",
    )
    request.session[_KEPT]["word"] = word
    request.session.modified = True
    if given.mapping is not None and not Path(given.mapping).exists():
        return redirect("import")
    planned = None
    try:
        planned = taken_up(opened.gateway, given, actor, partial(sees, actor))
        if (planned.digest, planned.mapping) != (
            request.POST.get("digest"), request.POST.get("mapping")
        ):  # fmt: skip
            messages.warning(request, "Nothing was recorded: another file or mapping is held than "
                             "the one you saw. Rehearse the import again.")  # fmt: skip
            return redirect("import")
        done = carry_out(opened.gateway, opened.folder, planned, given, actor, is_confirmed=True)
    except UntakenError as untaken:
        return _shown(request, None, REFUSED, file=file, outcome=_untaken(untaken, 0))
    except Refusal as refused:
        outcome = Outcome(planned, refused.faults, planned.rows if planned else 0)
        return _shown(request, None, REFUSED, file=file, outcome=outcome)
    let_go(opened.folder, word)
    request.session.pop(_KEPT, None)
    says = f"{planned.recorded} of {planned.rows} rows are recorded as {len(done)} acts."
    messages.success(request, says + (f" {done[-1].receipt_said}." if done else ""))
    return redirect("import")
