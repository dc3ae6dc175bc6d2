"""A person's decision on a proposal: taken, taken with another limit, or left to an answer."""

from datetime import date

from pydantic import ValidationError

from trialwright.protocol.data import UNSEEN
from trialwright.protocol.proposals import Proposal, Review
from trialwright.registry.proposing.reading import read_limits
from trialwright.terms.errors import refuse, shorten

_OF_THE_WORDS = ("words", "start", "end", "arms", "standing", "review")


def accepted(proposal: Proposal, by: str, on: date) -> Proposal:
    """Take a proposal as it is.

    Parameters
    ----------
    proposal : Proposal
        As read.
    by : str
        Who decides.
    on : date
        Day of the decision.

    Returns
    -------
    Proposal
        With its standing and review.
    """
    return proposal.model_copy(update={"standing": "accepted", "review": reviewed(by, on)})


def attested(proposal: Proposal, by: str, on: date) -> Proposal:
    """Leave what a proposal says to a person's answer.

    Parameters
    ----------
    proposal : Proposal
        As read.
    by : str
        Who decides.
    on : date
        Day of the decision.

    Returns
    -------
    Proposal
        With its standing and review.
    """
    return proposal.model_copy(update={"standing": "attested", "review": reviewed(by, on)})


def edited(proposal: Proposal, limit: str, by: str, on: date) -> Proposal:
    """Take a proposal with another limit.

    Parameters
    ----------
    proposal : Proposal
        As read.
    limit : str
        The limit as a criterion would word it, e.g. `Hemoglobin >= 10 g/dL`.
    by : str
        Who decides.
    on : date
        Day of the decision.

    Returns
    -------
    Proposal
        The typed limit, with the place of the words it replaces.

    Raises
    ------
    Refusal
        If the words do not say exactly one limit of the same kind, or hold signs that nobody sees.
    """
    if UNSEEN.search(limit):
        found = f"{shorten(limit)!r}, which holds a sign that nobody sees"
        raise refuse("limit", found, "text without invisible signs", "Word the limit again")
    read = read_limits(limit, carry=False).proposals
    if [each.kind for each in read] != [proposal.kind]:
        kinds = ", ".join(each.kind for each in read) or "none that can be read"
        raise refuse(
            "limit",
            f"{shorten(limit)!r}, which says {len(read)} limits ({kinds})",
            f"one limit of the kind {proposal.kind}, e.g. 'Hemoglobin >= 10 g/dL'",
            "Word the limit with its sign and its unit",
        )
    kept = {name: getattr(proposal, name) for name in _OF_THE_WORDS}
    decision = {"standing": "edited", "review": reviewed(by, on), "because": limit}
    return read[0].model_copy(update={**kept, **decision})


def reviewed(by: str, on: date) -> Review:
    """Name who decided, and when.

    Parameters
    ----------
    by : str
        Account or initials.
    on : date
        Day of the decision.

    Returns
    -------
    Review
        As a proposal keeps it.

    Raises
    ------
    Refusal
        If `by` is no name: blank, longer than 60 characters, or with signs that nobody sees.
    """
    try:
        if by.strip():
            return Review(by=by, on=on.isoformat())
    except ValidationError:
        pass
    allowed = "1 to 60 characters that people see"
    raise refuse("by", repr(shorten(by)), allowed, "Name who decides: account or initials")
