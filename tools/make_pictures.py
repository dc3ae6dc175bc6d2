"""Draw docs/pictures/*.svg from what the program says: the arms' strips and the demo's account.

Every mark and every sentence in the picture comes from a call of the program; a sentence that the
program no longer says stops the drawing. The pictures hold no date of drawing, so the same program
draws the same bytes.
"""

import tempfile
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

from trialwright.assembly.demo import Chapter, demo
from trialwright.assembly.protocols import load
from trialwright.protocol.study import Study
from trialwright.visits.strip import DOSED, cycle_strip

ROOT = Path(__file__).resolve().parent.parent
PICTURE = "docs/pictures/one-participant.svg"

WIDTH, MARGIN = 960, 28
CELL, GAP, ROW = 20, 3, 25
INK, FAINT, PAPER, LINE = "#1b2530", "#5b6875", "#ffffff", "#d7dde3"
FREE = "#eef1f4"
COLOURS = {  # apart for colour-blind eyes as well: Okabe and Ito 2008
    "ipatasertib": "#0072b2",
    "fulvestrant": "#d55e00",
    "palbociclib": "#009e73",
    "letrozole": "#cc79a7",
    "anastrozole": "#cc79a7",
    "exemestane": "#cc79a7",
}
STEPS = (  # chapter of the demo, how its sentence begins, and the word beside it
    ("Screening from", "Registering now is refused", "screened"),
    ("Every criterion", "arm A: eligible", "screened again"),
    ("Registration", "assigned to arm A", "registered"),
    ("Calendar", "2026-03-09  C1D1 ", "dosed"),
    ("On study", "Hyperglycemia", "graded"),
    ("On study", "DLT met", "DLT?"),
    ("Dose meeting", "expand", "next dose"),
    ("Tumour", "2026-05-04: PR", "response"),
    ("Tumour", "PFS of", "endpoint"),
    ("The ledger, verified", "NCT03959891: intact", "ledger"),
    ("One row changed", "happening", "changed row"),
)


def draw() -> str:
    """Give the picture as SVG."""
    study = load("nct03959891").study
    body: list[str] = []
    height = MARGIN + 26
    body.append(text(MARGIN, height, "The protocol is data", size=19, weight=650))
    body.append(
        text(
            WIDTH - MARGIN,
            height,
            f"{study.identifiers.nct}, phase {study.phase}: cycle 1 of each arm",
            colour=FAINT,
            anchor="end",
        )
    )
    height += 22
    for arm in study.arms:
        height = draw_arm(body, study, arm.id, height)
    height += 26
    body.append(f'<path d="M{MARGIN} {height - 18}H{WIDTH - MARGIN}" stroke="{LINE}"/>')
    height += 14
    body.append(
        text(MARGIN, height, "Every answer has its reason", size=19, weight=650)
        + text(
            WIDTH - MARGIN,
            height,
            "one participant in trialwright demo, each sentence as printed",
            colour=FAINT,
            anchor="end",
        )
    )
    height += 12
    for word, sentence in account():
        is_last = word == STEPS[-1][-1]
        height = draw_step(body, word, sentence, height, is_last=is_last)
    height += 16
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="Dosing days of the three '
            'arms, and what the program says of one participant" '
            'font-family="Inter, Segoe UI, Helvetica, Arial, sans-serif" font-size="14">',
            f'<rect width="{WIDTH}" height="{height}" rx="10" fill="{PAPER}" stroke="{LINE}"/>',
            *body,
            "</svg>\n",
        ]
    )


def draw_arm(body: list[str], study: Study, arm: str, top: int) -> int:
    """Draw the strip of one arm as the program gives it; give the new height."""
    ruler, *rows = cycle_strip(study.required_arm(arm), 1, study.cycle_days).splitlines()
    begin = ruler.index("1", len(f"arm {arm}, cycle 1"))
    left = WIDTH - MARGIN - study.cycle_days * (CELL + GAP) + GAP
    top += 20
    body.append(text(MARGIN, top, f"Arm {arm}", weight=650))
    for day in (int(number) for number in ruler[begin:].split()):
        x = left + (day - 1) * (CELL + GAP) + CELL / 2
        body.append(text(x, top, str(day), size=12, colour=FAINT, anchor="middle"))
    top += 7
    for row in rows:
        if row.startswith("*"):
            body.append(text(MARGIN, top + 13, row, size=12, colour=FAINT))
            top += 18
            continue
        label, days = row[:begin].strip(), row[begin:]
        body.append(text(MARGIN, top + 15, label))
        for day, mark in enumerate(days):
            colour = COLOURS[label.strip(" *")] if mark == DOSED else FREE
            body.append(
                f'<rect x="{left + day * (CELL + GAP)}" y="{top}" width="{CELL}" height="{CELL}" '
                f'rx="3" fill="{colour}"/>'
            )
        top += ROW
    return top


def draw_step(body: list[str], word: str, sentence: str, top: int, *, is_last: bool) -> int:
    """Draw one step of the account; give the new height."""
    lines = textwrap.wrap(sentence, 102, break_on_hyphens=False)
    bottom = top + 17 * len(lines) + 12
    tail = f'<path d="M{MARGIN + 6} {top + 25}V{bottom + 9}" stroke="{LINE}" stroke-width="2"/>'
    body.append(
        f'<circle cx="{MARGIN + 6}" cy="{top + 17}" r="5" fill="{COLOURS["ipatasertib"]}"/>'
        f"{'' if is_last else tail}"
    )
    body.append(text(MARGIN + 20, top + 22, word, weight=650))
    for number, line in enumerate(lines):
        body.append(text(MARGIN + 160, top + 22 + 17 * number, line, size=13))
    return bottom


def account() -> Iterator[tuple[str, str]]:
    """Give the sentences of the demo that the picture shows."""
    with tempfile.TemporaryDirectory() as folder:
        chapters = list(demo(Path(folder)))
    for title, beginning, word in STEPS:
        yield word, sentence_of(chapters, title, beginning)


def sentence_of(chapters: list[Chapter], title: str, beginning: str) -> str:
    """Find a sentence of the demo; it must be there."""
    for chapter in chapters:
        if chapter.title.startswith(title):
            for line in chapter.lines:
                if line.strip().startswith(beginning):
                    return " ".join(line.split())
    raise LookupError(f"the demo no longer says {beginning!r} in {title!r}")


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 14,
    weight: int = 400,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    """Give an SVG text."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


if __name__ == "__main__":
    (ROOT / PICTURE).write_text(draw(), encoding="utf-8")
