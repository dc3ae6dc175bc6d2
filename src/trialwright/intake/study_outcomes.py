"""Survival of a study folder: months and status of each participant, as cBioPortal writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from trialwright.intake.tab_tables import TabRow, TabTable, by_name, each_row, read_tab, refuse_all
from trialwright.terms.dates import DAYS_A_MONTH
from trialwright.terms.errors import Fault, refuse, shape

PATIENTS = "data_clinical_patient.txt"
"""The list of participants with their outcomes."""

ENDPOINTS: Mapping[str, str] = MappingProxyType(
    {
        "OS": "overall survival",
        "PFS": "progression-free survival",
        "DFS": "disease-free survival",
        "DSS": "disease-specific survival",
    }
)
"""First letters of the two columns to the endpoint they tell."""


@dataclass(frozen=True, slots=True)
class StudyOutcomes:
    """Outcomes of a study folder.

    Attributes
    ----------
    participants : tuple of str
        In the order of the file.
    times : mapping of str to tuple of (int or None, bool)
        By endpoint, one for each participant: days to event or censoring (None: not told), and
        whether the event was seen. Months are turned into the nearest day: equal ones stay equal,
        and of two that differ by a tenth of a month the larger stays the larger.
    """

    participants: tuple[str, ...]
    times: Mapping[str, tuple[tuple[int | None, bool], ...]]


def read_outcomes(text: str, file: str = PATIENTS) -> StudyOutcomes:
    """Read the outcomes of a study folder.

    Parameters
    ----------
    text : str
        Of the list of participants; any line ends.
    file : str
        Its name, for faults.

    Returns
    -------
    StudyOutcomes
        With every endpoint of which both columns are there.

    Raises
    ------
    Refusal
        With every row whose months are no number of 0 or more, whose status is neither `0` nor `1`,
        or that has one of the two alone; and if there is no pair of columns at all.
    """
    table = read_tab(text, file, ("PATIENT_ID",))
    names = tuple(by_name(table, "PATIENT_ID"))
    pairs = {said: pair for start, said in ENDPOINTS.items() if (pair := _pair(table, start))}
    if not pairs:
        found = "no pair of columns such as OS_MONTHS and OS_STATUS"
        refuse_all([Fault("", found, "months and status of an endpoint", "Add the columns")], file)
    read = each_row(table, lambda row: {said: _time(row, *pair) for said, pair in pairs.items()})
    times = {said: tuple(found[said] for _, found in read) for said in pairs}
    return StudyOutcomes(names, MappingProxyType(times))


def _pair(table: TabTable, start: str) -> tuple[str, str] | None:
    """Give the two columns of an endpoint."""
    months = f"{start}_MONTHS"
    status = next((each for each in (f"{start}_STATUS", f"{start}_EVENT")
                   if each in table.names), "")  # fmt: skip
    return (months, status) if months in table.names and status else None


MOST_MONTHS = 1200
"""A hundred years."""


def _time(row: TabRow, months: str, status: str) -> tuple[int | None, bool]:
    """Read one endpoint of one participant."""
    lasted, ended = row.text(months), row.text(status)
    if not lasted and not ended:
        return None, False
    if not (lasted and ended):
        missing = status if lasted else months
        raise refuse(missing, "nothing", f"{months} and {status}, or neither", "Complete the row")
    event = ended.partition(":")[0]
    if event not in ("0", "1"):
        raise refuse(status, shape(ended), "0 or 1, words after a colon", "Correct the status")
    try:
        number = Decimal(lasted)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= MOST_MONTHS:
        raise refuse(months, shape(lasted), f"months, 0 to {MOST_MONTHS}", "Correct the number")
    return int((number * Decimal(DAYS_A_MONTH)).to_integral_value()), event == "1"
