"""Today: long lists come page by page."""

import re

LINES = re.compile(r"record (C\d+D\d+|W\d+|FU-\d+)</a>")


def test_a_long_list_comes_page_by_page(signed_in, monkeypatch):
    """The pages together hold each line once, in order; a page that is none is the nearest."""
    coordinator = signed_in("coordinator")
    whole = LINES.findall(coordinator.get("/today/").content.decode())
    monkeypatch.setattr("trialwright.web.paging.ROWS", 2)
    pages = -(-len(whole) // 2)

    parts = [
        coordinator.get(f"/today/?visits={number}").content.decode()
        for number in range(1, pages + 1)
    ]
    beyond = coordinator.get("/today/?visits=999").content.decode()

    assert len(whole) > 2
    assert [line for part in parts for line in LINES.findall(part)] == whole
    assert f"1 to 2 of {len(whole)}" in parts[0]
    assert LINES.findall(beyond) == LINES.findall(parts[-1])
