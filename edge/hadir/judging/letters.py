"""What a door says of a letter that is held before its camera. Pure: list and time come as arguments.

Names nobody: the seal holds a masked name only. Must not log what it reads.
"""

from edge.clock import Stamp
from edge.hadir.messages import WIB, Message, Sound
from edge.wire.papers.seal import LetterClaim
from edge.wire.papers.trust import LetterStanding, LetterTrust, judge
from edge.wire.records.bodies import ClockQuality

# Older than this, a revocation may not have come here yet, and the screen says so.
_FRESH_DAYS = 2

_WITHOUT_DAY = "Surat asli; tanggal dan pencabutan tidak dapat diperiksa di sini."
_WORDS = {
    LetterStanding.GENUINE: ("S14", "ASLI", "Surat asli dan masih berlaku.", Sound.HIGH_ONCE),
    LetterStanding.REVOKED: ("S15", "DICABUT", "Surat ini sudah dicabut. Jangan diterima.", Sound.LOW_TWICE),
    LetterStanding.EXPIRED: (
        "S16",
        "KEDALUWARSA",
        "Surat asli, tetapi sudah lewat waktu.",
        Sound.LOW_ONCE,
    ),
    LetterStanding.ALTERED: (
        "S17",
        "BERUBAH",
        "Kode ini sudah diubah. Jangan diterima.",
        Sound.LOW_TWICE,
    ),
    LetterStanding.UNKNOWN: (
        "S18",
        "TIDAK DIKENAL",
        "Bukan surat kota ini.",
        Sound.LOW_ONCE,
    ),
    LetterStanding.DISTRUSTED: (
        "S20",
        "KUNCI DICABUT",
        "Kunci segel surat ini dicabut karena dicuri. Jangan diterima; periksa di loket.",
        Sound.LOW_TWICE,
    ),
}


def letter_message(text: str, trust: LetterTrust | None, now: Stamp) -> Message:
    """Return what to show of a letter.

    Args:
        text: Of its QR code.
        trust: Keys and revocations at hand, if the hub sent them already.
        now: With a clock that nobody knows, nothing is expired.
    """
    if trust is None:
        text = "Perangkat ini belum menerima daftar surat. Periksa lewat ponsel, atau di loket."
        return Message("S19", text, Sound.LOW_ONCE)
    today = None if now.quality is ClockQuality.UNKNOWN else now.at.astimezone(WIB).date()
    judged = judge(text, trust, today=today)
    code, action, said, sound = _WORDS[judged.standing]
    if judged.standing is LetterStanding.GENUINE and today is None:
        said = _WITHOUT_DAY
    age_days = (now.at - trust.issued_at).days
    old = f" Daftar pencabutan {age_days} hari lalu." if age_days > _FRESH_DAYS and today else ""
    facts = "" if judged.claim is None else _facts(judged.claim)
    note = f"{said}{facts}{old}"
    kind = "" if judged.claim is None else judged.claim.kind
    return Message(code, f"{action}. {note}", sound, name=kind, action=action, note=note)


def _facts(claim: LetterClaim) -> str:
    whom = f", untuk {claim.holder}" if claim.holder else ""
    return f" Nomor {claim.number}{whom}."
