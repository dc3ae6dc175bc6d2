"""The line list: eligibility and interventions as lists of lines, as a corpus keeps them.

The depth of bullets is lost in it, so each line is one criterion.
"""

from dataclasses import replace

from trialwright.registry.draft import Draft, DraftIdentifiers
from trialwright.registry.shapes.arm_texts import ArmSpots, read_arms
from trialwright.registry.shapes.eligibility_text import CriteriaReader
from trialwright.registry.shapes.finishing import blank_draft, finished
from trialwright.registry.shapes.identifying import nct_of
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.shapes.strict_json import Json

SHAPE = "line list"

NESTING_LOST = (
    "The record has lost the depth of its bullets: each line under a heading is read as one"
    " criterion."
)

_NUMBER = "Clinical Trial ID"
_ARM = "INTERVENTION "


def is_line_list(root: dict[str, Json]) -> bool:
    """Say whether a record is a line list.

    Parameters
    ----------
    root : dict of str to object
        The record.

    Returns
    -------
    bool
        By its keys.
    """
    return _NUMBER in root and ("Eligibility" in root or "Intervention" in root)


def read_line_list(root: dict[str, Json], file: str = "") -> Draft:
    """Read a line list.

    Parameters
    ----------
    root : dict of str to object
        The record.
    file : str
        Name of the file.

    Returns
    -------
    Draft
        Identifier, criteria and arms; the shape has no more.
    """
    record = MarkedRecord(root)
    top = record.top
    reader = CriteriaReader(record)
    reader.take_list(top["Eligibility"].each())
    criteria = reader.finish()
    if criteria:
        record.sheet.remark(0, NESTING_LOST)
    draft = replace(
        blank_draft(SHAPE, file),
        identifiers=DraftIdentifiers(nct=nct_of(top[_NUMBER])),
        arms=read_arms(record, _arms(top["Intervention"])),
        criteria=criteria,
    )
    return finished(record, draft)


def _arms(spot: Spot) -> list[ArmSpots]:
    """Cut the lines at `INTERVENTION n:`; the line below it is the arm's title."""
    arms: list[list[Spot]] = []
    for line in spot.each():
        if line.words.startswith(_ARM) and line.words.endswith(":"):
            line.understood("heading", "arms")
            arms.append([])
        elif arms and line.words:
            arms[-1].append(line)
        else:
            line.keep("it stands above the first intervention")
    nothing = Spot(spot.record, (*spot.path, "nothing"), None)
    return [ArmSpots(each[0], nothing, tuple(each[1:])) for each in arms if each]
