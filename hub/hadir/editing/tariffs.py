"""What lateness costs, as versions with a first day. A version that results rest on is never changed."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from sqlalchemy import select

from hub.errors import InputError, NotFoundError
from hub.hadir.editing.desk import Desk, Field, Input, Row, Values, Words
from hub.hadir.editing.preview import Effect
from hub.hadir.editing.scope import may_edit, may_see, name_of, read_subject
from hub.hadir.editing.typed import (
    ABSENT_CODE,
    MISSING_CODE,
    date_of,
    minutes_of,
    percent_of,
    text_of,
    tier_code,
    tier_lines,
    tiers_of,
)
from hub.hadir.editing.whom import scope_field
from hub.hadir.models import AllowanceTariff, DayOutcome
from hub.hadir.results.calendar import Scope, Subject
from hub.hadir.results.reading.rows import TariffText, TierText
from hub.web.i18n import N_
from hub.web.typed.whole_numbers import is_whole_number

_OWN_CODES = {"satu": MISSING_CODE, "tidak": ABSENT_CODE}
_TIER_HINT = N_("Satu tingkat satu baris: kode; mulai menit ke; persen. Misalnya TL1; 1; 0,5")


class Tariffs:
    """The editor of tariffs; only for those who answer for the whole city."""

    words = Words(
        "tarif",
        N_("Tarif potongan"),
        N_("Versi yang sudah dipakai tidak diubah: buat versi baru dengan tanggal mulai berlaku."),
        (N_("Versi"), N_("Berlaku untuk"), N_("Sejak"), N_("Terlambat"), N_("Tanpa keterangan (%)")),
    )

    def rows(self, desk: Desk) -> Sequence[Row]:
        """Return all versions, the newest first."""
        query = select(AllowanceTariff).order_by(AllowanceTariff.valid_from.desc(), AllowanceTariff.id)
        return [
            self._row(desk, row)
            for row in desk.db.scalars(query)
            if may_see(desk.db, _subject(row), reach=desk.reach, today=desk.today)
        ]

    def _row(self, desk: Desk, row: AllowanceTariff) -> Row:
        body = _body(row)
        late = ", ".join(f"{tier.code} {tier.percent.normalize():f} %" for tier in body.late)
        cells = (
            row.version,
            name_of(desk.db, _subject(row)),
            row.valid_from,
            late,
            f"{body.absent.percent.normalize():f}",
        )
        return Row(str(row.id), cells, desk.reach.is_city, row.is_example)

    def fields(self, desk: Desk, key: str) -> Sequence[Field]:
        """Return the form; a version that exists only lends its values to a new one."""
        old = _body(_found(desk, key)) if key else None
        return [
            Field("versi", N_("Nama versi"), hint=N_("Misalnya nomor Perwa: perwa-12-2027")),
            Field("mulai", N_("Berlaku sejak"), Input.DATE),
            scope_field(desk, "city:0"),
            Field(
                "terlambat",
                N_("Tingkat terlambat"),
                Input.LINES,
                _lines(old.late if old else ()),
                (),
                _TIER_HINT,
            ),
            Field("awal", N_("Tingkat pulang awal"), Input.LINES, _lines(old.early if old else ())),
            Field(
                "satu",
                N_("Tanpa salah satu pindaian: kode; persen"),
                value=_one(old.missing_scan if old else None),
            ),
            Field("tidak", N_("Tanpa keterangan: kode; persen"), value=_one(old.absent if old else None)),
            *_number_fields(old),
        ]

    def save(self, desk: Desk, values: Values, key: str) -> Effect:
        """Keep a new version; ``key`` only said where its values were taken from."""
        version = text_of(values, "versi", "nama versi", longest=40)
        if desk.db.scalars(select(AllowanceTariff).filter_by(version=version)).first() is not None:
            raise InputError(f"Versi {version!r} sudah ada; beri nama lain.")
        valid_from = date_of(values, "mulai", "berlaku sejak")
        body = TariffText(
            late=tiers_of(values, "terlambat", "Tingkat terlambat"),
            early=tiers_of(values, "awal", "Tingkat pulang awal"),
            missing_scan=_one_tier(values, "satu", "Tanpa salah satu pindaian"),
            absent=_one_tier(values, "tidak", "Tanpa keterangan"),
            grace_min=minutes_of(values, "tenggang", "Tenggang"),
            made_good_up_to_min=minutes_of(values, "ganti", "Diganti hari itu"),
            monthly_cap_percent=percent_of(values.get("batas", ""), "Batas sebulan"),
            minutes_per_day=_minutes_per_day(values),
        )
        _refuse_others(desk)
        subject = read_subject(desk.db, values.get("lingkup", ""), "", reach=desk.reach, today=desk.today)
        row = AllowanceTariff(version=version, scope=subject.scope, scope_number=subject.number)
        row.valid_from, row.body, row.is_example = valid_from, msgspec.json.encode(body).decode(), False
        desk.db.add(row)
        desk.db.flush()
        return Effect(subject, valid_from, desk.today)

    def remove(self, desk: Desk, key: str) -> Effect:
        """Take away a version that no published result rests on."""
        row = _found(desk, key)
        used = select(DayOutcome.day).where(DayOutcome.tariff_version == row.version).limit(1)
        if desk.db.scalars(used).first() is not None:
            raise InputError(f"Versi {row.version!r} dipakai hasil yang sudah terbit; buat versi baru saja.")
        desk.db.delete(row)
        desk.db.flush()
        return Effect(_subject(row), row.valid_from, desk.today)


def _number_fields(old: TariffText | None) -> list[Field]:
    number, needed = Input.NUMBER, False
    cap = f"{old.monthly_cap_percent.normalize():f}" if old else "100"
    made_good = old.made_good_up_to_min if old else 0
    return [
        Field("tenggang", N_("Tenggang (menit)"), number, f"{old.grace_min if old else 0}", is_needed=needed),
        Field("ganti", N_("Diganti hari itu, sampai (menit)"), number, f"{made_good}", is_needed=needed),
        Field("batas", N_("Batas potongan sebulan (persen)"), value=cap),
        Field("sehari", N_("Menit yang setara satu hari"), number, f"{old.minutes_per_day if old else 450}"),
    ]


def _refuse_others(desk: Desk) -> None:
    if not desk.reach.is_city:
        raise InputError("Tarif ditetapkan untuk kota oleh BKPSDM; admin OPD tidak mengubahnya.")


def _found(desk: Desk, key: str) -> AllowanceTariff:
    row = desk.db.get(AllowanceTariff, int(key)) if is_whole_number(key) else None
    if row is None or not may_edit(desk.db, Subject(), reach=desk.reach, today=desk.today):
        raise NotFoundError(f"tarif {key}")
    return row


def _subject(row: AllowanceTariff) -> Subject:
    return Subject(Scope(row.scope), row.scope_number)


def _body(row: AllowanceTariff) -> TariffText:
    return msgspec.json.decode(row.body, type=TariffText)


def _lines(tiers: Sequence[TierText]) -> str:
    return tier_lines(tiers)


def _one(tier: TierText | None) -> str:
    return f"{tier.code}; {tier.percent.normalize():f}" if tier else ""


def _minutes_per_day(values: Values) -> int:
    minutes = minutes_of(values, "sehari", "Menit sehari") if values.get("sehari", "").strip() else 450
    if minutes < 1:
        raise InputError("Menit yang setara satu hari harus lebih dari 0, misalnya 450.")
    return minutes


def _one_tier(values: Values, name: str, label: str) -> TierText:
    code, mark, percent = values.get(name, "").partition(";")
    if not mark or not 1 <= len(code.strip()) <= 8:
        raise InputError(f"{label}: tulis kode; persen. Misalnya TK; 4.")
    cut: Decimal = percent_of(percent, label)
    return TierText(tier_code(code, label, may_be=_OWN_CODES[name]), 0, cut)
