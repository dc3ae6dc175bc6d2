"""Tmp."""

import pytest
import tests.web.test_browser as b

NEW = {
    k: v
    for k, v in b.SCREENS.items()
    if k
    in (
        "person-form",
        "history-form",
        "therapy-form",
        "specimen-form",
        "baseline-form",
        "exception-form",
        "reconsent-form",
        "cohort",
        "rp2d",
        "protocol-versions",
        "redact",
        "sign",
        "places",
    )
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_new(opened, theme, monkeypatch):
    monkeypatch.setattr(b, "SCREENS", NEW)
    b.test_no_page_breaks_a_rule_of_accessibility(opened, theme)
