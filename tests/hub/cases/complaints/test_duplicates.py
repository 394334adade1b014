"""Complaints about one thing are offered, others are not: on a set with known answers."""

import random
from datetime import UTC, datetime, timedelta

from hub.cases.complaints.duplicates import Likeness, matches, words_shared

NOW = datetime(2026, 11, 22, tzinfo=UTC)
M = 1 / 111_195
TELLINGS = {
    "jalan": (
        "Jalan berlubang besar di depan pasar, motor sering jatuh",
        "Lubang besar depan pasar bikin motor jatuh",
        "Aspal rusak berlubang dekat pasar, banyak motor jatuh",
    ),
    "sampah": (
        "Tumpukan sampah tidak diangkut tiga hari, bau busuk",
        "Sampah menumpuk bau busuk sudah berhari-hari",
        "Bau sampah menumpuk, tidak diangkut petugas",
    ),
    "lampu": (
        "Lampu jalan mati, gelap gulita setiap malam",
        "Penerangan lampu padam, malam gelap",
        "Lampu mati sepanjang gang, gelap kalau malam",
    ),
}
SPREAD_M = {"jalan": 35.0, "sampah": 45.0, "lampu": 25.0}


def labelled(seed: int, things: int) -> list[list[Likeness]]:
    """Things of the city, each told by three people who put it on the map as well as they can."""
    chance, found = random.Random(seed), []
    for thing in range(things):
        category = chance.choice(sorted(TELLINGS))
        centre = (chance.uniform(-0.09, 0.03), chance.uniform(109.28, 109.38))
        found.append(
            [
                Likeness(
                    f"{thing}-{who}",
                    category,
                    telling,
                    NOW - timedelta(days=chance.randrange(20)),
                    centre[0] + chance.gauss(0, SPREAD_M[category]) * M,
                    centre[1] + chance.gauss(0, SPREAD_M[category]) * M,
                )
                for who, telling in enumerate(TELLINGS[category])
            ]
        )
    return found


def test_recall_and_false_suggestions_on_a_labelled_set() -> None:
    seed = 20261122
    things = labelled(seed, 150)
    everyone = [one for thing in things for one in thing]
    asked = hit = wrong = offered = 0
    for thing in things:
        first, *rest = thing
        found = {match.id for match in matches(first, (one for one in everyone if one is not first), most=9)}
        asked += len(rest)
        hit += len(found & {one.id for one in rest})
        offered += len(found)
        wrong += len(found - {one.id for one in rest})
    assert hit / asked >= 0.9, f"recall {hit / asked:.3f}, seed {seed}"
    assert wrong / offered <= 0.05, f"false {wrong / offered:.3f}, seed {seed}"


def at(id_: str, north_m: float, text: str, **more: object) -> Likeness:
    facts = {"category": "jalan", "latitude": north_m * M, "longitude": 109.322, "at": NOW} | more
    return Likeness(id=id_, text=text, **facts)  # type: ignore[arg-type]  # by name


def test_the_equator_is_a_place_to_compare() -> None:
    [match] = matches(at("a", 0.0, "lubang besar"), [at("b", 10.0, "lubang besar sekali")])
    assert match.distance_m is not None
    assert abs(match.distance_m - 10) < 0.1


def test_one_camera_that_sees_both_tips_the_scale() -> None:
    left, right = at("a", 0.0, "trotoar pecah"), at("b", 110.0, "ubin lepas")
    assert matches(left, [right]) == ()
    seen = frozenset({"pi-tugu/cam1"})
    both = (at("a", 0.0, "trotoar pecah", cameras=seen), at("b", 110.0, "ubin lepas", cameras=seen))
    assert [match.id for match in matches(both[0], [both[1]])] == ["b"]


def test_another_category_an_old_one_and_a_far_one_are_not_the_same() -> None:
    one = at("a", 0.0, "lubang besar")
    assert matches(one, [at("b", 0.0, "lubang besar", category="lampu")]) == ()
    assert matches(one, [at("b", 0.0, "lubang besar", at=NOW - timedelta(days=61))]) == ()
    assert matches(one, [at("b", 600.0, "lubang besar")]) == ()


def test_without_a_place_the_same_words_in_the_same_ward_count() -> None:
    none = {"latitude": None, "longitude": None}
    one = at("a", 0.0, "genangan air depan sekolah", kelurahan="61.71.04.1004", **none)
    same = at("b", 0.0, "air genangan depan sekolah", kelurahan="61.71.04.1004", **none)
    other = at("c", 0.0, "air genangan depan sekolah", kelurahan="61.71.04.1001", **none)
    assert [match.id for match in matches(one, [same, other])] == ["b"]


def test_words_that_every_complaint_has_tell_nothing() -> None:
    assert words_shared("mohon segera", "tolong segera pak") == 0.0
    assert words_shared("Jalannya berlubang", "LUBANG, berlubangnya jalan") > 0.4
