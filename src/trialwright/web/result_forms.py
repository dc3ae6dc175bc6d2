"""Forms of what a laboratory found in biomarker material: a run of sequencing, a stain."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast, get_args

from django import forms

from trialwright.casebook.stains import Intensity, Ish, Pattern, Span, Stain
from trialwright.casebook.variants import Origin, SequencingRun, VariantCall
from trialwright.conduct.acts import Act
from trialwright.conduct.biomarker_acts import RecordSequencing, RecordStain
from trialwright.intake.ihc_scores import read_her2_score, read_percent
from trialwright.protocol.biomarker_settings import SYMBOL
from trialwright.terms.errors import Refusal, refuse
from trialwright.terms.markers import CopyEffect, Effect, MutationEffect
from trialwright.web.clinical_forms import ClinicalForm
from trialwright.web.entry_fields import KNOWN, PartialDay, known_or_not, source_field, source_of
from trialwright.web.forms import OPEN, sentence
from trialwright.web.lines_form import Lines, LinesForm, percent_field
from trialwright.web.material_forms import listed

_CHANGE = re.compile(r"[A-Z*][A-Za-z0-9_*>=]{1,59}")
_THREE_LETTERS = re.compile(r"[A-Z][a-z]{2}[0-9]")
_ORIGINS: Mapping[Origin, str] = MappingProxyType(
    {
        "not recorded": "Not told",
        "somatic": "Somatic: of the tumour",
        "germline": "Germline: inherited",
        "suspected clonal haematopoiesis": "Suspected clonal haematopoiesis: of blood cells",
    }
)
_EFFECTS = [
    OPEN,
    *((each, each.capitalize()) for each in get_args(MutationEffect)),
    *((each, f"Copies: {each}") for each in get_args(CopyEffect)),
    ("rearrangement", "Rearrangement"),
]


class SequencingForm(LinesForm):
    """A run of sequencing with everything that it called."""

    asks = Lines(
        ("gene", "change", "effect", "origin", "alt", "ref", "vaf", "position"),
        "One line for each variant that was reported, also those of the germline or of blood "
        "cells. Gene by its symbol, e.g. AKT1; protein change by one letter for each amino acid, "
        "e.g. E17K; position with its build, e.g. GRCh38 14:104780214 C>T; the allele fraction "
        "only where reads are not told. Copy number has its own lines: amplification, gain, loss, "
        "deep deletion.",
        "Give the gene, or leave the line empty.",
    )

    def begin(self) -> None:
        """Add what the protocol and the specimen tree offer, then the lines."""
        panels = [(each.id, f"{each.id}: {each.says}")
                  for each in self.state.study.biomarkers.panels]  # fmt: skip
        self.fields.update(
            material=forms.ChoiceField(
                label="Material sequenced", choices=[OPEN, *listed(self.here)],
                help_text="Of the specimen tree. What is missing here is recorded first.",
            ),
            id=forms.CharField(
                label="Run", max_length=60, help_text="As the laboratory calls it. Never a name."
            ),
            panel=forms.ChoiceField(
                label="Panel", choices=[OPEN, *panels, ("other", "Another, by name"),
                                        ("none", "Not told by the laboratory")],
                help_text="Says which genes were looked at. Where the protocol does not describe "
                "it, nothing that the run leaves out is known to be absent.",
            ),
            other_panel=forms.CharField(
                label="Name of another panel", required=False, max_length=60
            ),
            outcome=forms.ChoiceField(
                label="Outcome",
                choices=[OPEN, ("passed", "Passed: the laboratory stands by the result"),
                         ("failed", "Failed: nothing is known of it")],
            ),
            reported=forms.ChoiceField(
                label="Variants", required=False,
                choices=[("", "Does not apply: the run failed"), ("some", "Those in the lines"),
                         ("none", "None: the run reported nothing")],
                help_text="A run that reported nothing is a result, so it is said here and never "
                "taken from empty lines.",
            ),
            on=PartialDay(label="Day of the result", required=False),
            limit=percent_field(
                "Limit of detection", "Lowest allele fraction it detects, where that differs from "
                "the panel's: 0.5 is 0.5 %.",
            ),
            tumour_fraction=percent_field("Tumour fraction", "Of cell-free DNA: 12 is 12 %."),
            white_cells_beside=forms.ChoiceField(
                label="White blood cells sequenced beside it", choices=KNOWN, required=False,
                help_text="Of cell-free DNA: tells variants of blood cells from those of tumour.",
            ),
            counts_copies=forms.ChoiceField(
                label="Copy number called", required=False,
                choices=[("", "As the panel says"), ("yes", "Yes"), ("no", "No")],
            ),
            calls_rearrangements=forms.ChoiceField(
                label="Rearrangements called", required=False,
                choices=[("", "As the panel says"), ("yes", "Yes"), ("no", "No")],
                help_text="Where they were not, a gene without one is not known to be whole.",
            ),
            uncounted=forms.CharField(
                label="Genes whose copies are not told", required=False, max_length=400,
                help_text="Symbols with blanks between them.",
            ),
            source=source_field(),
        )  # fmt: skip
        super().begin()

    def line(self, line: int) -> Iterator[tuple[str, forms.Field]]:
        """Make the fields of one variant.

        Parameters
        ----------
        line : int
            Its number, from 1.

        Yields
        ------
        tuple of str and Field
            Name and field.
        """
        origins = [*_ORIGINS.items()]
        yield "gene", forms.CharField(label=f"Variant {line}: gene", required=False, max_length=30)
        yield "change", forms.CharField(label="Protein change", required=False, max_length=60)
        yield "effect", forms.ChoiceField(label="Effect", choices=_EFFECTS, required=False)
        yield "origin", forms.ChoiceField(label="Origin", choices=origins, required=False)
        yield "alt", forms.IntegerField(label="Reads with it", required=False, min_value=0)
        yield "ref", forms.IntegerField(label="Reads without it", required=False, min_value=0)
        yield "vaf", percent_field("Allele fraction")
        yield "position", forms.CharField(label="Position", required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        """Refuse silence that nobody chose, and genes and changes in another spelling.

        Returns
        -------
        dict of str to object
            With changes as rules compare them.
        """
        entered = super().clean()
        if entered.get("panel") == "other" and not entered.get("other_panel"):
            self.add_error("other_panel", "Name the panel.")
        self._refuse_silence()
        for line in self.used():
            self._read_line(line)
        entered["uncounted"] = (entered.get("uncounted") or "").split()
        if any(not re.fullmatch(SYMBOL, each) for each in entered["uncounted"]):
            self.add_error("uncounted", "Give symbols, e.g. PTEN, with blanks between them.")
        return entered

    def _refuse_silence(self) -> None:
        """Refuse lines that contradict what is said of them, and what is left unsaid."""
        entered, used = self.cleaned_data, self.used()
        said = entered.get("reported")
        if said == "some" and not used and not self.errors:
            self.add_error("gene_1", "Give the variants, or choose that none was reported.")
        if used and said != "some":
            self.add_error("reported", "There are variants in the lines: choose them, or empty "
                           "the lines.")  # fmt: skip
        elif entered.get("outcome") == "passed" and not said:
            self.add_error("reported", "Say whether the run reported variants.")
        if entered.get("outcome") == "failed" and said:
            self.add_error("reported", "A run that failed says nothing of variants. Correct the "
                           "outcome, or leave this open.")  # fmt: skip

    def _read_line(self, line: int) -> None:
        """Refuse what no rule could compare."""
        entered = self.cleaned_data
        if not re.fullmatch(SYMBOL, entered[f"gene_{line}"]):
            self.add_error(f"gene_{line}", "Give the symbol in its own letters, e.g. PIK3CA.")
        if not entered.get(f"effect_{line}") and not self.has_error(f"effect_{line}"):
            self.add_error(f"effect_{line}", "Say what it does to the gene.")
        change = (entered.get(f"change_{line}") or "").removeprefix("p.")
        entered[f"change_{line}"] = change
        if _THREE_LETTERS.match(change):
            self.add_error(f"change_{line}", "Give one letter for each amino acid: E17K for "
                           "Glu17Lys.")  # fmt: skip
        elif change and not _CHANGE.fullmatch(change):
            self.add_error(f"change_{line}", "Give the change of the protein, e.g. E17K or "
                           "N867Sfs*2.")  # fmt: skip
        reads = entered.get(f"alt_{line}"), entered.get(f"ref_{line}")
        if (reads[0] is None) != (reads[1] is None):
            self.add_error(f"ref_{line}", "Give both numbers of reads, or neither.")
        if entered.get(f"vaf_{line}") is not None and None not in reads:
            self.add_error(f"vaf_{line}", "The reads tell it already: leave this empty.")

    def act(self, on: date) -> Act:
        """Read the run.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered, source = self.cleaned_data, source_of(self.cleaned_data)
        panel = {"other": entered["other_panel"], "none": ""}.get(entered["panel"])
        calls = tuple(
            VariantCall(
                entered[f"gene_{line}"], entered[f"change_{line}"],
                cast(Effect, entered[f"effect_{line}"]),
                cast(Origin, entered[f"origin_{line}"] or "not recorded"),
                entered[f"alt_{line}"], entered[f"ref_{line}"], entered[f"position_{line}"],
                source, _part_of_one(entered[f"vaf_{line}"]),
            )
            for line in self.used()
        )  # fmt: skip
        run = SequencingRun(
            entered["id"], entered["material"], entered["panel"] if panel is None else panel,
            cast(Any, entered["outcome"]), entered["on"], _part_of_one(entered["limit"]),
            _part_of_one(entered["tumour_fraction"]), known_or_not(entered["white_cells_beside"]),
            calls, source, known_or_not(entered["counts_copies"]), tuple(entered["uncounted"]),
            known_or_not(entered["calls_rearrangements"]),
        )  # fmt: skip
        return RecordSequencing(self.here.number, on, run)


