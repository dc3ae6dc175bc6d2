"""What a design advises at a dose meeting, and what people decide against it.

The *highest admissible level* is the highest at which the next participants may be treated: no
level is admissible that the design has closed for its DLTs, or that is above every level tried and
above the one advised. A model-based design closes no levels; there it is the level advised. While
participants are pending no level above that of the last cohort is admissible.

Combinations of two agents have no order. There the highest is the one advised, and those are
admissible that are not closed and in no agent above it, or above a combination tried.

Where a design refuses the data there is no advice. People may then decide on a level that the
design has not closed, one step above those tried at most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Final, Literal, cast

from trialwright.escalation.backfill import Backfill
from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import Act, Decision, Design, LevelCount, is_level
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.three_plus_three import CLOSING, ThreePlusThree
from trialwright.escalation.follow_up import decide_observed, follows_up
from trialwright.escalation.meeting import INCOMPLETE
from trialwright.escalation.observed import Observed
from trialwright.escalation.tally_design import TallyDesign
from trialwright.terms.canonical import Json, canonical, digest
from trialwright.terms.errors import Fault, Refusal, shorten

NO_ADVICE: Final = "no advice"
"""What stands for the act where a design refuses the data."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a design advises, with what it rests on.

    Attributes
    ----------
    act : {'escalate', 'stay', 'expand', 'de-escalate', 'wait', 'stop', 'no advice'}
        What to do next.
    level : int or None
        Dose level of the next participants; None when the escalation stops or nothing is advised.
    highest_admissible : int or None
        Highest dose level at which the next participants may be treated; None when it stops.
    admissible : tuple of int
        Every level at which they may be.
    cohort_size : int
        Participants who may be enrolled at `level` next.
    mtd : int or None
        Dose level estimated as the MTD, only when the act is `stop`.
    rule : str
        Short name of the rule that decided.
    because : str
        The reason in words with the numbers.
    warnings : tuple of str
        What people should know before they decide.
    design : str
        Name of the design.
    design_digest, data_digest : str
        SHA-256 of the design with all its settings, and of the data it looked at.
    """

    act: Act | Literal["no advice"]
    level: int | None
    highest_admissible: int | None
    admissible: tuple[int, ...]
    cohort_size: int
    mtd: int | None
    rule: str
    because: str
    warnings: tuple[str, ...]
    design: str
    design_digest: str
    data_digest: str

    @property
    def is_final(self) -> bool:
        """Whether a dose decision can be taken: nobody is pending, the cohort is complete."""
        return self.act not in ("wait", NO_ADVICE) and self.rule != INCOMPLETE

    def overridden(self, level: int | None, reason: str, role: str) -> "Override":
        """Decide otherwise than advised.

        Parameters
        ----------
        level : int or None
            Dose level chosen by people; None: the escalation ends.
        reason : str
            Why; never empty.
        role : str
            Role of who decides, e.g. `safety-review-committee`; never empty.

        Returns
        -------
        Override
            What was advised and what is done instead.

        Raises
        ------
        Refusal
            If there is no reason or no role, if what is chosen is what was advised, or if the level
            is above the highest admissible one.
        """
        faults = [
            Fault(name, "nothing", allowed, do)
            for name, text, allowed, do in (
                ("reason", reason, "a reason in words", "Say why the advice is not followed"),
                ("role", role, "the role of who decides", "Say who decides"),
            )
            if not text.strip()
        ]
        if level is not None and not (is_level(level, level) and level in self.admissible):
            none = "the design has closed each" if self.act == NO_ADVICE else "it has stopped"
            allowed = ", ".join(map(str, self.admissible)) or f"no level: {none}"
            do = "Choose an admissible dose level, or stop"
            faults.append(Fault("level", f"dose level {shorten(level)}", allowed, do))
        elif self.is_final and level == self.level:
            found = "to stop" if level is None else f"dose level {level}"
            do = "Follow the advice; nothing is overridden"
            faults.append(Fault("level", f"{found}, as advised", "another decision", do))
        if faults:
            raise Refusal(faults)
        return Override(self, level, reason.strip(), role.strip())


@dataclass(frozen=True, slots=True)
class Override:
    """A decision by people against the advice of a design; its signature is taken elsewhere.

    Attributes
    ----------
    advice : Advice
        What the design advised.
    level : int or None
        Dose level chosen; None: the escalation ends.
    reason, role : str
        Why, and who decided.
    """

    advice: Advice
    level: int | None
    reason: str
    role: str

    def __str__(self) -> str:
        """Say it in one sentence."""
        done = "stop the escalation" if self.level is None else f"dose level {self.level}"
        return f"{done} instead of the advice ({self.role}: {self.reason}); {self.advice.because}"


def advise(design: Design, data: Observed) -> Advice:
    """Ask a design for the next dose.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Counts and last cohort.

    Returns
    -------
    Advice
        The design's decision with what it rests on.

    Raises
    ------
    Refusal
        If the design cannot have led to these data.
    """
    return advised(design, data, decide_observed(design, data))


def advised(
    design: Design, data: Observed, decided: Decision, around: Backfill | None = None
) -> Advice:
    """Give the advice that a decision of a design comes to.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Counts and last cohort, of everybody.
    decided : Decision
        What was decided on them.
    around : Backfill or None
        The backfill around the design, where that decided.

    Returns
    -------
    Advice
        With what it rests on.
    """
    highest = highest_admissible(design, data, decided)
    return Advice(
        act=decided.act,
        level=decided.level,
        highest_admissible=highest,
        admissible=_admissible(design, data, decided, highest),
        cohort_size=decided.cohort_size,
        mtd=decided.mtd,
        rule=decided.rule,
        because=decided.because,
        warnings=(*data.warnings, *_warnings(data, decided)),
        **_rests_on(design, data, around),
    )


def unadvised(
    design: Design, data: Observed, refused: Refusal, around: Backfill | None = None
) -> Advice:
    """Give what people have before them where a design refuses the data.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Counts and last cohort, of everybody.
    refused : Refusal
        Why the design does not decide.
    around : Backfill or None
        The backfill around the design, where there is one.

    Returns
    -------
    Advice
        `no advice`, with the refusal in words, and the levels that people may decide on.
    """
    admissible = _unadvised_levels(design, data)
    return Advice(
        act=NO_ADVICE,
        level=None,
        highest_admissible=max(admissible, default=None),
        admissible=admissible,
        cohort_size=0,
        mtd=None,
        rule="refused",
        because="; ".join(str(fault) for fault in refused.faults),
        warnings=data.warnings,
        **_rests_on(design, data, around),
    )


def _rests_on(design: Design, data: Observed, around: Backfill | None) -> dict[str, str]:
    """Give name and digests of what was asked, and the digest of what it looked at."""
    weighs, named = follows_up(design) and bool(data.participants), around or design
    return {
        "design": named.name,
        "design_digest": design_digest(named),
        "data_digest": data.digest_with_follow_up if weighs else data.digest,
    }


def _unadvised_levels(design: Design, data: Observed) -> tuple[int, ...]:
    """Give the levels that the design has not closed, at most one step above those tried."""
    tried = [level for level, count in enumerate(data.seen, start=1) if count.treated]
    if isinstance(design, BoinCombinations):
        reach = [design.combination(each) for each in tried or [data.at]]
        return tuple(
            level
            for level in design.open_levels(data.seen)
            if any(_steps(design.combination(level), each) <= 1 for each in reach)
        )
    highest = min(max(tried) + 1 if tried else data.at, len(data.seen))
    return tuple(each for each in range(1, highest + 1) if not is_closed(design, data, each))


def is_closed(design: Design, data: Observed, level: int) -> bool:
    """Say whether a design has closed a dose level, or one below it, for its DLTs.

    Parameters
    ----------
    design : Design
        Any design of the catalogue; a model-based one closes none.
    data : Observed
        Counts and last cohort.
    level : int
        Dose level, tried or not.

    Returns
    -------
    bool
        Whether no more participants may be treated there.
    """
    if isinstance(design, BoinCombinations):
        return level not in design.open_levels(data.seen)
    closes = _closing(design)
    return closes is not None and any(each.treated and closes(each) for each in data.seen[:level])


def _steps(doses: tuple[int, int], other: tuple[int, int]) -> int:
    """Count the steps by which a combination is above another, in either agent."""
    return sum(max(0, here - there) for here, there in zip(doses, other, strict=True))


def highest_admissible(design: Design, data: Observed, decided: Decision) -> int | None:
    """Give the highest dose level at which the next participants may be treated.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Counts and last cohort.
    decided : Decision
        What the design says to them.

    Returns
    -------
    int or None
        As the module says; None when the escalation stops.
    """
    if decided.level is None:
        return None
    closes = _closing(design)
    if closes is None:
        return decided.level
    tried = [level for level, count in enumerate(data.seen, start=1) if count.treated]
    reach = data.at if decided.act == "wait" else max([decided.level, *tried])
    closed = [level for level in tried if closes(data.seen[level - 1])]
    return min([reach, *(level - 1 for level in closed)])


def _admissible(
    design: Design, data: Observed, decided: Decision, highest: int | None
) -> tuple[int, ...]:
    """Give every level at which the next participants may be treated."""
    if decided.level is None or not isinstance(design, BoinCombinations):
        return tuple(range(1, (highest or 0) + 1))
    tried = [level for level, count in enumerate(data.seen, start=1) if count.treated]
    reach = [data.at] if decided.act == "wait" else [decided.level, *tried]
    return tuple(
        level
        for level in design.open_levels(data.seen)
        if any(_is_within(design.combination(level), design.combination(each)) for each in reach)
    )


def _is_within(doses: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether a combination is in no agent above another."""
    return doses[0] <= other[0] and doses[1] <= other[1]


