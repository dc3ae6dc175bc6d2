"""Data of the outcome figures, small and invented: what a picture must carry is in it."""

from tests.figures import shown_markers

from trialwright.casebook.tumours import Response
from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.kaplan_meier import kaplan_meier
from trialwright.figures.courses import Lane, Story, swimmer, timeline
from trialwright.figures.response_plots import Best, Trace, spider, waterfall
from trialwright.figures.survival_plot import kaplan_meier_plot
from trialwright.figures.toxicity_plots import (
    Band,
    Dosed,
    Series,
    Wings,
    butterfly,
    dose_panel,
    laboratory,
)

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE
NON = Response.NON_CR_NON_PD
LOW, HIGH = "A1: 200 mg", "A2: 300 mg"

BARS = (
    Best("P-01", LOW, -100.0, CR),
    Best("P-02", LOW, -45.5, PR),
    Best("P-03", LOW, -30.0, PR),
    Best("P-04", LOW, -12.0, SD),
    Best("P-05", HIGH, 0.0, SD),
    Best("P-06", HIGH, -20.0, PD, new_lesion=True),
    Best("P-07", HIGH, 38.0, PD, nontarget=True),
    Best("P-08", HIGH, 141.0, PD, new_lesion=True),
    Best("P-09", HIGH, None, NON),
    Best("P-10", HIGH, None, NE),
)
TRACES = (
    Trace("P-01", LOW, ((57, -60.0, PR), (113, -100.0, CR), (169, -100.0, CR)), CR),
    Trace("P-02", LOW, ((57, -30.0, PR), (113, None, NE), (169, -45.5, PR)), PR),
    Trace("P-04", LOW, ((55, -12.0, SD), (112, 4.0, SD)), SD),
    Trace("P-06", HIGH, ((57, -20.0, SD), (113, -8.0, PD)), PD, (113,)),
    Trace("P-07", HIGH, ((50, 38.0, PD),), PD),
)
LANES = (
    Lane("P-01", LOW, 200, 200, ((57, 200, PR),), ((57, "response"),), is_ongoing=True),
    Lane("P-02", LOW, 120, 180, ((57, 113, PR), (113, 120, PD)),
         ((57, "response"), (113, "progression"), (120, "off treatment"))),
    Lane("P-04", HIGH, 60, 95, ((55, 60, SD),), ((60, "off treatment"), (95, "death"))),
    Lane("P-05", HIGH, 20, 70, (), ((15, "DLT"), (20, "off treatment"))),
)  # fmt: skip
STORY = Story(
    "P-05",
    HIGH,
    (("ipatasertib", 1, 14, "given"), ("ipatasertib", 15, 20, "held"),
     ("ipatasertib", 21, 34, "reduced"), ("fulvestrant", 1, 1, "given"),
     ("fulvestrant", 15, 15, "given")),
    (("Diarrhea", 6, 11, 1), ("Hyperglycemia", 15, 23, 3), ("Fatigue", 20, 34, None)),
    ((57, SD),),
    ((34, "treatment ended: toxicity"),),
    (1, 28),
    70,
)  # fmt: skip
CONVENTIONS = Conventions()
# Freireich 1963 as in Cox 1972: weeks in remission, taken as weeks of 7 days.
TAKEN = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
CURVES = {
    "6-MP": kaplan_meier([7.0 * each for each in TAKEN], [bool(each) for each in SEEN],
                         CONVENTIONS),
    "placebo": kaplan_meier([7.0 * each for each in PLACEBO], [True] * 21, CONVENTIONS),
}  # fmt: skip
WINGS = (
    Wings("Diarrhea", {1: 2, 2: 1}, {1: 1, 2: 2, 3: 1}),
    Wings("Hyperglycemia", {1: 1}, {2: 1, 3: 2, 4: 1}),
    Wings("Rash maculo-papular", {}, {3: 1}),
    Wings("Sepsis", {}, {5: 1}),
)
DOSED = (
    Dosed("P-01", 1, 1, "evaluable"),
    Dosed("P-02", 1, 1, "evaluable"),
    Dosed("P-03", 1, 1, "not evaluable"),
    Dosed("P-04", 1, 1, "evaluable"),
    Dosed("P-05", 2, 2, "dlt"),
    Dosed("P-06", 2, 2, "evaluable"),
    Dosed("P-07", 2, 2, "unknown"),
    Dosed("P-08", 2, 3, "pending"),
)
SERIES = (
    Series("P-01", ((-6, 5.4, 0), (8, 7.9, 1), (15, 9.4, 2), (29, 6.1, 0))),
    Series("P-05", ((-4, 5.9, 0), (8, 11.0, 2), (15, 16.2, 3), (22, 8.0, None))),
)
BANDS = (Band(1, 6.1, 8.9), Band(2, 8.9, 13.9), Band(3, 13.9, 27.8))

FIGURES = {
    "waterfall": lambda: waterfall(BARS, 12, "Best change of target lesions", is_confirmed=True),
    "spider": lambda: spider(TRACES, "Target lesions over time"),
    "swimmer": lambda: swimmer(LANES, "2026-11-28", "Time on study"),
    "timeline": lambda: timeline(STORY, "2026-11-28"),
    "kaplan-meier": lambda: kaplan_meier_plot(CURVES, "remission", "Remission"),
    "butterfly": lambda: butterfly(WINGS, (LOW, HIGH), (4, 6), "Adverse events"),
    "dose-panel": lambda: dose_panel(DOSED, ("200 mg", "300 mg", "400 mg"), "Arm A"),
    "laboratory": lambda: laboratory(SERIES, BANDS, "fasting glucose, mmol/L", "Fasting glucose",
                                     "bands: CTCAE 4.03, ULN 6.1 mmol/L"),
    **shown_markers.FIGURES,
}  # fmt: skip
