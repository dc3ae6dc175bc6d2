"""What a reader has gathered so far, and how it is settled when the record says a thing twice."""

from dataclasses import dataclass, field

from trialwright.registry.lines import Stretch
from trialwright.registry.spans import Kept, Remark, Span


@dataclass(frozen=True, slots=True)
class Claim:
    """Words that give one topic its value.

    Attributes
    ----------
    value : str
        The value they give.
    stretches : tuple of Stretch
        Where they stand, the heading included; the first is named in messages.
    """

    value: str
    stretches: tuple[Stretch, ...]

    @property
    def line(self) -> int:
        """The line of the value."""
        return self.stretches[0].line


@dataclass(slots=True)
class Sheet:
    """Spans, kept text, remarks, and the claims on each topic.

    Attributes
    ----------
    spans : list of Span
        Understood ones and kept ones, in no order.
    kept : list of Kept
        What was not understood.
    remarks : list of Remark
        What people should look at.
    claims : dict of str to list of Claim
        By topic, in the order of the record.
    """

    spans: list[Span] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    claims: dict[str, list[Claim]] = field(default_factory=dict)

    def understand(self, span: Span) -> None:
        """Note a span that became a part of the draft.

        Parameters
        ----------
        span : Span
            Understood.
        """
        self.spans.append(span)

    def keep(self, stretch: Stretch, kind: str, because: str) -> None:
        """Keep words as text.

        Parameters
        ----------
        stretch : Stretch
            The words.
        kind : str
            What they are.
        because : str
            What was not understood.
        """
        self.take(Kept(stretch.span(kind), stretch.words, because))

    def take(self, kept: Kept) -> None:
        """Take kept text with its span.

        Parameters
        ----------
        kept : Kept
            The text.
        """
        self.spans.append(kept.span)
        self.kept.append(kept)

    def remark(self, line: int, says: str) -> None:
        """Note what people should look at.

        Parameters
        ----------
        line : int
            Line it concerns; 0 for the whole record.
        says : str
            The remark as a sentence.
        """
        self.remarks.append(Remark(line, says))

    def claim(self, topic: str, value: str, *stretches: Stretch) -> None:
        """Note that words give a topic its value; `settle` decides.

        Parameters
        ----------
        topic : str
            E.g. `status`.
        value : str
            The value.
        *stretches : Stretch
            The words, the heading included.
        """
        self.claims.setdefault(topic, []).append(Claim(value, stretches))

    def settle(self, topic: str) -> Claim | None:
        """Decide a topic: one value is taken, however often it stands; of two, neither.

        What is not taken is kept as text here; the caller notes what the taken claim became.

        Parameters
        ----------
        topic : str
            E.g. `status`.

        Returns
        -------
        Claim or None
            The first claim; None when there is none, or when two differ.
        """
        claims = self.claims.pop(topic, [])
        if not claims:
            return None
        first, later = claims[0], claims[1:]
        if all(" ".join(each.value.split()) == " ".join(first.value.split()) for each in later):
            for each in later:
                self._keep_all(each, topic, f"it repeats line {first.line}")
            return first
        lines = ", ".join(str(each.line) for each in claims[:10])
        for each in claims:
            self._keep_all(each, topic, f"lines {lines} differ on the {topic}: none is taken")
        self.remark(
            first.line, f"Lines {lines} differ on the {topic}, so the draft leaves it open."
        )
        return None

    def settled(self, topic: str, kind: str, became: str) -> str:
        """Decide a topic whose words wholly become one part of the draft.

        Parameters
        ----------
        topic : str
            E.g. `status`.
        kind : str
            What the words are.
        became : str
            The part of the draft.

        Returns
        -------
        str
            The value; empty when it stays open.
        """
        claim = self.settle(topic)
        if claim is None:
            return ""
        for place, stretch in enumerate(claim.stretches):
            self.understand(stretch.span("heading" if place else kind, became))
        return claim.value

    def _keep_all(self, claim: Claim, topic: str, because: str) -> None:
        """Keep all words of a claim that was not taken."""
        for stretch in claim.stretches:
            self.keep(stretch, topic.split(" ")[0].replace("_", " "), because)
