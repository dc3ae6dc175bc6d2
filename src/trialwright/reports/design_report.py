"""A dose-escalation design as a page to print or send."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment

from trialwright.reports.sheets import Sheet, number_columns, shown


@dataclass(frozen=True, slots=True)
class DesignPage:
    """What stands on the page of a design.

    Attributes
    ----------
    title : str
        Above the page.
    label : str
        Shown at the top when values are illustrative; else empty.
    facts : sequence of (str, str)
        Source, digest, method and the like: what, and which.
    rules : sequence of str
        What the design does, a sentence each.
    sections : sequence of (str, Sheet, str)
        Heading, table, and picture as SVG; an empty picture is left out.
    """

    title: str
    label: str
    facts: Sequence[tuple[str, str]]
    rules: Sequence[str]
    sections: Sequence[tuple[str, Sheet, str]]


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ page.title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
  padding: 0 1rem; }
table { border-collapse: collapse; font-size: 13px; }
th, td { border-bottom: 1px solid #8886; padding: .2rem .6rem; text-align: left;
  vertical-align: top; }
tbody th { font-weight: normal; }
.notice { border-left: 4px solid #d9a441; padding-left: .75rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0; overflow-x: auto; background: #fff; }
figure svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
.note { font-size: 13px; margin: .3rem 0; }
@media print {
  body { margin: 0; max-width: none; }
  tr, figure, li { break-inside: avoid; }
  h2 { break-after: avoid; }
}
</style></head><body>
<h1>{{ page.title }}</h1>
{% if page.label %}<p class="notice"><strong>{{ page.label|capitalize }}.</strong></p>
{% endif %}<table><tbody>
{% for what, which in page.facts %}<tr><th scope="row">{{ what }}</th><td>{{ which }}</td></tr>
{% endfor %}</tbody></table>
<h2>Rules</h2>
<ul>
{% for each in page.rules %}<li>{{ each }}</li>
{% endfor %}</ul>
{% for heading, sheet, picture in page.sections %}<h2>{{ heading }}</h2>
{% if picture %}<figure role="img" aria-label="{{ heading }}; the same numbers stand in the table">
{{ picture|safe }}</figure>
{% endif %}{% if sheet.rows %}<div class="scroll" tabindex="0" role="region"
 aria-label="{{ sheet.name }}">
<table>
<thead><tr>{% for name in sheet.columns %}<th scope="col"{% if numbers(sheet)[loop.index0] %}
 class="n"{% endif %}>{{ name }}</th>{% endfor %}</tr></thead><tbody>
{% for row in sheet.rows %}<tr>{% for cell in row %}{% if loop.first %}<th scope="row">
{{- shown(cell) }}</th>{% else %}<td{% if numbers(sheet)[loop.index0] %} class="n"{% endif %}>
{{- shown(cell) }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% endif %}{% for note in sheet.notes %}<p class="note">{{ note }}</p>
{% endfor %}{% endfor %}
</body></html>
"""


def html_page(page: DesignPage) -> str:
    """Write the page.

    Parameters
    ----------
    page : DesignPage
        What stands on it.

    Returns
    -------
    str
        HTML that stands alone.
    """
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_PAGE)
    return template.render(page=page, shown=shown, numbers=number_columns)
