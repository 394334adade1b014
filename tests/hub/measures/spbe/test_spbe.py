"""SPBE: the index that was calculated by hand, evidence that runs or died, an assessment from end to end."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import InputError
from hub.measures.service import newest_of
from hub.measures.spbe import service
from hub.measures.spbe.framework import frameworks, read_framework
from hub.measures.spbe.looking import EvidenceProber
from hub.measures.spbe.models import EvidenceLook
from hub.measures.spbe.rules import gaps_in, index_of, predicate_of
from hub.outside.looking import Look, Standing, WebsiteLooker
from hub.people.permissions import Role
from tests.hub.screens import Screens, csrf_of

SPBE = frameworks()["spbe-2020/1"]
SERVICES = [n for n, (aspect, _one) in SPBE.indicators.items() if aspect.domain == "Layanan SPBE"]
GOOD, GONE = Look(Standing.REACHABLE, "menjawab 200"), Look(Standing.FAILING, "menjawab 404", 404)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_the_framework_has_its_shape_and_its_weights_sum_to_one_hundred() -> None:
    assert (len(SPBE.domains), len(SPBE.aspect), len(SPBE.indicators)) == (4, 8, 47)
    assert [len(aspect.indicator) for aspect in SPBE.aspect] == [10, 4, 4, 2, 8, 3, 10, 6]
    assert list(SPBE.indicators) == list(range(1, 48))
    assert sum(aspect.weight for aspect, _one in SPBE.indicators.values()) == 100
    assert sum(aspect.weight * len(aspect.indicator) for aspect in SPBE.aspect[6:]) == Decimal("45.5")


def test_the_reference_indices_come_out() -> None:
    threes = dict.fromkeys(SPBE.indicators, 3)
    assert index_of(SPBE, threes).index == Decimal("3.000")
    fours = threes | dict.fromkeys(SERVICES, 4)
    assert index_of(SPBE, fours).index == Decimal("3.455")
    assert index_of(SPBE, fours, domain="Layanan SPBE").index == Decimal("4.000")
    assert not index_of(SPBE, {}).is_whole
    assert index_of(SPBE, {}).index == Decimal("1.000")


@pytest.mark.parametrize(
    ("index", "said"),
    [("4.200", "Memuaskan"), ("4.199", "Sangat Baik"), ("3.455", "Baik"), ("1.8", "Cukup"), ("1", "Kurang")],
)
def test_predicates_begin_where_they_begin(index: str, said: str) -> None:
    assert predicate_of(SPBE, Decimal(index)) == said


def test_gaps_are_named_with_what_closing_them_adds() -> None:
    gaps = gaps_in(SPBE, dict.fromkeys(SPBE.indicators, 3))
    assert {gap.indicator.number for gap in gaps} == {32, 33, 34, 36, 37, 41, 42, 43, 45, 46, 47}
    assert gaps[0].gain == Decimal("0.030"), "the heaviest first"


def test_a_framework_whose_weights_are_wrong_is_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parents[4] / "hub/measures/spbe/spbe-2020.toml").read_text("utf-8")
    (tmp_path / "salah.toml").write_text(text.replace("weight_each = 1.3", "weight_each = 1.4"), "utf-8")
    with pytest.raises(InputError, match="jumlah bobot 101"):
        read_framework(tmp_path / "salah.toml")
    (tmp_path / "salah.toml").write_text(text.replace("number = 47", "number = 46"), "utf-8")
    with pytest.raises(InputError, match="dua kali"):
        read_framework(tmp_path / "salah.toml")


def test_an_assessment_is_begun_scored_evidenced_and_closed(screens: Screens) -> None:
    client = screens.signed_in(Role.SPBE_ASSESSOR)
    token = csrf_of(client, "/spbe")

    def send(path: str, **fields: object) -> str:
        data = {"csrf_token": token, **fields}
        return client.post(path, data=data, follow_redirects=True).get_data(as_text=True)

    page = send("/spbe", tahun="2026", jenis="mandiri")
    assert "SPBE 2026" in page
    assert "sudah ada" in send("/spbe", tahun="2026", jenis="mandiri")
    assert "isi tahun" in send("/spbe", tahun="1900", jenis="mandiri")
    assert "pilih mandiri" in send("/spbe", tahun="2027", jenis="sendiri")
    assert "belum dinilai" in send("/spbe/1/tutup", yakin="ya")
    assert "pilih 1 sampai 5" in send("/spbe/1/42/level", level="6")
    for number in SPBE.indicators:
        send(f"/spbe/1/{number}/level", level="3", catatan="seperti tahun lalu")
    send("/spbe/1/42/level", level="4", catatan="ditinjau")
    sheet = client.get("/spbe/1").get_data(as_text=True)
    assert "3.030" in sheet
    assert "Bukti kurang pada indikator" in sheet
    with screens.database.reading() as db:
        assert [one.value for one in newest_of(db, "spbe_index")] == [3.03]
    # Screens that run are evidence by themselves; links of our own that lead nowhere are named.
    assert "layar yang berjalan" in client.get("/spbe/1/42").get_data(as_text=True)
    assert "tautan: tulis lengkap" in send("/spbe/1/1/bukti", judul="Perwa", tautan="javascript:alert(1)")
    assert "judul bukti" in send("/spbe/1/1/bukti", judul=" ", tautan="https://contoh.go.id/")
    assert "bukti mati" in send("/spbe/1/1/bukti", judul="Perwa", tautan="/tidak-ada")
    assert "1 Perwa</a> (halamannya tidak ada lagi)" in client.get("/spbe/1").get_data(as_text=True)
    assert "Bukti ditarik" in send("/spbe/1/1/bukti/1/tarik")
    assert client.post("/spbe/1/1/bukti/1/tarik", data={"csrf_token": token}).status_code == 404
    fake = (io.BytesIO(b"<svg onload=alert(1)>"), "bukti.pdf")
    assert "Bukti tersimpan" not in send("/spbe/1/2/bukti", judul="SK", berkas=fake)
    assert "SK tim" in send("/spbe/1/2/bukti", judul="SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    kept = client.get("/spbe/1/bukti/2")
    assert (kept.status_code, kept.data) == (200, PDF)
    assert client.get("/spbe/1/bukti/1").status_code == 404
    assert client.get("/spbe/2/bukti/2").status_code == 404
    report = client.get("/spbe/1/laporan").get_data(as_text=True)
    assert "SK tim" in report
    assert "Celah menuju sasaran" in report
    assert "42" in client.get("/spbe/1.csv").get_data(as_text=True)
    assert "Penilaian ditutup" in send("/spbe/1/tutup", yakin="ya")
    assert "sudah ditutup" in send("/spbe/1/42/level", level="5")
    # The external assessment of the same year stands beside.
    send("/spbe", tahun="2026", jenis="eksternal")
    assert "eksternal: " in client.get("/spbe/1").get_data(as_text=True)
    assert client.get("/spbe/3").status_code == client.get("/spbe/1/48").status_code == 404


def test_links_of_others_are_looked_at_and_dead_ones_are_named_everywhere(screens: Screens) -> None:
    with screens.database.writing() as db:
        begun = service.begin(db, year=2026, kind="mandiri", actor="uji", now=screens.clock())
        for number, name in enumerate(("jdih", "lama"), start=1):
            sheet = service.sheet_of(db, begun.id)
            service.add_evidence(
                *(db, sheet, number),
                title=f"Bukti {name}",
                address=f"https://{name}.contoh.id/perwa",
                actor="uji",
                now=screens.clock(),
            )
    answers = {"https://jdih.contoh.id/perwa": GOOD, "https://lama.contoh.id/perwa": GONE}
    prober = EvidenceProber(database=screens.database, look=answers.__getitem__, now=screens.clock)
    client = screens.signed_in(Role.SPBE_ASSESSOR)
    assert "bukti mati" not in client.get("/spbe/1/2").get_data(as_text=True), "nobody looked yet"
    assert [prober(), prober()] == [2, 0]
    for path in ("/spbe/1", "/spbe/1/2", "/spbe/1/laporan", "/spbe/1.csv"):
        page = client.get(path).get_data(as_text=True)
        assert "Bukti lama" in page, path
        assert "mati" in page, path
    assert "menjawab 404" in client.get("/spbe/1/2").get_data(as_text=True)
    assert "menjawab" in client.get("/spbe/1/1").get_data(as_text=True)
    answers["https://lama.contoh.id/perwa"] = GOOD
    screens.clock.advance(hours=1)
    assert prober() == 1, "what is dead is looked at again soon, the other tomorrow"
    assert "Bukti lama</a> (" not in client.get("/spbe/1").get_data(as_text=True)


def test_evidence_in_our_own_network_is_not_asked(screens: Screens) -> None:
    looker = WebsiteLooker(resolve=lambda _host, _port: ["10.0.0.7"])
    with screens.database.writing() as db:
        begun = service.begin(db, year=2026, kind="mandiri", actor="uji", now=screens.clock())
        sheet, link = service.sheet_of(db, begun.id), "http://router.dalam.id/"
        service.add_evidence(db, sheet, 1, title="Dalam", address=link, actor="uji", now=screens.clock())
    EvidenceProber(database=screens.database, look=looker.look, now=screens.clock)()
    with screens.database.reading() as db:
        assert [row.standing for row in db.scalars(select(EvidenceLook))] == [Standing.REFUSED]


def test_who_only_looks_changes_nothing(screens: Screens) -> None:
    client = screens.signed_in(Role.EXECUTIVE)
    page = client.get("/spbe").get_data(as_text=True)
    assert "Mulai penilaian" not in page.replace("Mulai penilaian mandiri tahun ini", "")
    answer = client.post("/spbe", data={"csrf_token": csrf_of(client, "/sandi"), "tahun": "2026"})
    assert answer.status_code == 404
