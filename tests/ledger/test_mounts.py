"""Network file systems are refused."""

from pathlib import Path

import pytest

from trialwright.ledger.mounts import file_system, read_mounts, refuse_network
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

MOUNTS = r"""22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw
30 22 0:30 / /proc rw - proc proc rw
40 22 0:40 / /srv rw,relatime shared:1 - nfs4 server:/export rw,vers=4.2
41 40 254:2 / /srv/local rw - xfs /dev/vdb rw
42 22 0:42 / /mnt/with\040blank rw - cifs //server/share rw
43 22 0:43 / /home/u/drive rw - fuse.sshfs u@server: rw
44 22 0:44 / /var/containers rw - fuse.fuse-overlayfs overlay rw
45 22 0:45 / /media/stick rw - fuseblk /dev/sdc1 rw
46 22 254:3 / /twice rw - ext4 /dev/vdd rw
47 46 0:46 / /twice rw - nfs server:/twice rw
torn line
48 22 - nonsense"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/trial.ledger", "ext4"),
        ("/srv/trial.ledger", "nfs4"),
        ("/srvx/trial.ledger", "ext4"),
        ("/srv/local/trial.ledger", "xfs"),
        ("/mnt/with blank/trial.ledger", "cifs"),
        ("/twice/trial.ledger", "nfs"),
    ],
)
def test_the_longest_and_last_mount_decides(path, kind):
    """Mounts lie within and over one another."""
    assert file_system(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(
    "path", ["/srv/x", "/mnt/with blank/x", "/home/u/drive/x", "/twice/deeper/x"]
)
def test_network_file_systems_are_refused(path):
    """The refusal says why and what to do."""
    with pytest.raises(Refusal, match="Move the ledger to a local disk"):
        refuse_network(Path(path), MOUNTS)


@pytest.mark.parametrize("path", ["/var/x", "/srv/local/x", "/var/containers/x", "/media/stick/x"])
def test_local_file_systems_are_taken(path):
    """Disks, overlays and local drivers in user space."""
    assert refuse_network(Path(path), MOUNTS) is None


def test_where_the_system_does_not_say_the_path_is_taken():
    """Outside Linux there is no such table; the operator must see to it."""
    assert refuse_network(Path("/var/x"), "") is None


def test_this_machine_tells_its_mounts(tmp_path):
    """The table of this machine names a file system for the tests' own folder."""
    mounts = read_mounts()

    assert not mounts or file_system(tmp_path.resolve(), mounts)


def test_a_ledger_is_neither_made_nor_opened_on_a_network(bench):
    """Both doors look at the mounts."""
    mounts = f"1 0 0:1 / {bench.folder.resolve()} rw - nfs server:/export rw"

    with pytest.raises(Refusal, match="nfs file system"):
        SqliteLedger.open(bench.path, mounts=lambda: mounts)
    with pytest.raises(Refusal, match="nfs file system"):
        SqliteLedger.create(bench.folder / "new.ledger", mounts=lambda: mounts)

    assert not (bench.folder / "new.ledger").exists()


def test_a_link_to_a_network_is_seen_through(bench):
    """What counts is where the file lies, not what it is called."""
    far = bench.folder / "far"
    far.mkdir()
    bench.path.rename(far / "trial.ledger")
    bench.path.symlink_to(far / "trial.ledger")
    mounts = f"1 0 0:1 / {far.resolve()} rw - nfs server:/export rw"

    with pytest.raises(Refusal, match="nfs file system"):
        SqliteLedger.open(bench.path, mounts=lambda: mounts)
