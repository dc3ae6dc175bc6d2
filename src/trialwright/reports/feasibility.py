"""The feasibility of a protocol at a hospital, as a page to print or send."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
    open : sequence of (int, int)
        Number of open criteria, and how many candidates have so many, fewest first.
    undecided : sequence of (str, str, int)
        Criteria that these tables decide of nobody, what each asks, and of how many it is open;
        they are not among the open ones.
    reasons : sequence of str
        Why a fact may be missing.
    missing : sequence of tuple
        Fact, people who lack it of those one fact away, those who lack nothing else, and how many
        for each reason.
    several : int
        People one fact away of whose one criterion several facts are missing.
    missing_picture : str
        SVG; empty where nothing is missing.
    differing : sequence of str
        A sentence for each of these people on whom judge and warehouse differ.
    """

    arm: str
    says: str
    people: int
    candidates: int
    complete: int
    rows: Sequence[tuple[str, str, int, int, int, int, int]]
    by_people: Sequence[tuple[str, str]]
    picture: str
    open: Sequence[tuple[int, int]] = ()
    undecided: Sequence[tuple[str, str, int]] = ()
    reasons: Sequence[str] = ()
    missing: Sequence[tuple[str, int, int, Sequence[int]]] = ()
    several: int = 0
    missing_picture: str = ""
    differing: Sequence[str] = ()

    @property
    def one_fact_away(self) -> int:
        """Possible candidates of whom one criterion alone is open."""
        return sum(row[6] for row in self.rows)

    @property
    def how_open(self) -> str:
        """How many criteria are open of a possible candidate, in words; empty for nobody."""
        if not self.candidates or not self.open:
            return ""
        fewest, most = self.open[0][0], self.open[-1][0]
        return f"{_median(self.open)} (range {fewest} to {most})"


@dataclass(frozen=True, slots=True)
class Basis:
    """What the numbers rest on.

    Attributes
    ----------
    title : str
        Above the page.
    trial : str
        Title of the trial.
    facts : sequence of (str, str)
        Protocol version, population, days and the like: what, and which.
    illustrative : sequence of str
        Parts of the protocol that are not from the registry.
    gaps : sequence of str
        A sentence for each table and vocabulary of which the population has nothing.
    unread_rows : sequence of str
        A sentence for each table with rows that nobody can read.
    """

    title: str
    trial: str
    facts: Sequence[tuple[str, str]]
    illustrative: Sequence[str] = ()
    gaps: Sequence[str] = ()
    unread_rows: Sequence[str] = ()


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ basis.title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
  padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { border-bottom: 1px solid #8886; padding: .25rem .5rem; text-align: left;
  vertical-align: top; }
