"""Composition root of the edge: builds the parts of one device, runs them, stops them cleanly.

Must not decide anything a part can decide. What cannot start is said in one line that names the
thing and the remedy.
"""

import logging
import os
import random
import time
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import replace

from edge.clips.desk import ClipDesk
from edge.clock import Clock, SystemClock
from edge.commissioning.desk import SettingsDesk
from edge.commissioning.telling import tell_settings
from edge.config import EdgeConfig
from edge.encoders.desk import StreamDesk
from edge.hadir.kiosk.kiosk import open_kiosk
from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.health.selftest.checks import Check, device_checks, worker_checks
from edge.health.wiring import build_watch
from edge.lights.sign_file import SignFile
from edge.logs import RecentWarnings
from edge.ptz.building import turning_of
from edge.ptz.steering import SteeringDesk
from edge.running import startup
from edge.running.commands import Commands
from edge.running.intake import Intake, tell_all
from edge.running.main_loop import Asked, MainLoop, Touched
from edge.running.reporting import Reporter, UpdateEar, sign_folder
from edge.running.signals import stopped_by_signals
from edge.running.status import StatusFile, status_paths
from edge.running.watchdog import Notifier, Watchdog, interval_s
from edge.sensors.simulated import check_sources
from edge.supervision.supervisor import Supervisor
from edge.supervision.worker_process import plan_of_camera, plans_of
from edge.update.building import build_updates
from edge.update.scan_pause import ScanPause
from edge.uplink import Backoff, Uplink
from edge.uplink.live_sender import LiveSender
from edge.uplink.local_broker import tell_home
from edge.uplink.schedule import Schedule
from edge.uplink.show_connection import ShowConnection
from edge.wire.messages import Online

logger = logging.getLogger(__name__)

# Together below the five seconds in which a stop has to be over.
_WORKERS_GRACE_S = 2.0
_UPLINK_GRACE_S = 2.5
_LIVE_GRACE_S = 0.3


def run_agent(config: EdgeConfig) -> None:
    """Run the agent of a device until SIGTERM or SIGINT.

    Args:
        config: With absolute paths.

    Raises:
        ConfigError: a setting that can only be judged here is wrong.
        CannotStartError: keys, disk or memory are not as they must be.
    """
    check_sources(config.sensors)
    with ExitStack() as stack:
        stack.enter_context(startup.alone(config))
        agent = Agent(config, stack=stack)
        stack.enter_context(stopped_by_signals(agent.loop.stop))
        agent.run()


