"""A case list as cBioPortal keeps it: which samples were looked at for one kind of finding."""

import re
from collections import Counter

from trialwright.intake.tab_tables import refuse_all
from trialwright.terms.errors import Fault, shorten

_IDS = "case_list_ids"


def read_case_list(text: str, file: str) -> tuple[str, ...]:
    r"""Read a case list.

    Parameters
    ----------
    text : str
        Lines `name: value`; the one of `case_list_ids` holds samples separated by tabs. Any line
        ends.
    file : str
        Its name, for faults.

    Returns
    -------
    tuple of str
        Samples in the order of the file.

    Raises
    ------
    Refusal
        If there is no such line, or two; or with every sample that stands twice.
    """
    lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
    found = [
        (number, line.partition(":")[2])
        for number, line in enumerate(lines, 1)
        if line.partition(":")[0].strip() == _IDS
    ]
    if len(found) != 1:
        what = f"{len(found)} such lines" if found else "no such line"
        fault = Fault(_IDS, what, f"one line `{_IDS}: ...`", "Correct the file")
        refuse_all([fault], file)
    number, listed = found[0]
    samples = [each.strip() for each in listed.split("\t") if each.strip()]
    refuse_all(
        [
            Fault(
                _IDS, f"{shorten(each)} a second time", "each sample once", "Remove it", "", number
            )
            for each, times in Counter(samples).items()
            for _ in range(times - 1)
        ],
        file,
    )
    return tuple(samples)
