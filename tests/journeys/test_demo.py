"""One participant, all the way: what `trialwright demo` prints, on the real page and a bundle."""

import gzip
import json
import re
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from trialwright.assembly import ledgers
from trialwright.assembly.protocols import shipped
from trialwright.cli.main import main
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.folding import fold

TRIAL = "NCT03959891"


class Account:
    """What a run of the demo printed."""

    def __init__(self, *arguments: str) -> None:
        self.done = CliRunner().invoke(main, ["demo", *arguments])
        self.printed = self.done.stdout
        pieces = re.split(r"(?m)^(\d+)\. (.+)$", self.printed)[1:]
        self.titles = pieces[1::3]
        self.chapters = dict(zip(self.titles, map(self.joined, pieces[2::3]), strict=True))

    @staticmethod
    def joined(text: str) -> str:
        """Undo the folding of lines: a line goes on where the next is indented further."""
        return re.sub(r"\n {5,}", " ", text)

    def chapter(self, word: str) -> str:
        """Give the one chapter whose title holds a word."""
        (text,) = [text for title, text in self.chapters.items() if word in title]
        return text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for the ledger."""
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def account(kept: Path) -> Account:
    """Run the demo once, by itself."""
    return Account("--keep", str(kept))


def test_the_account_is_told_to_its_end(account: Account):
    """Eleven chapters in the order of the way, and exit status 0."""
    assert account.done.exit_code == 0
    words = ("protocol", "Records in", "Screening", "Every criterion", "Registration", "Calendar",
             "On study", "simulated", "Dose meeting", "Tumour", "verified", "changed")  # fmt: skip
    assert [word in title for word, title in zip(words, account.titles, strict=True)] == [
        True
    ] * len(words)


def test_the_protocol_is_told_with_what_is_illustrative(account: Account):
    """35 criteria, three arms, and the parts that the registry page does not state."""
    told = account.chapter("The protocol")

    assert "35 criteria" in told
    assert all(f"arm {arm}, cycle 1" in told for arm in "ABC")
    assert "Illustrative, not from the registry: dose levels of ipatasertib (200/300/400 mg" in told


def test_the_record_is_accounted_for(account: Account):
    """Every entry of the bundle is used, in question, or left aside with the reason."""
    told = account.chapter("Records in")

    entries, used, asked, aside = map(
        int,
        re.search(
            r"MGH-001: (\d+) entries = (\d+) used \+ (\d+) in question \+ (\d+) left aside", told
        ).groups(),
    )
    assert entries == used + asked + aside > 20


def test_registration_from_the_record_alone_is_refused(account: Account):
    """The record is silent on much; the refusal counts what is in the way and names the first."""
    told = account.chapter("Screening from the record alone")

    assert all(f"arm {arm}: cannot tell yet" in told for arm in "ABC")
    assert re.search(
        r"Registering now is refused: \d+ criteria stand in the way, first I03: Record ", told
    )


def test_every_criterion_has_its_line_and_reason(account: Account):
    """35 verdicts, exclusions in the words of their list, each with why."""
    told = account.chapter("Every criterion")

    lines = re.findall(r"(?m)^ +([IE]\d\d)  (met|absent|not applicable) +(\S.*)$", told)
    expected = [each.id for each in shipped(TRIAL).study.criteria]
    assert [criterion for criterion, _, _ in lines] == expected
    assert all(len(why) > 10 for _, _, why in lines)
    assert {word for criterion, word, _ in lines if criterion.startswith("I")} == {"met"}
    assert ("E13", "not applicable") in [(criterion, word) for criterion, word, _ in lines]
    assert all(f"arm {arm}: eligible: every criterion is met" in told for arm in "ABC")


def test_the_participant_is_registered_and_assigned(account: Account):
    """With the day, the level, the dose, and a receipt of the ledger."""
    told = account.chapter("Registration")

    assert "MGH-001 registered on 2026-03-05: arm A: eligible" in told
    assert "arm A, dose level 1: ipatasertib 200 mg (illustrative, not from the registry)" in told
    assert re.search(r"receipt: happening \d+, head [0-9a-f]{16}", told)


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-09 C1D1 fulvestrant 500 mg",
        "2026-03-23 C1D15 fulvestrant 500 mg",
        "2026-04-06 C2D1 fulvestrant 500 mg",
        "2026-05-04 C3D1 fulvestrant 500 mg",
        "2026-03-09 to 2026-04-05 C1D1-28 ipatasertib 200 mg",
        "2026-04-06 to 2026-05-03 C2D1-28 ipatasertib 200 mg",
        "2026-05-04 to 2026-05-31 C3D1-28 ipatasertib 200 mg",
        "2026-05-04 C3D1 Tumour assessment by RECIST 1.1, window 2026-04-27 to 2026-05-11",
    ],
)
def test_the_calendar_has_real_dates(account: Account, line: str):
    """Arm A: fulvestrant C1D1, C1D15, then D1; ipatasertib on all 28 days; scans every 8 weeks."""
    told = " ".join(account.chapter("Calendar").split())

    assert line in told


def test_two_events_of_grade_3_are_told_apart(account: Account):
    """Glucose of 268 mg/dL limits the dose; four days of neutropenia do not."""
    told = account.chapter("On study")

    assert re.search(r"Neutrophil count decreased \(CTCAE 5.0\): 0.9 \S+ is grade 3", told)
    assert "Hyperglycemia (CTCAE 4.03): 268 mg/dL is grade 3" in told
    assert "DLT not met: no DLT by rule neutropenia" in told
    assert "DLT met: DLT by rule hyperglycaemia" in told
    assert "lies in the 28-day DLT window 2026-03-09 to 2026-04-05" in told


def test_the_design_waits_and_then_expands(account: Account):
    """1 DLT with two in the window: wait. 1/3: three more at the level. Asked again: the same."""
    waiting = account.chapter("simulated")
    decided = account.chapter("Dose meeting")

    assert re.search(r"asked as of 2026-03-29: wait: 1/1 DLT .* 2 still in the DLT window", waiting)
    assert "expand: 1/3 DLT at dose level 1: 3 more at this level (3+3 six-at-mtd" in decided
    assert re.search(r"recomputed from the ledger up to happening \d+: the same answer", decided)


def test_a_response_is_followed_by_progression(account: Account):
    """-30 % exactly is PR; a new lesion is PD; progression-free survival ends on day 113."""
    told = account.chapter("Tumour")

    assert "2026-05-04: PR: Targets PR: sum 43.4 mm is -30 % from the baseline of 62 mm" in told
    assert re.search(r"2026-06-29: PD: .*Unequivocal new lesion \(LIVER\)", told)
    assert "Event on day 113: progression on 2026-06-29" in told


def test_the_ledger_is_intact_until_a_row_is_changed(account: Account):
    """Every signature is checked; then verify names the happening that was changed."""
    intact, changed = account.chapter("verified"), account.chapter("changed")

    assert re.search(rf"{TRIAL}: intact: (\d+) happenings, \1 signatures checked", intact)
    (happening,) = re.findall(r"of happening (\d+) set from 3 to 2 by raw SQL", changed)
    assert f"{TRIAL}: NOT intact" in changed
    assert f"happening {happening}: value edited: payload/event/grade" in changed


def test_what_was_kept_tells_the_same_to_anybody(account: Account, kept: Path):
    """The ledger in the folder: the dose decision in it recomputes from what was known then."""
    assert account.done.exit_code == 0
    study = shipped(TRIAL).study
    records = list(ledgers.look_at(kept).records(TRIAL))
    decision = next(each for each in records if each.happening.act == "dose_decided")

    before = fold(study, records, known_at=decision.sequence - 1)
    again = prepare(before, "A", decision.happening.on)

    assert again.decision.because == decision.happening.payload["because"]


def test_a_folder_is_not_used_twice(account: Account, kept: Path):
    """Nothing is told then, and nothing is written."""
    size = (kept / "ledger.sqlite").stat().st_size

    again = CliRunner().invoke(main, ["demo", "--keep", str(kept)])

    assert again.exit_code == 2
    assert "a folder without one" in again.stderr
    assert again.stdout == ""
    assert (kept / "ledger.sqlite").stat().st_size == size


def strings(node: object, name: str = ""):
    """Give every text of a bundle that tells of a person: names, dates of birth, free text."""
    if isinstance(node, dict):
        for inner_name, inner in node.items():
            yield from strings(inner, inner_name)
    elif isinstance(node, list):
        for inner in node:
            yield from strings(inner, name)
    elif name in {"family", "given", "birthDate", "line", "city", "postalCode", "text", "div"}:
        yield str(node)


def canaries(raw: bytes):
    """Give the texts of a bundle that no output may show; words of the protocol are no secret."""
    study = shipped(TRIAL).study
    words = study.model_dump_json().casefold()
    found = set(strings(json.loads(raw)))
    return sorted(each for each in found if len(each) > 4 and each.casefold() not in words)


def test_the_account_shows_nobody(account: Account):
    """No name, birth date or free text of the shipped example is printed."""
    example = resources.files("trialwright").joinpath(
        "shelf", "patients", "example-participant.json"
    )
    hidden = canaries(example.read_bytes())

    assert "1961-09-23" in hidden
    assert [each for each in hidden if each in account.printed] == []


@pytest.fixture(scope="module")
def page(shared: Path) -> str:
    """Give the real registry page."""
    return str(shared / "registry" / "nct03959891.txt")


@pytest.mark.parametrize(
    "name", ["mcode-trial-matching-patient.json", "synthea-01.json.gz", "synthea-06.json.gz"]
)
def test_a_real_page_and_a_real_bundle_are_told_without_showing_anybody(
    shared: Path, page: str, name: str
):
    """The page is compared with the protocol; the bundle is screened beside the example."""
    bundle = shared / "data" / "patients" / name
    raw = bundle.read_bytes()
    hidden = canaries(gzip.decompress(raw) if name.endswith("gz") else raw)

    account = Account(page, "--bundle", str(bundle))

    assert account.done.exit_code == 0
    compared = account.chapter("read and compared")
    assert "inclusion criteria (20), exclusion criteria (15)" in compared
    assert "35 of 35 bullets" in compared
    assert "MGH-900, arm A: " in account.chapter("Records in")
    assert len(hidden) > 5
    assert [each for each in hidden if each in account.printed] == []


@pytest.mark.parametrize("arguments", [["--bundle", "PAGE"], ["PAGE", "--bundle", "PAGE"]])
def test_a_file_that_is_no_bundle_is_refused_before_anything_is_told(
    page: str, tmp_path: Path, arguments: list[str]
):
    """No chapter is printed and no ledger is made."""
    given = [page if each == "PAGE" else each for each in arguments]

    done = CliRunner().invoke(main, ["demo", *given, "--keep", str(tmp_path)])

    assert done.exit_code == 2
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
