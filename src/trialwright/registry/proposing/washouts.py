"""Wash-outs: times between an earlier treatment, procedure or event and the study."""

import re
from dataclasses import dataclass, field, replace

from trialwright.registry.proposing import washout_words as words
from trialwright.registry.proposing.amounts import NO_COMPARATOR, Bound
from trialwright.registry.proposing.circumstances import defines_menopause, is_contraception
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece

_WINDOW = 800  # characters of a clause that are looked at
_NEAR = 110  # characters before a time in which a test or a stable state is its own
_LONGEST_WHAT = 300
_LONGEST_BEFORE = 200
_LONGER = ("longer", "longest", "greater", "greatest", "later", "latest")
_BACK_OVER = frozenset({"OR", "COMMA", "AND", "OPENS", "A"})
_BACK_OVER_WORDS = frozenset({"at", "least", "for", "approximately"})


@dataclass(frozen=True, slots=True)
class _Around:
    """The words of its clause around a time."""

    before: str
    after: str


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
        around = _around(self.line, piece)
        joined = self._joined_to(at)
        if not bound.sides and joined is not None:
            return self._sharing(at, bound, joined, around)
        if self._is_of_something_else(piece, bound, around):
            return None
        if joined is None and not _is_washout(bound, around):
            return None
        if not sides_of(bound):
            why = bound.doubt or "its number can be read in two ways"
            is_meant = _is_meant(around)
            return Doubtful("wash-out", "", piece.start, piece.end, why) if is_meant else None
        return self._limit(at, bound, around)

    def _limit(self, at: int, bound: Bound, around: _Around) -> Limit:
        """Give the wash-out with what was before, and the day from which it counts back."""
        piece = self.pieces[at]
        earlier = (*self.limits, *self.read_so_far.values())
        read = max((each.end for each in earlier if each.end <= piece.start), default=0)
        begins = piece.start - len(around.before)
        unread = replace(around, before=around.before[max(0, read - begins) :])
        what, start, end = _what(self.line, piece, unread)
        before, before_end = _before(self.line, piece, around)
        fields = {
            "what": what,
            "unit": bound.amount.time,
            "before": before,
            "whichever": self._whichever(at),
        }
        return Limit(
            "wash-out", start, max(end, before_end), sides_of(bound), fields, bound.because
        )

    def _is_of_something_else(self, piece: Piece, bound: Bound, around: _Around) -> bool:
        """Say whether a time is that of a test, of stability, of contraception or of a relapse."""
        sentence = around.before + around.after
        if is_contraception(sentence) or defines_menopause(sentence):
            return True
        if words.AFTER_STUDY.match(around.after) or words.STABLE_AFTER.match(around.after):
            return True
        near = around.before[-_NEAR:]
        if _is_stability(bound, near) or (
            words.RELAPSE.search(near) and words.OTHER_EVENT.match(around.after)
        ):
            return True
        if bound.amount.time == "hours" and "fast" in sentence:
            return True
        return self._is_of_a_test(piece, around, near)

    def _is_of_a_test(self, piece: Piece, around: _Around, near: str) -> bool:
        """Say whether a time tells when something is measured."""
        begins = piece.start - len(around.before)
        ends = [
            each.end for each in self.limits if begins <= each.start and each.end <= piece.start
        ]  # fmt: skip
        if ends:
            return not words.TREATMENT.search(self.line.text[max(ends) : piece.start])
        tests = list(words.TEST.finditer(near))
        if not tests:
            return False
        is_of_treatment = words.TREATMENT.search(near[tests[-1].start() :])
        return not is_of_treatment and not words.SINCE.match(around.after)

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
        is_over = words.CLAUSE.search(between)
        is_bounded = any(each.bound for each in self.pieces[earlier + 1 : at])
        return None if is_over or is_bounded else earlier

    def _sharing(self, at: int, bound: Bound, joined: int, around: _Around) -> Found | None:
        """Give a time the comparator of the time that it is joined to, where it covers both."""
        piece, washout = self.pieces[at], self.read_so_far[joined]
        number = bound.amount.number
        if number is None or not isinstance(washout, Limit):
            return None
        if bound.doubt != NO_COMPARATOR:
            return Doubtful("wash-out", "", piece.start, piece.end, bound.doubt)
        if not self.carry and not self._is_covered(at, joined):
            return Doubtful("wash-out", "", piece.start, piece.end, NO_COMPARATOR)
        what = washout.fields["what"]
        named = re.match(r" ?(?:for|if|from|since|after) ([^;,().]{3,200})", around.after)
        if named:
            first = piece.end + named.start(1)
            what = _cut(self.line, first, first + len(named[1].rstrip()))
        fields = {**washout.fields, "what": what, "unit": bound.amount.time}
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


