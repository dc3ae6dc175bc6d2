"""The arms of a record in JSON: lettered, then their treatment read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialwright.registry.draft_arms import DraftArm
from trialwright.registry.lines import Line
from trialwright.registry.shapes.lettering import (
    MOST_ARMS,
    is_letter_alone,
    lettering_remark,
    letters_for,
)
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.treatments.arms import ArmText, read_treatments


@dataclass(frozen=True, slots=True)
class ArmSpots:
    """Where an arm stands.

    Attributes
    ----------
    title, type : Spot
        Its name and kind.
    texts : tuple of Spot
        What the record says of its treatment.
    """

    title: Spot
    type: Spot
    texts: tuple[Spot, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines on its treatment."""
        return tuple(line for text in self.texts for line in text.lines)


def read_arms(
    record: MarkedRecord, arms: Sequence[ArmSpots], agents: Sequence[str] = ()
) -> tuple[DraftArm, ...]:
    """Read the arms of a record.

    Parameters
    ----------
    record : MarkedRecord
        Takes spans, kept text and remarks.
    arms : sequence of ArmSpots
        In the order of the record.
    agents : sequence of str
        Names of the interventions that the record lists.

    Returns
    -------
    tuple of DraftArm
        Those that a protocol can letter; others are kept.
    """
    titles = [each.title.words for each in arms]
    letters = letters_for(titles)
    if remark := lettering_remark(titles, letters):
        record.sheet.remark(0, remark)
    texts = []
    for arm, letter in zip(arms, letters, strict=True):
        if not letter:
            _keep(arm)
            continue
        title = arm.title.read("heading", f"arms.{letter}")
        type_ = arm.type.read("arm type", f"arms.{letter}.type")
        shown = "" if is_letter_alone(title) else title
        texts.append(ArmText(letter, shown, type_, 0, arm.lines))
    return _treated(record, texts, agents)


def _treated(
    record: MarkedRecord, texts: Sequence[ArmText], agents: Sequence[str]
) -> tuple[DraftArm, ...]:
    """Read the treatment of all arms together, and take its spans."""
    arms = []
    for text, (arm, spans) in zip(texts, read_treatments(texts, agents), strict=True):
        for span in spans:
            if span.standing == "understood":
                record.understand(span)
        for kept in arm.kept:
            record.take(kept)
        words = "\n".join(line.words for line in text.lines)
        arms.append(replace(arm, source_text=words))
    return tuple(arms)


def _keep(arm: ArmSpots) -> None:
    """Keep an arm too many."""
    for spot in (arm.title, arm.type, *arm.texts):
        spot.keep(f"a protocol letters up to {MOST_ARMS} arms", "arm")
