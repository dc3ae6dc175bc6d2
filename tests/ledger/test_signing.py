"""Keys and their files."""

import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.terms.errors import Refusal

PEM = serialization.Encoding.PEM


def test_a_published_signature_is_met():
    """RFC 8032 section 7.1, test 2: one byte, 0x72, the letter r."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")

    key = SigningKey(seed)

    assert key.verifying == VerifyingKey(public)
    assert key.sign("r") == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_a_key_comes_back_from_its_file(tmp_path):
    """The file is its owner's alone, and the loaded key is the one made."""
    made = SigningKey.create(tmp_path / "ledger.key")

    loaded = SigningKey.load(tmp_path / "ledger.key")

    assert loaded == made
    assert stat.S_IMODE((tmp_path / "ledger.key").stat().st_mode) == 0o600


def test_two_keys_differ(tmp_path):
    """Each key is new."""
    one = SigningKey.create(tmp_path / "one.key")

    assert one != SigningKey.create(tmp_path / "two.key")


def test_a_key_is_never_overwritten(tmp_path):
    """A second key under the same name is refused and the first stays."""
    made = SigningKey.create(tmp_path / "ledger.key")

    with pytest.raises(Refusal, match="never overwritten"):
        SigningKey.create(tmp_path / "ledger.key")

    assert SigningKey.load(tmp_path / "ledger.key") == made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_open_is_refused(tmp_path, mode):
    """A key readable by others proves nothing."""
    SigningKey.create(tmp_path / "ledger.key")
    (tmp_path / "ledger.key").chmod(mode)

    with pytest.raises(Refusal, match="others may open"):
        SigningKey.load(tmp_path / "ledger.key")


def other_kind() -> bytes:
    """Give a private key of another kind."""
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return X25519PrivateKey.generate().private_bytes(PEM, form, plain)


def locked_kind() -> bytes:
    """Give a private key under a password."""
    key = serialization.load_pem_private_key(other_kind(), None)
    form, locked = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    return key.private_bytes(PEM, form, locked)


@pytest.mark.parametrize("text", [b"", b"no key", other_kind(), locked_kind()])
def test_what_is_no_key_is_refused(tmp_path, text):
    """Empty, foreign and locked files are told as such."""
    path = tmp_path / "ledger.key"
    path.write_bytes(text)
    path.chmod(0o600)

    with pytest.raises(Refusal, match="no Ed25519 key"):
        SigningKey.load(path)


def test_a_missing_key_is_refused(tmp_path):
    """A missing file is told with the system's reason."""
    with pytest.raises(Refusal, match="No such file"):
        SigningKey.load(tmp_path / "ledger.key")


def test_a_missing_folder_is_refused(tmp_path):
    """A key cannot be made in a folder that is not there."""
    with pytest.raises(Refusal, match="No such file"):
        SigningKey.create(tmp_path / "none" / "ledger.key")


def test_the_public_key_travels_as_text(tmp_path):
    """Whoever verifies gets the key as PEM."""
    key = SigningKey.create(tmp_path / "ledger.key").verifying

    assert VerifyingKey.read(key.text) == key


@pytest.mark.parametrize("text", ["", "no key", other_kind().decode("ascii")])
def test_what_is_no_public_key_is_refused(text):
    """Other texts are refused."""
    with pytest.raises(Refusal, match="no Ed25519 key"):
        VerifyingKey.read(text)


def test_a_public_key_of_another_kind_is_refused():
    """X25519 keys have 32 bytes, too, but another kind."""
    public = X25519PrivateKey.generate().public_key()
    text = public.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(Refusal, match="no Ed25519 key"):
        VerifyingKey.read(text.decode("ascii"))


@pytest.mark.parametrize("raw", [b"", b"x" * 31])
def test_bytes_of_another_length_are_no_key(raw):
    """A key has 32 bytes."""
    with pytest.raises(Refusal, match="no Ed25519 key"):
        SigningKey(raw)
    with pytest.raises(Refusal, match="no Ed25519 key"):
        VerifyingKey(raw)


@pytest.mark.parametrize(
    ("signature", "text"), [("", "head"), ("xy", "head"), ("00" * 64, "head"), (None, "head")]
)
def test_what_is_no_signature_does_not_fit(signature, text):
    """A broken signature is a plain no."""
    assert not SigningKey(bytes(32)).verifying.fits(signature, text)


def test_a_signature_fits_its_text_and_key_alone():
    """Neither another text nor another key."""
    key, other = SigningKey(bytes(32)), SigningKey(bytes([1] * 32))
    signature = key.sign("head")

    assert key.verifying.fits(signature, "head")
    assert not key.verifying.fits(signature, "Head")
    assert not other.verifying.fits(signature, "head")


def test_the_private_key_is_never_shown():
    """Logs and tracebacks show the public side."""
    key = SigningKey(bytes(range(32)))

    assert bytes(range(32)).hex() not in repr(key)
    assert repr(bytes(range(32))) not in repr(key)
    assert key.verifying.key_id in repr(key)
