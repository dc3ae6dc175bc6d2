"""Reference cases of interval designs: tables and MTDs."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.tally_design import TallyDesign
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_arguments import boin_of
from trialwright.questions.reference_numbers import each_case, first_difference

EXACT = 1e-9
"""Greatest difference of a limit."""

Case = Mapping[str, Any]


# --- tables -----------------------------------------------------------------------------


def boundaries(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare boundaries of BOIN and keyboard: every entry equal, limits within 1e-9.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each table.
    """
    wanted = ("n", "escalate_if_dlt_le", "deescalate_if_dlt_ge", "eliminate_if_dlt_ge")
    return each_case(parsed["tables"], wanted, _boundary_differences)


def _boundary_differences(table: Case) -> Iterator[str]:
    """Name each column of a table that differs."""
    most = max(table["n"])
    if "args" in table:
        design: TallyDesign = boin_of(table["args"], levels=2, max_n=most)
    else:
        design = Keyboard(
            levels=2,
            target=table["target"],
            max_n=most,
            margin_left=table.get("marginL", 0.05),
            margin_right=table.get("marginR", 0.05),
            eliminate=table.get("cutoff.eli", 0.95),
        )
    rows = [design.boundaries()[n - 1] for n in table["n"]]
    columns = {
        # Packages write -1 where no number of DLTs escalates.
        "escalate_if_dlt_le": [
            -1 if row.escalate_at_most is None else row.escalate_at_most for row in rows
        ],
        "deescalate_if_dlt_ge": [row.de_escalate_at_least for row in rows],
        "eliminate_if_dlt_ge": [row.close_at_least for row in rows],
    }
    for name, found in columns.items():
        expected = [-1 if name[0:2] == "es" and each is None else each for each in table[name]]
        yield first_difference(name, found, expected, 0)
    for name in ("lambda_e", "lambda_d"):
        if name in table:
            yield first_difference(name, getattr(design, name), table[name], EXACT)


def mtpi_tables(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare tables of mTPI and mTPI-2: every letter equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each table.
    """
    return each_case(parsed["tables"], ("design", "target", "rows"), _mtpi_differences)


def _mtpi_differences(table: Case) -> Iterator[str]:
    """Name each row of a table that differs."""
    kind = {"mTPI": Mtpi, "mTPI-2": Mtpi2}[table["design"]]
    reach = table.get("eps", 0.05)
    design = kind(
        levels=3,
        target=table["target"],
        max_n=max(row["n"] for row in table["rows"]),
        epsilon_1=table.get("eps1", reach),
        epsilon_2=table.get("eps2", reach),
        eliminate=table.get("exclusion", 0.95),
    )
    for row in table["rows"]:
        expected = ["U" if each.endswith("U") else each for each in row["decision"]]
        found = [design.letter(row["n"], dlts) for dlts in range(row["n"] + 1)]
        yield first_difference(f"{row['n']} participants", found, expected, 0)


def i3_plus_3_tables(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare tables of i3+3, without closed levels: every letter equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each table.
    """
    return each_case(parsed["tables"], ("target", "ei", "n", "y", "decision"), _i3_differences)


def _i3_differences(table: Case) -> Iterator[str]:
    """Name the first tally that differs."""
    low, high = table["ei"]
    design = I3Plus3(
        levels=3,
        target=table["target"],
        max_n=max(table["n"]),
        epsilon_1=table["target"] - low,
        epsilon_2=high - table["target"],
        eliminate=None,
    )
    tallies = zip(table["n"], table["y"], strict=True)
    expected = ["S" if each == "R" else each for each in table["decision"]]
    found = [design.letter(evaluable, dlts) for evaluable, dlts in tallies]
    yield first_difference("decision", found, expected, 0)


# --- MTDs -------------------------------------------------------------------------------


def selected_mtds(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare MTDs by isotonic regression: `mtd` and `none_selected` equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    return each_case(parsed["cases"], ("target", "n", "y", "mtd"), _mtd_differences)


def _mtd_differences(case: Case) -> Iterator[str]:
    """Name the MTD when it differs."""
    options = {"target": case["target"], **(case.get("options") or {})}
    design = boin_of(options, levels=len(case["n"]), max_n=max(1, sum(case["n"])))
    seen = [LevelCount(*tally) for tally in zip(case["n"], case["y"], strict=True)]
    found = design.estimate_mtd(seen)
    if found.level != case["mtd"] or case.get("none_selected", found.level is None) != (
        found.level is None
    ):
        yield f"MTD {found.level}, expected {case['mtd']} ({found.because})"
