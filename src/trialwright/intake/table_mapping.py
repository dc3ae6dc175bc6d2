"""What the columns of a table mean, as people declare it: nothing is guessed from a heading."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from trialwright.intake.partly_read import PartlyReadError
from trialwright.protocol.data import Data, Name, frozen
from trialwright.protocol.faults import told
from trialwright.protocol.plain_text import Path, dotted
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.answers import ANSWERS, SCORED
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.units import ucum

Column = Annotated[str, Field(max_length=200)]
"""Heading of a column, as written; empty: there is none."""

Word = Annotated[str, Field(max_length=200)]
"""What a cell says, without the blanks around it."""

WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "condition": frozenset({"present", "absent", "suspected"}),
        "medicine": frozenset({"given", "ongoing", "ended", "not given"}),
        "finding": frozenset(ANSWERS.values()),
    }
)
"""What a cell of each kind may say in our words."""

SCORES = frozenset({"0", "1+", "2+", "3+"})
"""What a cell of a scored finding may say too."""

_DAY = re.compile(r"(?=.*DD)(?=.*YYYY)(?:DD|MMM|MM|YYYY)(?:[-/. ](?:DD|MMM|MM|YYYY)){2}")


class Named(Data):
    """A fact that a table holds, and how it is written there.

    Attributes
    ----------
    term : str
        A term of the protocol, or one of its medicines.
    in_unit : str
        Unit of numbers beside which none stands.
    answers : dict of str to str
        What cells say, in our words, e.g. `{"Y": present}`; empty: they say our words.
    """

    term: Name
    in_unit: Annotated[str, Field(max_length=40)] = ""
    answers: dict[Word, Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=dict
    )


class Places(Data):
    """In which columns the parts of a fact stand; empty: in none.

    Attributes
    ----------
    value : str
        Number or word; may be left out for conditions and medicines that stand there at all.
    comparator : str
        `<`, `<=`, `>=`, `>` of a number, where it stands apart.
    unit : str
        Unit of the number and of the ends of its range.
    low, high : str
        Ends of the laboratory's own reference range.
    day, until : str
        Day of a result; first and last day of a condition or treatment.
    """

    value: Column = ""
    comparator: Column = ""
    unit: Column = ""
    low: Column = ""
    high: Column = ""
    day: Column = ""
    until: Column = ""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each part that has a column, with its heading."""
        found = ((part, str(getattr(self, part))) for part in Places.model_fields)
        return tuple((part, heading) for part, heading in found if heading)


class LongForm(Places):
    """A table with a fact in each row.

    Attributes
    ----------
    term : str
        Column that names the fact.
    names : dict of str to Named
        What that column says, and the fact it stands for; rows with other names are left aside.
    """

    term: Annotated[str, Field(min_length=1, max_length=200)]
    names: Annotated[dict[Word, Named], Field(min_length=1)]


class WideColumn(Places, Named):
    """A fact that stands in columns of its own."""


def _our_sexes() -> dict[str, Literal["female", "male"]]:
    """Give the words that mean themselves."""
    return {"female": "female", "male": "male"}


