"""A whole city on one machine: real parts as child processes, watched until somebody says stop.

What ``./pontive up`` runs. Must not know how the parts work, only how they are started.
"""

import os
import random
import signal
import time
import webbrowser
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from provisioning.broker import Broker, find_mosquitto
from provisioning.broker_watch import BrokerWatch
from provisioning.cities.children import Children, Program
from provisioning.cities.fickle import FickleDevice
from provisioning.cities.hub_program import HubProgram, HubStatus, installed_program, run_to_the_end
from provisioning.cities.layout import CityFolder
from provisioning.cities.machine import (
    USUAL_BROKER_PORT,
    USUAL_KIOSK_PORT,
    check_port_is_free,
    has_display,
    hold_lock,
    hold_port,
    is_listening,
    is_well,
)
from provisioning.cities.patience import NOBODY, Patience
from provisioning.cities.sample import sample_city
from provisioning.cities.screens import settle_screens
from provisioning.cities.settle import Settler
from provisioning.cities.staff import settle_employees, settle_staff
from provisioning.errors import ProvisioningError
from provisioning.fleets.sample import SampleFleet
from provisioning.inventory import CityPlan, DevicePlan

TICK_S = 0.2
# Asks the hub for key and certificate; those of the others are made here, to start sooner.
ENROLS_ITSELF = "pi-tugu"
# Is shown as one that balena carries.
IN_A_FLEET = "pi-sungai-jawi"
# Goes and comes anyway, so nobody wonders that it restarts.
TRIES_FIRST = "pi-beting"
# How long a part may do nothing, and how much it may compute, before it answers.
ANSWER_IDLE_S, ANSWER_WORK_S = 180.0, 60.0
# A part that is not live by then is named, and the city goes on without it.
LIVE_WAIT_S = 90.0
LOOK_EVERY_S = 2.0
# Until then a trouble may still be one of an earlier run.
TROUBLE_AFTER_S = 6.0
EMPLOYED_FOR = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class CityOptions:
    """What a person asked for; ``for_s`` ``None``: until Ctrl-C."""

    data: Path
    port: int = 8080
    cameras: tuple[str, ...] = ()
    for_s: float | None = None
    is_browser_wanted: bool = True
    seed: int = 1


class _EndedEarly(Exception):  # noqa: N818 (no error: somebody wanted it)
    """The city was told to end while it was still starting."""


