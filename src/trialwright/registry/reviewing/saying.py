"""A proposal as a sentence, and as a limit that a person can type again."""

from decimal import Decimal

from trialwright.protocol.proposals import (
    AgeProposal,
    Bounds,
    LifeExpectancyProposal,
    LimitProposal,
    PerformanceProposal,
    PriorLinesProposal,
    Proposal,
    SexProposal,
    WashOutProposal,
)
from trialwright.terms.errors import shorten

_SIGNS = (("at_least", ">="), ("above", ">"), ("at_most", "<="), ("below", "<"))


def said(proposal: Proposal) -> str:
    """Say what was read.

    Parameters
    ----------
    proposal : Proposal
        Of any kind.

    Returns
    -------
    str
        E.g. `platelets >= 100000 /mm3`, `ast < 3 x ULN, given: liver metastases`.
    """
    match proposal:
        case LimitProposal():
            times = f"x {proposal.times}" if proposal.times else proposal.unit
            given = f", given: {proposal.given}" if proposal.given else ""
            told = f"{bounded(proposal.fact, proposal, times or '(no unit stated)')}{given}"
        case AgeProposal():
            told = bounded("age", proposal, proposal.unit)
        case SexProposal():
            told = f"sex: {proposal.expect}"
        case PerformanceProposal():
            told = bounded(f"{proposal.scale} performance status", proposal, "")
        case LifeExpectancyProposal():
            told = bounded("life expectancy", proposal, proposal.unit)
        case WashOutProposal():
            told = _wash_out(proposal)
        case PriorLinesProposal():
            what = f" ({proposal.what})" if proposal.what else ""
            told = bounded(f"number of prior therapies{what}", proposal, "")
    return told if not proposal.arms else f"{told}, arm {' and '.join(proposal.arms)} only"


def _wash_out(proposal: WashOutProposal) -> str:
    """Say a time since an earlier treatment."""
    since = f"time since {proposal.what or 'the treatment named'}"
    before = f" before {proposal.before}" if proposal.before else ""
    longer = f", whichever is {proposal.whichever}" if proposal.whichever else ""
    return f"{bounded(since, proposal, proposal.unit)}{before}{longer}"


def bounded(what: str, bounds: Bounds, unit: str) -> str:
    """Say bounds on something.

    Parameters
    ----------
    what : str
        What is bounded.
    bounds : Bounds
        At least one bound.
    unit : str
        Written after each number; empty: none.

    Returns
    -------
    str
        E.g. `age >= 18 years`, `age >= 18 and <= 75 years`.
    """
    parts = [
        f"{sign} {_plainly(number)}"
        for name, sign in _SIGNS
        if (number := getattr(bounds, name)) is not None
    ]
    return " ".join(part for part in (what, " and ".join(parts), unit) if part)


def _plainly(number: Decimal) -> str:
    """Write a number without an exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def marked(source_text: str, proposal: Proposal, around: int = 160) -> str:
    """Show the words of a proposal within its criterion.

    Parameters
    ----------
    source_text : str
        The criterion.
    proposal : Proposal
        Read from it.
    around : int, characters
        How much is shown on each side.

    Returns
    -------
    str
        On one line, the words between `[[` and `]]`; signs that a terminal would obey are escaped.
    """
    start, end = proposal.start, proposal.end
    before = source_text[max(0, start - around) : start]
    after = source_text[end : end + around]
    left = "…" if start > around else ""
    right = "…" if end + around < len(source_text) else ""
    shown = f"{left}{before}[[{source_text[start:end]}]]{after}{right}"
    return shorten(" ".join(shown.split()), len(shown) + 4)