class Agent:
    """The parts of one device, wired together."""

    def __init__(self, config: EdgeConfig, *, stack: ExitStack) -> None:
        """Build everything; only the outbox is touched, nothing runs yet.

        Args:
            config: What the device is.
            stack: Closes what was opened, in reverse order.

        Raises:
            CannotStartError: keys or disk are not as they must be.
        """
        self._config = config
        self._recent = RecentWarnings()
        logging.getLogger().addHandler(self._recent)
        stack.callback(logging.getLogger().removeHandler, self._recent)
        folder = Path(config.outbox.path).parent
        self._probes = Probes()
        self._clock: Clock = SystemClock(floor_path=folder / "clock-floor")
        identity = startup.own_identity(config)
        unseal = startup.unsealing(config, identity)
        self._notifier = Notifier(os.environ.get("NOTIFY_SOCKET"))
        self._outbox = startup.open_outbox(config, self._clock)
        stack.callback(self._outbox.close)
        self._shelf = startup.door_documents(config, identity) if config.doors else None
        self._settings = startup.settings_keeper(config, identity)
        # Spreads devices in time; no key hangs on it.
        chance = random.Random()  # noqa: S311 - see above
        self._uplink = Uplink(
            device=config.device,
            link=config.hub,
            boot_id=self._clock.boot_id,
            outbox=self._outbox,
            schedule=Schedule(self._outbox, chance=chance),
            backoff=Backoff(chance),
            birth=self.online,
            on_command=lambda command, answer: self.loop.ask(Asked(command, answer)),
            # Not the method itself: the loop and the updates are built later.
            on_desired=lambda desired: self.loop.ask(desired),  # noqa: PLW0108 - see above
            on_ack=lambda ack: self._updates.acknowledged(ack),  # noqa: PLW0108 - see above
        )
        self._clips = ClipDesk(
            settings=config.clips, send=self._uplink.send_clip, now=lambda: self._clock.now().at
        )
        # The file with what the hub decided laid over it.
        in_force = replace(config, cameras=self._settings.cameras)
        self._steering = SteeringDesk({camera.id: turning_of(camera) for camera in config.cameras})
        self._streams = StreamDesk({camera.id: camera for camera in config.cameras})
        self._live = LiveSender(lambda: ShowConnection(device=config.device, link=config.hub))
        self._supervisor = Supervisor(
            plans=plans_of(in_force),
            monotonic=time.monotonic,
            jitter=random.random,
            # A worker speaks for its own camera, whatever it says.
            show=lambda camera, part: self._live.show(camera, part.channel, part.payload),
        )
        pause = ScanPause(time.monotonic, pause_s=config.update.door_pause_s)
        ear = UpdateEar()
        self._intake = Intake(
            outbox=self._outbox,
            clock=self._clock,
            acceptance=startup.acceptance_log(config, at_end=stack.callback),
            on_kept=self._uplink.wake,
            tell=tell_all(pause.kept, ear.kept, tell_home(in_force, at_end=stack.callback)),
        )
        self._updates = build_updates(
            config,
            clock=self._clock,
            pause=pause,
            unseal=unseal,
            note=self._intake.put,
            epoch=lambda: self._outbox.epoch,
            end_agent=lambda: self.loop.stop(),  # noqa: PLW0108 - see above
        )
        self._watch = build_watch(
            in_force,
            clock=self._clock,
            probes=self._probes,
            outbox=self._outbox,
            is_connected=lambda: self._uplink.is_connected,
            kept=lambda: self._intake.kept,
            say=self._uplink.say,
            birth=self.online,
        )
        self._reporter = Reporter(
            config=config,
            probes=self._probes,
            links=LinkProbes(),
            clock=self._clock,
            outbox=self._outbox,
            sender=self._uplink,
            intake=self._intake,
            workers=self._supervisor.states,
            surroundings=lambda: self._watch.surroundings,
            roster_version=self._roster_version,
            updates=ear,
            recent=self._recent,
            notifier=self._notifier,
            status_file=StatusFile(status_paths(config)),
            sign_file=SignFile(sign_folder(config), config.device),
        )
        self._kiosk = open_kiosk(
            config,
            clock=self._clock,
            unseal=unseal,
            waiting=lambda: None if self._uplink.is_connected else self._reporter.waiting(),
            workers=self._supervisor.states,
            touched=lambda door, message: self.loop.ask(Touched(door, message)),
        )
        self._announce = lambda: self._uplink.say(self.online())
        self._renewals = startup.identity_desk(config, identity, self._intake.note, self._announce)
        self.loop: MainLoop = self._build_loop()
        startup.say_doubts(config, identity, self._clock.now())

    def run(self) -> None:
        """Start, run until told to stop, stop."""
        self._uplink.start()
        self._live.start()
        self._watch.start()
        self._kiosk.start()
        self._updates.start()
        self._notifier.notify("READY=1", f"STATUS={self._reporter.summary()}")
        logger.info("agent of %s is up", self._config.device)
        try:
            self.loop.run()
        finally:
            self._notifier.notify("STOPPING=1")
            self._kiosk.stop()
            self.loop.wind_down(_WORKERS_GRACE_S)
            self._updates.stop(_LIVE_GRACE_S)
            self._watch.stop()
            self._steering.close(_LIVE_GRACE_S)
            self._streams.close()
            self._live.stop(_LIVE_GRACE_S)
            self._uplink.stop(_UPLINK_GRACE_S)
            logger.info("agent of %s stopped", self._config.device)
            self._updates.restart_machine()

    def online(self) -> Online:
        """Return what the device says when its connection comes up."""
        config, stamp = self._config, self._clock.now()
        return Online(
            epoch=self._outbox.epoch,
            boot_id=self._clock.boot_id,
            at=stamp.at,
            clock=stamp.quality,
            firmware=version("pontive")[:64],
            hardware=self._probes.hardware(),
            uptime_s=self._probes.uptime_s(),
            cameras=tuple(camera.id for camera in config.cameras),
            doors=tuple(door.id for door in config.doors),
            sensors=tuple(sensor.id for sensor in config.sensors),
            roster_version=self._roster_version(),
            config_version=self._settings.version,
            certificate=self._renewals.serial,
        )

    def selftest(self) -> list[Check]:
        """Return the checks a busy agent can do without waiting."""
        checks = device_checks(self._config, stamp=self._clock.now(), probes=self._probes)
        trouble = self._intake.trouble
        checks.append(Check("outbox", not trouble, trouble or "keeps every record"))
        return checks + worker_checks(self._supervisor.states())

    def _roster_version(self) -> int:
        return 0 if self._shelf is None else self._shelf.version

    def report(self) -> None:
        """Say how the device is, to the hub and to whoever stands before it."""
        self._clips.tidy()
        self._reporter.report()

    def _build_loop(self) -> MainLoop:
        loop = MainLoop(
            supervisor=self._supervisor,
            intake=self._intake,
            sender=self._uplink,
            commands=Commands(
                cameras=frozenset(camera.id for camera in self._config.cameras),
                workers=self._supervisor,
                selftest=self.selftest,
                tell=lambda camera: tell_settings(self._settings, camera),
                send_clip=self._clips.send_clip,
                steer=self._steering.take,
                stream=self._streams.take,
            ),
            shelf=self._shelf,
            watchdog=Watchdog(
                notifier=self._notifier,
                every_s=interval_s(os.environ, os.getpid()),
                progress=lambda: (float(loop.turns), float(self._uplink.progress)),
            ),
            report=self.report,
            report_every_s=self._config.health_every_s,
            monotonic=time.monotonic,
            health=self._watch,
            kiosk=self._kiosk.desk,
            identity=self._renewals,
            updates=self._updates,
            desk=SettingsDesk(
                keeper=self._settings,
                workers=self._supervisor,
                plan_of=plan_of_camera,
                note=self._intake.note,
                announce=self._announce,
            ),
        )
        return loop
