"""Scenario: devices that speak for others, listen to others, shout, or should be silent by now.

Each pair of speaker and topic, retained and huge messages, certificates that expired or of a strange
authority, a device that is revoked while it is connected, and two machines with one identity. A
bystander records all the while. ``wrong`` counts what got through.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from edge.wire.messages import Online, encode
from edge.wire.records.bodies import ClockQuality
from hub.enrolment.models import DeviceBoot, DeviceClone
from provisioning.broker_watch import BrokerWatch
from provisioning.trust.ca import CLIENT_LIFE, CityAuthority
from provisioning.trust.enrol import ensure_certificate
from tests.mosquitto import Mosquitto
from tests.torture.rigs.device import Device, LiveLane
from tests.torture.rigs.oracle import compared, in_hub
from tests.torture.rigs.small_city import City, scratch_folder, wait_until
from tests.torture.rigs.voice import Voice

# Judged by what is lost, or by tens of seconds: another scenario may run beside it.
BESIDE = True
CI = True
MOST = {"revoked_s": 60.0}
GOOD, THIEF, TWIN = "sungai", "pasar", "pelabuhan"
HUGE = 3_000_000
PATIENCE_S = 90.0


def run(seed: int) -> Iterator[dict[str, object]]:
    """Yield one line."""
    with scratch_folder() as folder:
        city = City(
            folder,
            edges=(),
            others=(GOOD, THIEF, TWIN),
            hub_settings=f'[enrolment]\nfolder = "{folder / "ca"}"\nbroker_files = "{folder / "news"}"\n',
        )
        devices = city.hub_folder / "devices"
        devices.mkdir()
        for name in (GOOD, THIEF, TWIN):
            (devices / f"{name}.pem").write_bytes((city.mosquitto.identity(name) / "device.pem").read_bytes())
        city.tell_hub("enrolment", "register")
        city.mosquitto.start()
        city.hub.start()
        try:
            yield _run_city(city, random.Random(seed))
        finally:
            city.stop()


def _run_city(city: City, chance: random.Random) -> dict[str, object]:
    device = Device(GOOD, link=city.mosquitto.link(GOOD), path=city.folder / "good.db", chance=chance)
    device.start()
    bystander = LiveLane(device, every_s=0.1)
    bystander.start()
    assert wait_until(lambda: in_hub(city.database), seconds=PATIENCE_S), city.logs()
    denied: list[str] = []
    through: list[str] = []
    for trial in (_speakers, _listeners, _shouters, _old_papers):
        for name, is_denied in trial(city):
            (denied if is_denied else through).append(name)
    is_noticed = _twins(city)
    (denied if is_noticed else through).append("a clone is noticed")
    revoked_s = _revoke(city)
    bystander.end()
    wait_until(lambda: device.waiting == 0, seconds=PATIENCE_S)
    device.stop()
    line = compared(device.accepted, in_hub(city.database, (GOOD,)))
    line["wrong"] += len(through)
    return {
        "scenario": "acl",
        **line,
        "dead": city.dead_letters(),
        "fault_happened": len(denied) + len(through),
        "revoked_s": revoked_s,
        "through": through,
    }


Trial = Iterator[tuple[str, bool]]


def _speakers(city: City) -> Trial:
    """Let two devices say something on topics of others."""
    for speaker, other in ((GOOD, THIEF), (THIEF, GOOD)):
        # The other of its two names: the bystander keeps its connection, and the hub ends strangers.
        voice = Voice(city.mosquitto, speaker, client_id=f"{speaker}-live")
        for topic in (
            f"pontive/1/up/{other}/records",
            f"pontive/1/up/{other}/state",
            f"pontive/1/up/{other}/still/utara",
            f"pontive/1/dn/{speaker}/ack",
            f"pontive/1/dn/{other}/cmd",
            f"pontive/1/dn/{other}/desired",
            "pontive/1/up",
            "pontive/2/up/x",
            "$SYS/broker/uptime",
        ):
            yield f"{speaker} on {topic}", voice.say(topic, b"{}") == "Not authorized"
        # The control: its own topic is open, or all of the above says nothing.
        yield f"{speaker} on its own", voice.say(f"pontive/1/up/{speaker}/nothing", b"{}") != "Not authorized"
        voice.close()


def _listeners(city: City) -> Trial:
    """Let a device ask for everything, and say something to another."""
    heard: list[str] = []
    ear = Voice(
        city.mosquitto,
        THIEF,
        client_id=f"{THIEF}-live",
        on_message=lambda topic, _payload: heard.append(topic),
    )
    for topic in ("#", "pontive/1/dn/+/cmd", f"pontive/1/dn/{GOOD}/#", "$SYS/#"):
        ear.hear(topic)
    hub = Voice(city.mosquitto, "hub", client_id="torture-hub")
    hub.say(f"pontive/1/dn/{GOOD}/nothing", b"for another")
    hub.say(f"pontive/1/dn/{THIEF}/nothing", b"for the ear")
    wait_until(lambda: heard, seconds=20)
    yield (
        "the broadest filter",
        bool(heard) and all(topic.startswith(f"pontive/1/dn/{THIEF}/") for topic in heard),
    )
    ear.close()
    hub.close()


def _shouters(city: City) -> Trial:
    """Send what the broker must not take: it hangs up."""
    for name, size, is_retained in (("huge", HUGE, False), ("retained", 10, True)):
        voice = Voice(city.mosquitto, THIEF, client_id=f"{THIEF}-live")
        assert voice.is_let_in
        voice.say(f"pontive/1/up/{THIEF}/state", bytes(size), qos=0, is_retained=is_retained)
        yield name, voice.wait_for_end(20.0) is not None
        voice.close()


def _old_papers(city: City) -> Trial:
    """Come with a certificate that is over, and with one of another authority."""
    past = datetime.now(UTC) - CLIENT_LIFE - timedelta(minutes=1)
    stranger = CityAuthority(city.folder / "stranger", now=datetime.now(UTC))
    for name, authority, at in (
        ("expired", city.mosquitto.authority, past),
        ("strange", stranger, datetime.now(UTC)),
    ):
        _certify(city.mosquitto, name, authority, at)
        yield name, not Voice(city.mosquitto, name, client_id=name).is_let_in


def _certify(mosquitto: Mosquitto, name: str, authority: CityAuthority, at: datetime) -> None:
    folder = mosquitto.folder / "identities" / name
    folder.mkdir(parents=True)
    ensure_certificate(
        folder / "device.key",
        folder / "device.pem",
        name,
        sign=lambda csr: authority.sign_device(csr, now=at),
        is_ours=authority.has_issued,
        now=at,
    )
    (folder / "ca.pem").write_bytes(mosquitto.authority.trust_path.read_bytes())


def _twins(city: City) -> bool:
    """Let two machines with one certificate be born in turn; return whether the hub noticed."""
    voice = Voice(city.mosquitto, TWIN, client_id=TWIN)
    for number, boot in enumerate(("a" * 32, "b" * 32, "a" * 32)):
        birth = Online(
            epoch="e" * 16,
            boot_id=boot,
            at=datetime.now(UTC),
            clock=ClockQuality.SYNCED,
            firmware="torture",
            hardware="none",
            uptime_s=1.0,
        )
        voice.say(f"pontive/1/up/{TWIN}/state", encode(birth))
        if number < 2 and not wait_until(_rows(city, DeviceBoot, number + 1), seconds=PATIENCE_S):
            return False
    voice.close()
    return wait_until(_rows(city, DeviceClone, 1), seconds=PATIENCE_S)


def _rows(city: City, model: type, least: int) -> Callable[[], bool]:
    def are_there() -> bool:
        query = select(func.count()).select_from(model).where(model.device == TWIN)
        with city.database.reading() as db:
            return (db.scalar(query) or 0) >= least

    return are_there


def _revoke(city: City) -> float | None:
    """Revoke a device that is connected; return after how many seconds it was out and stayed out."""
    watch = BrokerWatch(
        city.mosquitto.rules, city.folder / "news", is_root=True, reload=city.mosquitto.read_rules_again
    )
    thief = Voice(city.mosquitto, THIEF, client_id=THIEF)
    assert thief.is_let_in
    began_s = time.monotonic()
    city.tell_hub("enrolment", "revoke", THIEF, "--reason", "dicuri")

    def is_out() -> bool:
        watch.tick()
        return thief.ended is not None

    def stays_out() -> bool:
        watch.tick()
        again = Voice(city.mosquitto, THIEF, client_id=f"{THIEF}-live")
        is_let_in = again.is_let_in
        again.close()
        return not is_let_in

    is_over = wait_until(is_out, seconds=PATIENCE_S) and wait_until(stays_out, seconds=PATIENCE_S)
    return round(time.monotonic() - began_s, 1) if is_over else None
