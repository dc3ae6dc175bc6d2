"""Take the pictures of docs/pictures/web from the pages, by the tests that look at every page.

    .venv/bin/python tools/make_web_pictures.py

Chromium draws them, so another version of it draws other bytes; they are taken when pages change.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures" / "web"
SHOWN = (
    "cohort-board-1440-light.png",
    "calendar-1440-light.png",
    "dose-meeting-1440-light.png",
)
"""Those that the documentation shows; the tests take one of every page, width and theme."""


def main() -> int:
    """Run the tests that take pictures, and keep those that are shown."""
    with tempfile.TemporaryDirectory() as folder:
        looked = subprocess.run(
            [sys.executable, "-m", "pytest", "tests/web/test_browser.py", "--quiet",
             "-k", "breaks_a_rule"],
            cwd=ROOT, env={**os.environ, "TRIALWRIGHT_PICTURES": folder}, check=False,
        )  # fmt: skip
        if looked.returncode:
            return looked.returncode
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in SHOWN:
            shutil.copyfile(Path(folder) / name, FOLDER / name)
            print(f"docs/pictures/web/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
