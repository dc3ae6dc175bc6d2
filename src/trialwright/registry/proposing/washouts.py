"""Wash-outs: times between an earlier treatment, procedure or event and the study."""

import re
from dataclasses import dataclass, field

from trialwright.registry.proposing import washout_words as words
from trialwright.registry.proposing.amounts import NO_COMPARATOR, Bound
from trialwright.registry.proposing.circumstances import defines_menopause, is_contraception
from trialwright.registry.proposing.clauses import ENDS, Clause, clause_around
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.washout_subjects import (
    Governed,
    governed_after,
    governed_before,
    members_of,
    own_clause,
)

_NEAR = 110  # characters before a time in which a test or a stable state is its own
_LONGEST_BEFORE = 200
_LONGER = ("longer", "longest", "greater", "greatest", "later", "latest")
_BACK_OVER = frozenset({"OR", "COMMA", "AND", "OPENS", "A"})
_BACK_OVER_WORDS = frozenset({"at", "least", "for", "approximately"})
_LOW = ("at_least", "above")

ANOTHER_EVENT = "it counts from another event than the study's start, as far as the words say"
"""Why a time between two events before the study is not proposed."""

PERMITTED = "the words permit it and do not require it"
"""Why what is allowed within a time is not proposed."""

UNPAIRED = "the words say respectively, and their numbers cannot be paired"
"""Why numbers of a list are not proposed."""


