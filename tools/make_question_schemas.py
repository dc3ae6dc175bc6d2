"""Write docs/reference/schemas: the JSON Schema of each question's case and of its answer."""

import json
from pathlib import Path

from trialwright.questions.asking import QUESTIONS, answer_schema, schema

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/reference/schemas"


def texts() -> dict[str, str]:
    """Give the text of every schema file by its name."""
    given = {f"{name}.schema.json": schema(name) for name in QUESTIONS}
    given |= {f"{name}.answer.schema.json": answer_schema(name) for name in QUESTIONS}
    return {
        name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in given.items()
    }


def write() -> None:
    """Write every schema file, and take away those of questions that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = texts()
    for stale in FOLDER.glob("*.schema.json"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
