"""What a protocol promises and no public record shows, as paths with values.

Dose levels, designs, DLT definition, response settings and the like drive the trial: two versions
of a protocol are compared in them value by value.
"""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import BaseModel

from trialwright.protocol.data import Illustrated
from trialwright.protocol.study import Study
from trialwright.registry.amending.version import Setting

_PARTS = (
    "arms",
    "assignment",
    "slots",
    "sample_size",
    "dlt",
    "dose_decisions",
    "stop_rules",
    "assessments",
    "obligations",
    "response",
    "endpoint_settings",
    "assays",
    "biomarkers",
)
_SHOWN = frozenset({"title", "type", "says", "source_text", "dosing"})
"""Parts of an arm that a record shows; they are compared there."""

_ASIDE = frozenset({"origin", "note", "label", "id"})
"""What only speaks of a value, or names it."""


def settings_of(study: Study) -> tuple[Setting, ...]:
    """Give the settings of a protocol.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of Setting
        Each value with its path; members of lists are named by their id where they have one.
    """
    return tuple(
        setting for part in _PARTS for setting in _settings(getattr(study, part), part, "")
    )


def _settings(value: object, path: str, label: str) -> Iterator[Setting]:
    """Give the values inside a value."""
    if isinstance(value, Illustrated):
        label = value.label
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                is_told = path.startswith("arms.") and name in _SHOWN
                if name not in _ASIDE and not is_told:
                    yield from _settings(getattr(value, name), f"{path}.{name}", label)
        case tuple() if value and isinstance(value[0], BaseModel):
            for place, member in enumerate(value):
                name = getattr(member, "id", "") or str(place)
                yield from _settings(member, f"{path}.{name}", label)
        case None:
            return
        case _:
            yield Setting(path, _said(value), label)


def _said(value: object) -> str:
    """Say a plain value."""
    if isinstance(value, tuple):
        return ", ".join(_said(each) for each in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
