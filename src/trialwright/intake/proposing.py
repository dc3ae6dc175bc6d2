"""Mappings proposed for a table, each choice with its reason; a person confirms or changes them.

Headings are known by stated names alone, compared without case, blanks and punctuation; two
columns that could be meant, and days whose order no cell decides, stay open.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from trialwright.intake.entry_tables import FIELDS, OUR_WORDS
from trialwright.intake.table_cells import Cell
from trialwright.intake.table_mapping import kind_of
from trialwright.intake.table_text import Line
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal

TableKind = Literal["facts", "visits", "adverse-events", "central-readings"]

_SUBJECT = ("subject", "subjectid", "subjid", "participant", "studynumber")

HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "visits": {
            "participant": _SUBJECT,
            "code": ("visit", "visitcode", "visitname", "code"),
            "day": ("date", "day", "visitdate", "svstdtc"),
            "outcome": ("outcome", "status", "visitstatus"),
        },
        "adverse-events": {
            "participant": _SUBJECT,
            "term": ("event", "adverseevent", "term", "aeterm"),
            "grade": ("grade", "ctcaegrade", "aetoxgr"),
            "started": ("started", "start", "startdate", "from", "onset", "onsetdate", "aestdtc"),
            "ended": ("ended", "end", "enddate", "to", "aeendtc"),
            "is_serious": ("serious", "isserious", "sae", "aeser"),
            "related_to": ("relatedto", "related", "relatedagent"),
        },
        "central-readings": {
            "participant": _SUBJECT,
            "evaluator": ("evaluator", "reader", "trevalid"),
            "timepoint": ("timepoint", "visit", "visitname"),
            "day": ("date", "day", "scandate", "imagedon", "trdtc"),
            "finding": ("finding", "lesiontype", "trgrpid"),
            "lesion": ("lesion", "lesionid", "label", "trlnkid"),
            "site": ("site", "organ", "location", "tuloc"),
            "is_node": ("node", "isnode", "lymphnode"),
            "reading": ("reading", "measurement", "result", "trorres"),
            "method": ("method", "imagingmethod", "trmethod"),
            "marker": ("marker", "tumourmarker", "tumormarker"),
            "overall": ("overall", "overallresponse", "rsorres"),
        },
        "facts": {
            "participant": _SUBJECT,
            "term": ("test", "testname", "analyte", "parameter", "lbtest", "lbtestcd"),
            "value": ("value", "result", "lborres"),
            "unit": ("unit", "units", "lborresu"),
            "low": ("low", "lln", "lowerlimit", "lbornrlo"),
            "high": ("high", "uln", "upperlimit", "lbornrhi"),
            "day": ("date", "day", "collected", "collectiondate", "sampledate", "lbdtc"),
        },
    }
)
"""Names by which headings are known: plain English ones, and variables of CDISC SDTM (SUBJID, and
those of the domains SV, AE, LB, TR, TU and RS)."""

DAYS = frozenset({"day", "started", "ended"})
"""Fields that hold days."""

_NEEDED_FACTS = frozenset({"participant", "term", "value", "day"})

ORDERS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "YYYY-MM-DD": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"),
        "DD/MM/YYYY": re.compile(r"(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])/[0-9]{4}"),
        "MM/DD/YYYY": re.compile(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/[0-9]{4}"),
        "DD.MM.YYYY": re.compile(r"(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.[0-9]{4}"),
        "DD-MMM-YYYY": re.compile(r"(0?[1-9]|[12][0-9]|3[01])-[A-Za-z]{3}-[0-9]{4}"),
    }
)
"""Orders of days that are proposed, and what a cell in each looks like."""

NOTHING = ("na", "n/a", "nd", "nk", ".", "-")
"""Cells that often say that nothing is recorded."""

MISSING = "nothing is recorded"
"""What a word can be declared to mean."""

_SAME: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "is_serious": {"y": "yes", "n": "no"},
        "is_node": {"y": "yes", "n": "no"},
        "outcome": {"completed": "done"},
        "timepoint": {"screening": "baseline"},
    }
)
"""Words of coded fields that mean ours."""

_MEASURED = re.compile(r"[0-9]|MERGED:")
"""How a reading begins that is no word."""

MOST_WORDS = 200
"""Most words or names of a column that are asked about."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a mapping says.

    Attributes
    ----------
    group : {'column', 'dates', 'missing', 'word', 'name', 'unit'}
        What kind of choice it is.
    name : str
        Field of a column, or what cells say.
    field : str
        Field in whose cells a word stands; else empty.
    proposed : str
        Heading, order or word; empty: open, or left out.
    options : tuple of str
        What can be chosen; empty: text, such as a unit.
    why : str
        Reason of the proposal.
    is_needed : bool
        Whether the mapping cannot be read without it.
    """

    group: str
    name: str
    field: str
    proposed: str
    options: tuple[str, ...]
    why: str
    is_needed: bool = False

    @property
    def key(self) -> str:
        """Its name in a form; it holds nothing of the table."""
        said = json.dumps([self.field, self.name])
        return f"{self.group}-{sha256(said.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping proposed for a table.

    Attributes
    ----------
    kind : {'facts', 'visits', 'adverse-events', 'central-readings'}
        What it holds.
    separator : {'comma', 'semicolon', 'tab'}
        What separates its columns.
    rows : int
        Rows below the headings.
    choices : tuple of Choice
        In the order in which they are asked.
    """

    kind: TableKind
    separator: str
    rows: int
    choices: tuple[Choice, ...]

    @property
    def answers(self) -> dict[str, str]:
        """What is proposed, by key."""
        return {each.key: each.proposed for each in self.choices}


