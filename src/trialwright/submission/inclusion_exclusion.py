"""The domain IE of SDTM: the criteria that a participant fails, and no others."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from trialwright.eligibility.overall import Screening
from trialwright.protocol.study import Study
from trialwright.submission.trial_inclusion import Category, category_of, csv_text, words_of
from trialwright.terms.errors import Fault, Refusal


@dataclass(frozen=True, slots=True)
class InclusionExclusion:
    """One row of IE; its columns are named as SDTM names them.

    Attributes
    ----------
    STUDYID : str
        The trial.
    DOMAIN : str
        IE.
    USUBJID : str
        The participant, unique over all trials.
    IESEQ : int
        Place of the row among those of the participant, from 1.
    IETESTCD : str
        Id of the criterion.
    IETEST : str
        The criterion in words, at most 200 characters.
    IECAT : {'INCLUSION', 'EXCLUSION'}
        Its list.
    IEORRES, IESTRESC : {'Y', 'N'}
        N: an inclusion criterion is not met; Y: an exclusion is present.
    IEDTC : str
        Day as of which it was judged, ISO 8601.
    """

    STUDYID: str
    DOMAIN: str
    USUBJID: str
    IESEQ: int
    IETESTCD: str
    IETEST: str
    IECAT: Category
    IEORRES: Literal["Y", "N"]
    IESTRESC: Literal["Y", "N"]
    IEDTC: str


def inclusion_exclusion(
    study: Study, screening: Screening, named: Collection[str] = ()
) -> tuple[InclusionExclusion, ...]:
    """Give the criteria that a participant fails as rows of IE.

    Parameters
    ----------
    study : Study
        The protocol.
    screening : Screening
        The verdicts on all its criteria for one arm.
    named : collection of str
        Criteria that a person named as failed, whatever their verdict.

    Returns
    -------
    tuple of InclusionExclusion
        In the order of the protocol; what is unknown, met or not applicable has no row unless it
        is named.

    Raises
    ------
    Refusal
        If a criterion is none of the study.
    """
    failed = (*(each.criterion for each in screening.failing), *named)
    return failed_rows(study, screening.participant, screening.as_of, failed)


def failed_rows(
    study: Study, participant: str, on: date, failed: Collection[str]
) -> tuple[InclusionExclusion, ...]:
    """Give criteria as rows of IE.

    Parameters
    ----------
    study : Study
        The protocol.
    participant : str
        Study number.
    on : date
        Day as of which they are failed.
    failed : collection of str
        Ids of the criteria.

    Returns
    -------
    tuple of InclusionExclusion
        In the order of the protocol.

    Raises
    ------
    Refusal
        If a criterion is none of the study.
    """
    held = {each.id for each in study.criteria}
    strange = [each for each in dict.fromkeys(failed) if each not in held]
    if strange:
        raise Refusal(
            Fault("screening", each, "a criterion of the study", "Give the protocol of the verdict")
            for each in strange
        )
    rows: list[InclusionExclusion] = []
    for criterion in study.criteria:
        if criterion.id not in failed:
            continue
        answer: Literal["Y", "N"] = "Y" if criterion.is_exclusion else "N"
        rows.append(
            InclusionExclusion(
                study.identifiers.nct,
                "IE",
                f"{study.identifiers.nct}-{participant}",
                len(rows) + 1,
                criterion.id,
                words_of(criterion),
                category_of(criterion),
                answer,
                answer,
                on.isoformat(),
            )
        )
    return tuple(rows)


def inclusion_exclusion_csv(rows: Iterable[InclusionExclusion]) -> str:
    """Write rows of IE as CSV.

    Parameters
    ----------
    rows : iterable of InclusionExclusion
        Rows of any participants.

    Returns
    -------
    str
        With a line of headings, also without rows.
    """
    return csv_text(tuple(InclusionExclusion.__slots__), (asdict(each) for each in rows))
