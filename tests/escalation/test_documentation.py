"""The pages of the designs say what the designs do."""

import doctest
import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from trialwright.escalation.catalogue import CATALOGUE
from trialwright.escalation.decision_table import decision_table
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree
from trialwright.escalation.exact import operating_characteristics
from trialwright.protocol.data import frozen
from trialwright.protocol.escalation_design import EscalationDesign

DOCS = Path(__file__).resolve().parents[2] / "docs"


def cells(page):
    """Give the cells of every table row of a page, code marks left out."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


AROUND = ("reference/designs/backfill.md", "reference/designs/shared-arms.md")
"""Pages of what stands around designs."""


@pytest.mark.parametrize("page", [*(row.page for row in CATALOGUE.values()), *AROUND])
def test_the_examples_of_every_page_run(page):
    """Every design has its page, and what the page shows is what one gets."""
    found = doctest.testfile(str(DOCS / page), module_relative=False)

    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_page_names_its_variants_and_its_source(row):
    """The variants are listed and the paper is cited."""
    page = (DOCS / row.page).read_text(encoding="utf-8")

    assert all(f"`{variant}`" in page for variant in row.variants)
    assert row.source.rpartition("doi:")[2] in page


def test_the_decision_table_of_the_page_is_that_of_the_design():
    """Each tally of the printed table has the acts of the three variants."""
    page = (DOCS / CATALOGUE["3+3"].page).read_text(encoding="utf-8")
    printed = [row for row in cells(page) if row[0][1:2] == "/" and row[0][0].isdigit()]

    tables = [
        {f"{row.dlts}/{row.evaluable}": ", ".join(row.acts) for row in decision_table(design)}
        for design in (ThreePlusThree(3, variant) for variant in VARIANTS)
    ]

    tallies = sorted({tally for table in tables for tally in table}, key=lambda it: it[::-1])
    assert printed == [[tally, *(table.get(tally, "") for table in tables)] for tally in tallies]


def test_the_numbers_of_the_page_are_those_of_the_design():
    """The comparison of the variants is recomputed."""
    page = (DOCS / CATALOGUE["3+3"].page).read_text(encoding="utf-8")

    for variant in VARIANTS:
        rates = [0.05, 0.12, 0.30, 0.45, 0.60, 0.70]
        found = operating_characteristics(ThreePlusThree(6, variant), rates)
        assert [
            variant,
            f"{found.p_select[2]:.2%}".replace("%", " %"),
            f"{found.p_select[5]:.3%}".replace("%", " %"),
            f"{found.expected_total_n:.2f}",
        ] in cells(page)


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=list(CATALOGUE))
def test_the_protocol_example_of_every_page_is_read(row):
    """What the page writes in YAML is a design of that name."""
    page = (DOCS / row.page).read_text(encoding="utf-8")
    written = YAML(typ="safe").load(page.partition("```yaml\n")[2].partition("```")[0])

    exact = json.loads(json.dumps(written["escalation"]), parse_float=Decimal)
    data = TypeAdapter(EscalationDesign).validate_python(frozen(exact))

    assert data.name == row.name
