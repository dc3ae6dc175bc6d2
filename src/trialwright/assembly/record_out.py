"""The whole record of a trial, taken away in a form that other software reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from trialwright.assembly.clock import entered_at
from trialwright.assembly.ledgers import look_at
from trialwright.submission.odm import odm
from trialwright.submission.record_rows import record_rows
from trialwright.terms.errors import refuse

Form = Literal["jsonl", "csv", "odm-1.3.2", "odm-2.0"]
FORMS: tuple[str, ...] = get_args(Form)
"""What a record can be written as. Only `jsonl` holds what verifying and restoring need."""


def record_out(folder: Path, trial: str, form: Form) -> Iterator[str]:
    """Write everything stored of a trial.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    trial : str
        Its NCT number.
    form : {'jsonl', 'csv', 'odm-1.3.2', 'odm-2.0'}
        As what.

    Yields
    ------
    str
        Lines without their ends (`jsonl`), or the whole text.

    Raises
    ------
    Refusal
        If the ledger cannot be opened or holds nothing of that trial.
    """
    ledger = look_at(folder)
    if trial not in ledger.trials():
        raise refuse(str(folder), f"a ledger without {trial}", ", ".join(ledger.trials()) or "none",
                     "Name a trial of this ledger")  # fmt: skip
    if form == "jsonl":
        yield from ledger.export_lines(trial)
    elif form == "csv":
        yield record_rows(ledger.records(trial)).rstrip("\r\n")
    else:
        version: Literal["1.3.2", "2.0"] = "1.3.2" if form == "odm-1.3.2" else "2.0"
        yield odm(trial, tuple(ledger.records(trial)), version, entered_at())
