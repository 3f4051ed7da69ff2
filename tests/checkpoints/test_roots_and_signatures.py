"""The root and the signature, each worked out in two ways: by who signs and by who verifies."""

import gzip
import hashlib
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kdt import signing
from kdt.checkpoints import format as files
from kdt.checkpoints import merkle
from kdt.checkpoints.format import Head
from kdt.signing import BadKey, Key
from kdt.verify import alone
from kdt.verify.alone import Unreadable

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
            "b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
            "1d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
            "c6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return signing.create(tmp_path / "key.pem")


def heads(amount: int) -> list[Head]:
    dice = random.Random(amount)
    return [
        Head(dice.choice(("escalation", "panel")), f"V-{n}", dice.randint(1, 9), dice.randbytes(32))
        for n in range(amount)
    ]


def test_the_root_is_that_of_rfc_6962() -> None:
    one, two, three = map(merkle.leaf, (b"", b"\x00", b"\x10"))
    assert merkle.root([]) == hashlib.sha256(b"").digest()
    assert merkle.root([one]) == one == hashlib.sha256(b"\0").digest()
    assert merkle.root([one, two]) == hashlib.sha256(b"\1" + one + two).digest()
    left = merkle.root([one, two])
    assert merkle.root([one, two, three]) == hashlib.sha256(b"\1" + left + three).digest()


@pytest.mark.parametrize("amount", [*range(18), 31, 33, 100, 1_000])
def test_whoever_verifies_finds_the_same_root(key: Key, amount: int) -> None:
    lines, checkpoint = made(key, amount)
    assert len(alone.read_heads(lines, checkpoint)) == amount
    assert checkpoint.signed_by(key.public)


def made(key: Key, amount: int) -> tuple[list[bytes], alone.Checkpoint]:
    one = files.make(1, NOW, heads(amount), None, key)
    return gzip.decompress(one.heads).splitlines(keepends=True), alone.read_checkpoint(one.content)


def test_heads_left_out_added_changed_or_in_another_order_are_refused(key: Key) -> None:
    lines, checkpoint = made(key, 40)
    dice = random.Random(3)
    for _ in range(200):
        changed = list(lines)
        match dice.randrange(4):
            case 0:
                del changed[dice.randrange(40)]
            case 1:
                changed.insert(dice.randrange(40), dice.choice(lines))
            case 2:
                one, two = dice.sample(range(40), 2)
                changed[one], changed[two] = changed[two], changed[one]
            case _:
                at = dice.randrange(40)
                changed[at] = changed[at].replace(b'",', b'x",', 1)
        with pytest.raises(Unreadable):
            alone.read_heads(changed, checkpoint)


def test_every_changed_byte_of_a_checkpoint_shows(key: Key) -> None:
    content = files.make(7, NOW, heads(5), "0" * 64, key).content
    dice = random.Random(5)
    for at in range(len(content) - 1):
        changed = bytearray(content)
        changed[at] ^= 1 << dice.randrange(7)
        try:
            assert not alone.read_checkpoint(bytes(changed)).signed_by(key.public)
        except Unreadable:
            continue


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_verify(public: str, message: str, signature: str) -> None:
    given = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert alone.signed(*given)
    assert not alone.signed(given[0], given[1] + b"x", given[2])


def test_signatures_by_others_and_changed_ones_do_not() -> None:
    dice = random.Random(8032)
    for _ in range(25):
        private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        public, message = private.public_key().public_bytes_raw(), dice.randbytes(80)
        signature = private.sign(message)
        assert alone.signed(public, message, signature)
        changed = bytearray(signature)
        changed[dice.randrange(64)] ^= 1 << dice.randrange(8)
        assert not alone.signed(public, message, bytes(changed))
        assert not alone.signed(dice.randbytes(32), message, signature)
        # The same scalar a group order further would be a second signature of one message.
        more = int.from_bytes(signature[32:], "little") + alone._L
        assert not alone.signed(public, message, signature[:32] + more.to_bytes(32, "little"))
    assert not alone.signed(b"", b"", b"")


def test_a_key_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    key = signing.create(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert signing.load(file).public == key.public
    with pytest.raises(BadKey, match=r"^De sleutel kan niet worden bewaard: het bestaat al\.$"):
        signing.create(file)
    assert signing.load(file).public == key.public


@pytest.mark.parametrize("content", ["", "geen sleutel", "-----BEGIN PRIVATE KEY-----\nMC4=\n"])
def test_what_is_no_key_is_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key.pem"
    file.write_text(content)
    with pytest.raises(BadKey, match=r"geen Ed25519-sleutel"):
        signing.load(file)
    with pytest.raises(BadKey, match="kan niet worden gelezen"):
        signing.load(tmp_path / "elders.pem")
