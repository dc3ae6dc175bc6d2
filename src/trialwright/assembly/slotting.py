"""Cohorts and their places: acts recorded in a ledger's folder, and the board of any day."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from trialwright.assembly.aligned import aligned
from trialwright.assembly.recruiting import MOST_SAID, at_the_ledger, state_on
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.cohort_acts import CohortMove
from trialwright.conduct.happenings import Happening
from trialwright.conduct.slot_acts import RequestSlot, SlotAct
from trialwright.conduct.slot_board import ArmBoard, Board, SlotCard, board
from trialwright.terms.errors import shorten


def act_on_slots(
    folder: Path,
    protocol: str,
    act: SlotAct | CohortMove | AssignBackfill,
    account: str,
    role: str,
    at: str = "",
) -> tuple[str, ...]:
    """Record an act on a cohort, on one of its places, or beside it.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    act : SlotAct, CohortMove or AssignBackfill
        What is asked; a request without a site is one of the account's site.
    account, role : str
        Who asks; recorded as said, for nobody has signed in.
    at : str
        Site of the account; empty: the only site of the protocol.

    Returns
    -------
    tuple of str
        What was recorded, what had fallen due before it, and the receipt.

    Raises
    ------
    Refusal
        If the act is refused, or protocol or ledger cannot be used.
    """
    gateway, actor = at_the_ledger(folder, protocol, account, role, at)
    if isinstance(act, RequestSlot) and not act.site:
        act = replace(act, site=actor.site)
    done = gateway.execute(act, actor)
    return (
        *(shorten(_sentence(each), MOST_SAID) for each in (*done.due, *done.happenings)),
        done.receipt_said,
    )


def board_on(folder: Path, protocol: str, as_of: date) -> Board:
    """Give the cohort board of a day, by a ledger that is as it was entered.

    Parameters
    ----------
    folder : Path
        Of the ledger; its secret key may be elsewhere.
    protocol : str
        NCT number of a shipped protocol, or a file.
    as_of : date
        The day.

    Returns
    -------
    Board
        What happened up to that day.

    Raises
    ------
    Refusal
        If the ledger cannot be opened, does not verify, or holds nothing of this trial.
    """
    return board(state_on(protocol, folder, as_of), as_of)


def board_plain(shown: Board) -> dict[str, Any]:
    """Give a board as a plain value, for JSON.

    Parameters
    ----------
    shown : Board
        The board.

    Returns
    -------
    dict of str to object
        Field by field; of an arm's open cohort its number, level, state and reason.
    """
    arms = []
    for arm in shown.arms:
        fields = asdict(arm)
        cohort = arm.cohort
        fields["cohort"] = {
            "number": cohort.number,
            "level": cohort.level,
            "state": cohort.state,
            "because": cohort.because,
            "free": cohort.free,
            "held": len(cohort.places.held),
        }
        arms.append(fields)
    return {"as_of": shown.as_of, "policy": shown.policy, "label": shown.label, "arms": arms}


def board_told(shown: Board) -> tuple[str, ...]:
    """Say a board, arm by arm, in aligned columns.

    Parameters
    ----------
    shown : Board
        The board.

    Returns
    -------
    tuple of str
        Lines for a terminal.
    """
    label = f" ({shown.label})" if shown.label else ""
    policy = (
        f"wait list: {shown.policy}{label}" if shown.policy else "the protocol declares no slots"
    )
    lines = [f"as of {shown.as_of.isoformat()}, {policy}"]
    for arm in shown.arms:
        lines += ["", *_arm_told(arm)]
    return tuple(lines)


def _arm_told(arm: ArmBoard) -> Iterator[str]:
    """Say one arm: its places, who waits, what ended, what is forecast."""
    number = f"cohort {arm.cohort.number}, " if arm.cohort.number else ""
    yield f"arm {arm.arm}: {arm.says}"
    yield f"  {number}{arm.cohort.state}: {shorten(arm.cohort.because, MOST_SAID)}"
    rows = [("level", "dose", "cohort", "slot", "for", "site", "window")]
    for column in arm.levels:
        head = (str(column.level), column.dose, column.state)
        rows += [(*head, *_card_told(card)) for card in column.slots] or [(*head, "", "", "", "")]
    yield from aligned(rows)
    if arm.waiting:
        line = [("place", "waiting", "site", "since", "next", "because")]
        line += [
            (
                str(each.place),
                _whom(each.reference, each.participant),
                each.site,
                each.on.isoformat(),
                "next" if each.is_next else each.obstacle,
                each.because + (f"; passed over {each.passed_over}x" if each.passed_over else ""),
            )
            for each in arm.waiting
        ]
        yield from aligned(line)
    for ended in arm.ended:
        why = f": {ended.reason}" if ended.reason else ""
        told = f"{ended.reference} {ended.state} on {ended.on.isoformat()}{why}"
        yield f"  {shorten(told, MOST_SAID)}"
    told_on = arm.forecast.on.isoformat() if arm.forecast.on else "not known"
    yield f"  next free slot: {told_on}: {shorten(arm.forecast.because, MOST_SAID)}"
    yield from (f"    {shorten(each, MOST_SAID)}" for each in arm.forecast.unforeseen)


def _card_told(card: SlotCard) -> tuple[str, str, str, str]:
    """Say one place: state, for whom, site, and how far its window is or until when it is held."""
    when = f"held to {card.until.isoformat()}" if card.until else ""
    window = card.window
    if window is not None:
        when = "not open"
        if window.last is not None:
            when = f"day {window.day} of {window.length}, to {window.last.isoformat()}"
    return card.state, _whom(card.reference, card.participant), card.site, when


def _whom(reference: str, participant: str) -> str:
    """Name a request and, where that is another name, the participant."""
    return f"{reference} ({participant})" if participant not in ("", reference) else reference


def _sentence(done: Happening) -> str:
    """Say what was recorded."""
    payload, on = done.payload, done.on.isoformat()
    why = f": {done.reason}" if done.reason else ""
    match done.act:
        case "slot_requested":
            return f"{done.subject} waits for a place in arm {payload['arm']} since {on}"
        case "slot_reserved":
            return (
                f"a place at dose level {payload['level']} of arm {payload['arm']} is held for "
                f"{done.subject} from {on} to {payload['until']}{why}"
            )
        case "slot_passed_over":
            return f"{done.subject} is passed over on {on}: {payload['why']}"
        case "slot_linked":
            return f"{done.subject} is for {payload['participant']}"
        case "backfilled":
            return (
                f"{done.subject} is backfilled at dose level {payload['dose_level']} of arm "
                f"{payload['arm']} on {on}"
            )
        case act if act.startswith("slot_"):
            return f"{done.subject} {act.removeprefix('slot_')} on {on}{why}"
        case act:
            where = f"cohort {payload['cohort']} of arm {payload['arm']}"
            level, word = payload["level"], act.removeprefix("cohort_")
            return f"{where} (dose level {level}) {word} on {on}{why}"
