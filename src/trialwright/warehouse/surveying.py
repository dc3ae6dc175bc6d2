"""What must be known of a whole hospital before any part of it is screened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal
from trialwright.warehouse.leaves import Numbered, numbered, wanted
from trialwright.warehouse.numbering import ORIGINS, ROOM_FOR_IDS, Numbering, numbering_of
from trialwright.warehouse.recorded import Warehouse, rows_of, undated, written
from trialwright.warehouse.shapes import Combination
from trialwright.warehouse.unread_rows import unread_rows

_ANCHORS: tuple[Anchor, ...] = ("consent", "screening", "registration", "first_dose")


@dataclass(frozen=True, slots=True)
class Survey:
    """How a hospital records, of everybody.

    Attributes
    ----------
    numbering : Numbering
        Of its rows.
    combinations : sequence of Combination
        How the results are recorded that rules ask for.
    is_undated : bool
        Whether some of these results have no day.
    unread : tuple of str
        How many rows of which tables nobody can read: a sentence each.
    """

    numbering: Numbering
    combinations: Sequence[Combination]
    is_undated: bool
    unread: tuple[str, ...] = ()


def asked(
    study: Study,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...],
) -> Numbered:
    """Give the leaves of all criteria with their circumstances; no rule asks for the arm.

    Parameters
    ----------
    study : Study
        The protocol.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days; one that is not named falls on `as_of`.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.

    Returns
    -------
    Numbered
        Each leaf once for each day on which it is judged.
    """
    days = dict.fromkeys(_ANCHORS, as_of) | dict(anchors)
    terms, medicines, told = study.terms, study.medicines, study.completeness or ""
    contexts: dict[str, Context] = {
        anchor: Context("", as_of, days, anchor, terms, medicines, told, laboratory)
        for anchor in _ANCHORS
    }
    return numbered(study, contexts)


def surveyed(
    tables: Mapping[str, Any], study: Study, meanings: Meanings, found: Numbered
) -> Survey:
    """Survey a hospital.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name, of everybody.
    study : Study
        The protocol.
    meanings : Meanings
        What the site's concept ids stand for.
    found : Numbered
        As `asked` gives it.

    Returns
    -------
    Survey
        The same for every part.

    Raises
    ------
    Refusal
        If rows have ids that cannot be numbered.
    """
    numbering = _numbering(tables)
    warehouse = Warehouse(tables, numbering, meanings, lambda table: table)
    terms = wanted(found.leaves, study).terms
    is_undated = bool(rows_of(undated(warehouse, study, terms).limit(1)))
    combinations = rows_of(written(warehouse, study, terms))
    return Survey(numbering, combinations, is_undated, unread_rows(tables, meanings))


def _numbering(tables: Mapping[str, Any]) -> Numbering:
    """Say how the rows of a warehouse are numbered: by their greatest id."""
    faults, greatest = [], 0
    for origin in (each for each in ORIGINS if each in tables):
        name = f"{origin}_id"
        ids = tables[origin][name]
        [ends] = rows_of(tables[origin].agg(least=ids.min(), most=ids.max()))
        for end in sorted({int(each or 0) for each in ends.values()}):
            greatest = max(greatest, end)
            if not 0 <= end < ROOM_FOR_IDS:
                faults.append(
                    Fault(
                        f"{origin}.{name}",
                        f"the id {end}",
                        f"whole numbers from 0 to {ROOM_FOR_IDS - 1}",
                        "Number the rows anew, e.g. in a view, by the order in which they arrived",
                    )
                )
    if faults:
        raise Refusal(faults)
    return numbering_of(greatest)
