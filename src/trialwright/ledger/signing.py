"""Keys: the private one signs the head of a chain and lives outside the database.

Ed25519 (RFC 8032): a signature of the same text by the same key is always the same, and needs no
random numbers. Files are PEM (PKCS #8 and SubjectPublicKeyInfo), which OpenSSL reads.
"""

import hashlib
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from trialwright.ledger.durable import write_new
from trialwright.terms.errors import Refusal, refuse

_RAW = serialization.Encoding.Raw
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public key with which anybody can check a signature.

    Attributes
    ----------
    raw : bytes
        The key's 32 bytes.
    """

    raw: bytes

    def __post_init__(self) -> None:
        """Refuse what is no key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw)
        except (TypeError, ValueError):
            raise _no_key("verifying key") from None

    @property
    def key_id(self) -> str:
        """SHA-256 of the key's 32 bytes, as hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def text(self) -> str:
        """The key as PEM, to be handed to whoever verifies."""
        public = Ed25519PublicKey.from_public_bytes(self.raw)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(_PEM, form).decode("ascii")

    @classmethod
    def read(cls, text: str) -> "VerifyingKey":
        """Read a key from its PEM text.

        Parameters
        ----------
        text : str
            As `text` gives it.

        Returns
        -------
        VerifyingKey
            The key.

        Raises
        ------
        Refusal
            If the text holds no public Ed25519 key.
        """
        try:
            public = serialization.load_pem_public_key(text.encode("utf-8"))
        except (ValueError, UnsupportedAlgorithm):
            raise _no_key("verifying key") from None
        if not isinstance(public, Ed25519PublicKey):
            raise _no_key("verifying key")
        return cls(public.public_bytes(_RAW, serialization.PublicFormat.Raw))

    def fits(self, signature: str, text: str) -> bool:
        """Say whether a signature of a text was made with the private key to this one.

        Parameters
        ----------
        signature : str
            128 hexadecimal digits.
        text : str
            What was signed.

        Returns
        -------
        bool
            False also when the signature is no signature at all.
        """
        try:
            signed = bytes.fromhex(signature)
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signed, text.encode("utf-8"))
        except (InvalidSignature, TypeError, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """The private key that signs heads; never shown, never in the database.

    Attributes
    ----------
    seed : bytes
        The key's 32 bytes.
    """

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no key."""
        try:
            Ed25519PrivateKey.from_private_bytes(self.seed)
        except (TypeError, ValueError):
            raise _no_key("signing key") from None

    def __repr__(self) -> str:
        """Show the public side only."""
        return f"SigningKey(key_id={self.verifying.key_id!r})"

    @property
    def verifying(self) -> VerifyingKey:
        """The public key to this one."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifyingKey(public.public_bytes(_RAW, serialization.PublicFormat.Raw))

    @classmethod
    def create(cls, path: Path) -> "SigningKey":
        """Make a key and keep it in a new file that only its owner can read.

        Parameters
        ----------
        path : Path
            Outside the folder that is backed up with the database.

        Returns
        -------
        SigningKey
            The new key; the file has mode 0600.

        Raises
        ------
        Refusal
            If there is such a file already, or the folder cannot be written.
        """
        private = Ed25519PrivateKey.generate()
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        try:
            write_new(path, private.private_bytes(_PEM, form, plain).decode("ascii"), 0o600)
        except FileExistsError:
            raise refuse(
                "signing key",
                "a file of that name exists",
                "a new file",
                "Load it, or choose another name: a key is never overwritten",
            ) from None
        except OSError as failed:
            raise _unreadable("signing key", failed) from None
        form_raw = serialization.PrivateFormat.Raw
        return cls(private.private_bytes(_RAW, form_raw, plain))

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Load a key from its file.

        Parameters
        ----------
        path : Path
            As given to `create`.

        Returns
        -------
        SigningKey
            The key.

        Raises
        ------
        Refusal
            If the file is missing, readable by others, or holds no private Ed25519 key.
        """
        try:
            mode, text = path.stat().st_mode, path.read_bytes()
        except OSError as failed:
            raise _unreadable("signing key", failed) from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise refuse(
                "signing key",
                f"a file that others may open (mode {stat.S_IMODE(mode):04o})",
                "mode 0600",
                "Ask whether it was read by others; then chmod 600, or make a new key",
            )
        try:
            private = serialization.load_pem_private_key(text, password=None)
        except (TypeError, ValueError, UnsupportedAlgorithm):
            raise _no_key("signing key") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise _no_key("signing key")
        plain = serialization.NoEncryption()
        return cls(private.private_bytes(_RAW, serialization.PrivateFormat.Raw, plain))

    def sign(self, text: str) -> str:
        """Sign a text.

        Parameters
        ----------
        text : str
            Signed as UTF-8.

        Returns
        -------
        str
            The signature, 128 hexadecimal digits.
        """
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode("utf-8")).hex()


def _no_key(where: str) -> Refusal:
    """Say that something is no Ed25519 key."""
    return refuse(where, "no Ed25519 key", "an Ed25519 key in PEM, without password", "Correct it")


def _unreadable(where: str, failed: OSError) -> Refusal:
    """Say that a file cannot be used, with the system's reason."""
    return refuse(
        where,
        f"a file that cannot be used ({failed.strerror})",
        "a file in a folder that this account may use",
        "Check the path and its permissions",
    )
