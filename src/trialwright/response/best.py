"""Best overall response of one participant, with and without confirmation (RECIST 1.1 Table 3).

The order: the worst reading of each day; nothing after the first progression or the start of
other therapy; a response that counts; stable disease that lasted; progression; else NE [1]_.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
.. [2] Where the table leaves it open: pharmaverse/admiralonco, inst/templates/ad_adrs.R, for
   the NE that may lie between and for the visit that must reach the time of stable disease.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from trialwright.casebook.tumours import Response
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.queries import Query

CR, PR, SD = Response.CR, Response.PR, Response.SD
PD, NE, NON = Response.PD, Response.NE, Response.NON_CR_NON_PD

WORST_LAST = (NE, CR, PR, SD, NON, PD)
"""Of two readings of one day the later one in this order counts [2]_."""


class Read(Protocol):
    """A visit with its overall response, whoever read it."""

    @property
    def on(self) -> date:
        """Day of the assessment."""

    @property
    def overall(self) -> Response:
        """Overall response of the visit."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The overall response of one day.

    Attributes
    ----------
    on : date
        The day.
    overall : Response
        The worst that was read on it.
    """

    on: date
    overall: Response

    def __str__(self) -> str:
        """Say it, e.g. `PR on 2026-03-01`."""
        return f"{self.overall} on {self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class BestResponse:
    """The best overall response of one participant.

    Attributes
    ----------
    response : Response
        CR, PR, SD, NON-CR/NON-PD, PD or NE.
    on : date or None
        Day of the visit that gives it; None when no visit does.
    confirmed_on : date or None
        Day of the visit that confirmed a response; None when it was not asked for.
    is_confirmation_required : bool
        Whether CR and PR had to be confirmed.
    counted : tuple of Seen
        The visits that counted, by day.
    because : str
        The reason, with visits, days and the rule.
    queries : tuple of Query
        What somebody should look at; they change nothing.
    """

    response: Response
    on: date | None
    confirmed_on: date | None
    is_confirmation_required: bool
    counted: tuple[Seen, ...]
    because: str
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A best response with where it stands."""

    response: Response
    on: date | None
    because: str
    confirmed_on: date | None = None


def best_response(
    visits: Sequence[Read],
    start: date,
    settings: ResponseSettings,
    *,
    confirm: bool,
    new_therapy: date | None = None,
    has_targets: bool | None = None,
) -> BestResponse:
    """Find the best overall response.

    Parameters
    ----------
    visits : sequence of Read
        After baseline, in any order; several readings of one day count as the worst.
    start : date
        Anchor of the time that stable disease must last.
    settings : ResponseSettings
        The protocol's policies.
    confirm : bool
        Whether CR and PR count only when a later visit confirms them; `settings.confirm` is the
        protocol's choice, and both can be asked for.
    new_therapy : date or None
        First dose of other anticancer therapy; later visits do not count.
    has_targets : bool or None
        Whether target lesions were chosen at baseline: without them nothing is stable disease, and
        a CR that is not confirmed is NON-CR/NON-PD. None: the visits tell.

    Returns
    -------
    BestResponse
        NE when nothing can be said; the reason says why.
    """
    counted = counted_visits(visits, new_therapy)
    read = tuple(_after_cr(counted, settings))
    found = (
        _response(read, settings, confirm=confirm)
        or _stable(read, start, settings, has_targets=_has_targets(read, has_targets))
        or _progression(read)
        or _cr_lost_at_once(read, settings)
        or _not_evaluable(read, start, settings)
    )
    return BestResponse(
        found.response,
        found.on,
        found.confirmed_on,
        confirm,
        counted,
        f"Best overall response {found.response}: {found.because}.",
        tuple(_doubts(counted)),
    )


def counted_visits(visits: Sequence[Read], new_therapy: date | None) -> tuple[Seen, ...]:
    """Give the visits that count for the best response.

    Parameters
    ----------
    visits : sequence of Read
        In any order.
    new_therapy : date or None
        First dose of other anticancer therapy.

    Returns
    -------
    tuple of Seen
        One a day, by day, up to the first progression and to the day of new therapy.
    """
    worst: dict[date, Response] = {}
    for visit in visits:
        if new_therapy is None or visit.on <= new_therapy:
            worst[visit.on] = max(visit.overall, worst.get(visit.on, NE), key=WORST_LAST.index)
    counted = []
    for on in sorted(worst):
        counted.append(Seen(on, worst[on]))
        if worst[on] is PD:
            break
    return tuple(counted)


def _after_cr(counted: Sequence[Seen], settings: ResponseSettings) -> Iterator[Seen]:
    """Read PR or SD straight after an unconfirmed CR as the protocol says."""
    were_pr = _lost_unconfirmed(counted, settings) if settings.pr_after_cr == "PR" else ()
    before: Seen | None = None
    for visit in counted:
        if settings.pr_after_cr == "PD" and _is_lost(before, visit):
            yield replace(visit, overall=PD)
            return
        yield replace(visit, overall=PR) if visit in were_pr else visit
        before = before if visit.overall is NE else visit


