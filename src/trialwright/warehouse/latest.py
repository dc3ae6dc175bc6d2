"""The answer of rules on the latest result: results of the newest day must agree."""

from ibis.expr.types import Table, Value

from trialwright.warehouse.columns import (
    NO_NUMBER,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Record,
    Staged,
    choose,
    chosen,
    verdict,
)


def gather_latest(fact: str, staged: Staged) -> Gathered:
    """Gather the last of the newest results, and the first of its day.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    staged : Staged
        Facts.

    Returns
    -------
    Gathered
        Columns that rules on one term share.
    """
    rows = staged.newest.filter(staged.newest.term == staged.numbers[fact])
    return {
        f"own:last:{fact}": {
            f"last_{fact}_row": rows.code,
            f"last_{fact}_on": rows.on,
            f"last_{fact}_micro": rows.micro,
            f"last_{fact}_shape": rows["shape"],
            f"first_{fact}_row": rows.first_code,
        }
    }


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
        Row, micro and shape; the micro of `NO_NUMBER` is none.
    """
    return {
        f"{name}_row": rows.code.min(),
        f"{name}_micro": rows.micro.fill_null(NO_NUMBER).argmin(rows.code),
        f"{name}_shape": rows["shape"].argmin(rows.code),
    }


def last_record(fact: str, wide: Table) -> Record:
    """Give the last of the newest results as a record.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    wide : Table
        Facts gathered, one row a person.

    Returns
    -------
    Record
        Null for whom nothing is recorded.
    """
    return Record(**{part: wide[f"last_{fact}_{part}"] for part in ("row", "on", "micro", "shape")})


def first_record(name: str, on: Value, wide: Table) -> Record:
    """Give what `first_of` gathered as a record.

    Parameters
    ----------
    name : str
        Begins the names of the columns.
    on : Value
        The day.
    wide : Table
        Facts gathered, one row a person.

    Returns
    -------
    Record
        Null for whom nothing is recorded.
    """
    micro = wide[f"{name}_micro"].nullif(NO_NUMBER)
    return Record(row=wide[f"{name}_row"], on=on, micro=micro, shape=wide[f"{name}_shape"])


def decided(fact: str, name: str, wide: Table, silence: LeafColumns | None = None) -> LeafColumns:
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
    last = last_record(fact, wide)
    first = Record(row=wide[f"first_{fact}_row"], on=last.on)
    is_split = wide[f"{name}_split"]
    return LeafColumns(
        answer, chosen((code == 0, silence.record), (is_split, first), otherwise=last)
    )
