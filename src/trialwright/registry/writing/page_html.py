"""The public trial page of the product: one file of HTML that asks for nothing outside itself."""

from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template

from trialwright.registry.record import Record
from trialwright.registry.writing.page_view import view_of
from trialwright.terms.errors import refuse


def write_html(record: Record, template: str, style: str) -> str:
    """Write a record as a page of HTML.

    Parameters
    ----------
    record : Record
        Any record; every word of it is escaped.
    template : str
        The Jinja template of the page, as it ships.
    style : str
        The style sheet of the page, as it ships; set into the page.

    Returns
    -------
    str
        One file without script and without anything to be fetched.

    Raises
    ------
    Refusal
        If the style sheet would end its own element.
    """
    if "</" in style:
        raise refuse("style", "a style sheet with '</'", "CSS alone", "Take the markup out")
    return _compiled(template).render(page=view_of(record), style=style)


@lru_cache(maxsize=4)
def _compiled(template: str) -> Template:
    """Compile a template, once for one text; every word set into it is escaped."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(template)
