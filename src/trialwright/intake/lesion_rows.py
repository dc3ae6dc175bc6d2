"""One row of a table of central readings: a lesion, or a new one, as one evaluator read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, Protocol

from trialwright.casebook.tumour_words import read_nontarget, read_target
from trialwright.casebook.tumours import (
    Certainty,
    Marker,
    Merged,
    NonTargetReading,
    NonTargetWord,
    Response,
    Split,
    TargetReading,
    TargetWord,
    require_lengths,
)
from trialwright.conduct.central_records import ADJUDICATOR, READERS, Central
from trialwright.conduct.observing import LESION_LABEL
from trialwright.intake.table_cells import CellReader, Style
from trialwright.terms.errors import Fault, Refusal, refuse, shape
from trialwright.terms.sources import Source

LESION_FIELDS: Mapping[str, bool] = MappingProxyType(
    {
        "evaluator": True, "timepoint": True, "day": True, "finding": True, "lesion": True,
        "site": False, "is_node": True, "reading": True, "method": False, "marker": False,
        "overall": False,
    }
)  # fmt: skip
"""Fields of a row, and whether a column of it must be named."""

NONE_SEEN = "NONE"
"""Said of new lesions where somebody looked and found none."""

NEW_WORDS = (*(str(each) for each in Certainty), NONE_SEEN, "NE")
"""What is said of new lesions; NE: nobody could look."""

_WORDS = dict.fromkeys((*map(str, TargetWord), *map(str, NonTargetWord), *NEW_WORDS))

LESION_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "evaluator": (*READERS, ADJUDICATOR),
        "timepoint": ("baseline", "assessment"),
        "finding": ("TARGET", "NON-TARGET", "NEW"),
        "is_node": ("yes", "no"),
        "reading": tuple(_WORDS),
        "marker": tuple(str(each) for each in Marker),
        "overall": tuple(str(each) for each in Response),
    }
)
"""What coded fields of a row say in our words; those of lesions are CDISC's."""

_MERGED = "MERGED:"

Finding = Literal["TARGET", "NON-TARGET", "NEW"]


class _Written(Style, Protocol):
    """How numbers and fragments are written."""

    @property
    def between(self) -> str:
        """What stands between fragments."""


@dataclass(frozen=True, slots=True)
class LesionRow:
    """A lesion as one evaluator read it on one day.

    Attributes
    ----------
    evaluator : {'reader 1', 'reader 2', 'adjudicator'}
        Who read.
    is_baseline : bool
        Whether it was read before treatment.
    on : date
        Day of the imaging.
    finding : {'TARGET', 'NON-TARGET', 'NEW'}
        What the row is about.
    label, site : str
        Of the lesion; perhaps empty.
    is_node : bool or None
        Whether it is a lymph node; None: not said.
    reading : TargetReading, NonTargetReading, Certainty, str or None
        At baseline the diameter of a target; of new lesions their certainty, `NONE` or `NE`.
    method : str
        Imaging method; perhaps empty.
    marker, overall : str or None
        Tumour marker, and the overall response that was written down; None: not said.
    source : Source
        Where it stands.
    """

    evaluator: Central
    is_baseline: bool
    on: date
    finding: Finding
    label: str
    site: str
    is_node: bool | None
    reading: TargetReading | NonTargetReading | Certainty | str | None
    method: str
    marker: str | None
    overall: str | None
    source: Source


def read_lesion_field(said: str, words: Mapping[str, str]) -> str:
    """Give what a reading says in our words.

    Parameters
    ----------
    said : str
        A word, a number, fragments, or `MERGED:` and a label.
    words : mapping of str to str
        Of the mapping.

    Returns
    -------
    str
        Our word; anything else as it stands.
    """
    return words.get(said, said)