class City:
    """One run of the city."""

    def __init__(self, options: CityOptions, *, say: Callable[[str], None], is_ending: Event) -> None:
        """Take the wishes; nothing is touched yet.

        Args:
            options: What was asked for.
            say: Takes lines for a person.
            is_ending: Set by whoever wants the city to end.
        """
        self._options = options
        self._say = say
        self._is_ending = is_ending
        self._folder = CityFolder(options.data.resolve())
        self._hub = HubProgram(self._folder.hub_config, before_each=self._go_on)
        self._url = f"http://127.0.0.1:{options.port}/"
        self._door_screens: list[str] = []
        self._must_enrol = False
        self._broker_watch: BrokerWatch | None = None
        self._fleet: SampleFleet | None = None

    def run(self) -> None:
        """Set the city up, run it, and end every part of it, whatever happens.

        Raises:
            ProvisioningError: it cannot run; says what is in the way and what to do.
        """
        mosquitto = find_mosquitto()
        with hold_lock(self._folder.lock, self._say, self._is_ending) as lock, ExitStack() as held:
            check_port_is_free(self._options.port)
            broker = Broker(self._folder.broker, hold_port(USUAL_BROKER_PORT, held))
            plan = sample_city(
                seed=self._options.seed, phones=self._folder.phones, own_cameras=self._options.cameras
            )
            self._say("Menyiapkan kota / preparing the city: keys, certificates, configuration, database ...")
            children = Children(
                self._folder.logs, clock=time.monotonic, say=self._say, inherited=(lock.fileno(),)
            )
            try:
                self._settle(plan, broker, held)
                self._start(children, plan, broker, mosquitto)
                self._welcome()
                self._watch(children, plan)
            except _EndedEarly:
                pass
            finally:
                self._say("Ending all parts of the city ...")
                children.end()

    def _go_on(self) -> None:
        if self._is_ending.is_set():
            raise _EndedEarly

    def _settle(self, plan: CityPlan, broker: Broker, held: ExitStack) -> None:
        settler = Settler(self._folder, now=datetime.now(UTC))
        settler.settle_broker(broker, is_root=os.geteuid() == 0)
        settler.settle_hub(plan, broker_port=broker.port, web_port=self._options.port)
        for device in plan.devices:
            has_screen = bool(device.doors) and not self._door_screens
            kiosk_port = hold_port(USUAL_KIOSK_PORT, held) if has_screen else 0
            settler.settle_device(
                device,
                broker_port=broker.port,
                kiosk_port=kiosk_port,
                enrols_itself=device.id == ENROLS_ITSELF,
            )
            if kiosk_port:
                self._door_screens = [
                    f"http://127.0.0.1:{kiosk_port}/{door.settings.id}" for door in device.doors
                ]
        self._must_enrol = not settler.has_good_identity(ENROLS_ITSELF)
        settle_staff(self._folder.people, self._folder.phones)
        # Employed for two years: a whole month before this one is theirs to be looked at.
        since = datetime.now().astimezone().date() - EMPLOYED_FOR
        settle_employees(self._folder.employees, since=since)
        self._hub.migrate()
        self._hub.load_places(self._folder.inventory)
        self._hub.register_certificates()
        self._hub.load_people(self._folder.people)
        self._hub.load_example_hours()
        self._hub.load_example_outages()
        self._hub.load_example_cases()
        self._hub.import_employees(self._folder.employees)
        backups = self._folder.root / "backups"
        # The last step: a city that was ended before it has still to get its past.
        if not any(backups.glob("pontive-*")):
            self._hub.simulate_attendance()
            self._hub.keep_backup(backups)

    def _start(self, children: Children, plan: CityPlan, broker: Broker, mosquitto: str) -> None:
        root = self._folder.root
        children.start(Program("broker", (mosquitto, "-c", str(broker.config_path)), root))
        self._wait_for(children, "broker", lambda: is_listening(broker.port))
        children.start(Program("hub-ingest", self._hub.command("ingest"), root, stage=1))
        children.start(Program("hub-web", self._hub.command("web"), root, stage=1))
        self._broker_watch = self._watch_broker(children, broker)
        self._fleet = self._sample_fleet(plan)
        # Devices come last: the first thing they say of themselves should find an ear.
        self._wait_for(children, "hub-web", lambda: is_well(self._url + "healthz"))
        if self._must_enrol:
            self._enrol(ENROLS_ITSELF)
        for device in plan.devices:
            children.start(self._edge(device))

    def _watch_broker(self, children: Children, broker: Broker) -> BrokerWatch:
        def reload() -> None:
            if children.is_running("broker"):  # otherwise it reads them when it starts
                os.kill(children.pid("broker"), signal.SIGHUP)

        return BrokerWatch(broker, self._folder.broker_news, is_root=os.geteuid() == 0, reload=reload)

    def _sample_fleet(self, plan: CityPlan) -> SampleFleet:
        site = next(device.site for device in plan.devices if device.id == IN_A_FLEET)
        return SampleFleet(self._folder.fleet_report, IN_A_FLEET, site, now=lambda: datetime.now(UTC))

    def _enrol(self, device: str) -> None:
        """Let a device ask the hub, as every device of a real city does."""
        command = (installed_program("pontive-edge"), "enrol", "--hub", self._url, "--code")
        config = str(self._folder.edge_config(device))
        result = run_to_the_end((*command, self._hub.claim(device), "--config", config))
        if result.returncode != 0:
            raise ProvisioningError(f"{device} was not enrolled:\n{(result.stderr or result.stdout).strip()}")
        self._say(f"  {result.stdout.strip()}")

    def _edge(self, device: DevicePlan) -> Program:
        config = str(self._folder.edge_config(device.id))
        command = (installed_program("pontive-edge"), "run", "--config", config)
        return Program(f"edge-{device.id}", command, self._folder.root, stage=2)

    def _wait_for(self, children: Children, name: str, is_there: Callable[[], bool]) -> None:
        """Wait until a child does its work."""
        # Of the first try: one that died and is started again and again answers never.
        group = children.pid(name) if children.is_running(name) else NOBODY
        patience = Patience(group, idle_s=ANSWER_IDLE_S, work_s=ANSWER_WORK_S)
        for _ in self._ticks(children, None):
            if is_there():
                return
            if not patience.is_left():
                break
        self._go_on()
        log = children.log_path(name)
        raise ProvisioningError(f"{name} does not start; {log} ends with:\n{children.last_lines(name)}")

    def _welcome(self) -> None:
        # The password exists nowhere else, so it is made only when it is sure to be shown.
        password = self._hub.add_first_admin()
        reset = f".venv/bin/pontive-hub user password admin --config {self._folder.hub_config}"
        self._say("")
        self._say(f"  Alamat / address   {self._url}")
        self._say("  Pengguna / user    admin")
        self._say(f"  Sandi / password   {password or f'yours; a new one: {reset}'}")
        for screen in self._door_screens:
            self._say(f"  Layar pintu / door screen  {screen}")
        for name, path in settle_screens(self._folder.screens, self._hub).items():
            self._say(f"  {name}  {self._url.rstrip('/')}{path}")
        self._say("")
        if self._options.is_browser_wanted and has_display():
            webbrowser.open(self._url)

    def _watch(self, children: Children, plan: CityPlan) -> None:
        began_s = time.monotonic()
        self._wait_until_live(children, plan, began_s)
        fickle = FickleDevice(
            [self._edge(device) for device in plan.devices if device.is_fickle],
            chance=random.Random(self._options.seed),  # noqa: S311 (when a device goes is no secret)
            clock=time.monotonic,
            say=self._say,
        )
        # Beside the city: it takes half a minute, in which nobody else would look after the parts.
        with ThreadPoolExecutor(1) as beside:
            examples = beside.submit(self._load_examples)
            for _ in self._ticks(children, None):
                fickle.tick(children)
                if examples.done():
                    examples.result()
                if self._is_over(time.monotonic() - began_s):
                    # What is left of the examples is made good at the next start.
                    self._is_ending.set()
        self._say(self._summary(plan, time.monotonic() - began_s))

    def _load_examples(self) -> None:
        """Give people something to look at; ends between two commands when the city does."""
        folder = self._folder
        with suppress(_EndedEarly):
            self._hub.load_room_examples()
            self._hub.load_example_release(
                folder.example_release, folder.firmware_key, trial_device=TRIES_FIRST
            )

    def _is_over(self, ran_s: float) -> bool:
        return self._options.for_s is not None and ran_s >= self._options.for_s

    def _wait_until_live(self, children: Children, plan: CityPlan, began_s: float) -> None:
        wait_s = min(LIVE_WAIT_S, self._options.for_s or LIVE_WAIT_S)
        looked_at_s, missing, troubled = -LOOK_EVERY_S, set(plan.sources), set[str]()
        for passed_s in self._ticks(children, wait_s):
            if passed_s - looked_at_s < LOOK_EVERY_S:
                continue
            status = self._now()
            looked_at_s, before = time.monotonic() - began_s, missing
            missing = {name for name in plan.sources if not status.sources.get(name, False)}
            if missing != before:
                self._say(f"  {len(plan.sources) - len(missing)} of {len(plan.sources)} tiles are live")
            known = missing & status.troubles.keys() if passed_s > TROUBLE_AFTER_S else set()
            for name in sorted(known - troubled):
                self._say(f"  {name}: {status.troubles[name]}")
            troubled |= known
            if not missing - troubled:
                self._say(f"{_all_but(missing)} live after {looked_at_s:.0f} s. Ctrl-C ends the city.")
                return
        for name in sorted(missing):
            device = name.partition("/")[0]
            self._say(f"Not live: {name}. Its device says:\n{children.last_lines(f'edge-{device}')}")

    def _summary(self, plan: CityPlan, ran_s: float) -> str:
        status = self._now()
        live = sum(status.sources.get(name, False) for name in plan.sources)
        return (
            f"Pontive ran {ran_s:.0f} s: {len(plan.devices)} devices, "
            f"{live} of {len(plan.sources)} tiles live, "
            f"{status.records} records kept, {status.dead_letters} refused."
        )

    def _now(self) -> HubStatus:
        # Of a city that is ending, too.
        return HubProgram(self._folder.hub_config).status()

    def _ticks(self, children: Children, for_s: float | None) -> Iterator[float]:
        """Yield the seconds that passed, while the children are looked after; ends with the city."""
        began_s = time.monotonic()
        while not self._is_ending.wait(TICK_S):
            passed_s = time.monotonic() - began_s
            if for_s is not None and passed_s >= for_s:
                return
            children.tick()
            if self._broker_watch is not None:
                self._broker_watch.tick()
            if self._fleet is not None:
                self._fleet.tick()
            yield passed_s


def _all_but(troubled: set[str]) -> str:
    return f"All tiles but {', '.join(sorted(troubled))} are" if troubled else "All tiles are"
