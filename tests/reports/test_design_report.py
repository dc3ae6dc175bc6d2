"""The page of a design and its section of a protocol."""

from decimal import Decimal

from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.reports.design_report import DesignPage, html_page
from trialwright.reports.protocol_section import protocol_text
from trialwright.reports.sheets import Sheet

DESIGN = DoseEscalation(
    Boin(levels=3, target=0.3, max_n=12), ("200 mg", "300 mg", "400 mg"), window_days=28
)
DATA = BoinDesign(name="BOIN", target=Decimal("0.3"), max_n=12)


def section(**settings):
    """Write the section of a protocol."""
    scenarios = [Scenario("as hoped", (0.1, 0.3, 0.5))]
    return protocol_text(DESIGN, DATA, scenarios, DESIGN.exact_oc(scenarios), **settings)


def test_a_section_can_stand_in_a_protocol():
    """Ladder, window, rules, decision table, operating characteristics, source, digest."""
    text = section(agent="ipatasertib", label="illustrative, not from the registry")

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
