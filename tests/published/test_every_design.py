"""Which published numbers each design of the catalogue is held to, and where there are none."""

from pathlib import Path

import pytest

from trialwright.escalation.catalogue import CATALOGUE

HERE = Path(__file__).parent

PUBLISHED = {
    "3+3": ("test_three_plus_three.py", "10.2307/2531693"),
    "BOIN": ("test_interval_designs.py", "10.1111/rssc.12089"),
    "keyboard": ("test_interval_designs.py", "10.1158/1078-0432.CCR-17-0220"),
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
    "sharing": ("test_sharing.py", "10.1080/19466315.2016.1174149"),
}
"""For each design the file that holds it to published numbers, and the paper.

Of three the table is not the paper's own, because no open text that shows one was found: keyboard
is held to the table that its R package gives, i3+3 to its rule as its authors' R package states it,
and arms that share to the vignette of the R package of their authors' company, in which all trials
are exchangeable.
"""


def test_every_design_has_its_row():
    """A new design is not forgotten."""
    assert set(PUBLISHED) == {*CATALOGUE, "backfill", "sharing"}


@pytest.mark.parametrize("design", PUBLISHED)
def test_each_file_names_its_paper(design):
    """By its DOI."""
    file, doi = PUBLISHED[design]

    assert f"doi:{doi}" in (HERE / file).read_text()