@dataclass(slots=True)
class Washouts:
    """The wash-outs of a line, read from its first time to its last.

    Attributes
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.
    limits : tuple of Limit or Doubtful
        Limits on measured values in the line.
    carry : bool
        Whether a time may take the comparator of the time before it.
    read_so_far : dict of int to Limit or Doubtful
        What was read, by the place of its time among the pieces.
    """

    line: Levelled
    pieces: tuple[Piece, ...]
    limits: tuple[Found, ...]
    carry: bool
    read_so_far: dict[int, Found] = field(default_factory=dict)
    _listed: dict[int, tuple[int, int]] = field(default_factory=dict)
    _spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def read(self, at: int) -> Found | None:
        """Read one time.

        Parameters
        ----------
        at : int
            Its place among the pieces.

        Returns
        -------
        Limit or Doubtful or None
            None for a time of anything else.
        """
        bound = self.pieces[at].bound
        if bound is None:
            return None
        found = self._read(at, bound)
        if found is not None:
            self.read_so_far[at] = found
        return found

    def _read(self, at: int, bound: Bound) -> Found | None:
        """Read one time as a wash-out, if the words make it one."""
        piece = self.pieces[at]
        clause = clause_around(self.line, piece)
        joined = self._joined_to(at)
        if not bound.sides and joined is not None:
            return self._sharing(at, bound, joined, clause)
        if self._is_of_something_else(piece, bound, clause):
            return None
        if joined is None and not _is_washout(bound, clause):
            return None
        if not sides_of(bound):
            why = bound.doubt or "its number can be read in two ways"
            is_meant = _is_meant(clause)
            return Doubtful("wash-out", "", piece.start, piece.end, why) if is_meant else None
        return self._limit(at, bound, clause)

    def _limit(self, at: int, bound: Bound, clause: Clause) -> Found | None:
        """Give the wash-out with what was before, and the day from which it counts back."""
        piece = self.pieces[at]
        governed = self._governed(at, bound, clause)
        if self._names_no_treatment(governed):
            return None
        doubt = governed.doubt or _other_event(bound, clause) or _permission(bound, clause)
        if doubt:
            return Doubtful("wash-out", "", piece.start, piece.end, doubt)
        self._spans[at] = (governed.start, governed.end)
        before, before_end = _before(self.line, piece, bound, clause)
        fields = {
            "what": _cut(self.line, governed.start, governed.end),
            "unit": bound.amount.time,
            "before": before,
            "whichever": self._whichever(at),
        }
        is_named = governed.start < governed.end
        start = min(piece.start, governed.start) if is_named else piece.start
        end = max(piece.end, before_end, governed.end if is_named else 0)
        because = bound.because or governed.because
        return Limit("wash-out", start, end, sides_of(bound), fields, because)

    def _governed(self, at: int, bound: Bound, clause: Clause) -> Governed:
        """Say what a time governs: left of it, right of it, or its own of several."""
        piece = self.pieces[at]
        of_it = words.HISTORY_OF.match(clause.after) if clause.is_bracketed else None
        if of_it and words.HISTORY.search(clause.before):
            return governed_after(self.line, clause, of_it.end())
        named = words.FOR_NAMED.match(clause.after) if clause.is_bracketed else None
        if named and self._joined_to(at) is not None:
            return governed_after(self.line, clause, named.end())
        if bound.amount.time == "half-lives" and words.OF_DRUG.match(clause.after):
            return governed_after(self.line, clause, len("of "))
        since = words.SINCE.match(clause.after)
        if since and not words.TO_STUDY.match(clause.after):
            return governed_after(self.line, clause, since.end())
        interval = words.BETWEEN_STUDY.search(clause.before)
        if interval:
            first = clause.begin + interval.start("x")
            return Governed(first, clause.begin + interval.end("x"))
        earlier = (*self.limits, *self.read_so_far.values())
        read = max((each.end for each in earlier if each.end <= piece.start), default=0)
        governed = governed_before(self.line, clause, read)
        return self._respective(at, bound, self._as_before(clause, read, governed))

    def _as_before(self, clause: Clause, read: int, governed: Governed) -> Governed:
        """Give `or discontinued at least 4 weeks` the subject of the time before it."""
        last = max(self._spans, default=-1)
        is_next = last >= 0 and clause.begin < read == self.read_so_far[last].end
        between = self.line.text[read : clause.begin + len(clause.before)] if is_next else ""
        if not words.AGAIN.search(between):
            return governed
        start, end = self._spans[last]
        return Governed(start, end, "what it is of stands before the time before it")

    def _respective(self, at: int, bound: Bound, governed: Governed) -> Governed:
        """Give each number of `within 28 days or 14 days, respectively` its own subject."""
        times = self._times_joined_to(at)
        if not words.RESPECTIVELY.match(self.line.text, self.pieces[times[-1]].end):
            return governed
        begin, end = self._listed.setdefault(times[0], (governed.start, governed.end))
        members = members_of(self.line.text[begin:end])
        if len(times) < 2 or len(members) != len(times):
            return Governed(begin, end, doubt=UNPAIRED)
        start, stop = members[times.index(at)]
        return Governed(begin + start, begin + stop, bound.because)

    def _times_joined_to(self, at: int) -> list[int]:
        """Give the places of the times that only joints part from a time, itself included."""
        times = [at]
        for step in (-1, 1):
            place = at + step
            while 0 <= place < len(self.pieces):
                piece = self.pieces[place]
                if piece.bound is not None and piece.bound.amount.time:
                    times.append(place)
                elif piece.kind not in ("OR", "AND", "COMMA"):
                    break
                place += step
        return sorted(times)

    def _names_no_treatment(self, governed: Governed) -> bool:
        """Say whether what a time governs is a test, an analyte, or a disease that came back."""
        subject = self.line.text[governed.start : governed.end]
        if not subject:
            return False
        facts = [
            each
            for each in self.pieces
            if each.kind == "FACT" and governed.start <= each.start < governed.end
        ]
        for each in facts:
            subject = subject.replace(each.text, " ")
        if words.NOUN.search(subject):
            return False
        is_measured = any(not each.is_sign for each in facts)
        return is_measured or bool(words.TESTED.search(subject))

    def _is_of_something_else(self, piece: Piece, bound: Bound, clause: Clause) -> bool:
        """Say whether a time is that of a test, of stability, of contraception or of a relapse."""
        if words.BETWEEN_STUDY.search(clause.before):
            return False
        sentence = clause.before + clause.after
        is_of_child = is_contraception(sentence) and not words.NURSED.fullmatch(clause.before)
        if is_of_child or defines_menopause(sentence):
            return True
        if words.AFTER_STUDY.match(clause.after) or words.STABLE_AFTER.match(clause.after):
            return True
        near = clause.before[own_clause(clause.before) :][-_NEAR:]
        is_low = any(side in _LOW for side, _ in bound.sides)
        if is_low and (words.STARTED.search(near) or words.UNRECOVERED.search(near)):
            return True
        if _is_stability(bound, near) or words.CAME_BACK.search(near):
            return True
        if words.RELAPSE.search(near) and words.OTHER_EVENT.match(f" {clause.after}"):
            return True
        if bound.amount.time == "hours" and "fast" in sentence:
            return True
        return self._is_of_a_test(piece, clause, near)

    def _is_of_a_test(self, piece: Piece, clause: Clause, near: str) -> bool:
        """Say whether a time tells when something is measured."""
        ends = [
            each.end
            for each in self.limits
            if clause.begin <= each.start and each.end <= piece.start
        ]
        if ends:
            return not words.TREATMENT.search(self.line.text[max(ends) : piece.start])
        tests = list(words.TEST.finditer(near))
        if not tests:
            return False
        is_of_treatment = words.TREATMENT.search(near[tests[-1].start() :])
        return not is_of_treatment and not words.SINCE.match(clause.after)

    def _joined_to(self, at: int) -> int | None:
        """Find the wash-out that a time goes on from: `14 days or 5 half-lives`, `(6 weeks for`."""
        back = at - 1
        while back >= 0 and (
            self.pieces[back].kind in _BACK_OVER or self.pieces[back].text in _BACK_OVER_WORDS
        ):
            back -= 1
        if back in self.read_so_far and back < at - 1:
            return back
        earlier = max((place for place in self.read_so_far if place < at), default=-1)
        if earlier < 0 or not words.FOR_WHAT.match(self.line.text, self.pieces[at].end):
            return None
        between = self.line.text[self.pieces[earlier].end : self.pieces[at].start]
        is_over = ENDS.search(between)
        is_bounded = any(each.bound for each in self.pieces[earlier + 1 : at])
        return None if is_over or is_bounded else earlier

    def _sharing(self, at: int, bound: Bound, joined: int, clause: Clause) -> Found | None:
        """Give a time the comparator of the time that it is joined to, where it covers both."""
        piece, washout = self.pieces[at], self.read_so_far[joined]
        number = bound.amount.number
        if number is None or not isinstance(washout, Limit):
            return None
        if bound.doubt != NO_COMPARATOR:
            return Doubtful("wash-out", "", piece.start, piece.end, bound.doubt)
        if not self.carry and not self._is_covered(at, joined):
            return Doubtful("wash-out", "", piece.start, piece.end, NO_COMPARATOR)
        shared = self._respective(at, bound, Governed(*self._spans.get(joined, (0, 0))))
        if shared.doubt:
            return Doubtful("wash-out", "", piece.start, piece.end, shared.doubt)
        what = _cut(self.line, shared.start, shared.end)
        named = re.match(r" ?(?:for|if|from|since|after) ([^;,().\x00]{3,200})", clause.after)
        if named:
            first = clause.after_at + named.start(1)
            what = _cut(self.line, first, first + len(named[1].rstrip()))
        before = _before(self.line, piece, bound, clause)[0] or washout.fields["before"]
        fields = {**washout.fields, "what": what, "unit": bound.amount.time, "before": before}
        because = "the comparator is that of the time before it, to which it is joined"
        sides = ((washout.sides[0][0], number),)
        return Limit("wash-out", piece.start, piece.end, sides, fields, because)

    def _is_covered(self, at: int, joined: int) -> bool:
        """Say whether one word compares both times: `within 14 days or 5 half-lives`."""
        is_sign = re.search(r"[<>=\u2264\u2265]", self.pieces[joined].text)
        return not is_sign and self.pieces[at - 1].kind == "OR" and joined >= at - 3

    def _whichever(self, at: int) -> str | None:
        """Say how a time combines with another of the same words."""
        piece = self.pieces[at]
        beside = (*self.pieces[max(0, at - 40) : at], *self.pieces[at + 1 : at + 40])
        has_other = any(
            each.bound is not None and each.bound.amount.time and abs(each.start - piece.start) < 90
            for each in beside
        )
        window = self.line.text[max(0, piece.start - 120) : piece.end + 160]
        found = words.WHICHEVER.search(window) if has_other else None
        if found is None:
            return None
        which = found["which"] or found["of"]
        return "longer" if which in _LONGER else "shorter"


