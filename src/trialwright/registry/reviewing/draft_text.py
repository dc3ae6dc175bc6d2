"""A draft file under review: what is open in it, and the same text with one decision more.

Comments and the order of the file stay. Before a new text is given, it is read again and held to
the values that it must have, so that no edit can change what nobody decided.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver

from trialwright.protocol.data import frozen
from trialwright.protocol.proposals import Proposal
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.protocol.writing import write_plain
from trialwright.registry.reviewing.comments import empty, remove
from trialwright.registry.reviewing.rules import Plain, Ruled, ruled
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

_PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(Proposal)
_UNFOLDED = 2**31  # characters; folding could change spaces
_TURNING = re.compile(
    "[\u202a-\u202e\u2066-\u2069]"
)  # the emitter leaves them in quotes as they are


class _AsWritten(VersionedResolver):
    """Takes every scalar as its letters: no date is normalised, no number goes through a float."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        """No scalar is anything but text."""
        return {}


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal that waits for a person.

    Attributes
    ----------
    criterion, proposal : int
        Places in the file, counted from 0.
    id, place, source_text : str
        Of its criterion.
    proposed : Proposal
        What was read.
    line : int
        Where it stands in the draft file.
    """

    criterion: int
    proposal: int
    id: str
    place: str
    source_text: str
    proposed: Proposal
    line: int


def pending(text: str, file: str = "") -> tuple[Pending, ...]:
    """Give the proposals of a draft that nobody has decided.

    Parameters
    ----------
    text : str
        The draft as YAML.
    file : str
        Name shown in faults.

    Returns
    -------
    tuple of Pending
        In the order of the file.

    Raises
    ------
    Refusal
        If the text is no strict YAML, a proposal has another form, or its words are not those that
        stand at its place in `source_text`.
    """
    return _pending(*_values(text, file), file)


def _pending(values: Plain, lines: dict[Any, int], file: str) -> tuple[Pending, ...]:
    """Give what waits in the values of a draft."""
    found: list[Pending] = []
    faults: list[Fault] = []
    for number, criterion in enumerate(_criteria(values, file)):
        read: list[Pending] = []
        for place, plain in enumerate(criterion.get("proposals", ())):
            line = lines.get(("criteria", number, "proposals", place), 0)
            try:
                proposal = _PROPOSAL.validate_python(frozen(plain), strict=True)
            except ValidationError as wrong:
                where = f"criteria.{number}.proposals.{place}"
                faults += [_wrong(where, error, file, line) for error in wrong.errors()]
                continue
            read.append(_read(criterion, number, place, proposal, line))
        waiting = [each for each in read if each.proposed.standing == "proposed"]
        faults += [_astray(each, file) for each in read if waiting and not _stands(each)]
        found += waiting
    if faults:
        raise Refusal(faults)
    return tuple(found)


def _read(criterion: Plain, number: int, place: int, proposal: Proposal, line: int) -> Pending:
    """Put a proposal beside its criterion."""
    id, stands = str(criterion["id"]), str(criterion.get("place", ""))  # noqa: A001
    source_text = str(criterion.get("source_text", ""))
    return Pending(number, place, id, stands, source_text, proposal, line)


def _stands(item: Pending) -> bool:
    """Say whether the words of a proposal stand where it says."""
    proposed = item.proposed
    return item.source_text[proposed.start : proposed.end] == proposed.words


