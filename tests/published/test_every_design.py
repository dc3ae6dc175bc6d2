"""Which published numbers each design of the catalogue is held to, and where there are none."""

from pathlib import Path

import pytest

from trialwright.escalation.catalogue import CATALOGUE

HERE = Path(__file__).parent

PUBLISHED = {
    "3+3": ("test_three_plus_three.py", "10.2307/2531693"),
    "BOIN": ("test_interval_designs.py", "10.1111/rssc.12089"),
    "keyboard": ("test_interval_designs.py", "10.1016/j.cct.2017.04.006"),
    "mTPI": ("test_interval_designs.py", "10.1177/1740774514555585"),
    "mTPI-2": ("test_interval_designs.py", "10.1016/j.cct.2017.04.006"),
    "i3+3": ("test_interval_designs.py", "10.1080/10543406.2019.1636811"),
    "decision-table": ("test_interval_designs.py", "10.1016/j.jspi.2006.07.009"),
    "CRM": ("test_crm.py", "10.1002/sim.3230"),
    "BLRM": ("test_blrm.py", "10.1002/sim.3230"),
    "TITE-CRM": ("test_crm.py", "10.1111/j.0006-341X.2000.01177.x"),
    "TITE-BOIN": ("test_tite_boin.py", "10.1158/1078-0432.CCR-18-0246"),
    "rolling-six": ("test_rolling_six.py", "10.1001/jamanetworkopen.2020.4787"),
    "BOIN-combinations": ("test_combinations.py", "10.18637/jss.v094.i13"),
    "backfill": ("test_backfill.py", "10.1158/1078-0432.CCR-23-2585"),
}
"""For each design the file that holds it to published numbers, and the paper.

Keyboard has those of mTPI-2, which with keys of the same width decides alike; a table of its own
paper was not found in an open text. Arms that share have none: of the case study of phase I of the
paper on robust exchangeability, doi:10.1002/pst.1730, no open text with its data was found. They
are held to sampling and to a second quadrature in `tests/escalation`.
"""


def test_every_design_has_its_row():
    """A new design is not forgotten."""
    assert set(PUBLISHED) == {*CATALOGUE, "backfill"}


@pytest.mark.parametrize("design", PUBLISHED)
def test_each_file_names_its_paper(design):
    """By its DOI."""
    file, doi = PUBLISHED[design]

    assert f"doi:{doi}" in (HERE / file).read_text()
