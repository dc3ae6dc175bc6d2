"""A safety review packet or an interim efficacy report as one page of HTML, for a screen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jinja2 import Environment

from trialwright.reports.results import Result, sheet_of
from trialwright.reports.sheets import Sheet, number_columns, shown


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a report rests on; stands on every page.

    Attributes
    ----------
    trial : str
        NCT number.
    cutoff : str
        Data cutoff, ISO 8601.
    head : str
        Sequence and hash of the last entry of the ledger.
    protocol : str
        Version and digest of the protocol.
    software : str
        Version of the program.
    participants : str
        Whose data alone are in it; empty: everybody's.
    """

    trial: str
    cutoff: str
    head: str
    protocol: str
    software: str
    participants: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What and which, in order."""
        return (
            ("trial", self.trial),
            ("data cutoff", self.cutoff),
            ("ledger head", self.head),
            ("protocol", self.protocol),
            ("software", self.software),
            *([("participants", self.participants)] if self.participants else ()),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes
    ----------
    heading : str
        Above it.
    sheet : Sheet or None
        Its table.
    picture : str
        SVG; empty: none.
    says : str
        What the picture shows, for a screen reader.
    """

    heading: str
    sheet: Sheet | None = None
    picture: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class TrialReport:
    """A report of a trial.

    Attributes
    ----------
    title : str
        Above it.
    stamp : Stamp
        What it rests on.
    notes : tuple of str
        What a reader must know first.
    sections : tuple of Section
        In order.
    """

    title: str
    stamp: Stamp
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def sections_of(
    results: Sequence[Result],
    pictures: Sequence[Section],
    empty: Sequence[str] = (),
    notes: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Section, ...]:
    """Lay out one section a table, pictures first.

    Parameters
    ----------
    results : sequence of Result
        The frame.
    pictures : sequence of Section
        Before the tables.
    empty : sequence of str
        Tables that are said to be empty when the frame has nothing of them.
    notes : mapping of str to sequence of str
        What stands below a table: what its abbreviations mean.

    Returns
    -------
    tuple of Section
        In the order of the frame; then those that are empty.
    """
    tables = dict.fromkeys(each.table for each in results)
    laid = [Section(name, sheet_of(results, name, notes.get(name, ()))) for name in tables]
    laid += [
        Section(name, Sheet(name, ("",), (("none as of the data cutoff",),)))
        for name in empty
        if name not in tables
    ]
    return (*pictures, *laid)


_EXTENT = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
"""Width and height of a picture, points."""

_WIDEST_OF_TWO = 560.0
"""Points up to which a picture is read at half the width of a page: its text is 5.4 points then."""

_LOWEST_OF_TWO, _HIGHEST_OF_TWO = 0.5, 0.85
"""Height by width from which, and up to which, a picture shares its row with another."""

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ report.title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.2rem; max-width: 76rem;
 color: #1b2530; background: #fff }
h1 { font-size: 1.5rem; margin: 0 0 .6rem } h2 { font-size: 1.12rem; margin: 1.8rem 0 .4rem }
.stamp { font-size: .82rem; color: #3d4852; border-block: 1px solid #c9d0d6; padding: .4rem 0 }
.stamp span { margin-right: 1.2em; overflow-wrap: anywhere }
.note { border-left: 4px solid #d9a441; padding: .1rem .7rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .86rem }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #dde3e8; text-align: left;
 vertical-align: top } tbody th { font-weight: 500; white-space: pre-wrap }
td.n, th.n { text-align: right } figure { margin: .6rem 0 } svg { max-width: 100%; height: auto }
@media (min-width: 60rem) {
 .parts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1.6rem }
 .parts > section { grid-column: 1 / -1 } .parts > .half { grid-column: auto } }
@media print { .scroll { overflow: visible } h2 { break-after: avoid } }
</style></head><body>
<h1>{{ report.title }}</h1>
<p class="stamp">{% for what, which in report.stamp.lines %}<span>{{ what }}: {{ which }}</span>
{% endfor %}</p>
{% for note in report.notes %}<p class="note">{{ note }}</p>
{% endfor %}
<div class="parts">
{% for section in report.sections %}<section{% if is_half(section) %} class="half"{% endif %}>
<h2>{{ section.heading }}</h2>
{% if section.picture %}<figure aria-label="{{ section.says }}">
{{ section.picture|safe }}</figure>
{% endif %}{% if section.sheet %}<div class="scroll" tabindex="0" role="region"
 aria-label="{{ section.heading }}">
<table><thead><tr>{% for name in section.sheet.columns %}<th scope="col">{{ name }}</th>
{%- endfor %}</tr></thead><tbody>
{% for row in section.sheet.rows %}<tr>{% for cell in row %}{% if loop.first %}<th scope="row">
{{- shown(cell) }}</th>{% else %}<td{% if numbers(section.sheet)[loop.index0] %} class="n"
{%- endif %}>{{ shown(cell) }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% for note in section.sheet.notes %}<p>{{ note }}</p>
{% endfor %}{% endif %}</section>
{% endfor %}
</div>
<p class="stamp">{% for what, which in report.stamp.lines %}<span>{{ what }}: {{ which }}</span>
{% endfor %}</p>
</body></html>
"""


def html_report(report: TrialReport) -> str:
    """Write a report as HTML that stands alone.

    Parameters
    ----------
    report : TrialReport
        What stands in it.

    Returns
    -------
    str
        The same for the same report.
    """
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_PAGE)
    drawn = [_inline(each.picture) for each in report.sections]
    sections = tuple(
        Section(each.heading, each.sheet, picture, each.says)
        for each, picture in zip(report.sections, drawn, strict=True)
    )
    shaped = TrialReport(report.title, report.stamp, report.notes, sections)
    return template.render(report=shaped, shown=shown, numbers=number_columns, is_half=is_half)


def is_half(section: Section) -> bool:
    """Say whether a section is a picture that is read as well at half the width of a page.

    Parameters
    ----------
    section : Section
        Of a report.

    Returns
    -------
    bool
        True of a picture without a table that is neither large nor much wider or higher than usual.
    """
    found = None if section.sheet else _EXTENT.search(section.picture)
    if found is None:
        return False
    width, height = float(found[1]), float(found[2])
    return width <= _WIDEST_OF_TWO and _LOWEST_OF_TWO <= height / width <= _HIGHEST_OF_TWO


def _inline(picture: str) -> str:
    """Give a picture without the head of a file of its own."""
    return picture[picture.find("<svg") :] if picture else ""