def _is_meant(clause: Clause) -> bool:
    """Say whether a time without a comparator is plainly a wash-out."""
    if words.WASHOUT.search(clause.before[-60:] + clause.after[:40]):
        return True
    is_to_study = words.TO_STUDY.match(clause.after)
    return bool(is_to_study and words.TREATMENT.search(clause.before))


def _other_event(bound: Bound, clause: Clause) -> str:
    """Say so where a time counts from another event than the study's start."""
    if words.TO_STUDY.match(clause.after) or bound.amount.time == "half-lives":
        return ""
    to = words.TO_OTHER.match(clause.after)
    if clause.is_bracketed and words.HISTORY.search(clause.before):
        return ""
    if to is None or (to["of"] and bound.manner not in ("within", "during")):
        return ""
    return ANOTHER_EVENT


def _permission(bound: Bound, clause: Clause) -> str:
    """Say so where the words allow what lies within a time: they set no limit."""
    if any(side in _LOW for side, _ in bound.sides):
        return ""
    is_denied = words.DENIED.search(clause.before)
    is_permitted = words.PERMIT.search(clause.before) and not is_denied
    return PERMITTED if is_permitted or words.PERMIT_AFTER.match(clause.after) else ""


def _is_stability(bound: Bound, near: str) -> bool:
    """Say whether a time is how long something has lasted."""
    if any(side in ("at_least", "above") for side, _ in bound.sides):
        return bool(words.LASTING.search(near) or words.STABLE.search(near))
    events = list(words.TREATMENT.finditer(near))
    return bool(words.STABLE.search(near, events[-1].end() if events else 0))


