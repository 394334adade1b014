"""The sentences that explain a day result to the person concerned, in Indonesian. Pure."""

from datetime import date, datetime, tzinfo

from hub.hadir.results.tariff import Deduction, Tariff

OVERTIME_SAID_FROM_MIN = 30
WAITING_FOR_READERS = "Data belum lengkap: menunggu kiriman semua pembaca di lokasi"
NO_READER_YET = "Data belum lengkap: belum ada pembaca di tempat kerja pada hari itu"


def day_sentences(
    *,
    day: date,
    zone: tzinfo,
    arrived: datetime | None,
    left: datetime | None,
    late_min: int,
    early_min: int,
    correction_reason: str | None,
    is_clock_certain: bool,
) -> list[str]:
    """Say what was seen of a person on a working day.

    Args:
        day: On which the work began.
        zone: The city's.
        arrived: When the person came, if that is known.
        left: When the person went, if that is known.
        late_min: Whole minutes.
        early_min: Whole minutes.
        correction_reason: Of an approved correction; None without one.
        is_clock_certain: Whether every scan used was stamped by a trusted clock.
    """
    words: list[str] = []
    if arrived:
        lateness = f"terlambat {late_min} menit" if late_min else "tepat waktu"
        words.append(f"Masuk {_clock(arrived, zone, day)}, {lateness}")
    if left:
        earliness = f", {early_min} menit lebih awal" if early_min else ""
        words.append(f"Pulang {_clock(left, zone, day)}{earliness}")
    if not arrived or not left:
        missing = "pindaian masuk" if left else "pindaian pulang" if arrived else "pindaian"
        words.append(f"Belum ada {missing}" if arrived or left else "Tidak ada pindaian")
    if correction_reason is not None:
        words.append(f"Koreksi disetujui: {correction_reason}" if correction_reason else "Koreksi disetujui")
    if not is_clock_certain:
        words.append("Jam perangkat tidak pasti saat memindai: perlu diperiksa, tidak ada potongan otomatis")
    return words


def overtime_sentences(stayed_min: int, approved_min: int, reason: str) -> list[str]:
    """Say what of the minutes after the end counts as overtime; a few minutes are not worth a sentence."""
    if approved_min:
        return [f"Lembur {approved_min} menit, disetujui: {reason}"]
    if stayed_min >= OVERTIME_SAID_FROM_MIN:
        return [f"{stayed_min} menit setelah jam pulang, belum disetujui sebagai lembur"]
    return []


def open_sentence(is_waited_for: bool) -> str:
    """Say why a day is not complete: a reader has still to deliver, or there was none to pass."""
    return WAITING_FOR_READERS if is_waited_for else NO_READER_YET


def cut_sentence(cut: Deduction, tariff: Tariff) -> str:
    """Say which cut follows, and which version of the tariff asks for it."""
    percent = f"{cut.percent.normalize():f}".replace(".", ",")
    example = " (contoh)" if tariff.is_example else ""
    return f"Potongan {cut.code}: {percent} %, tarif {tariff.version}{example}"


def _clock(at: datetime, zone: tzinfo, day: date) -> str:
    local = at.astimezone(zone)
    return f"{local:%H.%M}{' keesokan harinya' if local.date() > day else ''}"