def _around(line: Levelled, piece: Piece) -> _Around:
    """Cut the clause around a time."""
    head = line.text[max(0, piece.start - _WINDOW) : piece.start]
    stops = list(words.CLAUSE.finditer(head))
    tail = line.text[piece.end : piece.end + _WINDOW]
    stop = words.CLAUSE.search(tail)
    return _Around(
        head[stops[-1].end() :] if stops else head, tail[: stop.start()] if stop else tail
    )


def _is_meant(around: _Around) -> bool:
    """Say whether a time without a comparator is plainly a wash-out."""
    if words.WASHOUT.search(around.before[-60:] + around.after[:40]):
        return True
    is_to_study = words.TO_STUDY.match(around.after)
    return bool(is_to_study and words.TREATMENT.search(around.before))


def _is_stability(bound: Bound, near: str) -> bool:
    """Say whether a time is how long something has lasted."""
    if any(side in ("at_least", "above") for side, _ in bound.sides):
        return bool(words.LASTING.search(near) or words.STABLE.search(near))
    events = list(words.TREATMENT.finditer(near))
    return bool(words.STABLE.search(near, events[-1].end() if events else 0))


def _is_washout(bound: Bound, around: _Around) -> bool:
    """Say whether the words make a time a wash-out."""
    if bound.amount.time == "half-lives":
        return bool(bound.sides)
    is_to_study = bool(words.TO_STUDY.match(around.after))
    is_before = is_to_study or bool(words.BEFORE_WORD.match(around.after))
    if bound.manner in ("during", "within"):
        return bound.manner == "within" or is_before
    if words.SINCE.match(around.after) or words.ELAPSED.match(around.after):
        return True
    if is_before:
        is_off = words.OFF.search(around.before[-80:])
        is_event = words.TREATMENT.search(around.before)
        return bool(is_event or is_off or not around.before.strip(" ("))
    return bool(words.INTERVAL.search(around.before)) or _is_in_brackets(bound, around)


def _is_in_brackets(bound: Bound, around: _Around) -> bool:
    """Say whether a short time stands in brackets after an event: `stroke (< 6 months)`."""
    is_bracketed = around.before.rstrip().endswith("(") and around.after.lstrip()[:1] in (")", ",")
    is_short = any(side in ("below", "at_most") for side, _ in bound.sides)
    return is_bracketed and is_short and bool(words.EVENT.search(around.before[-70:]))


def _what(line: Levelled, piece: Piece, around: _Around) -> tuple[str, int, int]:
    """Cut out what was before the study, and say where its words and those of the time stand."""
    since = words.SINCE.match(around.after)
    if since is None or words.TO_STUDY.match(around.after):
        what, start = _what_before(line, piece, around)
        return what, start, piece.end
    first = piece.end + since.end()
    last = first + _length(line.text[first : first + _WINDOW], words.WHAT_ENDS)
    return _cut(line, first, last), piece.start, max(piece.end, last)


def _before(line: Levelled, piece: Piece, around: _Around) -> tuple[str, int]:
    """Cut out the day from which a time counts back, and say where its words end."""
    at_once = words.TO_STUDY.match(around.after)
    to = at_once or words.BEFORE_STUDY.search(around.after)
    if to is None:
        return "", piece.end
    first = piece.end + to.start("study")
    last = first + _length(line.text[first : first + _WINDOW], words.BEFORE_ENDS)
    before = _cut(line, first, last)
    return before if len(before) <= _LONGEST_BEFORE else "", last if at_once else piece.end


def _length(text: str, ends: re.Pattern[str]) -> int:
    """Say how long a stretch is until a pattern ends it."""
    stop = ends.search(text)
    return len(text[: stop.start()].rstrip() if stop else text.rstrip())


def _what_before(line: Levelled, piece: Piece, around: _Around) -> tuple[str, int]:
    """Cut out what stands before a time: the treatment or the event."""
    before = words.TRAIL.sub("", around.before.rstrip(" (,")).lstrip(" (,)")
    for cut in (", or ", " or has "):
        if len(before) > _LONGEST_BEFORE and cut in before:
            before = before[before.rindex(cut) + len(cut) :]
    lead = words.LEAD.match(before)
    skipped = lead.end() if lead and lead.end() < len(before) else 0
    first = piece.start - len(around.before) + around.before.rindex(before) + skipped
    last = first + len(before) - skipped
    if not 4 <= last - first <= _LONGEST_WHAT:
        return "", piece.start
    first += len(line.text[first:last]) - len(line.text[first:last].lstrip())
    return _cut(line, first, last), first


def _cut(line: Levelled, start: int, end: int) -> str:
    """Give the record's own words, none for an empty or too long stretch."""
    return line.cut(start, end) if 0 < end - start <= _LONGEST_WHAT else ""
