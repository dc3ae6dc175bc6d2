"""The sentences of OUTLINE and of each ARM: design, assignment, treatment, cycles, follow-up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from trialwright.protocol.arms import CycleRange
from trialwright.protocol.schedule import FollowUp
from trialwright.registry.dosing import MOST_DAY, Unclear, read_treatment
from trialwright.registry.draft_arms import DosingLine, DraftArm
from trialwright.registry.lines import Stretch
from trialwright.registry.spans import Kept, Span
from trialwright.terms.errors import shorten

ENDS = ("disease progression", "unacceptable toxicity")
"""What an arm's cycles may be said to go on without."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_DESIGN = re.compile(
    r"This is an? (?:phase [IVab/]+,? )?dose[- ]escalation study of (?P<agent>[A-Za-z][\w-]*)\."
)
_ASSIGNMENT = re.compile(
    r"Patients are (?P<how>assigned|randomized|randomised) to (?:1|one) of (?P<arms>\d{1,2}) arms\."
)
_CYCLES = re.compile(
    r"(?:Cycles|Courses|Treatment) repeats? every (?P<every>\d{1,3}) (?P<unit>days|weeks)"
    r"(?: for up to (?P<most>\d{1,3}) (?:cycles|courses))?"
    r" in the absence of (?P<ends>.+)\."
)
_FOLLOW_UP = re.compile(
    r"After completion of study treatment, patients are followed(?: up)?(?: at| within)?"
    r" (?P<days>\d{1,3}) days,?(?: and)? then every (?P<months>\d{1,2}) months(?: thereafter)?\."
)


@dataclass(frozen=True, slots=True)
class Design:
    """What a sentence of the outline says of the design.

    Attributes
    ----------
    escalated_agent : str
        Agent of the dose escalation; empty when the sentence is about assignment.
    assigned : str
        `assigned` or `randomized`, as the page says; empty when the sentence is about the design.
    arms : int or None
        Number of arms.
    """

    escalated_agent: str = ""
    assigned: str = ""
    arms: int | None = None

    def joined(self, other: "Design") -> "Design | Unclear":
        """Join what two sentences say.

        Parameters
        ----------
        other : Design
            What a later sentence says.

        Returns
        -------
        Design or Unclear
            Unclear when they differ on one thing.
        """
        if self.escalated_agent and other.escalated_agent not in ("", self.escalated_agent):
            return Unclear("an earlier sentence names another agent")
        mine, theirs = (self.assigned, self.arms), (other.assigned, other.arms)
        if self.assigned and other.assigned and mine != theirs:
            return Unclear("an earlier sentence says the assignment differently")
        return Design(
            self.escalated_agent or other.escalated_agent,
            self.assigned or other.assigned,
            self.arms if self.arms is not None else other.arms,
        )


@dataclass(frozen=True, slots=True)
class ArmWords:
    """One ARM paragraph, not yet read.

    Attributes
    ----------
    label : str
        `A` of `ARM A:`.
    line : int
        Where it stands.
    sentences : tuple of Stretch
        What follows the label.
    """

    label: str
    line: int
    sentences: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """How the cycles of an arm repeat."""

    days: int
    most: int | None
    until: tuple[str, ...]


def sentences_of(words: str, line: int, start: int) -> tuple[Stretch, ...]:
    """Cut a paragraph into its sentences.

    Parameters
    ----------
    words : str
        The paragraph, on one line.
    line, start : int
        Where it stands.

    Returns
    -------
    tuple of Stretch
        In order; what has no full stop at the end of the paragraph is a sentence too.
    """
    sentences = []
    place = 0
    for end in [*_SENTENCE_END.finditer(words), None]:
        until = end.start() if end else len(words)
        sentences.append(Stretch(words[place:until], line, start + place))
        place = end.end() if end else until
    return tuple(sentences)


def read_design(sentence: Stretch) -> Design | Unclear:
    """Read a sentence of the outline.

    Parameters
    ----------
    sentence : Stretch
        About the design or about assignment.

    Returns
    -------
    Design or Unclear
        What it says.
    """
    if found := _DESIGN.fullmatch(sentence.plain):
        return Design(escalated_agent=found["agent"])
    if found := _ASSIGNMENT.fullmatch(sentence.plain):
        return Design(assigned=found["how"], arms=int(found["arms"]))
    return Unclear("it is no sentence about the design or the assignment as known here")


