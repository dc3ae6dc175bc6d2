"""What stands around every page: navigation, who is signed in, theme, and how fields are drawn."""

from dataclasses import dataclass

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from trialwright import __version__
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import CENTRAL, OPERATOR
from trialwright.web import desk
from trialwright.web.roles import INSPECTORS, STUDY, choices_of, standing_of

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Link:
    """One place of the navigation.

    Attributes
    ----------
    route, says : str
        Name of the route, and its words.
    seen_by : frozenset of str
        Roles to whom it is shown.
    belongs : tuple of str
        Beginnings of the names of routes that belong to it.
    """

    route: str
    says: str
    seen_by: frozenset[str]
    belongs: tuple[str, ...]


_REVIEW = "central"

LINKS = (
    Link("today", "Today", STUDY, ("today",)),
    Link("board", "Cohort board", STUDY, ("board", "place", "cohort")),
    Link("participants", "Participants", STUDY, ("participant",)),
    Link("import", "Import", STUDY | CENTRAL, ("import",)),
    Link("safety", "Safety and doses", STUDY, ("safety",)),
    Link("response", "Response", STUDY, ("response", "biomarkers")),
    Link(_REVIEW, "Central review", CENTRAL, ("central", "participant_central")),
    Link(_REVIEW, "Central review", STUDY, ("central",)),
    Link("reports", "Reports", STUDY, ("report",)),
    Link("queries", "Queries", STUDY, ("quer",)),
    Link("signatures", "Signatures", STUDY, ("sign",)),
    Link("inspect", "Inspector room", INSPECTORS, ("inspect",)),
    Link("delegations", "Delegation log", STUDY | {OPERATOR}, ("delegation",)),
    Link("recruiting", "Trial and sites", STUDY, ("recruiting",)),
    Link("amendments", "Protocol versions", STUDY, ("amendments",)),
    Link("people", "Accounts", frozenset({OPERATOR}), ("people",)),
    Link("trial", "Public page", STUDY | {OPERATOR}, ("trial", "prescreen")),
)
"""The navigation, in its order."""


class Renderer(TemplatesSetting):
    """Draws forms with this product's templates."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"


def theme_of(request: HttpRequest) -> str:
    """Give the theme that was chosen.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    str
        `system`, `light` or `dark`.
    """
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def around(request: HttpRequest) -> dict[str, object]:
    """Give what the frame of every page shows.

    Parameters
    ----------
    request : HttpRequest
        Of the page.

    Returns
    -------
    dict of str to object
        For the templates.
    """
    if not hasattr(settings, "DESK"):
        return {}
    standing = standing_of(request) if hasattr(request, "user") else None
    role = standing.role if standing else ""
    match = request.resolver_match
    here = match.view_name if match else ""
    state = desk.state()
    in_force = state.amendments.at(EVERY_SITE, desk.today())
    study = in_force.study if in_force else state.study
    has_readers = role in CENTRAL or study.response.evaluation.review == "two-readers"
    links = [
        (link, here.startswith(link.belongs))
        for link in LINKS
        if role in link.seen_by and (has_readers or link.route != _REVIEW)
    ]
    return {
        "study": study,
        "is_demo": desk.desk().is_demo,
        "standing": standing,
        "acting": choices_of(request) if standing else (),
        "links": links,
        "theme": theme_of(request),
        "themes": THEMES,
        "version": __version__,
        "here": request.path,
    }
