"""Files that a technician carries to a device: bundle, order to forget, diagnostics."""

import json

from sqlalchemy import select

from edge.wire.joining.bundle import open_bundle
from hub.enrolment.issuing.register import certificates_of
from hub.ingest.models import DeviceCommand
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.models import CityCamera, Device
from tests.hub.enrolment.conftest import Office, blank
from tests.hub.screens import csrf_of

SITE = "/teknisi/pemasangan/jawi"


def test_a_bundle_for_a_site_without_network_is_made_on_the_phone_and_opens_with_its_passphrase(
    office: Office,
) -> None:
    client, path = office.screens.signed_in(Role.TECHNICIAN), "/teknisi/perangkat/pi-jawi/kartu"
    assert "Berkas untuk kartu dan stik" in client.get(SITE).get_data(as_text=True)
    assert "Titik tanpa jaringan" in client.get(path).get_data(as_text=True)
    token, phrase = csrf_of(client, "/sandi"), "kapal layar tenang"
    form = {"csrf_token": token, "peran": "camera", "frasa": phrase, "ulang": phrase, "yakin": "ya"}
    for changes, words in (
        ({"ulang": "lain"}, "tidak sama"),
        ({"frasa": "pendek", "ulang": "pendek"}, "sedikitnya 12 huruf"),
    ):
        answer = client.post(f"{path}/bundel", data={**form, **changes})
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    without = {name: value for name, value in form.items() if name != "yakin"}
    assert client.post(f"{path}/bundel", data=without).status_code == 422
    answer = client.post(f"{path}/bundel", data=form)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "pi-jawi.pontive" in answer.headers["Content-Disposition"]
    opened = open_bundle(answer.data, phrase)
    assert (opened.enrolled.device, len(opened.enrolled.cameras)) == ("pi-jawi", 2)
    with office.screens.database.reading() as db:
        assert certificates_of(db, "pi-jawi")[0].way == "bundle"
        assert "device.bundle" in db.scalars(select(AuditEntry.action)).all()
    stranger = office.screens.signed_in(Role.OPERATOR)
    for address in (path, f"{path}/kosongkan", f"{path}/diagnostik"):
        assert stranger.get(address).status_code == 404
    form["csrf_token"] = csrf_of(stranger, "/sandi")
    assert stranger.post(f"{path}/bundel", data=form).status_code == 404


def test_a_bundle_puts_what_its_device_reads_into_the_inventory(office: Office) -> None:
    client = office.screens.signed_in(Role.TECHNICIAN)
    with office.screens.database.writing() as db:
        db.add(Device(id="pi-baru", site="jawi", name="Pi baru", is_retired=False))
    phrase = "kapal layar tenang"
    form = {
        "csrf_token": csrf_of(client, "/sandi"), "peran": "camera", "frasa": phrase, "ulang": phrase,
        "yakin": "ya",
    }  # fmt: skip
    answer = client.post("/teknisi/perangkat/pi-baru/kartu/bundel", data=form)
    named = {camera.id for camera in open_bundle(answer.data, phrase).enrolled.cameras}
    with office.screens.database.reading() as db:
        listed = db.scalars(select(CityCamera.id).where(CityCamera.device == "pi-baru")).all()
    assert named == set(listed) == {"kamera-1"}


def test_diagnostics_and_the_order_to_forget_are_files_without_secrets(office: Office) -> None:
    client, path = office.screens.signed_in(Role.TECHNICIAN), "/teknisi/perangkat/pi-jawi/kartu"
    office.ask(blank(office.code()))
    with office.screens.database.writing() as db:
        at = office.screens.clock()
        reply = {
            "replied_at": at,
            "is_done": False,
            "detail": "rtsp://admin:rahasia@10.0.0.9/pwd=rahasia is silent",
        }
        db.add(
            DeviceCommand(
                device="pi-jawi", body='{"kind":"run-selftest"}', correlation="f" * 32, created_at=at,
                expires_at=at, **reply,
            )
        )  # fmt: skip
    answer = client.get(f"{path}/diagnostik")
    found = json.loads(answer.data)
    assert (found["device"], found["answers"][0]["kind"]) == ("pi-jawi", "run-selftest")
    assert "rtsp://admin:***@10.0.0.9/pwd=*** is" in found["answers"][0]["detail"]
    assert found["certificates"][0]["way"] == "claim"
    assert "rahasia" not in answer.get_data(as_text=True)
    assert client.get(f"{path}/kosongkan").get_data(as_text=True) == 'reset = "pi-jawi"\n'
    with office.screens.database.writing() as db:
        db.get_one(Device, "pi-jawi").is_retired = True
    assert client.get(path).status_code == 404
