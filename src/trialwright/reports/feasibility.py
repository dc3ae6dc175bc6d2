"""The feasibility of a protocol at a hospital, as a page to print or send."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class ArmPage:
    """What stands on the page of one arm.

    Attributes
    ----------
    arm, says : str
        The arm, and what it gives.
    people, candidates, complete : int
        Everybody; possible candidates; those of whom every criterion that a record decides is met.
    rows : sequence of tuple
        Criterion, what it asks, and its numbers: not met, alone, open, left, one fact away.
    by_people : sequence of (str, str)
        Criteria that people alone decide.
    picture : str
        SVG.
    """

    arm: str
    says: str
    people: int
    candidates: int
    complete: int
    rows: Sequence[tuple[str, str, int, int, int, int, int]]
    by_people: Sequence[tuple[str, str]]
    picture: str


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
  padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { border-bottom: 1px solid #8886; padding: .25rem .5rem; text-align: left;
  vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.big { font-size: 1.25rem; }
figure { margin: 1rem 0; overflow-x: auto; background: #fff; }
figure svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
@media print {
  body { margin: 0; max-width: none; }
  h2 { break-before: page; }
  h2:first-of-type { break-before: auto; }
}
</style></head><body>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
{% for arm in arms %}
<h2>Arm {{ arm.arm }}: {{ arm.says }}</h2>
<p class="big">{{ "{:,}".format(arm.candidates) }} possible candidates of
{{ "{:,}".format(arm.people) }};
every criterion that the record decides is met of {{ "{:,}".format(arm.complete) }}.</p>
<figure>{{ arm.picture|safe }}</figure>
<div class="scroll" tabindex="0" role="region" aria-label="Criteria of arm {{ arm.arm }}">
<table>
<thead><tr><th>Criterion</th><th>asks</th><th class="n">not met</th><th class="n">alone</th>
<th class="n">open</th><th class="n">left</th><th class="n">one fact away</th></tr></thead><tbody>
{% for row in arm.rows %}<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td>
{% for number in row[2:] %}<td class="n">{{ "{:,}".format(number) }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
<p>Still to do for each candidate, by people:
{% for each in arm.by_people %}{{ each[0] }} ({{ each[1] }}){{ "; " if not loop.last }}
{% endfor %}.</p>
{% endfor %}
<h2>How to read it</h2>
<p>Not met: people who do not meet the criterion. Alone: of these, people who meet or may meet every
other criterion that the record decides, so that this one alone keeps them out. Open: the record
neither decides for nor against. Left: people whom this criterion and those above it leave. One fact
away: possible candidates of whom this criterion alone is open. Items that people alone decide keep
nobody out here. Unknown counts neither as yes nor as no.</p>
</body></html>
"""


def page(title: str, lead: str, arms: Sequence[ArmPage]) -> str:
    """Write the page.

    Parameters
    ----------
    title : str
        Above it.
    lead : str
        Protocol, population and days, in a sentence.
    arms : sequence of ArmPage
        One section each.

    Returns
    -------
    str
        HTML that stands alone.
    """
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_PAGE).render(title=title, lead=lead, arms=arms)