class TableMapping(Data):
    """What the columns of one table mean.

    Attributes
    ----------
    participant : str
        Column of the study number.
    born, sex : str
        Columns of the birth date and the sex.
    sexes : dict of str to str
        What the column of the sex says; other words say nothing.
    dates : str
        How days are written: `YYYY-MM-DD` (to the day, the month or the year), or another order,
        e.g. `DD/MM/YYYY`, `DD-MMM-YYYY` with English months.
    decimal : {'point', 'comma'}
        The decimal sign; thousands are never separated.
    separator : {'comma', 'semicolon', 'tab'}
        What separates the columns of a CSV file.
    sheet : str
        Sheet of a workbook; empty: its only one.
    heading : int
        Row of the headings, counted from 1.
    missing : tuple of str
        What cells say when nothing is recorded; an empty cell always does.
    long : LongForm or None
        A fact in each row.
    wide : tuple of WideColumn
        Instead: facts side by side.
    """

    participant: Annotated[str, Field(min_length=1, max_length=200)]
    born: Column = ""
    sex: Column = ""
    sexes: dict[Word, Literal["female", "male"]] = Field(default_factory=_our_sexes)
    dates: str = "YYYY-MM-DD"
    decimal: Literal["point", "comma"] = "point"
    separator: Literal["comma", "semicolon", "tab"] = "comma"
    sheet: Annotated[str, Field(max_length=31)] = ""
    heading: Annotated[int, Field(ge=1, le=1000)] = 1
    missing: tuple[Word, ...] = ()
    long: LongForm | None = None
    wide: tuple[WideColumn, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings that are named, each once."""
        named = [self.participant, self.born, self.sex]
        named += [self.long.term] if self.long else []
        places: tuple[Places, ...] = (*((self.long,) if self.long else ()), *self.wide)
        named += [heading for each in places for _, heading in each.columns]
        return tuple(dict.fromkeys(heading for heading in named if heading))

    @property
    def named(self) -> Iterator[tuple[Path, Named, Places]]:
        """Each fact with its place in the mapping, and with its columns."""
        if self.long:
            for word, fact in self.long.names.items():
                yield ("long", "names", word), fact, self.long
        for place, column in enumerate(self.wide):
            yield ("wide", place), column, column

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """Refuse a table without facts, one of both forms, and an order of dates that is none."""
        if self.long and self.wide:
            raise ValueError("both `long` and `wide`: one form of table")
        if not (self.long or self.wide or self.born or self.sex):
            raise ValueError("no fact: `long`, `wide`, `born` or `sex`")
        if not _DAY.fullmatch(self.dates) or self.dates.count("M") not in (2, 3):
            raise ValueError(
                f"the order of dates {shorten(self.dates)!r}: YYYY-MM-DD, or DD, MM or MMM, and"
                " YYYY in another order"
            )
        return self


def read_mapping(text: str, study: Study, file: str = "") -> TableMapping:
    """Read a mapping and hold it to the vocabulary of a protocol.

    Parameters
    ----------
    text : str
        One YAML document.
    study : Study
        Whose terms and medicines the table holds.
    file : str
        Name shown in faults.

    Returns
    -------
    TableMapping
        What the columns mean.

    Raises
    ------
    PartlyReadError
        With every fault of the YAML, of its values, and of names, units and words that mean nothing
        to the protocol; where the others are enough to read the table, they are its `SoundPart`.
    Refusal
        If the YAML cannot be followed.
    """
    plain, faults = gather_yaml(text, file)
    is_enough = not faults
    mapping: TableMapping | None
    try:
        mapping = _validated(frozen(plain.value))
    except ValidationError as invalid:
        known = {each.where for each in faults}
        of_values = (_of_mapping(each) for each in told(invalid, plain, file))
        faults += [each for each in of_values if each.where not in known]
        mapping, is_alike = _without(frozen(plain.value), invalid)
        is_enough = is_enough and is_alike
    if mapping is None:
        raise PartlyReadError(faults)
    strangers = [
        (named, Fault(dotted(at), found, allowed, do, file, plain.line_of(at)))
        for path, named, places in mapping.named
        for field, found, allowed, do in _misfits(named, places, study)
        for at in [(*path, field)]
    ]
    faults += [fault for _, fault in strangers]
    if faults:
        sound = SoundPart(mapping, tuple(named for named, _ in strangers))
        raise PartlyReadError(faults, sound if is_enough else None)
    return mapping


@dataclass(frozen=True, slots=True)
class SoundPart:
    """What is sound of a mapping with faults, by which its table can be read.

    Attributes
    ----------
    mapping : TableMapping
        Without what cannot be read.
    strange : tuple of Named
        Facts of it that mean nothing to the protocol.
    """

    mapping: TableMapping
    strange: tuple[Named, ...] = ()


def _validated(values: object) -> TableMapping:
    """Hold values to the form of a mapping."""
    return TableMapping.model_validate(values, strict=True)


_OF_FACTS = ("born", "sex", "sexes")
"""Fields without which the other cells of a table are read as with them."""


def _without(values: Any, invalid: ValidationError) -> tuple[TableMapping | None, bool]:
    """Leave out what is wrong, and say whether other cells are read alike without it.

    None where nothing can be left out so that a mapping remains.
    """
    is_alike, left_out, wide = True, set(), set()
    kept = dict(values) if isinstance(values, dict) else {}
    for error in invalid.errors(include_url=False):
        match error["loc"]:
            case ("long", "names", word, *_):
                left_out.add(word)
            case ("wide", int() as place, *_):
                wide.add(place)
            case (str() as field, *_) if field not in ("participant", "long", "wide"):
                kept.pop(field, None)
                is_alike = is_alike and field in _OF_FACTS
            case _:
                return None, False
    if left_out:
        names = {word: each for word, each in kept["long"]["names"].items() if word not in left_out}
        kept["long"] = {**kept["long"], "names": names}
    if wide:
        kept["wide"] = tuple(each for at, each in enumerate(kept["wide"]) if at not in wide)
    try:
        return _validated(kept), is_alike
    except ValidationError:
        return None, False


def _of_mapping(fault: Fault) -> Fault:
    """Say which fields a mapping has, where it names one that there is not."""
    found = re.fullmatch(r"the unknown name '(.*)'", fault.found)
    if not found:
        return fault
    parts = fault.where.split(".")[:-1]
    record: type[BaseModel] = {
        "long": Named if "names" in parts else LongForm,
        "wide": WideColumn,
    }.get(parts[0] if parts else "", TableMapping)
    close = get_close_matches(found[1], record.model_fields, n=1)
    do = f"Correct the name, perhaps to {close[0]}" if close else "Correct the name or remove it"
    return replace(fault, allowed=", ".join(record.model_fields), do=do)


def _misfits(named: Named, places: Places, study: Study) -> Iterator[tuple[str, str, str, str]]:
    """Say what of one fact does not fit: field, found, allowed, do."""
    kind = kind_of(named.term, study)
    if kind not in ("observation", "finding", "condition", "medicine"):
        close = get_close_matches(named.term, [*study.terms, *study.medicines], n=1)
        do = f"Correct it, perhaps to {close[0]}" if close else "Correct it"
        found = f"{shorten(named.term)!r}" + (f", a {kind}" if kind else "")
        yield "term", found, "a term that is measured, found or diagnosed, or a medicine", do
        return
    if kind in ("observation", "finding"):
        for part in ("value", "day"):
            if not getattr(places, part):
                yield part, "no column", f"the column of the {part}", "Name it"
    if kind == "observation":
        yield from _unfit_amount(named, places, study.terms[named.term])
    for answer in named.answers.values():
        if kind == "observation" or (kind != "finding" and answer not in WORDS[kind]):
            allowed = ", ".join(sorted(WORDS.get(kind, ()))) or "numbers alone"
            yield "answers", f"{shorten(answer)!r}", allowed, "Correct the word"


def _unfit_amount(named: Named, places: Places, term: Term) -> Iterator[tuple[str, str, str, str]]:
    """Say what of a measured fact does not fit."""
    if not (named.in_unit or places.unit or term.unit.startswith("{")):
        yield "in_unit", "no unit", "`in_unit`, or the column `unit`", "Say the unit of the numbers"
    try:
        ucum(named.in_unit or "1")
    except Refusal as refused:
        yield "in_unit", refused.faults[0].found, refused.faults[0].allowed, refused.faults[0].do


def kind_of(name: str, study: Study) -> str:
    """Say what a name of a mapping stands for.

    Parameters
    ----------
    name : str
        A term or a medicine.
    study : Study
        Of which protocol.

    Returns
    -------
    str
        The kind of the term, else `medicine`; empty for a name of neither.
    """
    if name in study.terms:
        return study.terms[name].kind
    return "medicine" if name in study.medicines else ""


def words_of(named: Named, study: Study) -> Mapping[str, str]:
    """Give what the cells of a fact may say, with our words for it.

    Parameters
    ----------
    named : Named
        The fact.
    study : Study
        Of which protocol.

    Returns
    -------
    mapping of str to str
        By the cell; those declared, else our own words.
    """
    if named.answers:
        return named.answers
    kind = kind_of(named.term, study)
    words = set(WORDS.get(kind, ()))
    if kind == "finding" and SCORED.intersection(study.terms[named.term].coded):
        words |= SCORES
    return {word: word for word in words}