def propose(
    lines: Sequence[Line],
    kind: TableKind,
    study: Study,
    separator: str = "comma",
    settled: Mapping[str, str] = MappingProxyType({}),
) -> Proposal:
    """Propose what the columns of a table mean.

    Parameters
    ----------
    lines : sequence of Line
        The headings first.
    kind : {'facts', 'visits', 'adverse-events', 'central-readings'}
        What the table holds; facts stand one in each row.
    study : Study
        Of which protocol.
    separator : str
        What separates the columns of a CSV file.
    settled : mapping of str to str
        Columns that a person chose, by the key of the choice; words are looked for in those.

    Returns
    -------
    Proposal
        Choices with reasons; those of columns first.

    Raises
    ------
    Refusal
        If the table has no headings, or a column has too many words to ask about.
    """
    if not lines:
        raise Refusal([Fault("headings", "no line", "a table with headings", "Correct the file")])
    headings = tuple(str(each or "").strip() for each in lines[0].cells)
    columns = tuple(_columns(kind, headings))
    chosen = {each.name: settled.get(each.key, each.proposed) for each in columns}
    cells = {
        field: [(line.number, line.cells[at] if at < len(line.cells) else None)
                for at in [headings.index(heading)] for line in lines[1:]]
        for field, heading in chosen.items() if heading in headings and heading
    }  # fmt: skip
    missing = tuple(_missing(cells))
    nothing = {each.name for each in missing if settled.get(each.key, MISSING) == MISSING}
    words = _names(cells, chosen, nothing, study) if kind == "facts" else _words(
        kind, cells, nothing, study)  # fmt: skip
    choices = (*columns, _order(cells, nothing), *missing, *words)
    return Proposal(kind, separator, len(lines) - 1, choices)


def mapping_text(proposal: Proposal, answers: Mapping[str, str]) -> str:
    """Write the mapping that a person confirmed.

    Parameters
    ----------
    proposal : Proposal
        What was asked.
    answers : mapping of str to str
        What is chosen, by key; empty: left out.

    Returns
    -------
    str
        YAML, as a mapping of that kind of table is read; what is open is refused there.
    """
    said = [(each, answers.get(each.key, "")) for each in proposal.choices]
    columns = {each.name: answer for each, answer in said if each.group == "column" and answer}
    participant = columns.pop("participant", "")
    order = next(answer for each, answer in said if each.group == "dates")
    fields: dict[str, object] = {"participant": participant, "dates": order or "?"}
    if proposal.kind == "facts":
        fields["long"] = {**columns, "names": _named(said)}
    else:
        fields = {"kind": proposal.kind, **fields, "columns": columns}
        words: dict[str, dict[str, str]] = {}
        for each, answer in said:
            if each.group == "word" and answer:
                words.setdefault(each.field, {})[each.name] = answer
        fields["words"] = words
    fields["separator"] = proposal.separator
    fields["missing"] = [each.name for each, answer in said
                         if each.group == "missing" and answer == MISSING]  # fmt: skip
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
                   for name, value in fields.items())  # fmt: skip


def _named(said: Sequence[tuple[Choice, str]]) -> dict[str, dict[str, str]]:
    """Give the facts that names stand for, with their units."""
    units = {each.name: answer for each, answer in said if each.group == "unit" and answer}
    return {
        each.name: {"term": answer} | ({"in_unit": units[each.name]} if each.name in units else {})
        for each, answer in said
        if each.group == "name" and answer
    }


def _plain(word: str) -> str:
    """Give a heading or name without case, blanks and punctuation."""
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def _columns(kind: TableKind, headings: tuple[str, ...]) -> Iterator[Choice]:
    """Propose the column of each field."""
    options = tuple(dict.fromkeys(each for each in headings if headings.count(each) == 1 and each))
    for field, names in HEADINGS[kind].items():
        found = [each for each in options if _plain(each) in (*names, _plain(field))]
        if kind == "facts":
            is_needed = field in _NEEDED_FACTS
        else:
            is_needed = field == "participant" or FIELDS[kind][field]
        if len(found) == 1:
            why = "the only heading known for it"
        elif found:
            why = f"open: {len(found)} headings could be meant"
        else:
            why = "open: no heading known for it"
        proposed = found[0] if len(found) == 1 else ""
        yield Choice("column", field, "", proposed, options, why, is_needed)


