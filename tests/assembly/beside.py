"""What is told of a file that cannot be taken up whole."""

import pytest

from trialwright.assembly.importing import UntakenError, taken_up


def told_beside(gateway, asked, actor, sees=None):
    """Give the places of the faults before and after the line on the rest, and that line.

    Nothing is recorded.
    """
    head = gateway.store.head(gateway.trial)
    with pytest.raises(UntakenError) as untaken:
        taken_up(gateway, asked, actor, sees)
    assert gateway.store.head(gateway.trial) == head
    faults, note = untaken.value.faults, untaken.value.note
    at = faults.index(note)
    before, after = ([(each.line, each.where) for each in part]
                     for part in (faults[:at], faults[at + 1 :]))  # fmt: skip
    assert {each.file for each in faults[at:]} == {asked.file.name}
    return before, note.found, after
