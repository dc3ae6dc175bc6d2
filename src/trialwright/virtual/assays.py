"""How laboratories report what the criteria ask: units, spread, reference ranges, limits.

Each form of a report holds the exact values at and around the limit of a criterion, in its own
unit. They are written as decimals and kept as millionths.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which an analyte is reported.

    Attributes
    ----------
    code : str
        LOINC.
    unit : str
        UCUM.
    middle, spread : float
        Centre and standard deviation, in the unit; with `is_skewed` the spread is that of the
        logarithm.
    digits : int
        Decimals of a report.
    edges : tuple of str
        Values at and around the limit; `3.0x` stands for three times the upper limit of normal,
        `3.0x-1` for one unit less.
    ranges : tuple of (str, str)
        Reference ranges of different laboratories, low and high.
    weight : float
        Share of this form among the reports.
    spelling : str
        How some write the unit without a code; empty: they do not.
    least : str
        Detection limit, reported as `<0.3`; empty: the value itself gets the comparator.
    is_skewed : bool
        Whether values spread as a logarithm.
    margin : str
        Group for whom the ranges hold; empty: for everybody.
    """

    code: str
    unit: str
    middle: float
    spread: float
    digits: int
    edges: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...] = ()
    weight: float = 1.0
    spelling: str = ""
    least: str = ""
    is_skewed: bool = False
    margin: str = ""


@dataclass(frozen=True, slots=True)
class Assay:
    """One thing measured in everybody.

    Attributes
    ----------
    fact : str
        Name of the protocol's term, or of the trap.
    forms : tuple of Form
        How it is reported.
    wrong_unit : str
        A unit in which it cannot be true, found now and then.
    in_cancer, in_others : float
        Share of people of whom there is a report: with breast cancer, and of the others.
    edge_share : float
        Share of reports at a limit of a criterion.
    """

    fact: str
    forms: tuple[Form, ...]
    wrong_unit: str = ""
    in_cancer: float = 0.95
    in_others: float = 0.5
    edge_share: float = 0.12


_PLATELETS = ("99", "100", "101")
_ENZYME = ("3.0x", "3.0x-1", "3.0x+1", "5.0x", "5.0x-1", "5.0x+1", "2.99x", "0.5x")
_ULN = (("10", "40"), ("8", "33"), ("5", "35"), ("10", "36.5"))
_MENOPAUSE = "postmenopausal"

