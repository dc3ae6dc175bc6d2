"""What is not looked through when a process ends."""

import subprocess
import sys

import pytest

ENDING = """
from trialwright.assembly.collecting import end_at_once

class Held:
    def __del__(self):
        print("collected")

each = Held()
each.itself = each
del each
{}
"""


@pytest.mark.parametrize(("last", "said"), [("", "collected\n"), ("end_at_once()", "")])
def test_garbage_is_left_when_the_process_ends(last, said):
    """A cycle, which only collecting finds: Python looks for it at the end, unless told."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDING.format(last)], capture_output=True, text=True, check=True
    )

    assert (ended.stdout, ended.stderr) == (said, "")
