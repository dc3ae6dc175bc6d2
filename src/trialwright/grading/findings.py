"""What grading answers: a grade, or why none can be given, never without its reason."""

from dataclasses import dataclass

from trialwright.terms.verdicts import Answer


@dataclass(frozen=True, slots=True)
class GradeFinding:
    """The CTCAE grade of one result in its recorded context.

    Attributes
    ----------
    term : str
        CTCAE term, as the criteria print it.
    version : str
        CTCAE version of the criteria, e.g. `5.0`.
    grade : int or None
        0 to 5; 0 is no toxicity of this term. None when the record does not decide it.
    lab_only_grade : int or None
        What the value alone gives, every qualifier of its printed limit taken as met (the worst
        case that laboratory-only coders take); None when the value alone decides nothing.
    because : str
        One sentence: value with unit, reference limits, printed limit, criteria version.
    differs_because : str
        Why `grade` and `lab_only_grade` differ; empty when they are equal.
    missing : tuple of str
        Facts not recorded that could change the answer, e.g. `uln`, `symptomatic`.
    possible : tuple of int
        The grades that the record leaves open; the grade alone when it is decided.
    source : str
        The criteria: document, system organ class, term.
    """

    term: str
    version: str
    grade: int | None
    lab_only_grade: int | None
    because: str
    differs_because: str
    missing: tuple[str, ...]
    possible: tuple[int, ...]
    source: str

    def reaches(self, grade: int) -> Answer:
        """Say whether the grade is at least some grade.

        Parameters
        ----------
        grade : int
            1 to 5, e.g. 3 for "grade 3 or higher".

        Returns
        -------
        Answer
            Also for an open grade, when every grade it may be answers alike: lipase that is
            grade 2 or 3 reaches grade 2, does not reach grade 4, and is unknown for grade 3.
        """
        answers = {each >= grade for each in self.possible}
        if len(answers) != 1:
            return Answer.UNKNOWN
        return Answer.MET if answers == {True} else Answer.NOT_MET
