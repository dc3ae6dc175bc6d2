"""Populations are written whole or not at all, the same in every kind of file."""

import json
from datetime import date

import duckdb
import pyarrow.parquet
import pytest

from trialwright.assembly import generating
from trialwright.assembly.generating import Order, generate
from trialwright.terms.errors import Refusal
from trialwright.virtual.omop_schema import TABLES

ORDER = Order(1100, 3, date(2026, 3, 2))


def ignore(_: int) -> None:
    """Take the progress and do nothing."""


def test_a_database_and_both_folders_hold_the_same_rows(tmp_path):
    """DuckDB, Parquet and CSV: table by table."""
    generate(ORDER, tmp_path / "a.duckdb", "omop", ignore)
    generate(ORDER, tmp_path / "parquet", "omop", ignore)
    generate(ORDER, tmp_path / "csv", "omop", ignore, "csv")

    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as database:
        for name, schema in TABLES.items():
            stored = database.table(name).to_arrow_table()
            parquet = pyarrow.parquet.read_table(tmp_path / "parquet" / f"{name}.parquet")
            read = pyarrow.csv.read_csv(
                tmp_path / "csv" / f"{name}.csv",
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=schema, strings_can_be_null=True
                ),
            )
            assert stored.cast(schema).equals(parquet.cast(schema)), name
            assert read.equals(parquet.cast(schema)), name


def test_the_same_order_writes_the_same_text(tmp_path):
    """Byte for byte, in the flat table and the export."""
    for name in ("one", "two"):
        generate(ORDER, tmp_path / f"{name}.csv", "csv", ignore)
        generate(ORDER, tmp_path / name, "ndjson", ignore)

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_an_export_holds_lines_of_one_kind_a_file_and_no_manifest(tmp_path):
    """A manifest is a server's answer with the addresses of its files; here there is no server."""
    generate(Order(12, 3, ORDER.screening), tmp_path / "export", "ndjson", ignore)

    files = sorted((tmp_path / "export").iterdir())
    kinds = {
        file.stem: {json.loads(line)["resourceType"] for line in file.read_text().splitlines()}
        for file in files
    }

    assert {file.suffix for file in files} == {".ndjson"}
    assert {"Condition", "MedicationStatement", "Observation", "Patient"} <= set(kinds)
    assert all(found == {kind} for kind, found in kinds.items())
    assert len((tmp_path / "export" / "Patient.ndjson").read_text().splitlines()) == 12


def test_bundles_are_one_a_patient(tmp_path):
    """Named by the person's id."""
    generate(Order(12, 3, ORDER.screening), tmp_path / "fhir", "fhir", ignore)

    files = sorted((tmp_path / "fhir").iterdir())
    bundle = json.loads(files[4].read_text(encoding="utf-8"))

    assert [file.name for file in files] == [f"patient-{n:07}.json" for n in range(1, 13)]
    assert bundle["entry"][0]["resource"]["id"] == "5"


def test_progress_counts_every_patient(tmp_path):
    """Of each format, to the last."""
    for form in ("omop", "fhir", "csv", "ndjson"):
        told: list[int] = []
        generate(ORDER, tmp_path / form, form, told.append)
        assert sum(told) == 1100, form


@pytest.mark.parametrize("form", ["omop", "fhir", "csv", "ndjson"])
def test_what_is_there_is_never_overwritten(tmp_path, form):
    """A file or a folder, and it stays as it is."""
    (tmp_path / "mine").write_text("mine", encoding="utf-8")

    with pytest.raises(Refusal, match="is there already"):
        generate(ORDER, tmp_path / "mine", form, ignore)

    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_every_fault_of_an_order_is_named_at_once(tmp_path):
    """Size, seed, share, day and path."""
    order = Order(0, -1, date(1800, 1, 1), 1.5)

    with pytest.raises(Refusal) as refused:
        generate(order, tmp_path / "gone" / "new", "fhir", ignore)

    assert [fault.where for fault in refused.value.faults] == [
        "patients", "seed", "cancer-share", "screening", "out",
    ]  # fmt: skip


def test_too_many_patients_for_a_format_are_refused(tmp_path):
    """A hundred thousand one by one, a million as tables."""
    with pytest.raises(Refusal, match="1 to 100000 as fhir"):
        generate(Order(100_001, 1, ORDER.screening), tmp_path / "new", "fhir", ignore)


def test_what_breaks_off_leaves_nothing(tmp_path):
    """Neither the path nor what was begun beside it."""

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    for name, form in (("a.duckdb", "omop"), ("b", "omop"), ("c", "csv"), ("d", "fhir")):
        with pytest.raises(KeyboardInterrupt):
            generate(ORDER, tmp_path / name, form, stop)

    assert list(tmp_path.iterdir()) == []


def test_a_block_is_drawn_by_its_own_spawned_generator():
    """The same children that NumPy's own `spawn` gives, so that a block can be drawn alone."""
    import numpy as np

    children = np.random.SeedSequence(3).spawn(2)
    drawn = list(generating.blocks(ORDER))

    again = generating.draw_block(
        np.random.Generator(np.random.PCG64(children[1])), 1, drawn[1].plan, 100
    )

    assert (again.results.rows == drawn[1].results.rows).all()
