"""A section of a protocol as a document of a word processor (DOCX)."""

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from trialwright.reports.protocol_section import Block, Bullets, Heading, Paragraph
from trialwright.reports.sheets import Sheet, number_columns, shown

SMALL = Pt(8)
"""Size of tables and of their notes."""

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""Time of the parts of the file: the earliest there is, so that equal sections are equal files."""


def protocol_docx(blocks: Sequence[Block]) -> bytes:
    """Write a section as DOCX.

    Parameters
    ----------
    blocks : sequence of Block
        As `protocol_section.protocol_section` gives them.

    Returns
    -------
    bytes
        The file; the same for the same section.
    """
    document = Document()
    for block in blocks:
        _add(document, block)
    written = io.BytesIO()
    document.save(written)
    return _without_time(written)


def _add(document: Opened, block: Block) -> None:
    """Add one block."""
    match block:
        case Heading(text, depth):
            document.add_heading(text, depth)
        case Paragraph(text, is_strong):
            document.add_paragraph().add_run(text).bold = is_strong
        case Bullets(items):
            for each in items:
                document.add_paragraph(each, style="List Bullet")
        case Sheet():
            _add_table(document, block)


def _add_table(document: Opened, sheet: Sheet) -> None:
    """Add a table with its notes."""
    table = document.add_table(rows=1 + len(sheet.rows), cols=len(sheet.columns))
    table.style = "Light Grid Accent 1"
    is_number = number_columns(sheet)
    for place, row in enumerate([sheet.columns, *sheet.rows]):
        for column, cell in enumerate(row):
            paragraph = table.cell(place, column).paragraphs[0]
            paragraph.add_run(shown(cell)).font.size = SMALL
            if is_number[column]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for note in sheet.notes:
        document.add_paragraph().add_run(note).font.size = SMALL


def _without_time(written: io.BytesIO) -> bytes:
    """Write the parts of a file again, none of them with the time of day."""
    again = io.BytesIO()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(again, "w") as copy:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, NO_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(part, parts.read(name))
    return again.getvalue()
