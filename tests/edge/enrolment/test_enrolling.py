"""From a code to a device that starts, and every way in which that can be cut short."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.clock import SystemClock
from edge.config_file import load_config
from edge.documents.keeping import write_sealed
from edge.enrolment import files, installing
from edge.enrolment.claim_file import ClaimError, claim_of, read_claim
from edge.enrolment.enrolling import PENDING, enrol, enrol_from_bundle, is_pending
from edge.enrolment.installing import InstallError, install
from edge.enrolment.resetting import reset_device
from edge.errors import EdgeError
from edge.identity import read_hub_keys, read_identity
from edge.running.startup import door_documents
from edge.wire.joining.bundle import Bundle, seal_bundle
from edge.wire.records.bodies import ClockQuality
from tests.edge.enrolment.conftest import DEVICE, NOW, MemoryHub, unreachable, used

PASSPHRASE = "kapal layar kuning"


def run(folder: Path, hub: MemoryHub, **options):
    return enrol(folder, "edge.toml", code=options.pop("code", hub.code), hub=hub, hardware="Pi 4", **options)


def starts(folder: Path) -> bool:
    """Return whether an agent would find all it needs."""
    config = load_config(folder / "edge.toml")
    read_hub_keys(config.hub)
    return read_identity(config.hub, device=config.device).common_name == DEVICE


def test_a_blank_device_gets_key_certificate_settings_and_a_time_floor(folder: Path, hub: MemoryHub) -> None:
    enrolled = run(folder, hub)
    assert (enrolled.device, enrolled.site) == (DEVICE, "Tugu Khatulistiwa")
    assert starts(folder)
    config = load_config(folder / "edge.toml")
    assert (config.hub.host, config.hub.port) == ("hub.contoh", 8883)
    assert [camera.source for camera in config.cameras] == ["picamera:0"]
    for name in ("device.key", "edge.toml"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert not is_pending(folder)
    woken = SystemClock(folder / "clock-floor", wall_s=lambda: 0.0, is_ntp_synced=lambda: False)
    assert woken.now().at >= NOW
    assert woken.now().quality is ClockQuality.UNKNOWN


def test_neither_key_nor_code_leaves_the_device(folder: Path, hub: MemoryHub) -> None:
    run(folder, hub)
    said = repr(hub.asked)
    assert "PRIVATE KEY" not in said
    assert hub.code.secret.hex() not in said
    assert str(hub.code) not in said


def test_what_was_written_on_a_prepared_card_stays(folder: Path, hub: MemoryHub) -> None:
    folder.mkdir()
    (folder / "edge.toml").write_text(
        f'device = "{DEVICE}"\nhealth_every_s = 7\n[outbox]\npath = "data/outbox.db"\nmax_mib = 16\n'
        '[[cameras]]\nid = "gerbang"\nsource = "rtsp://10.0.0.9/s"\n'
        "privacy_masks = [[[0.0,0.0],[0.1,0.0],[0.1,0.1]]]\n"
    )
    run(folder, hub)
    config = load_config(folder / "edge.toml")
    assert (config.health_every_s, config.cameras[0].source) == (7, "rtsp://10.0.0.9/s")
    assert len(config.cameras[0].privacy_masks) == 1
    assert hub.asked[0].card == DEVICE
    assert (folder / "data/clock-floor").exists()
    assert starts(folder)


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_power_cut_between_any_two_writes_is_made_good_by_the_same_call(
    folder: Path, hub: MemoryHub, monkeypatch, cut: int
) -> None:
    write, left = files.write_whole, [cut]

    def write_until_cut(path: Path, content: bytes, **options) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt  # nothing of ours catches it, like a power cut
        write(path, content, **options)

    for module in ("edge.enrolment.installing", "edge.enrolment.enrolling"):
        monkeypatch.setattr(f"{module}.write_whole", write_until_cut)
    try:
        run(folder, hub)
    except KeyboardInterrupt:
        monkeypatch.undo()
        run(folder, hub)
    assert starts(folder)
    assert not is_pending(folder)
    assert cut <= 8, "eight writes: key, question, draft, four files of identity, time floor"


def test_without_an_answer_the_same_question_is_asked_again(folder: Path, hub: MemoryHub) -> None:
    hub.fails = [unreachable()]
    with pytest.raises(EdgeError, match="does not answer"):
        run(folder, hub)
    assert is_pending(folder)
    run(folder, hub)
    assert hub.asked[0] == hub.asked[1]


def test_a_half_written_question_is_asked_anew(folder: Path, hub: MemoryHub) -> None:
    hub.fails = [unreachable()]
    with pytest.raises(EdgeError):
        run(folder, hub)
    (folder / PENDING / "request.json").write_text('{"cla')
    run(folder, hub)
    assert hub.asked[0].request != hub.asked[1].request


def test_after_a_refusal_nothing_is_left_and_another_code_works(folder: Path, hub: MemoryHub) -> None:
    hub.fails = [used()]
    with pytest.raises(EdgeError, match="sudah dipakai"):
        run(folder, hub)
    assert not is_pending(folder)
    assert not (folder / "edge.toml").exists()
    assert run(folder, hub).device == DEVICE


def test_an_imposter_with_another_root_is_not_believed(folder: Path, hub: MemoryHub) -> None:
    imposter = MemoryHub(hub_key=hub.hub_key)
    with pytest.raises(ClaimError, match="not the hub of this code"):
        run(folder, imposter, code=hub.code)
    assert not (folder / "device.pem").exists()


def test_settings_that_cannot_be_used_and_garbled_cards_leave_everything(
    folder: Path, hub: MemoryHub
) -> None:
    hub.cameras = (*hub.cameras, hub.cameras[0])
    with pytest.raises(InstallError, match="used twice"):
        run(folder, hub)
    assert sorted(path.name for path in folder.iterdir()) == [PENDING]
    (folder / "edge.toml").write_text("[[[")
    with pytest.raises(EdgeError, match=r"not valid TOML.*enrol again"):
        run(folder, hub)
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(InstallError, match="not valid TOML"):
        install(folder, "edge.toml", hub.enrolled(key.public_key(), hub.certificate(key.public_key())), key)


def test_a_certificate_that_is_not_ours_is_not_put_in_place(folder: Path, hub: MemoryHub) -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    stranger = MemoryHub(hub_key=hub.hub_key)
    for certificate, words in (
        (hub.certificate(other.public_key()), "another device"),
        (hub.certificate(key.public_key(), device="pi-lain"), "another device"),
        (stranger.certificate(key.public_key()), "not issued by the roots"),
        ("x", "garbled"),
    ):
        with pytest.raises(InstallError, match=words):
            install(folder, "edge.toml", hub.enrolled(key.public_key(), certificate), key)
    assert not folder.exists()


def test_a_disk_that_refuses_is_named(folder: Path, hub: MemoryHub, monkeypatch) -> None:
    def refuse(*_arguments, **_options) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(installing, "write_whole", refuse)
    with pytest.raises(InstallError, match="No space left"):
        run(folder, hub)
    monkeypatch.undo()
    monkeypatch.setattr("edge.enrolment.enrolling.write_whole", refuse)
    with pytest.raises(InstallError, match="No space left"):
        run(folder / "lain", hub)


def bundle(hub: MemoryHub, key: ec.EllipticCurvePrivateKey) -> bytes:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    enrolled = hub.enrolled(key.public_key(), hub.certificate(key.public_key()))
    return seal_bundle(Bundle(enrolled=enrolled, key=pem.decode()), PASSPHRASE)


def test_a_bundle_needs_no_network_but_its_passphrase(folder: Path, hub: MemoryHub, tmp_path: Path) -> None:
    file, key = tmp_path / "pi.pontive", ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(bundle(hub, key))
    assert b"PRIVATE KEY" not in file.read_bytes()
    assert DEVICE.encode() not in file.read_bytes()
    with pytest.raises(ClaimError, match="passphrase is wrong"):
        enrol_from_bundle(folder, "edge.toml", file, "bukan ini sama sekali")
    assert enrol_from_bundle(folder, "edge.toml", file, PASSPHRASE).device == DEVICE
    assert starts(folder)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ClaimError, match="cut short"):
        enrol_from_bundle(folder, "edge.toml", file, PASSPHRASE)
    with pytest.raises(ClaimError, match="cannot be read"):
        enrol_from_bundle(folder, "edge.toml", tmp_path / "tidak-ada", PASSPHRASE)


def test_a_bundle_with_another_kind_of_key_is_refused(folder: Path, hub: MemoryHub, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    enrolled = hub.enrolled(key.public_key(), hub.certificate(key.public_key()))
    (tmp_path / "b").write_bytes(
        seal_bundle(Bundle(enrolled=enrolled, key=(tmp_path / "hub.key").read_text()), PASSPHRASE)
    )
    with pytest.raises(ClaimError, match="another kind"):
        enrol_from_bundle(folder, "edge.toml", tmp_path / "b", PASSPHRASE)


def test_a_reset_leaves_the_addresses_of_cameras_and_nothing_of_the_city(
    folder: Path, hub: MemoryHub
) -> None:
    run(folder, hub)
    (folder / "outbox.db").write_bytes(b"rows")
    config = load_config(folder / "edge.toml")
    documents = door_documents(config, read_identity(config.hub, device=config.device))
    for kept in (documents._roster, documents._letters):
        write_sealed(kept._path, [b"names"])
    (folder / "letters.sealed.new").write_bytes(b"half")
    (folder / "clips").mkdir()
    assert reset_device(folder / "edge.toml", config) >= 8
    assert [path.name for path in folder.iterdir()] == ["edge.toml.before"]
    run(folder, hub)
    assert starts(folder)


def test_claims_are_read_from_a_file_or_as_typed(tmp_path: Path, hub: MemoryHub) -> None:
    file = tmp_path / "pontive.toml"
    file.write_text(f'hub = "https://hub.contoh/"\ncode = "{str(hub.code).lower()}"\n')
    assert read_claim(file) == claim_of("https://hub.contoh", str(hub.code).replace("-", " "))
    for text in ("", 'hub = "x"', "hub = 1\ncode = 2", "\x00"):
        file.write_text(text)
        with pytest.raises(ClaimError, match="write it to the card again"):
            read_claim(file)
    for address in ("hub.contoh", "ftp://hub", "https://", "https://[x", "http://hub:0"):
        with pytest.raises(ClaimError, match="hub address"):
            claim_of(address, str(hub.code))
    with pytest.raises(ClaimError, match="mistyped"):
        claim_of("https://hub.contoh", str(hub.code)[:-1] + ("2" if str(hub.code)[-1] != "2" else "3"))
