"""Every route, with who may see it. A route that is not in this table is shown to nobody."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.http import HttpResponseBase
from django.urls import path

from trialwright.conduct.roles import ADJUDICATOR_ROLE, CENTRAL, OPERATOR
from trialwright.web.api import acting, document, reading
from trialwright.web.roles import INSPECTORS, STUDY
from trialwright.web.screens import (
    amendments,
    board,
    central,
    cohorts,
    criteria,
    datapoints,
    delegations,
    eligibility,
    feed,
    importing,
    inspector,
    month,
    overseeing,
    participants,
    people,
    places,
    public,
    recording,
    recruiting,
    redacting,
    refused,
    reporting,
    response,
    rp2d,
    safety,
    signing,
    taking_away,
    today,
    tokens,
    walking,
)

ANYBODY = frozenset({"anybody"})
"""Also whoever has not signed in."""

ACCOUNTS = frozenset({"any account"})
"""Whoever has signed in, in any role or none."""


@dataclass(frozen=True, slots=True)
class Route:
    """A place of the product.

    Attributes
    ----------
    name : str
        Under which pages link to it.
    at : str
        Its address, as Django writes it.
    view : callable
        Makes the answer.
    seen_by : frozenset of str
        Roles that may see it, or `ANYBODY`, or `ACCOUNTS`.
    """

    name: str
    at: str
    view: Callable[..., HttpResponseBase]
    seen_by: frozenset[str]


_ONE = "participants/<str:number>/"

ROUTES = (
    Route("home", "", public.home, ANYBODY),
    Route("trial", "trial/", public.trial, ANYBODY),
    Route("prescreen", "trial/questions/", public.prescreen, ANYBODY),
    Route("theme", "theme/", public.theme, ANYBODY),
    Route("invitation", "invitation/<str:token>/", people.invitation, ANYBODY),
    Route("recovery", "recovery/<str:token>/", people.recovery, ANYBODY),
    Route("account_login", "account/sign-in/", account.login, ANYBODY),
    Route("account_logout", "account/sign-out/", account.logout, ANYBODY),
    Route("account_inactive", "account/inactive/", account.account_inactive, ANYBODY),
    Route("mfa_authenticate", "account/code/", factor.authenticate, ANYBODY),
    Route("account_reauthenticate", "account/again/", account.reauthenticate, ACCOUNTS),
    Route("account_change_password", "account/password/", account.password_change, ACCOUNTS),
    Route("mfa_index", "account/second-factor/", factor.index, ACCOUNTS),
    Route("mfa_reauthenticate", "account/second-factor/again/", factor.reauthenticate, ACCOUNTS),
    Route("mfa_activate_totp", "account/second-factor/app/", totp.activate_totp, ACCOUNTS),
    Route("mfa_deactivate_totp", "account/second-factor/off/", totp.deactivate_totp, ACCOUNTS),
    Route("mfa_view_recovery_codes", "account/codes/", codes.view_recovery_codes, ACCOUNTS),
    Route("mfa_generate_recovery_codes", "account/codes/new/", codes.generate_recovery_codes,
          ACCOUNTS),
    Route("mfa_download_recovery_codes", "account/codes/file/", codes.download_recovery_codes,
          ACCOUNTS),
    Route("today", "today/", today.today, STUDY),
    Route("board", "cohorts/", board.board, STUDY),
    Route("participants", "participants/", participants.listed, STUDY),
    Route("participant", _ONE, month.month, STUDY),
    Route("participant_eligibility", f"{_ONE}eligibility/", eligibility.eligibility, STUDY),
    Route("participant_screen", f"{_ONE}eligibility/screen/", eligibility.screen, STUDY),
    Route("participant_answer", f"{_ONE}eligibility/answer/", eligibility.answer, STUDY),
    Route("participant_register", f"{_ONE}eligibility/register/", eligibility.register, STUDY),
    Route("participant_assign", f"{_ONE}eligibility/assign/", eligibility.assign, STUDY),
    Route("participant_backfill", f"{_ONE}eligibility/backfill/", eligibility.backfill, STUDY),
    Route("participant_record", f"{_ONE}record/<str:kind>/", recording.record, STUDY),
    Route("participant_points", f"{_ONE}entries/<int:sequence>/", datapoints.points, STUDY),
    Route("participant_oversight", f"{_ONE}oversight/", overseeing.oversight, STUDY),
    Route("participant_course", f"{_ONE}course/", response.course, STUDY),
    Route("participant_central", f"{_ONE}central-review/", central.of_participant,
          STUDY | CENTRAL),
    Route("participant_values", f"{_ONE}values/", walking.values, STUDY),
    Route("safety", "safety/", safety.arms, STUDY),
    Route("safety_arm", "safety/<str:arm>/", safety.meeting, STUDY),
    Route("safety_rp2d", "safety/<str:arm>/rp2d/", rp2d.rp2d, STUDY),
    Route("response", "response/", response.response, STUDY),
    Route("central", "central-review/", central.central, STUDY | CENTRAL),
    Route("biomarkers", "response/biomarkers/", response.biomarkers, STUDY),
    Route("reports", "reports/", reporting.reports, STUDY),
    Route("report", "reports/<str:kind>/", reporting.report, STUDY),
    Route("report_file", "reports/<str:kind>/file.<str:ending>", reporting.report_file, STUDY),
    Route("inspect", "inspector/", inspector.trail, INSPECTORS),
    Route("inspect_entry", "inspector/entries/<int:sequence>/", inspector.entry, STUDY),
    Route("inspect_redact", "inspector/entries/<int:sequence>/redact/", redacting.redact,
          INSPECTORS),
    Route("inspect_verify", "inspector/chain/", inspector.chain, INSPECTORS),
    Route("inspect_state", "inspector/state/", inspector.state_as_of, INSPECTORS),
    Route("inspect_csv", "inspector/trail.csv", inspector.trail_csv, INSPECTORS),
    Route("inspect_lines", "inspector/ledger.jsonl", taking_away.lines, INSPECTORS),
    Route("inspect_odm", "inspector/odm/<str:version>/", taking_away.odm, INSPECTORS),
    Route("import", "import/", importing.importing, STUDY | CENTRAL),
    Route("recruiting", "statuses/", recruiting.statuses, STUDY),
    Route("amendments", "amendments/", amendments.amendments, STUDY),
    Route("amendments_criteria", "amendments/criteria/", criteria.criteria, STUDY),
    Route("amendments_criteria_file", "amendments/criteria/<str:form>/", criteria.criteria_file,
          STUDY),
    Route("queries", "queries/", overseeing.queries, STUDY),
    Route("query_step", "queries/<int:query>/", overseeing.step, STUDY),
    Route("signatures", "signatures/", signing.signatures, STUDY),
    Route("sign", "signatures/<str:kind>/<str:subject>/", signing.sign,
          STUDY | {ADJUDICATOR_ROLE}),
    Route("places", "cohorts/<str:arm>/", places.places, STUDY),
    Route("cohort", "cohorts/<str:arm>/cohort/", cohorts.cohort, STUDY),
    Route("place_act", "cohorts/<str:arm>/<str:deed>/", places.act, STUDY),
    Route("delegations", "delegation/", delegations.log, STUDY | {OPERATOR}),
    Route("delegation_end", "delegation/<int:row>/end/", delegations.end, STUDY | {OPERATOR}),
    Route("acting", "delegation/acting/", delegations.acting, STUDY | {OPERATOR}),
    Route("tokens", "account/tokens/", tokens.tokens, ACCOUNTS),
    Route("token_revoke", "account/tokens/<int:number>/revoke/", tokens.take_back, ACCOUNTS),
    Route("calendar_feed", "calendar/<str:token>/visits.ics", feed.visits, ANYBODY),
    Route("api_document", "api/openapi.json", document.document, ANYBODY),
    Route("api_trial", "api/trial", reading.trial, STUDY),
    Route("api_participants", "api/participants", reading.participants, STUDY),
    Route("api_participant", "api/participants/<str:number>", reading.participant, STUDY),
    Route("api_calendar", "api/participants/<str:number>/calendar", reading.calendar, STUDY),
    Route("api_board", "api/cohorts", reading.board, STUDY),
    Route("api_due", "api/due", reading.due, STUDY),
    Route("api_entries", "api/entries", reading.entries, INSPECTORS),
    Route("api_entry", "api/entries/<int:sequence>", reading.entry, STUDY),
    Route("api_verify", "api/verify", reading.verify, INSPECTORS),
    Route("api_questions", "api/questions", acting.questions, STUDY | {OPERATOR}),
    Route("api_question", "api/questions/<str:name>", acting.question, STUDY | {OPERATOR}),
    Route("api_act", "api/acts/<str:name>", acting.act, STUDY | CENTRAL | {OPERATOR}),
    Route("api_other", "api/<path:rest>", acting.other, STUDY | {OPERATOR}),
    Route("people", "accounts/", people.people, frozenset({OPERATOR})),
    Route("account_deed", "accounts/<str:account>/<str:deed>/", people.deed,
          frozenset({OPERATOR})),
)  # fmt: skip
"""All of them."""

ANNOTATED = {route.name: route for route in ROUTES}

urlpatterns = [path(route.at, route.view, name=route.name) for route in ROUTES]

handler404 = refused.not_found
handler500 = refused.failed