def decided(
    text: str, item: Pending, decision: Proposal, file: str = ""
) -> tuple[str, Ruled | None]:
    """Give the draft with one decision more.

    Parameters
    ----------
    text : str
        The draft as YAML.
    item : Pending
        Of this text.
    decision : Proposal
        The proposal as decided: its standing is no longer `proposed`.
    file : str
        Name shown in faults.

    Returns
    -------
    text : str
        The draft, comments kept.
    ruled : Ruled or None
        What became of the criterion; None while another proposal of it waits. A rule that people
        wrote stays.

    Raises
    ------
    Refusal
        If the text is no longer the one the proposal was found in.
    """
    values, lines = _values(text, file)
    waiting = [replace(each, line=0) for each in _pending(values, lines, file)]
    if replace(item, line=0) not in waiting:
        raise refuse("", "a draft that changed meanwhile", "the draft as shown", "Review it again")
    wanted = deepcopy(values)
    criterion = _criteria(wanted, file)[item.criterion]
    criterion["proposals"][item.proposal] = _plain(decision)
    outcome = _settle(wanted, criterion)
    return _edited(text, values, wanted, file), outcome


def _settle(wanted: Plain, criterion: Plain) -> Ruled | None:
    """Make the rule of a criterion when its last proposal is decided."""
    proposals = [_PROPOSAL.validate_python(frozen(p), strict=True) for p in criterion["proposals"]]
    if any(each.standing == "proposed" for each in proposals):
        return None
    asked = criterion.get("rule")
    if asked is None or not _is_drafted(criterion, asked):
        return Ruled("kept", asked, {}, "")
    source_text, arms = criterion["source_text"], criterion.get("arms", ())
    outcome = ruled(criterion["id"], source_text, asked, proposals, arms)
    criterion["kind"], criterion["rule"] = outcome.kind, _thawed(outcome.rule)
    terms = _terms(wanted, asked["question"], outcome)
    if terms or "terms" in wanted:
        wanted["terms"] = terms
    return outcome


def _is_drafted(criterion: Plain, asked: Any) -> bool:
    """Say whether a criterion still asks one question, as drafts do, and leaves no approval."""
    return (
        isinstance(asked, dict)
        and asked.get("kind") == "attested"
        and isinstance(asked.get("question"), str)
        and criterion.get("kind") == "attested"
        and "approval" not in criterion
    )


def _terms(wanted: Plain, question: str, outcome: Ruled) -> Plain:
    """Give the terms with those a rule needs in the place of a question that nothing asks now."""
    terms: Plain = wanted.get("terms", {})
    added = {name: _thawed(term) for name, term in outcome.terms.items() if name not in terms}
    rules = [each.get("rule") for each in _criteria(wanted, "")]
    is_asked = any(question in _questions(rule) for rule in rules)
    settled: Plain = {}
    for name, term in terms.items():
        if name == question:
            settled |= added
        if name != question or is_asked:
            settled[name] = term
    return settled | added


def _questions(rule: Any) -> set[str]:
    """Give the questions that a rule asks."""
    match rule:
        case {"kind": "attested", "question": str(question)}:
            return {question}
        case {"of": list(below)}:
            return {question for each in below for question in _questions(each)}
        case {"rule": below}:
            return _questions(below)
        case _:
            return set()


def _edited(text: str, before: Plain, wanted: Plain, file: str) -> str:
    """Change in a text what differs between two values, and hold the result to the second."""
    yaml = _yaml()
    document = yaml.load(text.replace("\r\n", "\n"))
    _graft(document, before, wanted)
    stream = BytesIO()
    yaml.dump(document, stream)
    edited = _TURNING.sub(_escaped, stream.getvalue().decode("utf-8"))
    if _values(edited, file)[0] != wanted:
        raise refuse("", "a file that cannot be edited safely", "plain YAML", "Edit it by hand")
    return edited.replace("\n", "\r\n") if "\r\n" in text else edited


def _escaped(sign: re.Match[str]) -> str:
    """Write a sign that nobody sees as its escape."""
    return f"\\u{ord(sign[0]):04X}"


def _yaml() -> YAML:
    """Give a reader and writer that keeps comments, quotes and letters."""
    yaml = YAML(typ="rt")
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = _UNFOLDED
    yaml.allow_unicode = True
    return yaml


