"""Versions of the protocol in a running trial, as one part of the trial's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.protocol.study import Study


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One version of the protocol.

    Attributes
    ----------
    number : int
        0 for the one with which the trial began, 1 for the first amendment.
    digest : str
        SHA-256 of its text; the envelope of a happening names the version by it.
    study : Study
        What it says.
    on : date or None
        Day of the amendment; None for the first version.
    reason : str
        Why it was amended.
    changes : tuple of str
        What changed from the version before, as sentences.
    consent_within : int or None, days
        As in `AmendProtocol`.
    sequence : int
        The happening whose payload holds the text.
    """

    number: int
    digest: str
    study: Study = field(compare=False, repr=False)
    on: date | None = None
    reason: str = field(default="", compare=False)
    changes: tuple[str, ...] = ()
    consent_within: int | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Activation:
    """A version that came into force.

    Attributes
    ----------
    version : int
        Its number.
    on : date
        First day.
    sequence : int
        The happening.
    """

    version: int
    on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Reconsent:
    """A consent to an amended version.

    Attributes
    ----------
    version : int
        Its number.
    on : date
        Day of the signature.
    sequence : int
        The happening.
    """

    version: int
    on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class Amendments:
    """Every version of the protocol, where and since when each is in force.

    Attributes
    ----------
    versions : tuple of ProtocolVersion
        By number; empty while the protocol was never amended.
    activations : mapping of str to tuple of Activation
        By site, in the order of days; under `all-sites` those for the trial as a whole.
    reconsents : mapping of str to tuple of Reconsent
        By study number, in ledger order.
    """

    versions: tuple[ProtocolVersion, ...] = ()
    activations: Mapping[str, tuple[Activation, ...]] = field(default_factory=dict)
    reconsents: Mapping[str, tuple[Reconsent, ...]] = field(default_factory=dict)

    def at(self, site: str, day: date | None = None) -> ProtocolVersion | None:
        """Give the version in force at a site.

        Parameters
        ----------
        site : str
            Id of a site; `all-sites`: for the trial as a whole.
        day : date or None
            The day; None: the version activated last.

        Returns
        -------
        ProtocolVersion or None
            None while the protocol was never amended. A site that the first version does not list
            begins with the version in force for the trial as a whole.
        """
        if not self.versions:
            return None
        begun = [each for each in self.activations.get(site, ()) if day is None or each.on <= day]
        if begun:
            return self.versions[begun[-1].version]
        first = self.versions[0].study.sites
        is_later = site != EVERY_SITE and bool(first) and site not in (each.id for each in first)
        return self.at(EVERY_SITE, day) if is_later else self.versions[0]

    def under(self, digest: str) -> ProtocolVersion:
        """Give the version under which a happening was recorded.

        Parameters
        ----------
        digest : str
            From its envelope.

        Returns
        -------
        ProtocolVersion
            The first one for a digest from before the first amendment.
        """
        return next((each for each in self.versions if each.digest == digest), self.versions[0])

    def with_activation(self, site: str, activation: Activation) -> "Amendments":
        """Add an activation.

        Parameters
        ----------
        site : str
            Where.
        activation : Activation
            Version and first day.

        Returns
        -------
        Amendments
            A new one; this one is unchanged.
        """
        listed = (*self.activations.get(site, ()), activation)
        return replace(self, activations={**self.activations, site: listed})

    def with_reconsent(self, participant: str, reconsent: Reconsent) -> "Amendments":
        """Add a consent to an amended version.

        Parameters
        ----------
        participant : str
            Study number.
        reconsent : Reconsent
            Version and day.

        Returns
        -------
        Amendments
            A new one; this one is unchanged.
        """
        listed = (*self.reconsents.get(participant, ()), reconsent)
        return replace(self, reconsents={**self.reconsents, participant: listed})
