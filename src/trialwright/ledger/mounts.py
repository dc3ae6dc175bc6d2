"""Refusing network file systems, where SQLite's locks do not hold.

SQLite: "file locking logic is buggy in many network filesystem implementations" (How To Corrupt
An SQLite Database File, section 2.1, sqlite.org/howtocorrupt.html).
"""

import re
from pathlib import Path

from trialwright.terms.errors import refuse

_NETWORK = frozenset(
    {
        *("9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs", "gfs2"),
        *("glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs"),
        *("pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
    }
)
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs"})


def read_mounts() -> str:
    """Read the kernel's table of mounts.

    Returns
    -------
    str
        Text of `/proc/self/mountinfo`; empty on a system without it.
    """
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def file_system(path: Path, mounts: str) -> str:
    """Name the kind of file system that a path lies on.

    Parameters
    ----------
    path : Path
        Absolute, without symbolic links.
    mounts : str
        As `read_mounts` gives it.

    Returns
    -------
    str
        E.g. `ext4`; empty when the table does not say.
    """
    longest, kind = -1, ""
    for line in mounts.splitlines():
        before, found, after = line.partition(" - ")
        parts = before.split(" ")
        if not found or len(parts) < 5:
            continue
        point = Path(_plain(parts[4]))
        depth = len(point.parts)
        if depth >= longest and path.is_relative_to(point):
            longest, kind = depth, after.split(" ")[0]
    return kind


def refuse_network(path: Path, mounts: str) -> None:
    """Refuse a path on a network file system.

    Parameters
    ----------
    path : Path
        Absolute, without symbolic links.
    mounts : str
        As `read_mounts` gives it. Where it does not say, the path is taken: then the operator
        must see to it.

    Raises
    ------
    Refusal
        If the file system is a network one, or one in user space that may be.
    """
    kind = file_system(path, mounts)
    if kind in _NETWORK or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE):
        raise refuse(
            "ledger",
            f"a path on a {kind} file system",
            "a disk of this machine: locks do not hold over a network, and two writers would "
            "break the record",
            "Move the ledger to a local disk; keep its backups and checkpoint elsewhere",
        )


def _plain(point: str) -> str:
    """Read the octal escapes of a mount point."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), point)
