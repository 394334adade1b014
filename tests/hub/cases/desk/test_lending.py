"""Plt. and Plh.: a role lent for some days by a decree, seen in the history, ended by either."""

import pytest
from sqlalchemy import select

from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.service import actor_for
from hub.people.permissions import Role, ScopeKind
from tests.hub.cases.office import OTHER_WARD, WARD, Office
from tests.hub.screens import Screens, post

PAGE = "/berkas/pengganti"


def grant_id(page: str) -> str:
    return page.partition('<option value="')[2].partition('"')[0]


def test_a_deputy_decides_in_the_lurahs_name_for_those_days_only(screens: Screens, office: Office) -> None:
    case = office.file("surat-keterangan-usaha")
    lurah = screens.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD, name="lurah")
    head = screens.signed_in(Role.WARD_SECTION_HEAD, kind=ScopeKind.KELURAHAN, scope=OTHER_WARD, name="kasi")
    assert head.get(f"/berkas/{case.number}").status_code == 404
    fields = {
        "peran": grant_id(lurah.get(PAGE).get_data(as_text=True)),
        "akun": "kasi",
        "sebagai": "plh",
        "mulai": "2026-11-21",
        "sampai": "2026-11-23",
        "sk": "800/12/2026",
    }
    assert post(lurah, PAGE, PAGE, **fields).status_code == 303
    assert head.get(f"/berkas/{case.number}").status_code == 200
    assert "800/12/2026" in head.get(PAGE).get_data(as_text=True)
    walk_to_signature(office, case.number)
    assert "Anda bertindak sebagai Plh., 800/12/2026" in head.get(f"/berkas/{case.number}").get_data(
        as_text=True
    )
    path = f"/berkas/{case.number}/tindakan/kembalikan"
    revision = str(office.read(case.number).revision)
    assert post(head, path, PAGE, revisi=revision, catatan="alamat kurang").status_code == 303
    with office.database.reading() as db:
        step = db.scalars(select(CaseStep).order_by(CaseStep.id.desc())).first()
        assert step is not None
        assert (step.role, step.capacity) == ("lurah", "Plh., 800/12/2026")


def walk_to_signature(office: Office, number: str) -> None:
    clerk, head = office.account("counter-clerk"), office.account("ward-section-head")
    for who, action in ((clerk, "lengkap"), (head, "setuju")):
        assert isinstance(office.act_fully(number, who, action), CaseRecord)


def test_days_and_an_early_end_bound_what_is_lent(screens: Screens, office: Office) -> None:
    number = office.file("surat-keterangan-usaha").number
    lurah = screens.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD, name="lurah")
    deputy = office.account("counter-clerk", kind=ScopeKind.KELURAHAN, scope=OTHER_WARD)
    fields = {
        "peran": grant_id(lurah.get(PAGE).get_data(as_text=True)),
        "akun": deputy.name,
        "sebagai": "plt",
        "mulai": "2026-11-22",
        "sampai": "2026-11-22",
        "sk": "SK 9",
    }
    assert post(lurah, PAGE, PAGE, **fields).status_code == 303
    walk_to_signature(office, number)

    def roles(**after: float) -> frozenset[str]:
        with office.database.reading() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            screens.clock.advance(**after)
            return actor_for(db, case=case, viewer=deputy, now=screens.clock()).roles

    assert roles() == frozenset(), "not before its first day"
    assert roles(hours=14) == {"lurah"}, "midnight in Pontianak"
    assert roles(hours=24) == frozenset(), "not after its last"
    screens.clock.advance(hours=-24)
    stranger = screens.signed_in(Role.LURAH)
    assert post(stranger, f"{PAGE}/akhiri", PAGE, pengganti="1").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"peran": "999"}, "Pilih peran yang Anda pegang sendiri."),
        ({"akun": "tidakada"}, "Tulis nama akun pengganti"),
        ({"akun": "lurah"}, "bukan akun Anda sendiri"),
        ({"akun": "orang"}, "belum memegang peran untuk berkas"),
        ({"sebagai": "raja"}, "Pilih Plh. atau Plt."),
        ({"sampai": "2026-11-20"}, "Hari terakhir harus sesudah hari pertama"),
        ({"sampai": "2027-11-20"}, "Paling lama 92 hari"),
        ({"sampai": "besok"}, "Isi kedua tanggal"),
        ({"sk": " "}, "Isi nomor surat perintah atau SK."),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_is_typed_wrong_is_named_and_kept(
    screens: Screens, office: Office, changed: dict[str, str], said: str
) -> None:
    lurah = screens.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD, name="lurah")
    screens.account(Role.COUNTER_CLERK, name="loket")
    screens.account(Role.EMPLOYEE, name="orang")
    fields = {
        "peran": grant_id(lurah.get(PAGE).get_data(as_text=True)),
        "akun": "loket",
        "sebagai": "plh",
        "mulai": "2026-11-21",
        "sampai": "2026-11-22",
        "sk": "SK 9",
        **changed,
    }
    answer = post(lurah, PAGE, PAGE, **fields)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert 'value="SK 9"' in answer.get_data(as_text=True) or "sk" in changed


def test_either_of_the_two_ends_it(screens: Screens, office: Office) -> None:
    lurah = screens.signed_in(Role.LURAH, kind=ScopeKind.KELURAHAN, scope=WARD, name="lurah")
    deputy = screens.signed_in(Role.COUNTER_CLERK, name="loket")
    fields = {"peran": grant_id(lurah.get(PAGE).get_data(as_text=True)), "akun": "loket", "sebagai": "plh"}
    days = {"mulai": "2026-11-21", "sampai": "2026-11-22", "sk": "SK 9"}
    assert post(lurah, PAGE, PAGE, **fields, **days).status_code == 303
    assert post(deputy, f"{PAGE}/akhiri", PAGE, pengganti="1").status_code == 303
    assert post(lurah, f"{PAGE}/akhiri", PAGE, pengganti="1").status_code == 404
    assert "Tidak ada penggantian." in deputy.get(PAGE).get_data(as_text=True)
