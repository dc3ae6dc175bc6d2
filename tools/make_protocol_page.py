"""Write docs/reference/protocol.md and the published JSON Schema from the protocol's model."""

import json
from pathlib import Path

from trialwright.protocol.describing import page, schema

ROOT = Path(__file__).resolve().parent.parent


def write() -> None:
    """Write the page and the schema."""
    (ROOT / "docs/reference/protocol.md").write_text(page(), encoding="utf-8")
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    (ROOT / "docs/reference/protocol.schema.json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    write()
