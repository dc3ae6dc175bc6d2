"""The page of a design as PDF that screen readers read too (PDF/UA-1), without a date."""

import json

import typst

from trialwright.reports.design_report import DesignPage
from trialwright.reports.sheets import number_columns, shown

_TEMPLATE = """
#let told = json("page.json")
#set document(title: told.title, date: none)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1", footer: context [
  #set text(7pt)
  #told.title #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(size: 9pt, lang: "en", hyphenate: false)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(140)), inset: (x: 4pt, y: 3pt))
#show heading: set block(above: 1.4em, below: 0.8em, sticky: true)
#show table.cell.where(y: 0): set text(weight: "bold")
#show table: set text(7pt)

#heading(level: 1, told.title)
#if told.label != "" {
  block(stroke: (left: 3pt + rgb("#d9a441")), inset: 6pt, strong(told.label))
}
#for fact in told.facts {
  block(below: 0.5em)[#strong(fact.at(0)): #fact.at(1)]
}
#heading(level: 2, "Rules")
#list(..told.rules)
#for section in told.sections {
  heading(level: 2, section.heading)
  if section.picture != none {
    let picture = image.with(section.picture,
      alt: section.heading + "; the same numbers stand in the table")
    layout(size => {
      let usual = measure(picture())
      let wide = calc.min(usual.width, size.width)
      // the page holds it below its heading
      picture(width: calc.min(wide, usual.width * (23cm / usual.height)))
    })
  }
  if section.rows.len() > 0 {
    table(
      columns: section.columns.len(),
      align: (x, y) => if section.numbers.at(x) { right } else { left },
      table.header(..section.columns),
      ..section.rows.flatten(),
    )
  }
  for note in section.notes { block(text(7pt, note)) }
}
"""


def pdf_page(page: DesignPage) -> bytes:
    """Write the page.

    Parameters
    ----------
    page : DesignPage
        What stands on it. Its words are data to the typesetter, and never commands.

    Returns
    -------
    bytes
        PDF/UA-1; the same for the same page.
    """
    sections = list(enumerate(page.sections))
    pictures = {
        f"picture-{place}.svg": picture.encode() for place, (_, _, picture) in sections if picture
    }
    told = {
        "title": page.title,
        "label": page.label.capitalize(),
        "facts": [list(fact) for fact in page.facts],
        "rules": list(page.rules),
        "sections": [
            {
                "heading": heading,
                "picture": f"picture-{place}.svg" if picture else None,
                "columns": list(sheet.columns),
                "numbers": number_columns(sheet),
                "rows": [[shown(cell) for cell in row] for row in sheet.rows],
                "notes": list(sheet.notes),
            }
            for place, (heading, sheet, picture) in sections
        ],
    }
    files = {"main.typ": _TEMPLATE.encode(), "page.json": json.dumps(told).encode(), **pictures}
    return typst.compile(  # type: ignore[call-overload, no-any-return]  # several files by name
        files, format="pdf", pdf_standards="ua-1", ignore_system_fonts=True, timestamp=0
    )