def _said(cell: Cell) -> str:
    """Give the text of a cell; empty for one that holds no text."""
    return cell.strip() if isinstance(cell, str) else ""


def _missing(cells: Mapping[str, Sequence[tuple[int, Cell]]]) -> Iterator[Choice]:
    """Propose which words say that nothing is recorded."""
    found = {_said(cell) for column in cells.values() for _, cell in column}
    for word in sorted(each for each in found if each.casefold() in NOTHING):
        yield Choice("missing", word, "", MISSING, (MISSING,), "commonly says so; else it is read")


def _order(cells: Mapping[str, Sequence[tuple[int, Cell]]], nothing: set[str]) -> Choice:
    """Propose the order of days, where the cells leave one."""
    found = [(line, cell) for field in DAYS & set(cells) for line, cell in cells[field]]
    texts = [(line, _said(cell)) for line, cell in found]
    texts = [(line, said) for line, said in texts if said and said not in nothing]
    if not texts:
        has_days = any(isinstance(cell, date) for _, cell in found)
        why = "cells that hold days need no order" if has_days else "no day is written"
        return Choice("dates", "dates", "", "YYYY-MM-DD", tuple(ORDERS), why, is_needed=True)
    fitting = {order: sum(bool(form.fullmatch(said)) for _, said in texts)
               for order, form in ORDERS.items()}  # fmt: skip
    fits = [order for order, count in fitting.items() if count == len(texts)]
    if len(fits) > 1:
        why = f"open: every day fits {' and '.join(fits)}"
    elif fits:
        why = f"fits all {len(texts)} days, and no other order does"
    else:
        best = max(fitting, key=lambda order: fitting[order])
        line = min(line for line, said in texts if not ORDERS[best].fullmatch(said))
        why = f"open: no order fits every day; {best} fits most, and not line {line}"
    proposed = fits[0] if len(fits) == 1 else ""
    return Choice("dates", "dates", "", proposed, tuple(ORDERS), why, is_needed=True)


def _distinct(column: Sequence[tuple[int, Cell]], nothing: set[str], field: str) -> list[str]:
    """Give what the cells of a column say, each once; refuse more than a person can settle."""
    found = sorted({_said(cell) for _, cell in column} - nothing - {""})
    if len(found) > MOST_WORDS:
        raise Refusal([Fault(field, f"{len(found)} different words", f"up to {MOST_WORDS}",
                             "Choose another column, or write the mapping")])  # fmt: skip
    return found


def _words(
    kind: TableKind,
    cells: Mapping[str, Sequence[tuple[int, Cell]]],
    nothing: set[str],
    study: Study,
) -> Iterator[Choice]:
    """Propose what words of coded fields mean, where they are not ours."""
    ours = {**OUR_WORDS, "related_to": tuple(study.agents)}
    for field in FIELDS[kind]:
        if field not in ours or field not in cells:
            continue
        column = cells[field]
        if field == "related_to":
            column = [(line, part) for line, cell in column for part in _said(cell).split(";")]
        if field == "reading":
            column = [each for each in column if not _MEASURED.match(_said(each[1]))]
        for said in _distinct(column, nothing | {"none"}, field):
            if said in ours[field]:
                continue
            same = {each.casefold(): each for each in ours[field]} | dict(_SAME.get(field, {}))
            proposed = same.get(said.casefold(), "")
            why = "means the same" if proposed else "open: no word of the protocol"
            yield Choice("word", said, field, proposed, ours[field], why, is_needed=True)


def _names(
    cells: Mapping[str, Sequence[tuple[int, Cell]]],
    chosen: Mapping[str, str],
    nothing: set[str],
    study: Study,
) -> Iterator[Choice]:
    """Propose which facts the names of a table stand for, and ask for units it does not say."""
    kinds = ("observation", "finding", "condition", "medicine")
    options = tuple(each for each in (*study.terms, *study.medicines)
                    if kind_of(each, study) in kinds)  # fmt: skip
    says: dict[str, list[str]] = {}
    for name in options:
        held = study.terms.get(name) or study.medicines[name]
        for word in {_plain(name), _plain(held.says)}:
            says.setdefault(word, []).append(name)
    for said in _distinct(cells.get("term", ()), nothing, "term"):
        found = says.get(_plain(said), [])
        proposed = found[0] if len(found) == 1 else ""
        why = "the protocol's name for it" if proposed else "left aside unless you choose"
        yield Choice("name", said, "", proposed, options, why)
        if not chosen.get("unit"):
            yield Choice("unit", said, "", "", (), "open: no column says the unit")
