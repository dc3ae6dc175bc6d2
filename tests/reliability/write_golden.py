"""Write the ledger that a release leaves behind: `python -m tests.reliability.write_golden`.

Run once at each release, for `tests/reliability/golden/VERSION`; a folder that is there is never
written again. What is expected of it is then written by hand into its `expected.json`.
"""

import lzma
import shutil
import tempfile
from datetime import date
from pathlib import Path

from trialwright import __version__
from trialwright.assembly import demo_trial, ledgers, shelf

DAY = date(2026, 11, 28)
WHO = ("MGH-012", "MGH-013", "MGH-015", "MGH-016")
GOLDEN = Path(__file__).parent / "golden"


def main() -> None:
    """Make the demo trial with four of its participants, and keep it packed."""
    to = GOLDEN / __version__
    to.mkdir(parents=True)
    demo_trial.PEOPLE = tuple(each for each in demo_trial.PEOPLE if each.number in WHO)
    demo_trial._MEETINGS = ()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "trial"
        demo_trial.make_demo_trial(folder, DAY)
        packed = lzma.compress((folder / ledgers.LEDGER).read_bytes())
        (to / f"{ledgers.LEDGER}.xz").write_bytes(packed)
        for name in (ledgers.PUBLIC, ledgers.CHECKPOINT):
            shutil.copy(folder / name, to / name)
    protocol = shelf.content("protocols", "nct03959891.yaml")
    (to / "protocol.yaml.xz").write_bytes(lzma.compress(protocol))


if __name__ == "__main__":
    main()
