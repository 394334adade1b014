"""The page of updates, through a browser's eyes without a browser, and the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.wire.updates import UpdateFault, UpdateState
from hub.cli import main
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens, post
from tests.hub.updates.conftest import Fleet


def text_of(client: object, path: str = "/pembaruan") -> str:
    answer = client.get(path)  # type: ignore[attr-defined]  # Flask's test client
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_an_empty_hub_says_how_to_begin(screens: Screens) -> None:
    text = text_of(screens.signed_in(Role.TECHNICIAN))
    assert "Belum pernah ada penyebaran" in text
    assert "Belum ada perangkat dengan dua slot" in text


def test_a_technician_starts_pauses_resumes_and_cancels(fleet: Fleet) -> None:
    fleet.says("pi-jawi", UpdateState.IDLE)
    fleet.put("pi-jawi", "uji")
    release = fleet.add()
    client = fleet.screens.signed_in(Role.TECHNICIAN)
    page = "/pembaruan"
    assert post(client, f"{page}/mulai", page, rilis="99", batas="10").status_code == 422
    assert post(client, f"{page}/mulai", page, rilis=str(release.id), batas="500").status_code == 422
    begun = post(client, f"{page}/mulai", page, rilis=str(release.id), batas="10", jam="malam")
    assert begun.status_code == 303
    assert (fleet.rollout().quiet_from, fleet.rollout().quiet_until) == (1080, 1260)
    again = post(client, f"{page}/mulai", page, rilis=str(release.id), batas="10")
    assert "belum selesai" in again.get_data(as_text=True)
    assert "0 dari 1 berhasil" in text_of(client)
    assert post(client, f"{page}/1/jeda", page, alasan="x").status_code == 422
    assert post(client, f"{page}/1/jeda", page, alasan="kamera pasar gelap").status_code == 303
    assert "kamera pasar gelap" in text_of(client)
    assert post(client, f"{page}/1/jeda", page, alasan="sekali lagi").status_code == 422
    assert post(client, f"{page}/1/lanjut", page).status_code == 303
    assert post(client, f"{page}/1/batal", page).status_code == 422
    assert post(client, f"{page}/1/batal", page, yakin="ya").status_code == 303
    assert "dibatalkan" in text_of(client)
    assert post(client, f"{page}/9/lanjut", page).status_code == 404


def test_a_failure_has_a_sentence_a_remedy_and_another_try(fleet: Fleet) -> None:
    fleet.says("pi-jawi", UpdateState.IDLE)
    fleet.put("pi-jawi", "uji")
    fleet.start(fleet.add(), most_failed_percent=100)
    fleet.says("pi-jawi", UpdateState.RETURNED, "1.1", fault=UpdateFault.NOT_HEARD)
    client = fleet.screens.signed_in(Role.TECHNICIAN)
    text = text_of(client)
    assert "Versi baru jalan tetapi hub tidak mendengarnya." in text
    assert "Periksa catatan perangkat sebelum diulang." in text
    assert "1 gagal, 0 dari 1 berhasil" in text
    device = text_of(client, "/perangkat/pi-jawi")
    assert "kembali ke versi lama sendiri" in device
    assert post(client, "/pembaruan/1/ulang/pi-jawi", "/pembaruan").status_code == 303
    assert "belum gagal" not in text_of(client)
    assert post(client, "/pembaruan/1/ulang/pi-jawi", "/pembaruan").status_code == 422


def test_a_device_changes_its_ring(fleet: Fleet) -> None:
    fleet.says("pi-jawi", UpdateState.IDLE)
    fleet.put("pi-jawi", "uji")
    client = fleet.screens.signed_in(Role.TECHNICIAN)
    page = "/pembaruan"
    done = post(client, f"{page}/gelombang", page, perangkat="pi-jawi", gelombang="awal")
    assert done.status_code == 303
    wrong = post(client, f"{page}/gelombang", page, perangkat="pi-jawi", gelombang="besok")
    assert "yang ada: uji, awal, semua" in wrong.get_data(as_text=True)


def test_whoever_has_a_part_of_the_city_sees_that_part_and_steers_nothing(fleet: Fleet) -> None:
    for device in ("pi-jawi", "pi-tugu"):
        fleet.says(device, UpdateState.IDLE)
    fleet.add()
    client = fleet.screens.signed_in(Role.TECHNICIAN, kind=ScopeKind.SITE, scope="jawi")
    text = text_of(client)
    assert "Pi Sungai Jawi" in text
    assert "Pi Tugu" not in text
    assert "Sebarkan rilis" not in text
    assert post(client, "/pembaruan/mulai", "/pembaruan", rilis="1", batas="1").status_code == 404
    assert fleet.screens.signed_in(Role.LURAH).get("/pembaruan").status_code == 404


def test_the_command_line_does_all_of_it(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.migrations.schema.is_current", lambda _database: True)
    fleet.says("pi-jawi", UpdateState.IDLE)
    config = tmp_path / "hub.toml"
    config.write_text(f'database = "sqlite:///{fleet.folder}/hub.db"\n')
    bundle = tmp_path / "x.raucb"
    bundle.write_bytes(b"bundle")

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["release", *arguments, "--config", str(config)])
        assert result.exit_code == code, result.output
        return result.output

    common = ("--board", "rpi")
    assert "number 7" in run("add", str(bundle), "--number", "7", "--version", "0.7.0", *common)
    assert "not higher" in run("add", str(bundle), "--number", "7", "--version", "0.7.0", *common, code=1)
    assert "uji: 2 put." in run(
        "ring", "uji", "--device", "pi-jawi", "--site", "tugu", "--settle-minutes", "1"
    )
    assert "never had a rollout" in run("pause", *common, code=1)
    assert "Rollout 1 of release 7" in run("start", "7", *common, "--quiet", "always")
    assert "paused" in run("pause", *common, "--reason", "coba")
    assert "running" in run("resume", *common)
    assert "cancelled" in run("cancel", *common)
    assert "0.7.0" in run("list")
    assert fleet.rollout().state == "cancelled"