def _is_washout(bound: Bound, clause: Clause) -> bool:
    """Say whether the words make a time a wash-out."""
    if bound.amount.time == "half-lives":
        return bool(bound.sides)
    is_to_study = bool(words.TO_STUDY.match(clause.after))
    is_before = is_to_study or bool(words.BEFORE_WORD.match(clause.after))
    if bound.manner in ("during", "within"):
        return bound.manner == "within" or is_before
    if words.SINCE.match(clause.after) or words.ELAPSED.match(clause.after):
        return True
    if is_before:
        is_off = words.OFF.search(clause.before[-80:])
        is_event = words.TREATMENT.search(clause.before)
        return bool(is_event or is_off or not clause.before.strip(" ("))
    if words.INTERVAL.search(clause.before) or words.BETWEEN_STUDY.search(clause.before):
        return True
    return _is_in_brackets(bound, clause)


def _is_in_brackets(bound: Bound, clause: Clause) -> bool:
    """Say whether a short time stands in brackets after an event: `stroke (< 6 months)`."""
    is_short = any(side in ("below", "at_most") for side, _ in bound.sides)
    return clause.is_bracketed and is_short and bool(words.EVENT.search(clause.before[-70:]))


def _before(line: Levelled, piece: Piece, bound: Bound, clause: Clause) -> tuple[str, int]:
    """Cut out the day from which a time counts back, and say where its words end."""
    at_once = words.TO_STUDY.match(clause.after)
    if bound.amount.time == "half-lives" and words.OF_DRUG.match(clause.after):
        return "", piece.end
    to = at_once or words.BEFORE_STUDY.search(clause.after)
    if to is None:
        return _between(line, piece, clause)
    first = clause.after_at + to.start("study")
    rest = clause.after[to.start("study") :]
    stop = words.BEFORE_ENDS.search(rest)
    last = first + len((rest[: stop.start()] if stop else rest).rstrip())
    before = _cut(line, first, last)
    return before if len(before) <= _LONGEST_BEFORE else "", last if at_once else piece.end


def _between(line: Levelled, piece: Piece, clause: Clause) -> tuple[str, int]:
    """Cut out the day of `between X and registration`, before the time or after it."""
    interval = words.BETWEEN_STUDY.search(clause.before)
    if interval:
        first, last = interval.span("study")
        return _cut(line, clause.begin + first, clause.begin + last), piece.end
    after = re.search(rf" and (?:the )?(?P<study>{words.STUDY}[^;,.()]*)", clause.after)
    if after and clause.after.startswith(("between", "must have elapsed between")):
        first, last = after.span("study")
        return _cut(line, clause.after_at + first, clause.after_at + last), piece.end
    return "", piece.end


def _cut(line: Levelled, start: int, end: int) -> str:
    """Give the record's own words, none for an empty stretch."""
    return line.cut(start, end) if end > start else ""
