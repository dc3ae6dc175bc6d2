"""The form of biomarker material: what was taken, and what was made of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast, get_args

from django import forms

from trialwright.biomarkers.records import SpecimenTree
from trialwright.casebook.materials import MADE_OF, Material, MaterialKind
from trialwright.conduct.acts import Act
from trialwright.conduct.biomarker_acts import RecordMaterials
from trialwright.conduct.state import ParticipantState
from trialwright.terms.markers import TimePoint
from trialwright.web.entry_fields import PartialDay, source_field, source_of
from trialwright.web.forms import OPEN
from trialwright.web.lines_form import Lines, LinesForm

_OF_LINE = "line:"
"""Before the number of a line of the same form, where a material is chosen."""

TIMES: Mapping[TimePoint, str] = MappingProxyType(
    {
        "archival": "Archival: before screening",
        "C1D1": "C1D1: before the first dose",
        "on treatment": "On treatment",
        "progression": "At progression",
    }
)
"""Time point to its words."""

_QUALITIES = ("not assessed", "adequate", "inadequate")


def tree_on_record(here: ParticipantState) -> SpecimenTree:
    """Give the specimen tree of a participant as far as it is legible.

    Parameters
    ----------
    here : ParticipantState
        Whose.

    Returns
    -------
    SpecimenTree
        Not checked again: what contradicts itself was refused, and redaction may leave a part.
    """
    return SpecimenTree(MappingProxyType({each.id: each for each in here.biomarkers.materials}))


def listed(here: ParticipantState, *, is_tissue: bool = False) -> list[tuple[str, str]]:
    """List the material of a participant as its tree stands.

    Parameters
    ----------
    here : ParticipantState
        Whose.
    is_tissue : bool
        Only what comes of solid tumour.

    Returns
    -------
    list of (str, str)
        Label, and label with kind, time point and quality; what was made of a material stands
        below it. The label comes first, so that its letters choose it from the keyboard.
    """
    tree = tree_on_record(here)
    return [(each.id, _words_of(each, tree)) for each, _ in tree.branches()
            if each.is_tissue or not is_tissue]  # fmt: skip


def _words_of(material: Material, tree: SpecimenTree) -> str:
    """Say what a material is."""
    when = tree.time_point_of(material.id) or "time not recorded"
    unfit = ", inadequate" if tree.inadequate(material.id) else ""
    parent = f" of {material.made_of}" if material.made_of else ""
    return f"{material.id}: {material.kind}{parent}, {when}{unfit}"


class MaterialsForm(LinesForm):
    """Material that was taken from a participant, or made of other material."""

    asks = Lines(
        ("label", "kind", "made_of", "time_point", "on", "quality"),
        "One line for each piece: what was taken first, then what was made of it. The label stands "
        "on the tube or block and names no person. A day as far as it is known: 2026-11-28, "
        "2026-11 or 2026. Lines may be left empty.",
        "Give the label, or leave the line empty.",
    )
    source = source_field()

    def line(self, line: int) -> Iterator[tuple[str, forms.Field]]:
        """Make the fields of one piece of material.

        Parameters
        ----------
        line : int
            Its number, from 1.

        Yields
        ------
        tuple of str and Field
            Name and field.
        """
        kinds = [(each, f"{each}, made of {' or '.join(MADE_OF[each])}" if each in MADE_OF else
                  f"{each}, taken") for each in get_args(MaterialKind)]  # fmt: skip
        parents = [("", "Nothing: taken directly"), *listed(self.here),
                   *((f"{_OF_LINE}{each}", f"Material {each} of this form")
                     for each in range(1, line))]  # fmt: skip
        yield (
            "label",
            forms.CharField(label=f"Material {line}: label", required=False, max_length=60),
        )
        yield "kind", forms.ChoiceField(label="Kind", choices=[OPEN, *kinds], required=False)
        yield "made_of", forms.ChoiceField(label="Made of", choices=parents, required=False)
        yield "time_point", forms.ChoiceField(
            label="Taken when", choices=[("", "As what it was made of"), *TIMES.items()],
            required=False,
        )  # fmt: skip
        day = PartialDay(label="Day", required=False)
        day.help_text = ""  # stands once, above the lines
        yield "on", day
        yield "quality", forms.ChoiceField(
            label="Quality", choices=[(each, each.capitalize()) for each in _QUALITIES],
            required=False,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a line without its kind, and a form without a line.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean()
        used = self.used()
        for line in used:
            if not entered.get(f"kind_{line}") and not self.has_error(f"kind_{line}"):
                self.add_error(f"kind_{line}", "Say what it is.")
            of = entered.get(f"made_of_{line}") or ""
            if of.startswith(_OF_LINE) and int(of.removeprefix(_OF_LINE)) not in used:
                self.add_error(f"made_of_{line}", "That line of the form is empty.")
        if not used and not self.errors:
            self.add_error("label_1", "Give at least one piece of material.")
        return entered

    def act(self, on: date) -> Act:
        """Read the lines.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered, found = self.cleaned_data, []
        for place, line in enumerate(self.used()):
            label, of = entered[f"label_{line}"], entered[f"made_of_{line}"]
            if of.startswith(_OF_LINE):
                of = entered[f"label_{of.removeprefix(_OF_LINE)}"]
            found.append(Material(
                label, cast(MaterialKind, entered[f"kind_{line}"]), of,
                cast(TimePoint, entered[f"time_point_{line}"]) or None, entered[f"on_{line}"],
                cast(Any, entered[f"quality_{line}"] or _QUALITIES[0]), source_of(entered),
            ))  # fmt: skip
            self.places |= {
                f"materials.{place}.id": f"label_{line}",
                f"materials.{place}.on": f"on_{line}",
                f"{label}.id": f"label_{line}",
                f"{label}.made_of": f"made_of_{line}",
                f"{label}.time_point": f"time_point_{line}",
            }
        return RecordMaterials(self.here.number, on, tuple(found))
