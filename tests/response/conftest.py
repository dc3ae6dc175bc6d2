"""Lesions and visits in a few words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trialwright.casebook.tumour_words import read_nontarget, read_target
from trialwright.casebook.tumours import (
    Certainty,
    Marker,
    NewLesion,
    NonTargetLesion,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.timepoint import TimepointResponse, timepoint_responses
from trialwright.terms.sources import Source

DAY_1 = date(2026, 1, 1)
SOURCE = Source("example", "test")


@dataclass(frozen=True)
class Bench:
    """Builds baselines and visits, and judges them."""

    day_1: date = DAY_1

    def settings(self, **changes: Any) -> ResponseSettings:
        """Give the response settings of the tests."""
        return ResponseSettings(
            **{
                "measurable_conventional_mm": Decimal(20),
                "measurable_spiral_mm": Decimal(10),
                "bone_only_allowed": True,
                **changes,
            }
        )

    def baseline(
        self,
        targets: Mapping[str, object] | None = None,
        nontargets: tuple[str, ...] = (),
        site: str = "LIVER",
        method: str = "",
    ) -> TumourBaseline:
        """Take lesions named `LN...` for nodes; each in an organ of its own unless said."""
        return TumourBaseline(
            DAY_1 - timedelta(7),
            tuple(
                TargetLesion(label, site, label.startswith("LN"), Decimal(str(mm)))
                for label, mm in (targets or {}).items()
            ),
            tuple(NonTargetLesion(label, "", label.startswith("LN")) for label in nontargets),
            SOURCE,
            method,
        )

    def visit(
        self,
        day: int,
        targets: Mapping[str, object] | None = None,
        nontargets: Mapping[str, object] | None = None,
        new: str | tuple[NewLesion, ...] | None = "NONE",
        marker: Marker = Marker.NOT_FOLLOWED,
        **more: Any,
    ) -> TumourAssessment:
        """Take one assessment on a study day."""
        if isinstance(new, str):
            new = () if new == "NONE" else (NewLesion(Certainty(new)),)
        return TumourAssessment(
            DAY_1 + timedelta(day - 1),
            {label: read_target(reading, label) for label, reading in (targets or {}).items()},
            {
                label: read_nontarget(reading, label)
                for label, reading in (nontargets or {}).items()
            },
            new,
            SOURCE,
            marker,
            **more,
        )

    def judge(
        self, baseline: TumourBaseline, *visits: TumourAssessment, **settings: Any
    ) -> tuple[TimepointResponse, ...]:
        """Judge visits under the settings of the tests."""
        return timepoint_responses(baseline, visits, self.settings(**settings))

    def targets(self, before: Mapping[str, object], *after: Mapping[str, object]) -> list[str]:
        """Give the target responses of visits eight weeks apart."""
        visits = [self.visit(57 + 56 * place, seen) for place, seen in enumerate(after)]
        return [str(answer.target) for answer in self.judge(self.baseline(before), *visits)]


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Give the builder."""
    return Bench()
