"""What a report says that it rests on, of a ledger with an amendment."""

import hashlib

from tests.assembly.conftest import CHIEF
from tests.assembly.test_amendments import AMENDMENT, DAY, FIRST, SECOND, STUDY, later

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.trial_reports import stamp_of, write_trial_report
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.amendment_acts import ActivateAmendment
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.protocol.reading import read_study


def amended_ledger(folder):
    """Give a gateway on a ledger whose protocol is amended on day 0 and in force from day 10."""
    made = Gateway(ledgers.make_file(folder), read_study(FIRST), entered_at, "test")
    for act in (OpenTrial(DAY), AMENDMENT, ActivateAmendment(1, EVERY_SITE, later(10))):
        made.execute(act, CHIEF)
    return made


def sha256(text):
    """Work out a digest as any other program does."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_a_report_names_the_version_in_force_at_its_cutoff(tmp_path):
    """The amendment counts from its day on; the file that was given names the first version."""
    gateway = amended_ledger(tmp_path)
    head = gateway.store.head(gateway.trial)

    said = {
        days: stamp_of(gateway.state_at(later(days)), gateway.protocol, head, later(days)).protocol
        for days in (9, 10)
    }

    assert said[9] == f"version {STUDY.version}, {sha256(FIRST)}"
    assert said[10] == f"version 2, {sha256(SECOND)}"


def test_the_written_report_names_the_amended_protocol(tmp_path):
    """Though the protocol file that is handed over is the first one."""
    gateway = amended_ledger(tmp_path / "ledger")
    file = tmp_path / "protocol.yaml"
    file.write_text(FIRST, encoding="utf-8")

    write_trial_report(tmp_path / "ledger", str(file), "efficacy", later(20), tmp_path / "out")

    page = (tmp_path / "out" / "efficacy.html").read_text(encoding="utf-8")
    assert page.count(f"protocol: version 2, {sha256(SECOND)}") == 2  # above and below
    assert sha256(FIRST) not in page
    assert f"ledger head: 3 {gateway.store.head(gateway.trial).hash}" in page
