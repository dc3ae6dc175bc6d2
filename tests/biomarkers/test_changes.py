"""Lost, persistent and emergent variants, where both time points could have shown them."""

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, variant

from trialwright.biomarkers.changes import changes_of

H1047R = variant("PIK3CA H1047R", reads="100/1000")
D538G = variant("ESR1 D538G", reads="20/1000")
Y537S = variant("ESR1 Y537S", reads="30/1000")


def plasma(early, late, **more):
    """Give the changes between C1D1 and progression: calls of each, None for no run."""
    parts = [material("P1", "cfDNA", "C1D1"), material("P2", "cfDNA", "progression")]
    for name, calls in (("P1", early), ("P2", late)):
        if calls is not None:
            parts.append(
                run(name, more.get(f"panel_{name}", "liquid"), *calls, **more.get(name, {}))
            )
    found = changes_of(record("01", *parts), SETTINGS, "cfDNA", "C1D1", "progression")
    return {each.variant: each for each in found}


def states(found):
    """Give the state of each variant."""
    return {name: str(each.state) for name, each in found.items()}


def test_lost_persistent_and_emergent():
    """One of each; ESR1 D538G and Y537S are two variants of one gene."""
    found = plasma([H1047R, D538G], [H1047R, Y537S])

    assert states(found) == {
        "PIK3CA H1047R": "persistent",
        "ESR1 D538G": "lost",
        "ESR1 Y537S": "emergent",
    }


def test_a_variant_of_no_reads_is_lost_and_one_before_it_emergent():
    """0 of 1,000 reads is told beside what was found."""
    nothing = variant("ESR1 D538G", reads="0/1000")

    assert states(plasma([D538G], [nothing])) == {"ESR1 D538G": "lost"}
    assert states(plasma([nothing], [D538G])) == {"ESR1 D538G": "emergent"}
    assert states(plasma([nothing], [nothing])) == {}


def test_reads_are_kept_on_both_sides():
    """100 of 1,000 before, 5 of 500 after: 10 % and 1 %."""
    found = plasma([H1047R], [variant("PIK3CA H1047R", reads="5/500")])["PIK3CA H1047R"]

    assert (found.before.alt_reads, found.before.ref_reads) == (100, 900)
    assert (found.after.alt_reads, found.after.ref_reads) == (5, 495)
    assert (float(found.before.fraction), float(found.after.fraction)) == (0.1, 0.01)


@pytest.mark.parametrize(
    ("late", "more", "why"),
    [
        (None, {}, "no run that passed"),
        ([], {"P2": {"outcome": "failed"}}, "no run that passed"),
        ([], {"panel_P2": ""}, "not described"),
        ([], {"panel_P2": "small"}, "does not cover ESR1"),
        ([], {"panel_P2": "large"}, "no limit of detection"),
        ([], {"P2": {"limit": "0.03"}}, "limit of 3.00%"),
    ],
)
def test_a_variant_that_a_time_point_could_not_show_is_not_lost(late, more, why):
    """ESR1 D538G was at 2 %: a limit of 3 % would not show it."""
    found = plasma([D538G], late, **more)["ESR1 D538G"]

    assert found.state == "undetermined"
    assert found.after.is_detected is None
    assert why in found.after.because


def test_a_limit_at_the_fraction_seen_before_is_enough():
    """A limit of 2 % shows a variant of 2 %."""
    assert states(plasma([D538G], [], P2={"limit": "0.02"})) == {"ESR1 D538G": "lost"}


def test_a_variant_called_below_the_limit_leaves_it_open():
    """4 of 1,000 reads, limit 0.5 %: neither there nor gone, and the reads are kept."""
    found = plasma([D538G], [variant("ESR1 D538G", reads="4/1000")])["ESR1 D538G"]

    assert (found.state, found.after.alt_reads) == ("undetermined", 4)


def test_a_variant_below_the_limit_at_both_is_no_change():
    """Undetermined, not absent twice."""
    low = variant("ESR1 D538G", reads="4/1000")

    assert states(plasma([low], [low])) == {"ESR1 D538G": "undetermined"}


def test_what_is_not_of_the_tumour_is_left_out():
    """Germline, and TET2 of plasma without white cells beside it."""
    calls = [
        variant("PTEN R130*", "nonsense", origin="germline"),
        variant("TET2 R550*", "nonsense"),
    ]

    assert plasma(calls, calls) == {}
    assert states(plasma(calls, calls, P1={"white_cells": True})) == {"TET2 R550*": "persistent"}


def test_the_other_family_is_not_looked_at():
    """A tissue run at progression does not show what plasma lost."""
    parts = (
        material("P1", "cfDNA", "C1D1"),
        material("D2", "DNA", "progression"),
        run("P1", "liquid", D538G),
        run("D2", "large"),
    )

    (found,) = changes_of(record("01", *parts), SETTINGS, "cfDNA", "C1D1", "progression")

    assert found.state == "undetermined"


def test_tissue_needs_no_limit():
    """Tissue covered and silent: lost."""
    parts = (
        material("D1"),
        material("D2", when="progression"),
        run("D1", "large", H1047R, variant("PTEN", "deep deletion")),
        run("D2", "large"),
        material("D3", when="on treatment"),
        run("D3", "small"),
    )
    book = record("01", *parts)

    later = changes_of(book, SETTINGS, "tissue DNA", "archival", "progression")
    during = changes_of(book, SETTINGS, "tissue DNA", "archival", "on treatment")

    assert [str(each.state) for each in later] == ["lost", "lost"]
    assert [str(each.state) for each in during] == ["lost", "undetermined"]


def test_a_second_run_shows_what_the_first_did_not():
    """One of two runs at a time point called it."""
    parts = (
        material("P1", "cfDNA", "C1D1"),
        material("P2", "cfDNA", "progression"),
        run("P1", "liquid", D538G),
        run("P2", "liquid", id="one"),
        run("P2", "liquid", D538G, id="two"),
    )

    (found,) = changes_of(record("01", *parts), SETTINGS, "cfDNA", "C1D1", "progression")

    assert (found.state, found.after.because) == ("persistent", "run two")


def test_positions_of_two_builds_are_one_variant():
    """By its gene and protein change, not by where a build puts it."""
    early = variant("ESR1 D538G", reads="20/1000", place="GRCh37 6:152419926 A>G")
    late = variant("ESR1 D538G", reads="40/1000", place="GRCh38 6:152098791 A>G")

    assert states(plasma([early], [late])) == {"ESR1 D538G": "persistent"}
