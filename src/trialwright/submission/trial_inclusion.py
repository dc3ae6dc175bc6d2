"""The domain TI of SDTM: each inclusion and exclusion criterion of a version of the protocol."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Literal

from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.study import Study

Category = Literal["INCLUSION", "EXCLUSION"]
"""On which list a criterion stands."""

MOST = 200
"""Longest text of a variable in a transport file, characters."""


@dataclass(frozen=True, slots=True)
class TrialInclusion:
    """One row of TI; its columns are named as SDTM names them.

    Attributes
    ----------
    STUDYID : str
        The trial.
    DOMAIN : str
        TI.
    IETESTCD : str
        Id of the criterion.
    IETEST : str
        The criterion in words, at most 200 characters.
    IECAT : {'INCLUSION', 'EXCLUSION'}
        Its list.
    TIRL : str
        The rule in words, whole; empty for a permission, which has none.
    TIVERS : str
        Version of the protocol.
    """

    STUDYID: str
    DOMAIN: str
    IETESTCD: str
    IETEST: str
    IECAT: Category
    TIRL: str
    TIVERS: str


def trial_inclusion(study: Study) -> tuple[TrialInclusion, ...]:
    """Give the criteria of a study as rows of TI.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of TrialInclusion
        In the order of the protocol, permissions included.
    """
    return tuple(
        TrialInclusion(
            study.identifiers.nct,
            "TI",
            each.id,
            words_of(each),
            category_of(each),
            "" if each.rule is None else say(each.rule, study.terms),
            study.version,
        )
        for each in study.criteria
    )


def too_long(rows: Iterable[TrialInclusion]) -> tuple[str, ...]:
    """Name the criteria whose rule no single variable of a transport file holds.

    Parameters
    ----------
    rows : iterable of TrialInclusion
        Rows of TI.

    Returns
    -------
    tuple of str
        Their ids.
    """
    return tuple(each.IETESTCD for each in rows if len(each.TIRL) > MOST)


def words_of(criterion: Criterion) -> str:
    """Give the text of a criterion as SDTM takes it.

    Parameters
    ----------
    criterion : Criterion
        Any.

    Returns
    -------
    str
        On one line, cut with `...` after 200 characters.
    """
    words = " ".join(criterion.says.split())
    return words if len(words) <= MOST else words[: MOST - 3] + "..."


def category_of(criterion: Criterion) -> Category:
    """Say on which list a criterion stands.

    Parameters
    ----------
    criterion : Criterion
        Any.

    Returns
    -------
    str
        INCLUSION or EXCLUSION.
    """
    return "EXCLUSION" if criterion.is_exclusion else "INCLUSION"


def trial_inclusion_csv(rows: Iterable[TrialInclusion]) -> str:
    """Write rows of TI as CSV.

    Parameters
    ----------
    rows : iterable of TrialInclusion
        Rows of one study.

    Returns
    -------
    str
        With a line of headings, also without rows.
    """
    return csv_text(tuple(TrialInclusion.__slots__), (asdict(each) for each in rows))


def csv_text(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> str:
    """Write rows of a domain as CSV.

    Parameters
    ----------
    columns : tuple of str
        The variables, in order.
    rows : iterable of mapping
        Values by variable.

    Returns
    -------
    str
        Lines that end in a line feed, the first of them the headings.
    """
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
