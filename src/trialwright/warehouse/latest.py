"""The answer of rules on the latest result: results of the newest day must agree."""

from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.warehouse.columns import (
    NO_NUMBER,
    UNKNOWN,
    LeafColumns,
    choose,
    chosen,
    verdict,
)
from trialwright.warehouse.places import last_of


def first_of(rows: Table, name: str) -> dict[str, Value]:
    """Gather the first of some results of one day.

    Parameters
    ----------
    rows : Table
        Results of one term.
    name : str
        Begins the names of the columns.

    Returns
    -------
    dict of str to Value
        Row, on, micro and shape; the micro of `NO_NUMBER` is none.
    """
    return {
        f"{name}_row": rows.code.min(),
        f"{name}_on": rows.on.max(),
        f"{name}_micro": rows.micro.fill_null(NO_NUMBER).argmin(rows.code),
        f"{name}_shape": rows["shape"].argmin(rows.code),
    }


def decided(
    fact: str, name: str, wide: Table, context: Context, silence: LeafColumns | None = None
) -> LeafColumns:
    """Give the answer of the newest results.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    name : str
        Name of the leaf: `<name>_code` is 0 where nothing is recorded, else the verdict and 1;
        `<name>_split` is whether results of the newest day disagree.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Vocabulary.
    silence : LeafColumns or None
        The answer where nothing is recorded; None: unknown.

    Returns
    -------
    LeafColumns
        Unknown where they disagree, with the first of them; else with the last.
    """
    silence = silence or LeafColumns(verdict(UNKNOWN))
    code = wide[f"{name}_code"]
    answer = choose((code == 0, silence.verdict), otherwise=(code - 1).cast("int8"))
    last, first = (last_of(fact, context, is_first=is_first) for is_first in (False, True))
    is_split = wide[f"{name}_split"]
    return LeafColumns(
        answer, chosen((code == 0, silence.record), (is_split, first), otherwise=last)
    )
