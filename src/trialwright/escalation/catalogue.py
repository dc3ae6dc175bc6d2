"""Every dose-escalation design by its name: one row a design."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args

from trialwright.escalation.decision import Design, is_level
from trialwright.protocol.escalation_design import EscalationDesign, ThreePlusThreeVariant
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


@dataclass(frozen=True, slots=True)
class Row:
    """One design of the catalogue.

    Attributes
    ----------
    name : str
        As the protocol file writes it.
    variants : tuple of str
        Names of its variants, where its name alone means several designs; one must be named.
    source : str
        The paper that published it, with its DOI.
    page : str
        Its page below `docs/`.
    build : callable (EscalationDesign, int) -> Design
        Makes the design from protocol data for a number of dose levels.
    """

    name: str
    variants: tuple[str, ...]
    source: str
    page: str
    build: Callable[[EscalationDesign, int], Design]


def _settings(data: EscalationDesign) -> dict[str, Any]:
    """Give the settings of a design as the rules take them: whole numbers, floats, words."""
    told = set(type(data).model_fields) - {"origin", "note", "name", "backfill"}
    return {name: _plain(getattr(data, name)) for name in sorted(told)}


def _plain(value: object) -> object:
    """Give a number of the protocol as a float."""
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return float(value) if isinstance(value, Decimal) else value


# The rules of a design, and the numerical libraries they need, are loaded when it is made.


def _three_plus_three(data: EscalationDesign, levels: int) -> Design:
    """Make a 3+3."""
    from trialwright.escalation.designs.three_plus_three import ThreePlusThree

    settings = _settings(data)
    return ThreePlusThree(levels, settings["variant"], settings["starting_level"])


def _boin(data: EscalationDesign, levels: int) -> Design:
    """Make a BOIN design."""
    from trialwright.escalation.designs.boin import Boin

    return Boin(levels=levels, **_settings(data))


def _keyboard(data: EscalationDesign, levels: int) -> Design:
    """Make a keyboard design."""
    from trialwright.escalation.designs.keyboard import Keyboard

    return Keyboard(levels=levels, **_settings(data))


def _mtpi(data: EscalationDesign, levels: int) -> Design:
    """Make an mTPI design."""
    from trialwright.escalation.designs.mtpi import Mtpi

    return Mtpi(levels=levels, **_settings(data))


def _mtpi_2(data: EscalationDesign, levels: int) -> Design:
    """Make an mTPI-2 design."""
    from trialwright.escalation.designs.mtpi_2 import Mtpi2

    return Mtpi2(levels=levels, **_settings(data))


def _i3_plus_3(data: EscalationDesign, levels: int) -> Design:
    """Make an i3+3 design."""
    from trialwright.escalation.designs.i3_plus_3 import I3Plus3

    return I3Plus3(levels=levels, **_settings(data))


def _uploaded_table(data: EscalationDesign, levels: int) -> Design:
    """Make a design of an uploaded decision table."""
    from trialwright.escalation.designs.uploaded_table import UploadedTable

    settings = _settings(data)
    rows = tuple((row.evaluable, row.decisions) for row in settings.pop("rows"))
    return UploadedTable(levels=levels, rows=rows, **settings)


def _crm(data: EscalationDesign, levels: int) -> Design:
    """Make a CRM."""
    from trialwright.escalation.designs.crm import Crm

    return Crm(levels=levels, **_settings(data))


def _blrm(data: EscalationDesign, levels: int) -> Design:
    """Make a BLRM."""
    from trialwright.escalation.designs.blrm import Blrm

    return Blrm(levels=levels, **_settings(data))


def _tite_crm(data: EscalationDesign, levels: int) -> Design:
    """Make a TITE-CRM."""
    from trialwright.escalation.designs.tite_crm import TiteCrm

    return TiteCrm(levels=levels, **_settings(data))


def _tite_boin(data: EscalationDesign, levels: int) -> Design:
    """Make a TITE-BOIN design."""
    from trialwright.escalation.designs.tite_boin import TiteBoin

    return TiteBoin(levels=levels, **_settings(data))


def _rolling_six(data: EscalationDesign, levels: int) -> Design:
    """Make a rolling six."""
    from trialwright.escalation.designs.rolling_six import RollingSix

    return RollingSix(levels, data.starting_level)


def _boin_combinations(data: EscalationDesign, levels: int) -> Design:
    """Make a BOIN design for two agents."""
    from trialwright.escalation.combinations import BoinCombinations

    settings = _settings(data)
    settings.pop("starting_level")
    rows, columns = settings["rows"], settings["columns"]
    if rows * columns != levels:
        found = f"{rows} x {columns} combinations for {levels} dose levels"
        do = "List every combination as a dose level, row by row, or correct rows and columns"
        raise refuse("rows", found, f"rows x columns = {levels}", do)
    return BoinCombinations(**settings)


CATALOGUE: Mapping[str, Row] = MappingProxyType(
    {
        row.name: row
        for row in (
            Row(
                name="3+3",
                variants=get_args(ThreePlusThreeVariant),
                source="Storer 1989, doi:10.2307/2531693",
                page="reference/designs/three-plus-three.md",
                build=_three_plus_three,
            ),
            Row(
                name="BOIN",
                variants=(),
                source="Liu and Yuan 2015, doi:10.1111/rssc.12089",
                page="reference/designs/boin.md",
                build=_boin,
            ),
            Row(
                name="keyboard",
                variants=(),
                source="Yan, Mandrekar and Yuan 2017, doi:10.1158/1078-0432.CCR-17-0220",
                page="reference/designs/keyboard.md",
                build=_keyboard,
            ),
            Row(
                name="mTPI",
                variants=(),
                source="Ji, Liu, Li and Bekele 2010, doi:10.1177/1740774510382799",
                page="reference/designs/mtpi.md",
                build=_mtpi,
            ),
            Row(
                name="mTPI-2",
                variants=(),
                source="Guo, Wang, Yang, Lynn and Ji 2017, doi:10.1016/j.cct.2017.04.006",
                page="reference/designs/mtpi-2.md",
                build=_mtpi_2,
            ),
            Row(
                name="i3+3",
                variants=(),
                source="Liu, Wang and Ji 2020, doi:10.1080/10543406.2019.1636811",
                page="reference/designs/i3-plus-3.md",
                build=_i3_plus_3,
            ),
            Row(
                name="decision-table",
                variants=(),
                source="Ivanova, Flournoy and Chung 2007, doi:10.1016/j.jspi.2006.07.009",
                page="reference/designs/decision-table.md",
                build=_uploaded_table,
            ),
            Row(
                name="CRM",
                variants=(),
                source="O'Quigley, Pepe and Fisher 1990, doi:10.2307/2531628",
                page="reference/designs/crm.md",
                build=_crm,
            ),
            Row(
                name="BLRM",
                variants=(),
                source="Neuenschwander, Branson and Gsponer 2008, doi:10.1002/sim.3230",
                page="reference/designs/blrm.md",
                build=_blrm,
            ),
            Row(
                name="TITE-CRM",
                variants=(),
                source="Cheung and Chappell 2000, doi:10.1111/j.0006-341X.2000.01177.x",
                page="reference/designs/tite-crm.md",
                build=_tite_crm,
            ),
            Row(
                name="TITE-BOIN",
                variants=(),
                source="Yuan, Lin, Li, Nie and Warren 2018, doi:10.1158/1078-0432.CCR-18-0246",
                page="reference/designs/tite-boin.md",
                build=_tite_boin,
            ),
            Row(
                name="rolling-six",
                variants=(),
                source="Skolnik et al. 2008, doi:10.1200/JCO.2007.12.7712",
                page="reference/designs/rolling-six.md",
                build=_rolling_six,
            ),
            Row(
                name="BOIN-combinations",
                variants=(),
                source="Lin and Yin 2017, doi:10.1177/0962280215594494",
                page="reference/designs/boin-combinations.md",
                build=_boin_combinations,
            ),
        )
    }
)
"""The designs by name. A new design is a file in `designs`, a row here, a page, a published
example and its samples in the conformance suite."""


def check(data: EscalationDesign, levels: int, where: str = "escalation") -> tuple[Fault, ...]:
    """Find what is wrong with a design before anybody is treated by it.

    Parameters
    ----------
    data : EscalationDesign
        The design as the protocol writes it.
    levels : int
        Number of dose levels of its ladder.
    where : str
        Path of the data in the protocol file, e.g. `arms.A.escalation`.

    Returns
    -------
    tuple of Fault
        Empty when the design is in the catalogue, its variant is named, it starts at a level of
        the ladder and all its settings fit together.
    """
    faults = []
    row = CATALOGUE.get(data.name)
    if row is None:
        known = ", ".join(CATALOGUE)
        do = "Name a design of the catalogue"
        faults.append(Fault(f"{where}.name", shorten(data.name), known, do))
    elif row.variants and (variant := getattr(data, "variant", "")) not in row.variants:
        allowed = ", ".join(row.variants)
        do = f"Name the variant: {row.name} alone means {len(row.variants)} designs"
        found = f"variant {shorten(repr(variant))}"
        faults.append(Fault(f"{where}.variant", found, allowed, do))
    if not is_level(levels, levels):
        found = f"a ladder of {shorten(levels)} dose levels"
        faults.append(Fault(where, found, "a whole number from 1", "Give the ladder dose levels"))
    elif not is_level(data.starting_level, levels):
        found = f"dose level {shorten(data.starting_level)}"
        do = "Start at a dose level of the ladder"
        faults.append(Fault(f"{where}.starting_level", found, f"1-{levels}", do))
    if not faults and row is not None:
        faults += _made(row, data, levels, where)
    return tuple(faults)


def _made(row: Row, data: EscalationDesign, levels: int, where: str) -> list[Fault]:
    """Find what a design refuses when it is made."""
    try:
        row.build(data, levels)
    except Refusal as refused:
        return [replace(fault, where=f"{where}.{fault.where}") for fault in refused.faults]
    return []


def design_from(data: EscalationDesign, levels: int) -> Design:
    """Make the design that the protocol names.

    Parameters
    ----------
    data : EscalationDesign
        The design as the protocol writes it.
    levels : int
        Number of dose levels of its ladder.

    Returns
    -------
    Design
        Ready to decide.

    Raises
    ------
    Refusal
        With every fault that `check` finds.
    """
    faults = check(data, levels)
    if faults:
        raise Refusal(faults)
    return CATALOGUE[data.name].build(data, levels)
