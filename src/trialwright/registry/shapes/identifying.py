"""Registration numbers of a record, each in its place."""

import re

from trialwright.registry.draft import DraftIdentifiers
from trialwright.registry.shapes.published import Published
from trialwright.registry.shapes.spots import Spot

_NCT = re.compile(r"NCT[0-9]{8}", re.IGNORECASE)
_OF_NCI = frozenset(
    {"REGISTRY", "CTRP (Clinical Trial Reporting Program)", "National Cancer Institute", "NCI"}
)
_NCI = re.compile(r"NCI-[0-9]{4}-[0-9]{5}")


def nct_of(spot: Spot) -> str:
    """Read a number of ClinicalTrials.gov.

    Parameters
    ----------
    spot : Spot
        Where it stands.

    Returns
    -------
    str
        In capitals; empty when it is none, and then it is kept.
    """
    words = spot.words
    if _NCT.fullmatch(words):
        return spot.read("identifier", "identifiers.nct").upper()
    if words:
        spot.keep("it is no number of the form NCT with eight digits")
    return ""


def is_nct(words: str) -> bool:
    """Say whether words are a number of ClinicalTrials.gov.

    Parameters
    ----------
    words : str
        An identifier.

    Returns
    -------
    bool
        True for `NCT00000000`.
    """
    return _NCT.fullmatch(words) is not None


class Numbers:
    """Gathers the registration numbers of a record.

    Attributes
    ----------
    published : Published
        Takes the numbers that have no place of their own.
    """

    def __init__(self, published: Published) -> None:
        self.published = published
        self._nct = ""
        self._primary = ""
        self._nci: list[str] = []

    def take_nct(self, spot: Spot) -> None:
        """Take the number of ClinicalTrials.gov; a second one that differs is another number.

        Parameters
        ----------
        spot : Spot
            Where it stands.
        """
        if self._nct and is_nct(spot.words) and spot.words.upper() != self._nct:
            self.published.note_one_more("other_numbers", {"id": spot.words}, spot)
        else:
            self._nct = nct_of(spot) or self._nct

    def take_primary(self, spot: Spot) -> None:
        """Take the lead organisation's own number.

        Parameters
        ----------
        spot : Spot
            Where it stands.
        """
        if not self._primary:
            self._primary = spot.read("identifier", "identifiers.primary")

    def take_other(self, number: Spot, kind: Spot, domain: Spot) -> None:
        """Take any other number.

        Parameters
        ----------
        number, kind, domain : Spot
            Where the number stands, which kind it is, and whose.
        """
        words = number.words
        if _NCI.fullmatch(words):
            number.understood("identifier", "identifiers.secondary")
            for spot in (kind, domain):
                if spot.words in _OF_NCI:
                    spot.understood("identifier type", "identifiers.secondary")
            self._nci.append(words)
        elif words:
            other = {"id": words, "type": kind.words, "domain": domain.words}
            self.published.note_one_more("other_numbers", other, number, kind, domain)

    def finish(self) -> DraftIdentifiers:
        """Give the numbers that have a place of their own.

        Returns
        -------
        DraftIdentifiers
            As far as the record states them.
        """
        return DraftIdentifiers(self._primary, tuple(dict.fromkeys(self._nci)), self._nct)
