"""Applications that may be one, and which talks to which."""

from hub.registers.applications.duplicates import Application, likenesses
from hub.registers.applications.integration import SIZE, integration_map


def one(number: int, name: str, purpose: str = "", url: str = "") -> Application:
    return Application(number, name, purpose, url)


def test_likenesses_are_found_by_name_address_and_purpose() -> None:
    found = likenesses(
        [
            one(1, "Sistem Informasi Parkir", "Retribusi parkir tepi jalan dan setoran juru parkir"),
            one(2, "SI Parkr Tepi", "Retribusi parkir tepi jalan, setoran juru parkir"),
            one(3, "Aplikasi Antrean Puskesmas", "Antrean", "https://www.antre.example/a/"),
            one(4, "Antre Dokter", "Janji", "http://ANTRE.example/a"),
            one(5, "e-Surat", "Surat"),
            one(6, "Sistem Informasi Kepegawaian", "Data"),
            one(7, "Sistem Informasi Keuangan", "Data"),
            one(8, "Antrean Puskesmas Kota Pontianak", "Lain"),
        ]
    )
    told = {(like.first.id, like.second.id): like.reasons for like in found}
    assert told[1, 2] == ("fungsi mirip 100 %",)
    assert told[3, 4] == ("alamat sama",)
    assert told[3, 8] == ("nama mirip 100 %",), "words that every city's applications have do not count"
    assert set(told) == {(1, 2), (3, 4), (3, 8)}
    assert [like.score for like in found] == sorted((like.score for like in found), reverse=True)


def test_nothing_is_alike_in_an_empty_register_or_without_words() -> None:
    assert likenesses([]) == []
    assert likenesses([one(1, "Aplikasi"), one(2, "Aplikasi")]) == []


def test_the_map_draws_each_application_once_and_both_ways_apart() -> None:
    rows = [
        (1, {"dari": "A", "ke": "B", "data": "x", "cara": "api", "status": "sinkron"}),
        (2, {"dari": "B", "ke": "A", "data": "y"}),
        (3, {"dari": "A", "ke": "A", "data": "z"}),
    ]
    drawn = integration_map(rows, 5)
    assert [(node.number, node.name) for node in drawn.nodes] == [(1, "A"), (2, "B")]
    assert drawn.alone == 3
    assert all(0 < node.x < SIZE and 0 < node.y < SIZE for node in drawn.nodes)
    assert len({line.path for line in drawn.lines}) == 3
    assert integration_map([], 0).lines == ()