tbody th { font-weight: normal; }
table.facts { width: auto; }
.notice { border-left: 4px solid #d9a441; padding-left: .75rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.big { font-size: 1.25rem; }
figure { margin: 0; }
.picture { margin: 1rem 0; overflow-x: auto; background: #fff; }
figure svg { max-width: 100%; min-width: 40rem; height: auto; }
.scroll { overflow-x: auto; }
@media print {
  body { margin: 0; max-width: none; }
  h2 { break-before: page; }
  figure svg { min-width: 0; }
  tr, figure, li { break-inside: avoid; }
}
</style></head><body><main>
<h1>{{ basis.title }}</h1>
<p class="big">{{ basis.trial }}</p>
<table class="facts"><tbody>
{% for what, which in basis.facts %}<tr><th scope="row">{{ what }}</th><td>{{ which }}</td></tr>
{% endfor %}</tbody></table>
{% if basis.illustrative %}<p class="notice"><strong>Illustrative, not from the registry:</strong>
{{ basis.illustrative|join("; ") }}.</p>
{% endif %}{% if basis.gaps %}<p class="notice"><strong>Not in this population:</strong>
{{ basis.gaps|join("; ") }}. What is recorded so elsewhere counts here as not recorded: an exclusion
that rests on it keeps nobody out.</p>
{% endif %}{% if basis.unread_rows %}<p class="notice"><strong>Rows that nobody can read:</strong>
{{ basis.unread_rows|join("; ") }}. Silence about what such a row may be is no absence.</p>
{% endif %}<div class="scroll" tabindex="0" role="region" aria-label="All arms">
<table>
<thead><tr><th scope="col">Arm</th><th scope="col">gives</th><th scope="col" class="n">people</th>
<th scope="col" class="n">possible candidates</th><th scope="col" class="n">one fact away</th>
<th scope="col" class="n">every criterion met</th></tr></thead><tbody>
{% for arm in arms %}<tr><th scope="row">{{ arm.arm }}</th><td>{{ arm.says }}</td>
<td class="n">{{ "{:,}".format(arm.people) }}</td>
<td class="n">{{ share(arm.candidates, arm.people) }}</td>
<td class="n">{{ share(arm.one_fact_away, arm.people) }}</td>
<td class="n">{{ share(arm.complete, arm.people) }}</td></tr>
{% endfor %}</tbody></table></div>
{% for arm in arms %}
<h2>Arm {{ arm.arm }}: {{ arm.says }}</h2>
<p>{{ "{:,}".format(arm.candidates) }} of {{ "{:,}".format(arm.people) }} people are possible
candidates: the record shows no criterion that they do not meet.
{% if arm.how_open %}For a possible candidate the median number of criteria still open is
{{ arm.how_open }}.
{% endif %}{{ "{:,}".format(arm.complete) }} meet every criterion that the record decides.
</p>
{% if arm.undecided %}<p class="notice"><strong>Not decidable from this source:</strong>
{% for name, _, people in arm.undecided %}{{ name }}, open of
{{ "all " if people == arm.people }}{{ "{:,}".format(people) }}{{ "." if loop.last else "; " }}
{% endfor %}
Nothing in these tables decides it of anybody. It is left out of the criteria still open, of those
met, and of the facts that are away, and a person answers it for each candidate.</p>
{% endif %}
<div class="picture" tabindex="0" role="region" aria-label="Picture of arm {{ arm.arm }}">
<figure role="img" aria-label="What each criterion costs in arm {{ arm.arm }}; the same numbers
stand in the table below">{{ arm.picture|safe }}</figure></div>
<div class="scroll" tabindex="0" role="region" aria-label="Criteria of arm {{ arm.arm }}">
<table>
<thead><tr><th scope="col">Criterion</th><th scope="col">asks</th><th scope="col" class="n">not
met</th><th scope="col" class="n">by it alone</th><th scope="col" class="n">open</th>
<th scope="col" class="n">left</th><th scope="col" class="n">one fact away</th></tr></thead><tbody>
<tr><td></td><td>everybody</td><td></td><td></td><td></td>
<td class="n">{{ share(arm.people, arm.people) }}</td><td></td></tr>
{% for row in arm.rows %}<tr><th scope="row">{{ row[0] }}</th><td>{{ row[1] }}</td>
<td class="n">{{ "{:,}".format(row[2]) }}</td><td class="n">{{ "{:,}".format(row[3]) }}</td>
<td class="n">{{ "{:,}".format(row[4]) }}</td><td class="n">{{ share(row[5], arm.people) }}</td>
<td class="n">{{ "{:,}".format(row[6]) }}</td></tr>
{% endfor %}</tbody></table></div>
{% if arm.differing %}<p class="notice"><strong>Judged alone, these differ:</strong>
{{ arm.differing[:10]|join("; ") }}
{%- if arm.differing|length > 10 %}; and {{ arm.differing|length - 10 }} more{% endif %}. Such a
difference is a fault of the program; please report it.</p>
{% endif %}{% if arm.missing %}<h3>Facts that are missing in arm {{ arm.arm }}</h3>
<p>Of {{ "{:,}".format(arm.one_fact_away) }} people one criterion alone is open. For
{{ "{:,}".format(arm.several) }} of them several facts are missing that it asks for, of which one
may be enough: they count with each.</p>
<div class="picture" tabindex="0" role="region" aria-label="Facts missing in arm {{ arm.arm }}">
<figure role="img" aria-label="Which facts are missing in arm {{ arm.arm }}, and why; the same
numbers stand in the table below">{{ arm.missing_picture|safe }}</figure></div>
<div class="scroll" tabindex="0" role="region" aria-label="Missing facts of arm {{ arm.arm }}">
<table>
<thead><tr><th scope="col">Fact</th><th scope="col" class="n">people</th>
<th scope="col" class="n">it alone</th>
{% for each in arm.reasons %}<th scope="col" class="n">{{ each }}</th>
{% endfor %}</tr></thead><tbody>
{% for fact, people, alone, why in arm.missing %}<tr><th scope="row">{{ fact }}</th>
<td class="n">{{ "{:,}".format(people) }}</td><td class="n">{{ "{:,}".format(alone) }}</td>
{% for each in why %}<td class="n">{{ "{:,}".format(each) }}</td>
{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% endif %}{% if arm.by_people or arm.undecided %}<p>Still to do for each candidate, by people:</p>
<ul>
{% for each in arm.by_people %}<li>{{ each[0] }}: {{ each[1] }}</li>
{% endfor %}
{% for each in arm.undecided %}<li>{{ each[0] }}: {{ each[1] }} (not in these tables)</li>
{% endfor %}</ul>
{% endif %}{% endfor %}
<h2>How to read it</h2>
<p>Not met: people who do not meet the criterion. By it alone: of these, people who meet or may
meet every other criterion that the record decides, so that this one alone keeps them out. Open: the
record neither decides for nor against. Left: people whom this criterion and those above it leave.
One fact away: possible candidates of whom this criterion alone is open. Each of them is judged
once more, alone, by her own rows: a fact that is missing is one that would decide the criterion.
Items that people alone decide, and those that these tables decide of nobody, keep nobody out here
and are no fact away. Unknown counts neither as yes nor as no.</p>
</main></body></html>
"""


def page(basis: Basis, arms: Sequence[ArmPage]) -> str:
    """Write the page.

    Parameters
    ----------
    basis : Basis
        What the numbers rest on.
    arms : sequence of ArmPage
        One section each.

    Returns
    -------
    str
        HTML that stands alone.
    """
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_PAGE).render(basis=basis, arms=arms, share=_share)


def _share(number: int, of: int) -> str:
    """Say a number and its share in per cent; a few are not shown as none, nor most as all."""
    if not of:
        return f"{number:,}"
    share = Decimal(100 * number) / of
    said = f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}"
    if number and said == "0.0":
        said = "<0.1"
    if number < of and said == "100.0":
        said = ">99.9"
    return f"{number:,} ({said} %)"


def _median(counted: Sequence[tuple[int, int]]) -> str:
    """Give the median of numbers that are counted, smallest first."""
    total = sum(people for _, people in counted)
    low, high = (_at(counted, place) for place in ((total - 1) // 2, total // 2))
    return f"{(low + high) // 2}" if (low + high) % 2 == 0 else f"{(low + high) / 2:.1f}"


def _at(counted: Sequence[tuple[int, int]], place: int) -> int:
    """Give the number at a place, counted from 0."""
    for number, people in counted:
        place -= people
        if place < 0:
            return number
    raise ValueError("fewer are counted")