def read_follow_up(sentence: Stretch) -> FollowUp | Unclear:
    """Read the sentence on follow-up.

    Parameters
    ----------
    sentence : Stretch
        `After completion of study treatment, ...`

    Returns
    -------
    FollowUp or Unclear
        First visit in days after treatment, interval after that in months.
    """
    found = _FOLLOW_UP.fullmatch(sentence.plain)
    if found is None:
        return Unclear("it is no sentence of the form '... at 30 days, then every 3 months.'")
    days, months = int(found["days"]), int(found["months"])
    if not 1 <= days <= MOST_DAY or not 1 <= months <= 60:
        return Unclear(f"{days} days and {months} months are not within 1-{MOST_DAY} and 1-60")
    return FollowUp(first_after_days=days, then_every_months=months)


def read_arms(arms: Iterable[ArmWords]) -> tuple[tuple[DraftArm, tuple[Span, ...]], ...]:
    """Read the ARM paragraphs; an arm may refer to any other.

    Parameters
    ----------
    arms : iterable of ArmWords
        In the order of the record, each label once.

    Returns
    -------
    tuple of (DraftArm, tuple of Span)
        Each arm with a span for each of its sentences.
    """
    words = tuple(arms)
    alone = {each.label: _read_arm(each, {})[0] for each in words}
    known = {label: arm.dosing for label, arm in alone.items() if not arm.kept}
    return tuple(_read_arm(each, known) for each in words)


def _read_arm(
    words: ArmWords, known: dict[str, tuple[DosingLine, ...]]
) -> tuple[DraftArm, tuple[Span, ...]]:
    """Read one arm, sentence by sentence."""
    dosing: list[DosingLine] = []
    repeats: list[_Repeat] = []
    kept: list[Kept] = []
    spans: list[Span] = []
    length = _cycle_days(words.sentences)
    for sentence in words.sentences:
        meant = _repeat(sentence) or _dosing(sentence, known, length)
        if isinstance(meant, _Repeat) and repeats and meant != repeats[0]:
            meant = Unclear("the arm says differently before how its cycles repeat")
        match meant:
            case Unclear():
                spans.append(sentence.span("arm sentence"))
                kept.append(Kept(spans[-1], sentence.words, meant.because))
            case _Repeat():
                spans.append(sentence.span("cycles", f"arms.{words.label}.cycle_days"))
                repeats.append(meant)
            case _:
                spans.append(sentence.span("treatment", f"arms.{words.label}.dosing"))
                dosing.extend(meant)
    repeat = repeats[0] if repeats else None
    arm = DraftArm(
        words.label,
        _limited(dosing, repeat.most if repeat else None),
        repeat.days if repeat else None,
        repeat.most if repeat else None,
        repeat.until if repeat else (),
        tuple(kept),
        words.line,
    )
    return arm, tuple(spans)


def _repeat(sentence: Stretch) -> _Repeat | None:
    """Read `Cycles repeat every 28 days in the absence of ...`; None when it is no such one."""
    found = _CYCLES.fullmatch(sentence.plain)
    if found is None:
        return None
    days = int(found["every"]) * (7 if found["unit"] == "weeks" else 1)
    ends = tuple(re.split(r" and | or ", found["ends"]))
    most = int(found["most"]) if found["most"] else None
    if not 1 <= days <= MOST_DAY or most == 0 or not set(ends) <= set(ENDS):
        return None
    return _Repeat(days, most, ends)


def _cycle_days(sentences: tuple[Stretch, ...]) -> int | None:
    """Give the length of the arm's cycles where a sentence states it."""
    lengths = (repeat.days for each in sentences if (repeat := _repeat(each)))
    return next(lengths, None)


def _dosing(
    sentence: Stretch, known: dict[str, tuple[DosingLine, ...]], length: int | None
) -> tuple[DosingLine, ...] | Unclear:
    """Read a treatment sentence; a day past the end of the cycle leaves it unclear."""
    lines = read_treatment(sentence.plain, sentence.line, known)
    if isinstance(lines, Unclear):
        return Unclear(shorten(lines.because, 300))
    last = max(days.last for line in lines for days in line.days)
    if length is not None and last > length:
        return Unclear(f"day {last} is past the end of the {length}-day cycle")
    return lines


def _limited(dosing: list[DosingLine], most: int | None) -> tuple[DosingLine, ...]:
    """End open lines with the last cycle that the arm allows."""
    if most is None:
        return tuple(dosing)
    return tuple(
        replace(line, cycles=CycleRange(first=line.cycles.first, last=most))
        if line.cycles.last is None and line.cycles.first <= most
        else line
        for line in dosing
    )
