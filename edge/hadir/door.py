"""The state machine of a door: texts of QR codes in, answers out; no camera, no pipe, no clock.

A person is told MASUK only by :meth:`Door.stored`, after the scan is safe in the outbox. The
signature is checked before anything else is said about the person a code names.
"""

from dataclasses import dataclass, replace

from edge.clock import Stamp
from edge.hadir import messages
from edge.hadir.answers import Answer, Report, Store, Tell
from edge.hadir.judging.badges import badge_use, objection
from edge.hadir.judging.challenge import Challenges
from edge.hadir.judging.freshness import Witnesses, believed_clock, staleness_s
from edge.hadir.judging.greeting import greet
from edge.hadir.judging.letters import letter_message
from edge.hadir.judging.memory import DUPLICATE_WINDOW_S, Use, UsedCodes
from edge.hadir.judging.pin_tries import PinTries
from edge.hadir.judging.presence import Blindness, Presence
from edge.hadir.judging.refusals import Refusals
from edge.hadir.judging.roster import Roster
from edge.hadir.judging.scans import badge_scan, phone_scan
from edge.hadir.messages import Message
from edge.wire.hadir.codes import BadgeCode, CodeError, PhoneCode, Purpose, read_code
from edge.wire.hadir.pin import is_pin
from edge.wire.hadir.roster import Entry, Standing
from edge.wire.papers.seal import looks_like_letter
from edge.wire.papers.trust import LetterTrust
from edge.wire.records.bodies import ClockQuality, HadirScan

STORE_TIMEOUT_S = 3.0
PIN_TIMEOUT_S = 30.0
HINT_AFTER_S = 3.0


@dataclass(frozen=True, slots=True)
class _Pending:
    """A scan on its way to the outbox."""

    entry: Entry
    purpose: Purpose
    now: Stamp
    text: str
    use: Use


@dataclass(frozen=True, slots=True)
class _WaitingBadge:
    code: BadgeCode
    entry: Entry
    text: str
    asked_s: float


