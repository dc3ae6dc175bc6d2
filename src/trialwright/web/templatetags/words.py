"""How dates, doses, verdicts and labels are shown: one way everywhere."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trialwright.web.bars import Bar

register = template.Library()

_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_TONES = {
    "good": {
        "met", "absent", "eligible", "evaluable", "active", "given", "open", "intact", "enrolled",
        "dosed", "next", "valid", "verified",
    },
    "bad": {
        "not met", "present", "not eligible", "dlt", "closed", "changed", "terminated", "DLT",
        "void", "refused",
    },
    "wait": {
        "unknown", "cannot tell yet", "eligible once approved", "pending", "suspended",
        "held", "reduced", "not yet active", "free", "in screening", "reserved", "consented",
        "screening", "requested", "on hold", "in review", "observing", "expired", "Open",
        "Answered", "queried", "frozen", "against the advice", "last day",
    },
}  # fmt: skip
"""Tone of a word; the word itself always stands beside the colour."""

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})")

_POWER = re.compile(r"10\*([0-9]+)(?=/)")
_MICRO = re.compile(r"(?<![A-Za-z])u(?=(?:L|g|mol)\b)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CODED = ((re.compile(r" ?\{[A-Za-z_ ]+\}"), ""), (re.compile(r"mm\[Hg\]"), "mmHg"),
          (re.compile(r"\[IU\]"), "IU"))  # fmt: skip
"""Codes of UCUM, and how laboratories print them."""

_TAKES = {
    "ask": "a question", "chart": "a look at the chart", "vital": "a vital sign",
    "laboratory": "a blood test", "ecg": "an ECG", "imaging": "imaging", "biopsy": "a biopsy",
}  # fmt: skip

_SIGNS = {"good": "✓", "bad": "✕", "wait": "…", "plain": "–"}


@register.filter
def plain(value: str) -> str:
    """Write units as laboratories print them, where UCUM has codes of its own.

    Parameters
    ----------
    value : str
        An amount with its unit, a word, or a sentence that holds amounts.

    Returns
    -------
    str
        E.g. `3` for `3 {score}`, `126 mmHg` for `126 mm[Hg]`, `2.4 × 10³/µL` for `2.4 10*3/uL`.
    """
    says = str(value)
    for code, word in _CODED:
        says = code.sub(word, says)
    says = _POWER.sub(lambda found: f"× 10{found[1].translate(_RAISED)}", says)
    return _MICRO.sub("µ", says)


@register.filter
def day(value: date | str | None) -> str | SafeString:
    """Write a day so that it can be read in one way only: 28 Nov 2026.

    Parameters
    ----------
    value : date or str or None
        A day, or a text that begins with one in ISO 8601.

    Returns
    -------
    str
        With the ISO form for machines; a dash for None.
    """
    if not value:
        return "–"
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value[:10]))
        except ValueError:
            return value
    says = f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    iso = (value.date() if isinstance(value, datetime) else value).isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, says)


@register.filter
def told(sentence: object) -> SafeString:
    """Write a sentence whose days do not break at the end of a line.

    Parameters
    ----------
    sentence : object
        Of the rules, with days in ISO 8601.

    Returns
    -------
    str
        The same words.
    """
    parts = _DAY.split(str(sentence))
    return format_html_join(
        "", "{}", ((format_html('<time datetime="{0}">{0}</time>', part) if place % 2 else part,)
                   for place, part in enumerate(parts)),
    )  # fmt: skip


@register.filter
def moment(value: str) -> SafeString:
    """Write an instant of the ledger: 28 Nov 2026, 09:26:53 UTC.

    Parameters
    ----------
    value : str
        ISO 8601 in UTC.

    Returns
    -------
    str
        With the ISO form for machines.
    """
    at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    says = f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC"
    return format_html('<time datetime="{}">{}</time>', value, says)


@register.filter
def local_moment(value: str) -> SafeString:
    """Write the time of a signature with its distance from UTC: 28 Nov 2026, 09:26:53 +01:00.

    Parameters
    ----------
    value : str
        ISO 8601 with the distance.

    Returns
    -------
    str
        With the ISO form for machines.
    """
    at = datetime.fromisoformat(value)
    distance = at.isoformat()[-6:]
    says = f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} {distance}"
    return format_html('<time datetime="{}">{}</time>', value, says)


@register.filter
def recorded(value: object) -> str:
    """Write a recorded value: yes and no in words, and a dash for what is not recorded.

    Parameters
    ----------
    value : object
        As the ledger holds it.

    Returns
    -------
    str
        For people.
    """
    if value is None or value in ([], {}, ""):
        return "–"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@register.filter
def number(value: Decimal) -> str:
    """Write an exact number without an exponent.

    Parameters
    ----------
    value : Decimal
        Any.

    Returns
    -------
    str
        In full.
    """
    return f"{value:f}"


@register.filter
def mark(word: object) -> SafeString:
    """Write a verdict or state as a badge: sign, word and colour.

    Parameters
    ----------
    word : object
        E.g. `not met`.

    Returns
    -------
    str
        The word, never the colour alone.
    """
    says = str(word)
    tone = next((tone for tone, words in _TONES.items() if says in words), "plain")
    shown = {"dlt": "DLT"}.get(says, says)
    return format_html(
        '<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>',
        tone, _SIGNS[tone], shown,
    )  # fmt: skip


@register.filter
def illustrative(label: str) -> str | SafeString:
    """Write the label of a value that the registry does not state.

    Parameters
    ----------
    label : str
        `illustrative, ...`; empty: nothing is shown.

    Returns
    -------
    str
        A tag.
    """
    return format_html('<span class="tag">{}</span>', label) if label else ""


@register.filter
def words(name: object) -> str:
    """Write a name of the protocol or the ledger as words.

    Parameters
    ----------
    name : object
        E.g. `facts_recorded`, `prior-lines`.

    Returns
    -------
    str
        With spaces.
    """
    return str(name).replace("_", " ").replace("-", " ")


@register.filter
def takes(effort: str) -> str:
    """Say what it takes to learn something.

    Parameters
    ----------
    effort : str
        As the checklist orders it, e.g. `ask`.

    Returns
    -------
    str
        E.g. `a question`.
    """
    return _TAKES.get(effort, effort)


@register.filter
def wrong_fields(form: forms.BaseForm) -> list[forms.BoundField]:
    """Give the fields that were filled in wrongly and can be seen.

    Parameters
    ----------
    form : Form
        Bound or not.

    Returns
    -------
    list of BoundField
        In the order of the form.
    """
    return [each for each in form.visible_fields() if each.errors]


@register.inclusion_tag("web/bar.html")
def bar(drawn: Bar) -> dict[str, Bar]:
    """Draw a span of days.

    Parameters
    ----------
    drawn : Bar
        What it shows.

    Returns
    -------
    dict of str to Bar
        For the template.
    """
    return {"bar": drawn}
