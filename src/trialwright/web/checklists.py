"""Which checklist is looked at, what it comes to, and what an answer changed in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from trialwright.conduct.screening import judge
from trialwright.conduct.state import TrialState
from trialwright.eligibility.screening import CriterionVerdict
from trialwright.terms.errors import Refusal
from trialwright.web.templatetags.words import words


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which arm and days a checklist is asked.

    Attributes
    ----------
    arm : str
        Arm id.
    on, first_dose_on : date
        Day of the judgement, and the first dose planned.
    """

    arm: str
    on: date
    first_dose_on: date

    @property
    def query(self) -> str:
        """The same at the end of an address."""
        return f"?arm={self.arm}&on={self.on}&first_dose_on={self.first_dose_on}"


@dataclass(frozen=True, slots=True)
class ComesTo:
    """What a checklist comes to.

    Attributes
    ----------
    arm, overall : str
        The arm, and what all criteria together say.
    words : mapping of str to str
        Criterion to the word of its verdict.
    """

    arm: str
    overall: str
    words: Mapping[str, str]


def comes_to(state: TrialState, number: str, wanted: Wanted) -> ComesTo | None:
    """Say what a checklist comes to.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    number : str
        Study number.
    wanted : Wanted
        Arm and days.

    Returns
    -------
    ComesTo or None
        None for days or an arm that cannot be judged.
    """
    try:
        judged = judge(state, number, wanted.arm, wanted.on, wanted.first_dose_on)
    except Refusal:
        return None
    words = {each.criterion: str(each.word) for each in judged.verdicts}
    return ComesTo(wanted.arm, str(judged.overall), words)


def effect(before: ComesTo | None, after: ComesTo | None) -> str:
    """Say what changed between two looks at a checklist.

    Parameters
    ----------
    before, after : ComesTo or None
        Of the same participant, arm and days.

    Returns
    -------
    str
        Each criterion whose verdict changed, and what the arm comes to; empty when one of them is
        not known.
    """
    if before is None or after is None:
        return ""
    moved = [f"{each} was {before.words.get(each)} and is {word} now"
             for each, word in after.words.items() if before.words.get(each) != word]  # fmt: skip
    changed = "; ".join(moved) or "No verdict changes: other things still decide it"
    stays = "stays" if before.overall == after.overall else "is now"
    return f"{changed}. Arm {after.arm} {stays}: {after.overall}."


def missing_beside(
    state: TrialState, verdict: CriterionVerdict, asked: Collection[str]
) -> tuple[str, ...]:
    """Say what a verdict lacks, beside the answers of people.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    verdict : CriterionVerdict
        On one criterion.
    asked : collection of str
        Questions that the criterion asks of people; they are shown by themselves.

    Returns
    -------
    tuple of str
        In the words of the vocabulary.
    """
    terms = state.study.terms
    return tuple(
        terms[each].says if each in terms else words(each)
        for each in verdict.finding.missing
        if each not in asked
    )
