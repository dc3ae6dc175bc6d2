"""Tables of pages: what stands to the right, what is folded, and which numbers lead somewhere."""

import re

from trialwright.reports.sheets import Sheet
from trialwright.reports.trial_report import Section


def test_counts_stand_to_the_right(pages):
    """Also with shares or limits behind them; words, days and the names of rows do not."""
    from trialwright.web.pictures import in_page

    sheet = Sheet(
        "Markers",
        ("marker", "assayed", "altered", "median", "day", "call"),
        (("1", 8, "4/8 (50 %)", "3.7 (1.8 to NE)", "2026-11-28", "PR"),
         ("2", 12, "0/6", "NE", "2026-11-29", "NE")),
    )  # fmt: skip

    (part,) = in_page([Section("Markers", sheet)])
    (empty,) = in_page([Section("None", Sheet("None", ("marker", "n"), ()))])

    assert [each.is_number for each in part.columns] == [False, True, True, True, False, False]
    assert [each.is_number for each in empty.columns] == [False, False]


def test_what_would_decide_is_folded_after_eight(signed_in):
    """All of it is there, the least effort first, in words that say what it takes."""
    page = signed_in("investigator").get("/participants/MGH-016/eligibility/").content.decode()

    told = int(re.search(r"What would decide it: (\d+) things", page)[1])
    first = page.index('aria-label="Table: what would decide it"')
    rest = page.index('aria-label="Table: what else would decide it"')
    end = page.index("</table>", rest)
    assert page[first:rest].count('<tr><th scope="row">') == 8
    assert page[rest:end].count('<tr><th scope="row">') == told - 8
    assert f"{told - 8} more" in page
    assert "a question" in page[first:rest]
    assert "a look at the chart" in page[rest:end]


def test_a_number_leads_on_for_whom_may_follow_it(signed_in):
    """At the dose meeting somebody of another site reads the numbers alone."""
    here = signed_in("coordinator").get("/safety/A/").content.decode()
    elsewhere = signed_in("", "elsewhere").get("/safety/A/").content.decode()

    assert '<th scope="row"><a href="/participants/MGH-005/">MGH-005</a></th>' in here
    assert '<th scope="row">MGH-005</th>' in elsewhere


def test_today_tells_who_waits_before_the_long_lists(signed_in):
    """Meetings, windows, screening, free places and first doses; then visits, then what is over."""
    page = signed_in("coordinator").get("/today/").content.decode()

    names = ("meetings", "windows", "screening", "free", "starting", "visits", "overdue")
    places = [page.index(f'id="{each}"') for each in names]
    assert places == sorted(places)