def made_lesion(found: Mapping[str, Any], mapping: _Written, source: Source) -> LesionRow:
    """Make a row of the cells that were read.

    Parameters
    ----------
    found : mapping of str to object
        By field.
    mapping : EntryMapping
        How numbers and fragments are written.
    source : Source
        Where it stands.

    Returns
    -------
    LesionRow
        The row.

    Raises
    ------
    Refusal
        If the lesion has no label or one that is no code, a lesion at baseline does not say
        whether it is a node, or the reading is none for its finding.
    """
    finding, is_baseline = found["finding"], found["timepoint"] == "baseline"
    label = found.get("lesion") or ""
    faults = [*_unlabelled(label, finding)]
    if is_baseline and finding != "NEW" and found.get("is_node") is None:
        faults.append(Fault("is_node", "nothing", "yes or no", "Say whether it is a lymph node"))
    reading = None
    try:
        reading = _Reading(found.get("reading") or "", mapping).of(finding, is_baseline=is_baseline)
    except Refusal as refused:
        faults += refused.faults
    if faults:
        raise Refusal(faults)
    return LesionRow(
        found["evaluator"], is_baseline, found["day"].latest, finding, label,
        found.get("site") or "", found.get("is_node"), reading, found.get("method") or "",
        found.get("marker"), found.get("overall"), source,
    )  # fmt: skip


def _unlabelled(label: str, finding: Finding) -> Iterator[Fault]:
    """Name a lesion without a label, and a label that may be free text."""
    if (label or finding != "NEW") and not LESION_LABEL.fullmatch(label):
        found = "something of another form" if label else "nothing"
        yield Fault("lesion", found, "a letter or digit, then up to 15 of these and _.- (ASCII), "
                    "e.g. T1", "Name the lesion by a code")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a row says of its lesion, to be read by what the lesion is."""

    said: str
    mapping: _Written

    def of(
        self, finding: Finding, *, is_baseline: bool
    ) -> TargetReading | NonTargetReading | Certainty | str | None:
        """Read it; refuse what is no reading of that kind of lesion."""
        if is_baseline:
            return self._baseline(finding)
        if finding == "NEW":
            if self.said not in NEW_WORDS:
                raise self._other(", ".join(NEW_WORDS))
            return self.said if self.said in (NONE_SEEN, "NE") else Certainty(self.said)
        if not self.said:
            raise refuse("reading", "nothing", "a reading", "Say NE where it was not evaluated")
        if finding == "NON-TARGET":
            return read_nontarget(self.said if self.said in set(NonTargetWord) else
                                  self._mm(self.said, NonTargetWord), "reading")  # fmt: skip
        if self.said in set(TargetWord):
            return read_target(self.said, "reading")
        if self.said.startswith(_MERGED):
            return Merged(self.said.removeprefix(_MERGED).strip())
        parts = self.said.split(self.mapping.between)
        fragments = tuple(self._mm(each, TargetWord) for each in parts)
        return fragments[0] if len(fragments) == 1 else Split(fragments)

    def _baseline(self, finding: Finding) -> Decimal | None:
        """Read a lesion before treatment: the diameter of a target, and of others nothing."""
        if finding == "NEW":
            raise refuse("finding", "a new lesion at baseline", "TARGET or NON-TARGET",
                         "List it as a non-target lesion")  # fmt: skip
        if finding == "NON-TARGET":
            if self.said in ("", NonTargetWord.PRESENT):
                return None
            raise self._other("PRESENT, or nothing")
        mm = self._mm(self.said, ())
        if not mm:
            raise refuse("reading", "0 mm at baseline", "a diameter above 0 mm",
                         "Measure the lesion, or leave it out of the targets")  # fmt: skip
        return mm

    def _mm(self, said: str, words: Any) -> Decimal:
        """Read millimetres by the declared decimal sign; another unit is refused."""
        allowed = ", ".join(["millimetres", *words])
        try:
            written = CellReader(self.mapping).amount(said)
        except Refusal:
            raise self._other(allowed) from None
        if written is None or written.comparator or written.unit not in ("", "mm"):
            raise self._other(allowed)
        require_lengths((written.number,), "reading")
        return written.number

    def _other(self, allowed: str) -> Refusal:
        """Refuse what stands there, which is never quoted."""
        found = f"text of the form {shape(self.said)!r}" if self.said else "nothing"
        return refuse("reading", found, allowed, "Correct it, or say in `words` what it means")