def _graft(document: Any, before: Any, wanted: Any) -> None:
    """Put into a document, at each place that differs, the value as it is newly written."""
    keys = list(wanted) if isinstance(wanted, dict) else range(len(wanted))
    place = 0
    for key in keys:
        is_new = isinstance(wanted, dict) and key not in before
        if is_new:
            document.insert(place, key, _written(wanted[key]))
        elif before[key] != wanted[key]:
            _regraft(document, before, wanted, key)
        place = list(document).index(key) + 1 if isinstance(wanted, dict) else place
    if isinstance(wanted, dict):
        for gone in [key for key in before if key not in wanted]:
            remove(document, gone)


def _regraft(document: Any, before: Any, wanted: Any, key: Any) -> None:
    """Put one value that was there and differs: what is inside it, or the whole."""
    was, becomes = before[key], wanted[key]
    are_lists = isinstance(was, list) and isinstance(becomes, list) and len(was) == len(becomes)
    if was and becomes == {}:
        empty(document, key, _written(becomes))
    elif are_lists or (isinstance(was, dict) and isinstance(becomes, dict)):
        _graft(document[key], was, becomes)
    else:
        document[key] = _written(becomes)


def _written(value: Any) -> Any:
    """Give a value as it stands in a document that was newly written."""
    return _yaml().load(write_plain({"value": value}))["value"]


def _values(text: str, file: str) -> tuple[Plain, dict[Any, int]]:
    """Read a draft as plain values with their lines."""
    plain, faults = gather_yaml(text, file)
    if faults:
        raise Refusal(faults)
    if not isinstance(plain.value, dict):
        raise Refusal([Fault("", "no mapping", "a draft of a protocol", "Give a draft", file)])
    do = "Give a draft written by `registry read`"
    if "format" not in plain.value:
        raise Refusal([Fault("format", "no 'format'", "a draft of a protocol", do, file)])
    if not isinstance(plain.value.get("terms", {}), dict):
        raise Refusal([Fault("terms", "no mapping", "terms by name", do, file)])
    return plain.value, plain.lines


def _criteria(values: Plain, file: str) -> list[Plain]:
    """Give the criteria of a draft."""
    criteria = values.get("criteria", [])
    if not isinstance(criteria, list) or not all(map(_is_criterion, criteria)):
        do = "Give a draft written by `registry read`"
        raise Refusal([Fault("criteria", "no list of criteria", "a list of criteria", do, file)])
    return list(criteria)


def _is_criterion(plain: object) -> bool:
    """Say whether a value has of a criterion what a review needs: an id, and lists as lists."""
    return (
        isinstance(plain, dict)
        and isinstance(plain.get("id"), str)
        and all(isinstance(plain.get(name, []), list) for name in ("proposals", "arms"))
    )


def _wrong(where: str, error: Mapping[str, Any], file: str, line: int) -> Fault:
    """Say what is wrong with the form of a proposal."""
    path = ".".join(str(part) for part in (where, *error["loc"][1:]))
    return Fault(path, "another form", str(error["msg"]), "Correct it", file, line)


def _astray(item: Pending, file: str) -> Fault:
    """Say that the words of a proposal do not stand where it says."""
    proposed = item.proposed
    found = f"{shorten(proposed.words)!r}, which is not what stands there in source_text"
    allowed = f"the words from sign {proposed.start} to {proposed.end} of source_text"
    do = "Put source_text back as the record words it, or remove the proposal"
    where = f"criteria.{item.criterion}.proposals.{item.proposal}.words"
    return Fault(where, found, allowed, do, file, item.line)


def _plain(proposal: Proposal) -> Plain:
    """Give a proposal as values of the file."""
    first = {"kind": proposal.kind, "standing": proposal.standing}
    rest = proposal.model_dump(exclude_defaults=True, exclude={"kind", "standing"})
    plain: Plain = _thawed({**first, **rest})
    return plain


def _thawed(value: Any) -> Any:
    """Turn tuples into lists, as the file holds them."""
    match value:
        case dict():
            return {name: _thawed(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_thawed(inner) for inner in value]
        case _:
            return value
