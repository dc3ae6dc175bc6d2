"""The strict reader of the machine-readable laboratory criteria."""

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, cast

from trialwright.grading.context import FACTS
from trialwright.grading.criteria import SIDES, Criterion, LabRules, Limb, Limit, american
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.quantities import Quantity

DERIVED = ("corrected",)
"""Facts that no context records: they follow from the test's name or from albumin."""

_LIMIT = re.compile(r"(?:(\d+(?:\.\d+)?) x )?(ULN|LLN|baseline)(?: \+ (\S+ \S+))?")
_KEYS = {
    "criterion": {"term", "version", "soc", "side", "tests", "limbs"},
    "criterion, optional": {"substance", "unit", "requires", "by_management", "note"},
    "limb": {"grade", "says"},
    "limb, optional": {*SIDES, "when", "even_if_normal"},
}


def read_table(text: str) -> LabRules:
    """Read the machine-readable laboratory criteria.

    Parameters
    ----------
    text : str
        JSON: `form` 1, `sources` by version, `criteria`.

    Returns
    -------
    LabRules
        The criteria in the order of the text.

    Raises
    ------
    Refusal
        With every fault found: foreign or lacking fields, unreadable limits, unknown facts,
        criteria given twice.
    """
    try:
        table = json.loads(text, parse_float=str)
    except json.JSONDecodeError as broken:
        fault = Fault("criteria", "the text is no JSON", "JSON", "Correct it", line=broken.lineno)
        raise Refusal([fault]) from None
    faults: list[Fault] = []
    if not isinstance(table, dict) or table.get("form") != 1:
        raise refuse("form", "not the form of criteria this version reads", "1", "Correct it")
    sources = table.get("sources")
    sources = sources if isinstance(sources, dict) else {}
    rows = table.get("criteria")
    rows = rows if isinstance(rows, list) else []
    criteria = [
        _criterion(row, f"criteria.{place}", sources, faults) for place, row in enumerate(rows)
    ]
    found = tuple(criterion for criterion in criteria if criterion is not None)
    faults += _twice(found)
    if not rows:
        faults.append(_fault("criteria", "no criteria", "a list of criteria", "Add them"))
    if faults:
        raise Refusal(faults)
    return LabRules(found)


def _fault(where: str, found: str, allowed: str, do: str = "Correct it") -> Fault:
    """Make a fault of the table."""
    return Fault(where, found, allowed, do)


def _twice(criteria: Sequence[Criterion]) -> list[Fault]:
    """Fault criteria that the table gives twice."""
    seen: set[tuple[str, str]] = set()
    faults = []
    for criterion in criteria:
        key = (criterion.version, american(criterion.term))
        if key in seen:
            where = f"criteria.{criterion.term}"
            faults.append(_fault(where, f"given twice for {criterion.version}", "one", "Drop one"))
        seen.add(key)
    return faults


def _fields(row: object, kind: str, where: str, faults: list[Fault]) -> dict[str, object] | None:
    """Check the names of a record's fields; None when it cannot be read on."""
    if not isinstance(row, dict):
        faults.append(_fault(where, "no record", f"a {kind}"))
        return None
    needed, optional = _KEYS[kind], _KEYS[f"{kind}, optional"]
    for name in sorted(needed - set(row)):
        faults.append(_fault(f"{where}.{name}", "lacking", "a value", "Add it"))
    for name in sorted(set(row) - needed - optional):
        allowed = ", ".join(sorted(needed | optional))
        faults.append(_fault(f"{where}.{shorten(name)}", "no field of it", allowed))
    return row if needed <= set(row) else None


def _criterion(
    row: object, where: str, sources: Mapping[str, object], faults: list[Fault]
) -> Criterion | None:
    """Read one criterion; None with faults noted when it is unreadable."""
    fields = _fields(row, "criterion", where, faults)
    if fields is None:
        return None
    before = len(faults)
    source = sources.get(str(fields["version"]))
    if not isinstance(source, str):
        faults.append(_fault(f"{where}.version", "has no source", "a version named in sources"))
    if fields["side"] not in ("low", "high"):
        faults.append(_fault(f"{where}.side", shorten(fields["side"]), "low or high"))
    tests, rows = fields["tests"], fields["limbs"]
    if not isinstance(tests, list) or not isinstance(rows, list) or not rows:
        faults.append(_fault(where, "tests or limbs are no list", "two lists, limbs not empty"))
        return None
    limbs = [_limb(limb, f"{where}.limbs.{place}", faults) for place, limb in enumerate(rows)]
    requires = _facts(fields.get("requires", {}), f"{where}.requires", faults)
    if len(faults) > before:
        return None
    return Criterion(
        term=str(fields["term"]),
        version=str(fields["version"]),
        soc=str(fields["soc"]),
        side=cast("Literal['low', 'high']", fields["side"]),
        tests=tuple(str(test).upper() for test in tests),
        limbs=tuple(limb for limb in limbs if limb is not None),
        source=str(source),
        substance=str(fields.get("substance", "")),
        unit=str(fields.get("unit", "")),
        requires=requires,
        by_management=fields.get("by_management") is True,
        note=str(fields.get("note", "")),
    )


def _limb(row: object, where: str, faults: list[Fault]) -> Limb | None:
    """Read one limb; None with faults noted when it is unreadable."""
    fields = _fields(row, "limb", where, faults)
    if fields is None:
        return None
    grade = fields["grade"]
    if not isinstance(grade, int) or isinstance(grade, bool) or not 1 <= grade <= 5:
        faults.append(_fault(f"{where}.grade", shorten(grade), "1 to 5"))
        return None
    limits = {}
    for side in SIDES:
        if side in fields:
            limit = _limit(fields[side], f"{where}.{side}", faults)
            if limit is not None:
                limits[side] = limit
    when = _facts(fields.get("when", {}), f"{where}.when", faults)
    if not set(SIDES) & set(fields) and "when" not in fields:
        faults.append(_fault(where, "asks nothing", "a limit or a fact", "Add one"))
    return Limb(grade, str(fields["says"]), limits, when, fields.get("even_if_normal") is True)


def _facts(found: object, where: str, faults: list[Fault]) -> Mapping[str, bool]:
    """Read facts with the answer each must have."""
    if not isinstance(found, dict):
        faults.append(_fault(where, "no record", "facts with true or false"))
        return {}
    for name, wanted in found.items():
        if name not in FACTS and name not in DERIVED:
            faults.append(
                _fault(f"{where}.{shorten(name)}", "no fact known here", ", ".join(FACTS))
            )
        if not isinstance(wanted, bool):
            faults.append(_fault(f"{where}.{shorten(name)}", shorten(wanted), "true or false"))
    return found


def _limit(text: object, where: str, faults: list[Fault]) -> Limit | None:
    """Read one limit; None with a fault noted when it is unreadable."""
    try:
        if isinstance(text, str):
            found = _LIMIT.fullmatch(text)
            if found:
                factor, of, added = found.groups()
                of_what = cast("Literal['ULN', 'LLN', 'baseline']", of)
                amounts = (Quantity.read(added),) if added else ()
                return Limit(of_what, Fraction(factor or 1), amounts)
            return Limit("", Fraction(0), tuple(map(_amount, text.split(" | "))))
    except Refusal as unreadable:
        faults += [_fault(where, fault.found, fault.allowed) for fault in unreadable.faults]
        return None
    faults.append(_fault(where, shorten(text), "e.g. 3.0 x ULN, or 10.0 g/dL | 100 g/L"))
    return None


def _amount(text: str) -> Quantity:
    """Read an amount; a bare number has no unit (INR, pH)."""
    return Quantity.read(text, "1")
