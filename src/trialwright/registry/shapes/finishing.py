"""The end of every reading of JSON: limits proposed, doubts noted, what nobody read kept."""

from collections.abc import Iterator
from dataclasses import replace

from trialwright.registry.doubts import doubts
from trialwright.registry.draft import Draft, DraftIdentifiers
from trialwright.registry.proposing_all import with_proposals
from trialwright.registry.shapes.lettering import named_letter
from trialwright.registry.shapes.spots import MarkedRecord
from trialwright.registry.spans import Remark
from trialwright.terms.errors import shorten


def blank_draft(shape: str, file: str) -> Draft:
    """Give a draft that says nothing yet.

    Parameters
    ----------
    shape : str
        Shape of the record.
    file : str
        Name of the file.

    Returns
    -------
    Draft
        To be filled.
    """
    return Draft(
        shape=shape,
        file=file,
        title="",
        status="",
        summary="",
        phase="",
        phase_in_summary="",
        trial_type="",
        lead_organisation="",
        principal_investigator="",
        identifiers=DraftIdentifiers(),
        criteria=(),
        sites=(),
        objectives=(),
        escalated_agent="",
        arms_stated=None,
        assigned="",
        arms=(),
        follow_up=None,
        spans=(),
        kept=(),
        remarks=(),
    )


def finished(record: MarkedRecord, draft: Draft) -> Draft:
    """Finish a draft.

    Parameters
    ----------
    record : MarkedRecord
        The record, read as far as the shape goes.
    draft : Draft
        Filled, without spans, kept text and remarks.

    Returns
    -------
    Draft
        With the limits that its criteria state, and every word of the record in a span.
    """
    criteria, still_open = with_proposals(draft.criteria)
    draft = replace(draft, criteria=criteria)
    record.keep_unread()
    sheet = record.sheet
    remarks = (*sheet.remarks, *_missing(draft), *doubts(draft), *_arms_named(draft), *still_open)
    return replace(
        draft,
        spans=tuple(sorted(sheet.spans, key=record.in_order)),
        kept=tuple(sorted(sheet.kept, key=lambda each: record.in_order(each.span))),
        remarks=tuple(dict.fromkeys(replace(each, line=0) for each in remarks)),
    )


def _missing(draft: Draft) -> Iterator[Remark]:
    """Say that a record gives no title where its shape has one."""
    if not draft.title and draft.shape != "line list":
        yield Remark(0, "No title was read.")


def _arms_named(draft: Draft) -> Iterator[Remark]:
    """Say when a criterion names an arm that the record does not have, or does not letter."""
    arms = {arm.label: arm for arm in draft.arms}
    for criterion in draft.criteria if arms else ():
        for letter in criterion.arms:
            arm = arms.get(letter)
            if arm is None:
                says = f"{criterion.id} names arm {letter}, and the record has no such arm."
                yield Remark(0, says)
            elif arm.title and named_letter(arm.title) != letter:
                title = shorten(arm.title)
                says = (
                    f"{criterion.id} names arm {letter}, and the record letters no arm so: by its"
                    f" order it would be '{title}'."
                )
                yield Remark(0, says)
