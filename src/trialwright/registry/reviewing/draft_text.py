"""A draft file under review: what is open in it, and the same text with one decision more.

Comments and the order of the file stay. Before a new text is given, it is read again and held to
the values that it must have, so that no edit can change what nobody decided.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from trialwright.protocol.proposals import Proposal
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.protocol.writing import write_plain
from trialwright.registry.reviewing.rules import Plain, Ruled, question_of, ruled
from trialwright.terms.errors import Fault, Refusal, refuse

_PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(Proposal)
_UNFOLDED = 2**31  # characters; folding could change spaces


def _represent_nothing(representer: Any, _: None) -> Any:
    """Write null as a word; an empty place would be ambiguous."""
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


class _Representer(RoundTripRepresenter):
    """Writes null as the strict reader takes it."""


_Representer.add_representer(type(None), _represent_nothing)


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
        If the text is no strict YAML, or a proposal has another form.
    """
    values, lines = _values(text, file)
    found: list[Pending] = []
    faults: list[Fault] = []
    for number, criterion in enumerate(_criteria(values, file)):
        for place, plain in enumerate(criterion.get("proposals", ())):
            line = lines.get(("criteria", number, "proposals", place), 0)
            try:
                proposal = _PROPOSAL.validate_python(_frozen(plain), strict=True)
            except ValidationError as wrong:
                where = f"criteria.{number}.proposals.{place}"
                faults += [_wrong(where, error, file, line) for error in wrong.errors()]
                continue
            if proposal.standing == "proposed":
                found.append(
                    Pending(
                        number,
                        place,
                        str(criterion.get("id", "")),
                        str(criterion.get("place", "")),
                        str(criterion.get("source_text", "")),
                        proposal,
                        line,
                    )
                )
    if faults:
        raise Refusal(faults)
    return tuple(found)


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
        What became of the criterion; None while another proposal of it waits.

    Raises
    ------
    Refusal
        If the text is no longer the one the proposal was found in.
    """
    values, _ = _values(text, file)
    wanted = deepcopy(values)
    criterion = _criteria(wanted, file)[item.criterion]
    listed = criterion["proposals"]
    if _PROPOSAL.validate_python(_frozen(listed[item.proposal]), strict=True) != item.proposed:
        raise refuse("", "a draft that changed meanwhile", "the draft as shown", "Review it again")
    listed[item.proposal] = _plain(decision)
    outcome = _settle(wanted, criterion)
    return _edited(text, values, wanted, file), outcome


def _settle(wanted: Plain, criterion: Plain) -> Ruled | None:
    """Make the rule of a criterion when its last proposal is decided."""
    proposals = [_PROPOSAL.validate_python(_frozen(p), strict=True) for p in criterion["proposals"]]
    if any(each.standing == "proposed" for each in proposals):
        return None
    question = question_of(criterion.get("rule", {})) or str(criterion["id"]).lower()
    outcome = ruled(criterion["id"], criterion.get("source_text", ""), question, proposals)
    criterion["kind"], criterion["rule"] = outcome.kind, _thawed(outcome.rule)
    terms = wanted.setdefault("terms", {})
    for name, term in outcome.terms.items():
        terms.setdefault(name, _thawed(term))
    if not question_of(outcome.rule):
        terms.pop(question, None)
    return outcome


def _edited(text: str, before: Plain, wanted: Plain, file: str) -> str:
    """Change in a text what differs between two values, and hold the result to the second."""
    yaml = YAML(typ="rt")
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = _UNFOLDED
    yaml.allow_unicode = True
    document = yaml.load(text)
    written = yaml.load(write_plain(wanted))
    _graft(document, written, before, wanted)
    stream = BytesIO()
    yaml.dump(document, stream)
    edited = stream.getvalue().decode("utf-8")
    if _values(edited, file)[0] != wanted:
        raise refuse("", "a file that cannot be edited safely", "plain YAML", "Edit it by hand")
    return edited


def _graft(document: Any, written: Any, before: Any, wanted: Any) -> None:
    """Put into a document, at each place that differs, the value as it is newly written."""
    keys = list(wanted) if isinstance(wanted, dict) else range(len(wanted))
    for key in keys:
        is_new = isinstance(wanted, dict) and key not in before
        if not is_new and before[key] == wanted[key]:
            continue
        is_inside = (
            not is_new
            and type(before[key]) is type(wanted[key])
            and isinstance(wanted[key], dict | list)
            and (isinstance(wanted[key], dict) or len(before[key]) == len(wanted[key]))
        )
        if is_inside:
            _graft(document[key], written[key], before[key], wanted[key])
        else:
            document[key] = written[key]
    if isinstance(wanted, dict):
        for gone in [key for key in before if key not in wanted]:
            del document[gone]


def _values(text: str, file: str) -> tuple[Plain, dict[Any, int]]:
    """Read a draft as plain values with their lines."""
    plain, faults = gather_yaml(text, file)
    if faults:
        raise Refusal(faults)
    if not isinstance(plain.value, dict):
        raise Refusal([Fault("", "no mapping", "a draft of a protocol", "Give a draft", file)])
    return plain.value, plain.lines


def _criteria(values: Plain, file: str) -> list[Plain]:
    """Give the criteria of a draft."""
    criteria = values.get("criteria", [])
    are_mappings = isinstance(criteria, list) and all(isinstance(each, dict) for each in criteria)
    lists = are_mappings and all(isinstance(each.get("proposals", []), list) for each in criteria)
    if not lists:
        do = "Give a draft written by `registry read`"
        raise Refusal([Fault("criteria", "no list of criteria", "a list of criteria", do, file)])
    return list(criteria)


def _wrong(where: str, error: Mapping[str, Any], file: str, line: int) -> Fault:
    """Say what is wrong with the form of a proposal."""
    path = ".".join(str(part) for part in (where, *error["loc"][1:]))
    return Fault(path, "another form", str(error["msg"]), "Correct it", file, line)


def _plain(proposal: Proposal) -> Plain:
    """Give a proposal as values of the file."""
    first = {"kind": proposal.kind, "standing": proposal.standing}
    rest = proposal.model_dump(exclude_defaults=True, exclude={"kind", "standing"})
    plain: Plain = _thawed({**first, **rest})
    return plain


def _frozen(value: Any) -> Any:
    """Turn lists into tuples, as the model holds them."""
    match value:
        case dict():
            return {name: _frozen(inner) for name, inner in value.items()}
        case list():
            return tuple(_frozen(inner) for inner in value)
        case _:
            return value


def _thawed(value: Any) -> Any:
    """Turn tuples into lists, as the file holds them."""
    match value:
        case dict():
            return {name: _thawed(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_thawed(inner) for inner in value]
        case _:
            return value
