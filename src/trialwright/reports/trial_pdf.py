"""A report of a trial as PDF/A-2a that screen readers read (PDF/UA-1), stamped on every page.

PDF/A asks for a date of the document: it is the data cutoff, so that equal reports are equal bytes.
"""

import json
from collections.abc import Sequence

import typst

from trialwright.reports.sheets import shown
from trialwright.reports.trial_report import Section, TrialReport, is_half

STANDARDS = ("a-2a", "ua-1")
"""PDF/A-2a for keeping, PDF/UA-1 for reading aloud."""

_TEMPLATE = """
#let told = json("page.json")
#set document(title: told.title,
  date: datetime(year: told.day.at(0), month: told.day.at(1), day: told.day.at(2)))
#set page(paper: "a4", flipped: true, margin: (x: 1.5cm, top: 1.4cm, bottom: 1.8cm),
  footer: context [
    #set text(6.2pt, fill: luma(60))
    #told.stamp #h(1fr) #counter(page).display("1 / 1", both: true)
  ])
#set text(size: 9pt, lang: "en", hyphenate: false)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(150)), inset: (x: 3pt, y: 2.4pt))
#show heading: set block(above: 1.3em, below: 0.6em)
#show heading.where(level: 2): set text(11pt)
#show heading: set block(sticky: true)
#show table.cell.where(y: 0): set text(weight: "bold")
#show table.cell.where(x: 0): set text(weight: "medium")
#show table: set text(6.6pt)
#show figure: set block(breakable: false)

#heading(level: 1, told.title)
#for fact in told.facts { block(below: 0.4em)[#strong(fact.at(0)): #fact.at(1)] }
#for note in told.notes {
  block(stroke: (left: 3pt + rgb("#d9a441")), inset: 5pt, below: 0.5em, note)
}
#let drawn(section) = image.with(section.picture, alt: section.says)
#for row in told.rows {
  if row.len() > 1 {
    block(above: 1.3em, breakable: false, grid(columns: (1fr,) * row.len(), column-gutter: 0.9cm,
      ..row.map(section => {
        heading(level: 2, section.heading)
        drawn(section)(width: 100%)
      })))
    continue
  }
  let section = row.first()
  heading(level: 2, section.heading)
  if section.picture != none {
    layout(size => {
      let picture = drawn(section)
      let usual = calc.min(size.width, 17cm)
      let tall = measure(picture(width: usual)).height
      // a picture that is wide takes the page, one that is tall is made to fit it
      let wide = if tall < 0.5 * usual { size.width } else { usual * calc.min(1, 15.6cm / tall) }
      picture(width: wide)
    })
  }
  if section.rows.len() > 0 {
    table(
      columns: section.widths.map(each => if each == "text" { 1fr } else { auto }),
      align: left,
      table.header(..section.columns),
      ..section.rows.flatten(),
    )
  }
  for note in section.notes { block(above: 0.5em, text(6.6pt, note)) }
}
"""

_LONG = 34  # signs from which a column is broken into lines


def pdf_report(report: TrialReport) -> bytes:
    """Write a report as PDF.

    Parameters
    ----------
    report : TrialReport
        What stands in it. Its words are data to the typesetter, and never commands.

    Returns
    -------
    bytes
        PDF/A-2a and PDF/UA-1; the same for the same report.
    """
    return typst.compile(  # type: ignore[call-overload, no-any-return]  # several files by name
        _files(report),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=0,
    )


def png_pages(report: TrialReport) -> list[bytes]:
    """Draw the pages of a report as images, to be looked at.

    Parameters
    ----------
    report : TrialReport
        What stands in it.

    Returns
    -------
    list of bytes
        One PNG a page.
    """
    drawn = typst.compile(  # type: ignore[call-overload]  # several files by name
        _files(report), format="png", ppi=70, ignore_system_fonts=True
    )
    return drawn if isinstance(drawn, list) else [drawn]


def _files(report: TrialReport) -> dict[str, bytes]:
    """Give the files that are typeset."""
    pictures = {
        f"picture-{place}.svg": each.picture.encode()
        for place, each in enumerate(report.sections)
        if each.picture
    }
    sections = [
        {
            "heading": each.heading,
            "picture": f"picture-{place}.svg" if each.picture else None,
            "says": each.says or each.heading,
            "columns": list(each.sheet.columns) if each.sheet else [],
            "rows": [[_kept(shown(cell)) for cell in row] for row in each.sheet.rows]
            if each.sheet
            else [],
            "notes": list(each.sheet.notes) if each.sheet else [],
            "widths": _widths(each.sheet.columns, each.sheet.rows) if each.sheet else [],
        }
        for place, each in enumerate(report.sections)
    ]
    told = {
        "title": report.title,
        "day": [int(part) for part in report.stamp.cutoff.split("-")],
        "stamp": "   ".join(f"{what} {which}" for what, which in report.stamp.lines),
        "facts": [list(each) for each in report.stamp.lines],
        "notes": list(report.notes),
        "rows": [[sections[place] for place in row] for row in _in_rows(report.sections)],
    }
    return {"main.typ": _TEMPLATE.encode(), "page.json": json.dumps(told).encode(), **pictures}


def _in_rows(sections: Sequence[Section]) -> list[list[int]]:
    """Give the places of sections row by row: two pictures that follow each other share one."""
    rows: list[list[int]] = []
    for place, each in enumerate(sections):
        before = rows[-1] if rows else []
        if is_half(each) and len(before) == 1 and is_half(sections[before[0]]):
            before.append(place)
        else:
            rows.append([place])
    return rows


def _kept(cell: str) -> str:
    """Keep the blanks with which a row is set in."""
    blanks = len(cell) - len(cell.lstrip(" "))
    return "\u00a0" * blanks + cell.lstrip(" ")


def _widths(columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...]) -> list[str]:
    """Say which columns hold long text."""
    longest = [
        max((len(str(row[place] or "")) for row in rows), default=0)
        for place in range(len(columns))
    ]
    return ["text" if each > _LONG and place else "auto" for place, each in enumerate(longest)]
