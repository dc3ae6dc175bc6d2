"""The page of a design and its section of a protocol."""

import io
from decimal import Decimal

from docx import Document

from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.reports.design_pdf import pdf_page
from trialwright.reports.design_report import DesignPage, html_page
from trialwright.reports.design_sheets import decision_sheet, level_sheet, summary_sheet
from trialwright.reports.protocol_docx import protocol_docx
from trialwright.reports.protocol_section import ladder_sheet, protocol_section, protocol_text
from trialwright.reports.sheets import Sheet

DESIGN = DoseEscalation(
    Boin(levels=3, target=0.3, max_n=12), ("200 mg", "300 mg", "400 mg"), window_days=28
)
DATA = BoinDesign(name="BOIN", target=Decimal("0.3"), max_n=12)


def section(agent, label):
    """Give the section of a protocol."""
    scenarios = [Scenario("as hoped", (0.1, 0.3, 0.5))]
    found = DESIGN.exact_oc(scenarios)
    return protocol_section(
        DESIGN,
        DATA,
        ladder_sheet(DESIGN, agent),
        decision_sheet(DESIGN, DESIGN.decision_table()),
        [sheet(DESIGN, scenarios, found) for sheet in (level_sheet, summary_sheet)],
        label,
    )


def test_a_section_can_stand_in_a_protocol():
    """Ladder, window, rules, decision table, operating characteristics, source, digest."""
    text = protocol_text(section(agent="ipatasertib", label="illustrative, not from the registry"))

    assert text.startswith("## Dose escalation\n\n**illustrative, not from the registry**\n")
    assert "BOIN 0.3 (Liu and Yuan 2015, doi:10.1111/rssc.12089)" in text
    assert "| 2 | 300 mg |  |" in text
    assert "The DLT window is 28 days" in text
    assert "| 1 | S | E | E |" in text
    assert "| as hoped | 2 | 300 mg | 0.3000 | correct | " in text
    assert DESIGN.digest in text


def test_a_page_shows_tables_pictures_and_words_as_text():
    """Numbers to the right; signs of the words are escaped, the picture is not."""
    sheet = Sheet("T", ("what", "n"), (("a < b", 3),), ("A note & more.",))
    page = DesignPage(
        "A design",
        "illustrative",
        [("source", "x.yaml")],
        ["Rule <1>."],
        [("Head", sheet, "<svg/>")],
    )

    text = html_page(page)

    assert "<title>A design</title>" in text
    assert "<strong>Illustrative.</strong>" in text
    assert "a &lt; b" in text
    assert "Rule &lt;1&gt;." in text
    assert "A note &amp; more." in text
    assert "<svg/>" in text
    assert '<td class="n">3</td>' in text


def test_a_section_opens_in_a_word_processor():
    """The same headings, sentences and tables as in Markdown; the same file each time."""
    blocks = section(agent="ipatasertib", label="illustrative, not from the registry")
    written = protocol_docx(blocks)

    document = Document(io.BytesIO(written))
    told = [each.text for each in document.paragraphs]
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    cells = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert headings == [
        "Dose escalation", "Dose levels", "Rules", "Decision table", "Operating characteristics",
    ]  # fmt: skip
    assert told[1] == "illustrative, not from the registry"
    assert any("10.1111/rssc.12089" in each for each in told)
    assert any(DESIGN.digest in each for each in told)
    assert len(document.tables) == 4
    assert cells[2][:4] == ["1", "S", "E", "E"]
    assert protocol_docx(blocks) == written


def test_a_page_is_printed_the_same_each_time():
    """PDF/UA; words are words to the typesetter, whatever signs they have."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    sheet = Sheet("T", ("what", "n"), (("#panic() $x$", 3),), ("A *note* & [more].",))
    none = Sheet("", (), ())
    sections = [("Head", sheet, picture), ("Words", sheet, ""), ("Picture", none, picture)]
    page = DesignPage("A #design", "illustrative", [("a", "b")], ["Rule <1>."], sections)

    printed = pdf_page(page)

    assert printed.startswith(b"%PDF-")
    assert b"pdfuaid" in printed
    assert pdf_page(page) == printed