ASSAYS = (
    Assay("er-percent", (
        Form("85329-1", "%", 75, 25, 0, ("0", "0.9", "1", "2", "100")),
    ), in_cancer=0.85, in_others=0, edge_share=0.2),
    Assay("pr-percent", (
        Form("85325-9", "%", 45, 30, 0, ("0", "0.9", "1", "2", "100")),
    ), in_cancer=0.8, in_others=0, edge_share=0.25),
    Assay("ecog", (
        Form("89247-1", "{score}", 0.9, 0.8, 0, ("0", "1", "2", "3", "4")),
    ), in_cancer=0.93, in_others=0, edge_share=0.15),
    Assay("anc", (
        Form("751-8", "10*3/uL", 3.8, 0.4, 2, ("0.999", "1", "1.001", "1.499", "1.5"),
             (("1.8", "7.7"), ("1.5", "8")), 0.6, "K/uL", "0.1", is_skewed=True),
        Form("751-8", "/uL", 3800, 0.4, 0, ("999", "1000", "1001", "1499", "1500"),
             (("1800", "7700"),), 0.2, "cells/mm3", "100", is_skewed=True),
        Form("26499-4", "10*9/L", 3.8, 0.4, 2, ("0.999", "1", "1.001", "1.499", "1.5"),
             (("1.8", "7.5"),), 0.2, "x10^9/L", "0.1", is_skewed=True),
    ), "g/dL"),
    Assay("hemoglobin", (
        Form("718-7", "g/dL", 12.4, 1.5, 1, ("8.9", "9", "9.1", "9.9", "10"),
             (("12", "16"), ("11.5", "15.5")), 0.7, "gm/dL"),
        Form("718-7", "g/L", 124, 15, 0, ("89", "90", "91", "99", "100"), (("120", "160"),), 0.2),
        Form("59260-0", "mmol/L", 7.7, 0.9, 2, ("5.5", "5.58", "5.59", "6.2", "6.21"),
             (("7.4", "9.9"),), 0.1),
    ), "mg/dL"),
    Assay("platelets", (
        Form("777-3", "10*3/uL", 240, 65, 0, (*_PLATELETS, "99.999"), (("150", "400"),), 0.7,
             "K/uL", "10"),
        Form("26515-7", "10*9/L", 240, 65, 0, _PLATELETS, (("140", "440"),), 0.2, "x10^9/L"),
        Form("777-3", "/uL", 240000, 65000, -3, ("99999", "100000", "100001"),
             (("150000", "400000"),), 0.1, "cells/uL"),
    ), "g/dL"),
    Assay("total-bilirubin", (
        Form("1975-2", "mg/dL", 0.6, 0.4, 1, ("1.49", "1.5", "1.51", "1.4", "1.6"),
             (("0.1", "1.2"), ("0.2", "1")), 0.75, "", "0.3", is_skewed=True),
        Form("14631-6", "umol/L", 10, 0.4, 0, ("25", "25.64", "25.65", "25.66", "26"),
             (("2", "21"),), 0.25, "µmol/L", "3", is_skewed=True),
    ), "g/dL"),
    Assay("ast", (
        Form("1920-8", "U/L", 24, 0.35, 0, _ENZYME, _ULN, 0.8, "IU/L", "5", is_skewed=True),
        Form("30239-8", "U/L", 24, 0.35, 0, _ENZYME, _ULN, 0.2, "", "5", is_skewed=True),
    ), "mg/dL", edge_share=0.15),
    Assay("alt", (
        Form("1742-6", "U/L", 22, 0.4, 0, _ENZYME, _ULN, 1, "IU/L", "5", is_skewed=True),
    ), "mg/dL", edge_share=0.15),
    Assay("creatinine", (
        Form("2160-0", "mg/dL", 0.85, 0.25, 2, ("1.09", "1.095", "1.1", "2", "2.01"),
             (("0.5", "1.1"),), 0.75, "", "0.2", is_skewed=True),
        Form("14682-9", "umol/L", 75, 0.25, 0, ("96.8", "97", "176.8", "177"),
             (("45", "97"),), 0.25, "µmol/L", is_skewed=True),
    ), "g/L"),
    Assay("body-weight", (
        Form("29463-7", "kg", 71, 13, 1, ("48", "72", "47.9", "72.1"), (), 0.9),
        Form("29463-7", "[lb_av]", 156, 28, 0, ("105.8", "158.7"), (), 0.1),
    ), "g", edge_share=0.05),
    Assay("fasting-glucose", (
        Form("1558-6", "mg/dL", 96, 0.14, 0, ("139", "139.9", "140", "141"), (("70", "99"),), 0.8,
             is_skewed=True),
        Form("14771-0", "mmol/L", 5.3, 0.14, 1, ("7.77", "7.78", "7.7", "7.8"),
             (("3.9", "5.5"),), 0.2, is_skewed=True),
    ), "g/L", in_cancer=0.85, in_others=0.3),
    Assay("glucose-not-fasting", (
        Form("2345-7", "mg/dL", 112, 0.2, 0, ("139", "140", "250"), (("70", "140"),),
             is_skewed=True),
    ), in_cancer=0.4, in_others=0.4),
    Assay("hba1c", (
        Form("4548-4", "%", 5.6, 0.5, 1, ("6.9", "6.99", "7", "7.1"), (("4", "5.6"),), 0.75),
        Form("59261-8", "mmol/mol", 38, 5, 0, ("52", "53", "54"), (("20", "42"),), 0.25),
    ), "mg/dL", in_cancer=0.85, in_others=0.3),
    Assay("potassium", (
        Form("2823-3", "mmol/L", 4.2, 0.35, 1, ("2.9", "3", "3.1", "2.99"), (("3.5", "5.1"),), 1),
    ), "%", edge_share=0.06),
    Assay("magnesium", (
        Form("19123-9", "mg/dL", 2, 0.18, 1, ("0.8", "0.89", "0.9", "0.91"), (("1.7", "2.4"),),
             0.8),
        Form("2601-3", "mmol/L", 0.82, 0.08, 2, ("0.37", "0.36", "0.38"), (("0.7", "1"),), 0.2),
    ), "g/dL", in_others=0.2, edge_share=0.06),
    Assay("systolic-pressure", (
        Form("8480-6", "mm[Hg]", 128, 14, 0, ("89", "90", "91", "159", "160", "161"), (), 1,
             "mmHg"),
    ), "%", in_others=0.7, edge_share=0.1),
    Assay("heart-rate", (
        Form("8867-4", "/min", 76, 10, 0, ("49", "50", "51"), (), 1, "bpm"),
    ), "ms", in_others=0.6, edge_share=0.08),
    Assay("lvef", (
        Form("10230-1", "%", 61, 5, 0, ("49", "49.9", "50", "51"), (("52", "72"),)),
    ), "mm", in_cancer=0.45, in_others=0.05, edge_share=0.1),
    Assay("fsh", (
        Form("15067-2", "[IU]/L", 62, 0.35, 1, ("25", "24.9", "25.8", "25.7", "134.8", "135", "8"),
             (("25.8", "134.8"), ("25", "135")), 0.7, "", "0.3", is_skewed=True,
             margin=_MENOPAUSE),
        Form("15067-2", "m[IU]/mL", 62, 0.35, 1, ("24.9", "25", "6.2"), (("25", "135"),), 0.2,
             is_skewed=True, margin=_MENOPAUSE),
        Form("15067-2", "[IU]/L", 40, 0.7, 1, ("7", "12"), (("3.5", "12.5"),), 0.1,
             is_skewed=True),
    ), "mg/dL", in_cancer=0.4, in_others=0.01, edge_share=0.25),
    Assay("lh", (
        Form("10501-5", "[IU]/L", 31, 0.3, 1, ("7.6", "7.7", "58.5", "58.6", "4"),
             (("7.7", "58.5"),), 0.8, "", "0.3", is_skewed=True, margin=_MENOPAUSE),
        Form("10501-5", "[IU]/L", 20, 0.7, 1, ("5",), (("2.4", "12.6"),), 0.2, is_skewed=True),
    ), "mg/dL", in_cancer=0.38, in_others=0.01, edge_share=0.2),
    Assay("estradiol", (
        Form("2243-4", "pg/mL", 9, 0.5, 1, ("10", "10.1", "54.6", "54.7", "120"),
             (("0", "10"), ("5", "54.7")), 1, "", "5", is_skewed=True, margin=_MENOPAUSE),
    ), "mm", in_cancer=0.3, in_others=0.01, edge_share=0.2),
)  # fmt: skip
"""What is measured by number, with the limits of the first protocol's criteria."""