class StainForm(ClinicalForm):
    """A stain as it was read.

    Attributes
    ----------
    is_dense : bool
        Fields stand beside each other where there is room.
    rows_say : str
        What stands above the fields of the reading.
    """

    is_dense = True
    rows_say = "Tumour cells stained, and HER2. What was not read stays empty."
    _PAIRED = (
        ("percent", "intensity", "pattern", "clone"),
        ("weak", "moderate", "strong"),
        ("h_score", "allred"),
        ("score", "ratio", "copies"),
        ("outside_score", "outside_ratio", "outside_copies"),
    )

    def begin(self) -> None:
        """Add what the protocol and the specimen tree offer."""
        rules = self.state.study.biomarkers.statuses
        proteins = [(each, each) for each in dict.fromkeys(each.analyte for each in rules)]
        patterns = [("", "Nothing said"), *((each, each.capitalize())
                                            for each in get_args(Pattern) if each)]  # fmt: skip
        strengths = [("", "Not recorded"),
                     *((each, each.capitalize()) for each in get_args(Intensity))]  # fmt: skip
        self.fields.update(
            material=forms.ChoiceField(
                label="Tissue stained", choices=[OPEN, *listed(self.here, is_tissue=True)],
                help_text="Of the specimen tree. What is missing here is recorded first.",
            ),
            analyte=forms.ChoiceField(
                label="Protein", choices=[OPEN, *proteins, ("other", "Another, by name")],
                help_text="Those listed have a rule of the protocol.",
            ),
            other_analyte=forms.CharField(
                label="Name of another protein", required=False, max_length=20
            ),
            outcome=forms.ChoiceField(
                label="Outcome", choices=[OPEN, ("read", "Read"), ("failed", "Failed"),
                                          ("not done", "Not done")],
            ),
            on=PartialDay(label="Day of the reading", required=False),
            percent=forms.CharField(
                label="Stained, %", required=False, max_length=20,
                help_text="At any intensity: 70, 30-60, >60 or <1.",
            ),
            intensity=forms.ChoiceField(label="Intensity", choices=strengths, required=False),
            pattern=forms.ChoiceField(label="Spread", choices=patterns, required=False),
            clone=forms.CharField(label="Antibody clone", required=False, max_length=40),
            weak=percent_field("Weakly stained (1+)"),
            moderate=percent_field("Moderately (2+)"),
            strong=percent_field("Strongly (3+)"),
            h_score=forms.DecimalField(
                label="H-score", required=False,
                help_text="0 to 300, where the report tells it as one number.",
            ),
            allred=forms.IntegerField(
                label="Allred score", required=False,
                help_text="0, or 2 to 8, where the report tells it as one number.",
            ),
            score=forms.CharField(
                label="HER2 score", required=False, max_length=10, help_text="0 to 3+, or 1-2+."
            ),
            outside_score=forms.CharField(
                label="Another laboratory: HER2 score", required=False, max_length=10
            ),
            ratio=forms.DecimalField(label="HER2/CEP17 ratio", required=False),
            copies=forms.DecimalField(label="HER2 signals per cell", required=False),
            outside_ratio=forms.DecimalField(label="Its HER2/CEP17 ratio", required=False),
            outside_copies=forms.DecimalField(label="Its HER2 signals per cell", required=False),
            source=source_field(),
        )  # fmt: skip

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """Fields that stand beside each other."""
        return [[self[name] for name in names] for names in self._PAIRED]

    def clean(self) -> dict[str, Any]:
        """Read percentages and scores, and refuse a reading of what was not read.

        Returns
        -------
        dict of str to object
            With spans in place of texts.
        """
        entered = super().clean() or {}
        if entered.get("analyte") == "other" and not entered.get("other_analyte"):
            self.add_error("other_analyte", "Name the protein.")
        for name, read in (("percent", _percent), ("score", _score), ("outside_score", _score)):
            try:
                entered[name] = read(entered.get(name) or "")
            except Refusal as refused:
                for fault in refused.faults:
                    self.add_error(name, sentence(fault, is_placed=True))
        names = [name for names in self._PAIRED for name in names if name != "clone"]
        held = [name for name in names if entered.get(name) not in (None, "")]
        outcome = entered.get("outcome")
        if outcome in ("failed", "not done") and held:
            self.add_error("outcome", "There are readings below: empty them, or choose Read.")
        if outcome == "read" and not held and not self.errors:
            self.add_error("percent", "Give what was read, or choose another outcome.")
        return entered

    def act(self, on: date) -> Act:
        """Read the stain.

        Parameters
        ----------
        on : date
            Day of entry.

        Returns
        -------
        Act
            Undecided yet.
        """
        entered = self.cleaned_data
        other = entered["analyte"] == "other"
        numbers = [entered[each] for each in ("ratio", "copies", "outside_ratio", "outside_copies")]
        seen = any(each is not None for each in numbers)
        stain = Stain(
            entered["material"], entered["other_analyte"] if other else entered["analyte"],
            cast(Any, entered["outcome"]), entered["on"], source_of(entered), entered["percent"],
            entered["weak"], entered["moderate"], entered["strong"], entered["intensity"] or None,
            entered["score"], entered["outside_score"], entered["pattern"],
            Ish(*numbers) if seen else None, entered["clone"], h_score=entered["h_score"],
            allred=entered["allred"],
        )  # fmt: skip
        return RecordStain(self.here.number, on, stain)


def _part_of_one(percent: Decimal | None) -> Decimal | None:
    """Give a percentage as a fraction, exactly."""
    return None if percent is None else percent.scaleb(-2)


def _percent(text: str) -> Span | None:
    """Read a percentage; a remark beside it has a field of its own."""
    read = read_percent(text)
    if text and (read.missing or read.intensity):
        raise refuse("percent", "words", "a percentage, e.g. 70, 30-60, >60",
                     "Choose the intensity or the outcome in its own field")  # fmt: skip
    return read.percent


def _score(text: str) -> Span | None:
    """Read a score of HER2; a remark beside it has a field of its own."""
    read = read_her2_score(text if not text or text.endswith("+") else f"{text}+")
    if text and (read.missing or read.outside or read.pattern):
        raise refuse("score", "words", "0 to 3+, e.g. 2+ or 1-2+",
                     "Give remarks in their own fields")  # fmt: skip
    return read.score