def _lost_unconfirmed(counted: Sequence[Seen], settings: ResponseSettings) -> set[Seen]:
    """Find the visits of complete responses that gave way to PR or SD before one confirmed them."""
    lost: set[Seen] = set()
    run: list[int] = []
    for place, visit in enumerate(counted):
        if visit.overall is CR:
            run.append(place)
        elif visit.overall is not NE:
            is_confirmed = any(_confirmed(counted[each:], (CR,), settings) for each in run)
            if visit.overall in (PR, SD) and not is_confirmed:
                lost.update(counted[each] for each in run)
            run = []
    return lost


def _is_lost(before: Seen | None, after: Seen) -> bool:
    """Say whether a complete response gave way to PR or SD."""
    return before is not None and before.overall is CR and after.overall in (PR, SD)


def _response(
    counted: Sequence[Seen], settings: ResponseSettings, *, confirm: bool
) -> _Found | None:
    """Find CR, else PR, confirmed when that is asked for."""
    for response, confirming in ((CR, (CR,)), (PR, (CR, PR))):
        for place, visit in enumerate(counted):
            if visit.overall is not response:
                continue
            if not confirm:
                return _Found(response, visit.on, f"{visit}; confirmation is not required")
            later = _confirmed(counted[place:], confirming, settings)
            if later is not None:
                days = (later.on - visit.on).days
                return _Found(
                    response,
                    visit.on,
                    f"{visit}, confirmed by {later}, {days} days later; at least "
                    f"{settings.confirm_after_days} are required (RECIST 1.1 section 4.6)",
                    later.on,
                )
    return None


def _confirmed(
    visits: Sequence[Seen], confirming: Sequence[Response], settings: ResponseSettings
) -> Seen | None:
    """Find the visit that confirms the first one; only NE and the like may lie between."""
    first, *later = visits
    unseen, was_complete = 0, first.overall is CR
    for visit in later:
        if visit.overall is NE:
            unseen += 1
            if unseen > settings.not_evaluable_between:
                return None
            continue
        if visit.overall not in confirming or (was_complete and visit.overall is PR):
            return None
        was_complete = was_complete or visit.overall is CR
        if (visit.on - first.on).days >= settings.confirm_after_days:
            return visit
    return None


def _has_targets(counted: Sequence[Seen], told: bool | None) -> bool:
    """Say whether there are target lesions; NON-CR/NON-PD is read without them alone."""
    read = {visit.overall for visit in counted}
    return told if told is not None else NON not in read or bool(read & {PR, SD})


def _stable(
    counted: Sequence[Seen], start: date, settings: ResponseSettings, *, has_targets: bool
) -> _Found | None:
    """Find stable disease that lasted; NON-CR/NON-PD without target lesions (Table 2)."""
    least = settings.stable_disease_days
    with_targets = ((SD, (CR, PR, SD)), (NON, (NON,)))
    for response, among in with_targets if has_targets else ((NON, (CR, NON)),):
        steady = [visit for visit in counted if visit.overall in among]
        reached = steady
        if settings.stable_disease_met_by == "follow-up" and steady:
            reached = [counted[-1]]
        lasting = [visit for visit in reached if (visit.on - start).days >= least]
        if steady and lasting:
            proof = lasting[0]
            shown = proof if proof in steady else steady[-1]
            unconfirmed = ", not confirmed" if shown.overall in (CR, PR) else ""
            followed = "" if shown is proof else f", followed to {proof}"
            days = (proof.on - start).days
            return _Found(
                response,
                shown.on,
                f"{shown}{unconfirmed}{followed}, {days} days after {start.isoformat()}; at least "
                f"{least} are required by a {settings.stable_disease_met_by} (RECIST 1.1 Table 3)",
            )
    return None


def _progression(counted: Sequence[Seen]) -> _Found | None:
    """Find progression, which is the last visit that counts."""
    if counted and counted[-1].overall is PD:
        return _Found(
            PD, counted[-1].on, f"{counted[-1]}, and nothing better before it that counts "
            "(RECIST 1.1 Table 3)")  # fmt: skip
    return None


def _cr_lost_at_once(counted: Sequence[Seen], settings: ResponseSettings) -> _Found | None:
    """Read CR then PR or SD, too early to be stable disease, as progression."""
    evaluable = [visit for visit in counted if visit.overall is not NE]
    for before, after in pairwise(evaluable):
        if _is_lost(before, after):
            return _Found(
                PD,
                after.on,
                f"{before} was lost by {after}, before the {settings.stable_disease_days} days of "
                "stable disease: otherwise PD (RECIST 1.1 Table 3)",
            )
    return None


def _not_evaluable(counted: Sequence[Seen], start: date, settings: ResponseSettings) -> _Found:
    """Say why nothing can be said."""
    if not counted:
        return _Found(NE, None, "no assessment after baseline counts")
    listed = ", ".join(str(visit) for visit in counted)
    return _Found(
        NE,
        counted[-1].on,
        f"{listed}: no response that counts, and nothing stable for "
        f"{settings.stable_disease_days} days after {start.isoformat()} (RECIST 1.1 Table 3)",
    )


def _doubts(counted: Sequence[Seen]) -> Iterator[Query]:
    """Query a complete response that gave way to less."""
    evaluable = [visit for visit in counted if visit.overall is not NE]
    for before, after in pairwise(evaluable):
        if _is_lost(before, after):
            yield Query(
                "best response",
                f"{before}, then {after}: check whether the complete response was certain "
                "(note to RECIST 1.1 Table 3)",
            )
