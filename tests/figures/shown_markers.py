"""Data of the figures of biomarkers, small and invented: every state and every mark once."""

from trialwright.biomarkers.marker_table import CellState
from trialwright.casebook.tumours import Response
from trialwright.figures.allele_fractions import Fractions, Point, allele_fractions
from trialwright.figures.forest import Estimate, forest
from trialwright.figures.oncoprint import Column, by_alteration, oncoprint
from trialwright.figures.volcano import volcano

LOW, HIGH = "A1: 200 mg", "A2: 300 mg"
YES, NO = CellState.ALTERED, CellState.NOT_ALTERED
MARKERS = (("pik3ca-tissue", "tissue DNA"), ("esr1-plasma", "cfDNA"), ("cfdna-tp53-any *", "cfDNA"))
COLUMNS = tuple(
    Column(f"P-0{place}", LOW if place < 5 else HIGH, response, states, ("because",) * 3)
    for place, (response, *states) in enumerate(
        (
            (Response.PD, NO, CellState.FAILED, CellState.FAILED),
            (Response.PR, YES, NO, NO),
            (Response.CR, YES, YES, CellState.SUSPECTED_HAEMATOPOIESIS),
            (Response.SD, NO, CellState.UNDETERMINED, NO),
            (Response.NE, CellState.NOT_ASSAYED, YES, CellState.GERMLINE),
            (None, CellState.NOT_COVERED, CellState.NOT_ASSAYED, CellState.NOT_ASSAYED),
            (Response.NON_CR_NON_PD, NO, NO, YES),
        ),
        start=1,
    )
    for states in (tuple(states),)
)
PEOPLE = (
    Fractions(
        "P-02",
        LOW,
        (
            ("PIK3CA H1047R", (Point(1, 0.08, "detected"), Point(57, None, "not detected"),
                               Point(113, 0.05, "detected"))),
            ("ESR1 D538G", (Point(1, 0.002, "below limit"), Point(57, None, "not detected"),
                            Point(113, 0.018, "detected"))),
        ),
        ((1, 0.005), (57, 0.005), (113, 0.001)),
    ),
    Fractions("P-03", LOW, (("AKT1 E17K", (Point(1, 0.2, "detected"),
                                           Point(57, None, "not detected"))),),
              ((1, None), (57, None))),
)  # fmt: skip
TESTS = (
    Estimate("pik3ca-tissue", "5/5 against 3/15", (39.3, 2.9, 9000.0), 0.0023, 0.0023, 0.004),
    Estimate("akt1-tissue", "0/1 against 8/19", (0.6, 0.01, 20.0), 0.4, None, None),
    Estimate("rb1-tissue", "0/0 against 8/20", None, 1.0, None, None),
)
OTHERS = (Estimate("esr1-plasma", "1/4 against 7/14", (0.4, 0.03, 3.6), 0.02, 0.58, 0.81),)
MANY = tuple(
    Estimate(f"gene-{place}", "", (ratio, ratio / 3, ratio * 3), 1e-4, p, max_t)
    for place, (ratio, p, max_t) in enumerate(
        [(8.0, 0.0004, 0.01), *((1.0 + 0.1 * step, 0.9 - 0.05 * step, 1.0) for step in range(15))]
    )
)

FIGURES = {
    "oncoprint": lambda: oncoprint(by_alteration(COLUMNS), MARKERS, "Markers and best response"),
    "allele-fractions": lambda: allele_fractions(PEOPLE, "Allele fractions over time"),
    "forest": lambda: forest(
        (("tissue DNA, pre-specified", TESTS), ("cfDNA, pre-specified", OTHERS)),
        "Every marker and objective response", "odds ratio (Firth, adjusted)", 0.05,
        "response-evaluable set",
    ),
    "volcano": lambda: volcano(MANY, "Markers and overall survival", "hazard ratio", 0.05),
}  # fmt: skip