def _closing(design: Design) -> Callable[[LevelCount], bool] | None:
    """Give what says whether a tally closes its level; None for a design that closes none."""
    if isinstance(design, ThreePlusThree | RollingSix):
        return lambda count: count.dlts >= CLOSING
    if isinstance(design, TallyDesign):
        return lambda count: design.letter(count.treated, count.dlts) == "U"
    return None


def design_digest(design: Design | Backfill) -> str:
    """Give the SHA-256 of a design with all its settings.

    Parameters
    ----------
    design : Design or Backfill
        Any design of the catalogue, or a backfill around one.

    Returns
    -------
    str
        64 hexadecimal digits; equal for equal settings.
    """
    told: dict[str, Json] = {"design": type(design).__name__}
    if is_dataclass(design):
        told.update({each.name: _plain(getattr(design, each.name)) for each in fields(design)})
    return digest(canonical(told))


def _plain(value: object) -> Json:
    """Give a setting as a plain value; numbers that are not whole as the text that gives them."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in cast(Sequence[object], value)]
    if isinstance(value, bool | int | str) or value is None:
        return value
    return str(value)


def _warnings(data: Observed, decided: Decision) -> tuple[str, ...]:
    """Say what speaks against taking the decision for final."""
    found = []
    if data.pending:
        found.append(f"{data.pending} still in the DLT window")
    if decided.rule == INCOMPLETE and data.seen[data.at - 1].treated:
        found.append(f"the cohort at dose level {data.at} is not complete")
    return tuple(found)