class Door:
    """One door. All times come in as :class:`edge.clock.Stamp`; never blocks, never raises."""

    def __init__(
        self,
        *,
        door: str,
        direction: str,
        memory: UsedCodes,
        challenges: Challenges | None = None,
        roster: Roster | None = None,
    ) -> None:
        """Set a door up.

        Args:
            door: Its id.
            direction: ``in``, ``out`` or ``both``.
            memory: Codes taken before, shared by all cameras of the door.
            challenges: For "mode ketat", else ``None``.
            roster: The one at hand; may be replaced at any time.
        """
        self.roster = roster
        self.letters: LetterTrust | None = None
        self._door = door
        self._direction = direction
        self._memory = memory
        self._challenges = challenges
        self._witnesses = Witnesses()
        self._refusals = Refusals(door)
        self._presence = Presence()
        self._blindness = Blindness(HINT_AFTER_S)
        self._pin_tries = PinTries()
        self._pending: dict[int, _Pending] = {}
        self._badge: _WaitingBadge | None = None
        self._ticket = 0

    @property
    def is_waiting(self) -> bool:
        """Whether a scan is on its way to the outbox."""
        return bool(self._pending)

    @property
    def is_asking_pin(self) -> bool:
        """Whether somebody showed a badge and should type a PIN."""
        return self._badge is not None

    def is_clock_known(self, now: Stamp) -> bool:
        """Tell whether the time on the screen may be believed."""
        return believed_clock(now, self._witnesses) is not ClockQuality.UNKNOWN

    def present(self, text: str, now: Stamp) -> list[Answer]:
        """Answer to a text that a camera read just now."""
        self._blindness.end()
        if not self._presence.is_new(text, _mono_s(now)):
            return []
        now = replace(now, quality=believed_clock(now, self._witnesses))
        if looks_like_letter(text):
            return [Tell(letter_message(text, self.letters, now))]
        try:
            code = read_code(text)
        except CodeError as error:
            return self._not_a_code(error, now)
        if self.roster is None:
            return self._refuse(messages.no_roster(), now)
        if isinstance(code, PhoneCode):
            return self._phone(code, text, now, self.roster)
        return self._badge_shown(code, text, now, self.roster)

    def stored(self, ticket: int, *, is_kept: bool, now: Stamp) -> list[Answer]:
        """Answer to the news that a scan is safe in the outbox, or could not be kept."""
        pending = self._pending.pop(ticket, None)
        if pending is None:
            return []
        if not is_kept:
            self._presence.forget(pending.text)
            return [Tell(messages.not_kept())]
        earlier = self._memory.newest_of(pending.entry.person)
        self._memory.remember(pending.use, mono_s=_mono_s(pending.now))
        self._presence.has_stayed(pending.entry.person, _mono_s(now))
        return [Tell(self._greeting(pending, earlier))]

    def enter_pin(self, pin: str, now: Stamp) -> list[Answer]:
        """Answer to a PIN typed on the screen for the badge shown before."""
        badge, mono_s = self._badge, _mono_s(now)
        if badge is None or badge.entry.pin_hash is None or self.roster is None:
            return []
        person, pin_hash = badge.entry.person, badge.entry.pin_hash
        if not self._pin_tries.check(person, mono_s, lambda: is_pin(pin, pin_hash)):
            tries_left = self._pin_tries.left(person, mono_s)
            self._badge = badge if tries_left else None
            return self._refuse(messages.wrong_pin(tries_left), now)
        return self._badge_accepted(badge, now, self.roster, is_witnessed=False)

    def witness(self, now: Stamp) -> list[Answer]:
        """Answer to a guard who vouches for whoever showed the badge before."""
        if self._badge is None or self.roster is None:
            return []
        return self._badge_accepted(self._badge, now, self.roster, is_witnessed=True)

    def unreadable(self, now: Stamp, *, is_too_small: bool) -> list[Answer]:
        """Answer to a frame in which a code was found but could not be read."""
        if not self._blindness.is_long(_mono_s(now)):
            return []
        return self._refuse(messages.hint(is_too_small), now)

    def foreign(self, now: Stamp) -> list[Answer]:
        """Answer to a code that cannot be ours, whatever it says."""
        if self._refusals.may_show_foreign(_mono_s(now)):
            return self._refuse(messages.foreign(), now)
        return []

    def tick(self, now: Stamp) -> list[Answer]:
        """Answer to the passing of time; call it a few times a second."""
        mono_s = _mono_s(now)
        if self._badge and mono_s - self._badge.asked_s > PIN_TIMEOUT_S:
            self._badge = None
        overdue = [t for t, p in self._pending.items() if mono_s - _mono_s(p.now) > STORE_TIMEOUT_S]
        told = [answer for ticket in overdue for answer in self.stored(ticket, is_kept=False, now=now)]
        return [*told, *(Report(body) for body in self._refusals.due(mono_s))]

    def footers(self, now: Stamp, waiting: int | None = None) -> tuple[Message, ...]:
        """Return the lines at the foot of the screen; ``waiting`` rows while the hub is out of reach."""
        footers = [] if waiting is None else [messages.offline(waiting)]
        if believed_clock(now, self._witnesses) is not ClockQuality.SYNCED:
            footers.append(messages.clock_is_estimated())
        if self.roster and (age_days := self.roster.age_days(now.at)) >= 1:
            footers.append(messages.roster_is_old(age_days))
        return tuple(footers)

    def challenge(self, now: Stamp) -> str | None:
        """Return the figures to show in "mode ketat"."""
        return self._challenges.current(_mono_s(now)) if self._challenges else None

    def _not_a_code(self, error: CodeError, now: Stamp) -> list[Answer]:
        if error.is_ours:
            return self._refuse(messages.not_genuine(), now)
        return self.foreign(now)

    def _phone(self, code: PhoneCode, text: str, now: Stamp, roster: Roster) -> list[Answer]:
        entry = roster.entry_of(code.person, code.key_slot)
        if entry is None or not entry.public_key:
            return self._refuse(messages.unknown_phone(), now)
        is_challenged = self._meets_challenge(code, entry, _mono_s(now))
        if not is_challenged and not code.is_signed_by(entry.public_key):
            return self._refuse(messages.not_genuine(), now)
        if entry.standing is Standing.REVOKED:
            return self._refuse(messages.revoked(), now)
        if self._memory.is_used(code):
            return self._refuse(messages.used(), now)
        if self._challenges and not is_challenged:
            return self._refuse(messages.challenge(self._challenges.current(_mono_s(now))), now)
        return self._fresh(code, text, now, entry, roster, is_challenged)

    def _fresh(
        self, code: PhoneCode, text: str, now: Stamp, entry: Entry, roster: Roster, is_challenged: bool
    ) -> list[Answer]:
        self._witnesses.hear(code, _mono_s(now))
        now = replace(now, quality=believed_clock(now, self._witnesses))
        off_s = staleness_s(code, now, witnesses=self._witnesses, memory=self._memory)
        if off_s is not None:
            return self._refuse(messages.expired(off_s), now)
        if (repeated := self._repeated(code.person, now)) is not None:
            return repeated
        scan = phone_scan(
            code,
            now,
            door=self._door,
            roster_version=roster.version,
            is_stale=roster.is_stale(now.at),
            is_challenged=is_challenged,
        )
        is_trusted = now.quality is ClockQuality.SYNCED
        use = Use(code.person, code.issued_at_s, code.nonce, int(now.at.timestamp()), is_trusted)
        return [self._store(scan, _Pending(entry, code.purpose, now, text, use))]

    def _meets_challenge(self, code: PhoneCode, entry: Entry, mono_s: float) -> bool:
        valid = self._challenges.valid(mono_s) if self._challenges else ()
        return any(code.is_signed_by(entry.public_key, figures.encode()) for figures in valid)

    def _repeated(self, person: int, now: Stamp) -> list[Answer] | None:
        """Answer to somebody who was recorded a moment ago, or is being recorded."""
        if any(pending.entry.person == person for pending in self._pending.values()):
            return []
        mono_s = _mono_s(now)
        recorded_at = self._memory.recorded_within(person, DUPLICATE_WINDOW_S, now=now.at, mono_s=mono_s)
        if recorded_at is None:
            return None
        if self._presence.has_stayed(person, mono_s):
            return []
        return [Tell(messages.already_recorded(recorded_at))]

    def _badge_shown(self, code: BadgeCode, text: str, now: Stamp, roster: Roster) -> list[Answer]:
        refusal = objection(code, now, roster)
        if refusal is not None:
            return self._refuse(refusal, now)
        if (repeated := self._repeated(code.person, now)) is not None:
            return repeated
        if self._pin_tries.left(code.person, _mono_s(now)) <= 0:
            return self._refuse(messages.wrong_pin(0), now)
        entry = roster.badge_holders[code.person]
        self._badge = _WaitingBadge(code, entry, text, _mono_s(now))
        return [Tell(messages.ask_pin())]

    def _badge_accepted(
        self, badge: _WaitingBadge, now: Stamp, roster: Roster, *, is_witnessed: bool
    ) -> list[Answer]:
        self._badge = None
        now = replace(now, quality=believed_clock(now, self._witnesses))
        scan = badge_scan(
            badge.code,
            now,
            door=self._door,
            roster_version=roster.version,
            is_stale=roster.is_stale(now.at),
            is_witnessed=is_witnessed,
        )
        pending = _Pending(badge.entry, Purpose.AUTOMATIC, now, badge.text, badge_use(scan, now))
        return [self._store(scan, pending)]

    def _store(self, scan: HadirScan, pending: _Pending) -> Store:
        self._ticket += 1
        self._pending[self._ticket] = pending
        return Store(self._ticket, scan, pending.now.at, pending.now.mono_ns)

    def _greeting(self, pending: _Pending, earlier: Use | None) -> Message:
        weekday = pending.now.at.astimezone(messages.WIB).isoweekday()
        return greet(
            pending.entry.name,
            pending.now,
            purpose=pending.purpose,
            direction=self._direction,
            hours=self.roster.hours_of(pending.entry.opd, weekday) if self.roster else None,
            earlier_s=earlier.taken_at_s if earlier else None,
        )

    def _refuse(self, message: Message, now: Stamp) -> list[Answer]:
        self._refusals.count(message.code, _mono_s(now))
        return [Tell(message)]


def _mono_s(now: Stamp) -> float:
    return now.mono_ns / 1e9
