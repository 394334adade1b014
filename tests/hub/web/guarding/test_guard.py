"""Default deny, walked over every address there is."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind, permissions_of
from hub.web.guarding.guard import declared, is_local_path, needs
from hub.web.transaction import SAFE_METHODS
from tests.hub.screens import ENDLESS, Screens, addresses, csrf_of

HUB = Path(__file__).parents[4] / "hub"


TESTED_ALONE = ENDLESS | {
    *("environment.station", "environment.station_as_csv", "indicators.content_csv"),
    *("spbe.sheet", "spbe.report", "spbe.as_csv", "spbe.indicator", "spbe.evidence_file"),
    *("spbe.give_level", "spbe.add_evidence", "spbe.withdraw", "spbe.close"),
    *("performance.office", "performance.one", "performance.report"),
    *("screen.screen", "screen.present"),
    "people.home",
    "release_files.bundle",
    *("updates.pause", "updates.resume", "updates.cancel", "updates.again"),
    "assets.asset",
    "cctv.answer",
    "corrections.attachment",
    "people.login",
    "second_step.ask",
    "wall.sheet",
    "wall.large_sheet",
    "live_polling.playlist",
    "live_polling.piece",
    "live_polling.picture",
    "public_stills.still",
    "alarm_handling.alarm",
    "alarm_handling.unshelve",
    "notify.again",
    "tours.begin",
    "tours.forget",
    "alarm_handling.assign",
    "alarm_handling.comment",
    "wall_groups.forget",
    "maps.streets",
    "camera_events.picture",
    "findings.draw",
    "findings.taken",
    *("case_desk.find", "case_page.show", "case_page.attachment", "case_page.prepare", "case_page.act"),
    *("case_page.give_opinion", "case_lending.end"),
    "fitting.cancel",
    "fitting.label",
    "fitting.card_file",
    *("sign_off.photo", "sign_off.stream", "weather.withdraw"),
    "signing.one",
    "signing.sign_one",
    "signing.return_one",
    "letter_archive.one",
    "letter_archive.file",
    "letter_archive.take_back",
    "letter_archive.add_certificate",
    "own_letters.file",
    "services.form",
    "rooms.door",
    "services.receipt",
    "tracking.case",
    "tracking.file",
    "case_acting.ask",
    *("citizens.code", "citizen_news.ask"),
    "citizens.about",
    "own_citizen.documents",
    "own_citizen.document",
    "counter.form",
    "counter.send",
    "counter.receipt",
    "applicant_papers.papers",
    "applicant_papers.reveal",
    "applicant_papers.verify_person",
    "applicant_papers.verify_file",
    *("report.form", "report.kept", "public_complaints.one", "public_complaints.picture"),
    *("open311.services", "open311.definition", "open311.one_request", "open311.from_token"),
    *("complaint_desk.take_still", "complaint_desk.join", "complaint_desk.split"),
    *("complaint_desk.moderate", "complaint_desk.photo"),
    *("register_row.show", "register_row.picture", "register_row.give", "register_row.retire"),
    *("register_row.restore", "register_row.ask", "register_edit.edit", "register_edit.save"),
    *("market.product", "market.picture", "market.passed_on", "register_showing.still"),
    *("field.task", "field.photo", "slots.week"),
    *("definitions.versions", "definitions.draft", "definitions.raw", "definitions.save_raw"),
    *("definition_parts.show", "definition_parts.save", "definition_publishing.form"),
    *("definition_publishing.letter", "definition_publishing.simulation", "definition_publishing.offer"),
    *("definition_publishing.publish", "definition_publishing.discard"),
}


# Roles that services name differ in cases, not in screens: each set of permissions walks once.
APART = tuple({PERMISSIONS_OF_ROLE[role]: role for role in reversed(Role)}.values())


def is_public(app: Flask, endpoint: str) -> bool:
    return declared(app.view_functions[endpoint]) is Permission.PUBLIC


def test_every_endpoint_declares_a_permission(screens: Screens) -> None:
    undeclared = [name for name, view in screens.app.view_functions.items() if declared(view) is None]
    assert undeclared == []


def test_an_endpoint_without_permission_answers_nobody(screens: Screens) -> None:
    screens.app.add_url_rule("/lupa", "lupa", lambda: "rahasia")
    for client in (screens.stranger(), screens.signed_in(Role.ADMIN)):
        answer = client.get("/lupa")
        assert answer.status_code == 404
        assert "rahasia" not in answer.get_data(as_text=True)


def test_a_stranger_is_sent_to_the_login_page(city: Screens) -> None:
    seen = 0
    for endpoint, path in addresses(city.app, "GET"):
        if is_public(city.app, endpoint) or endpoint == "boards.board":
            continue  # the board's address shows strangers the city's front page (tests/hub/portal)
        answer = city.stranger().get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303, path
        assert answer.location.startswith("/masuk"), path
        seen += 1
    assert seen >= 10


def test_a_stranger_who_is_no_browser_or_who_sends_gets_401(city: Screens) -> None:
    assert city.stranger().get("/papan/aliran", headers={"Accept": "text/event-stream"}).status_code == 401
    assert city.stranger().get("/", headers={"HX-Request": "true", "Accept": "text/html"}).status_code == 401
    for endpoint, path in addresses(city.app, "POST"):
        if not is_public(city.app, endpoint):
            assert city.stranger().post(path).status_code == 401, path


@pytest.mark.parametrize("role", APART)
def test_each_role_opens_what_it_may_and_sees_404_elsewhere(city: Screens, role: Role) -> None:
    client = city.signed_in(role)
    held = permissions_of(frozenset({role}))
    for endpoint, path in addresses(city.app, "GET"):
        if endpoint in TESTED_ALONE:
            continue  # endless, or not there for other reasons
        needed = declared(city.app.view_functions[endpoint])
        code = client.get(path).status_code
        assert (code in (200, 204)) == (needed in held), (role, path, code)
        # Who has no board is led home from its address.
        assert code in (200, 204, 404) or (path, code) == ("/", 303), (role, path, code)


@pytest.mark.parametrize("role", APART)
def test_each_role_commands_only_what_it_may(city: Screens, role: Role) -> None:
    client = city.signed_in(role)
    token, wrong = csrf_of(client, "/sandi"), []
    for endpoint, path in addresses(city.app, "POST"):
        needed = declared(city.app.view_functions[endpoint])
        if needed in (Permission.PUBLIC, Permission.SIGNED_IN):
            continue
        code = client.post(path, data={"csrf_token": token}).status_code
        # Whoever may is let in, and then told that his form is empty or that no device answers.
        let_in = (200, 303, 400, 422, 503, *((404,) if endpoint in TESTED_ALONE else ()))
        if code not in (let_in if needed in permissions_of(frozenset({role})) else (404,)):
            wrong.append((endpoint, path, code))
    assert wrong == []


def test_a_grant_for_one_kelurahan_opens_no_screen_of_the_whole_city(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN, kind=ScopeKind.KELURAHAN)
    assert client.get("/dinding/kelompok").status_code == 404
    assert client.get("/").status_code == 303, "to the own home"
    assert client.get("/sandi").status_code == 200


def test_every_permission_is_used_and_every_role_has_some() -> None:
    sources = "".join(path.read_text("utf-8") for path in HUB.rglob("*.py") if path.name != "permissions.py")
    unused = [name for name in Permission.__members__ if not re.search(rf"Permission\.{name}\b", sources)]
    assert unused == []
    assert set(PERMISSIONS_OF_ROLE) == set(Role)


def test_after_login_only_addresses_of_this_host_are_followed() -> None:
    assert is_local_path("/kamera/a/b?x=1")
    for path in ("https://evil.example", "//evil.example", "/\\evil.example", "kamera", "", "/a\nb"):
        assert not is_local_path(path), path


def test_unsafe_methods_are_the_only_ones_that_write(screens: Screens) -> None:
    for rule in screens.app.url_map.iter_rules():
        methods = set(rule.methods or ())
        assert methods <= SAFE_METHODS or methods <= {"POST", "OPTIONS"}, rule


def test_needs_keeps_the_function(screens: Screens) -> None:
    def view() -> str:
        return "ya"

    assert needs(Permission.PUBLIC)(view) is view
    assert declared(view) is Permission.PUBLIC


def test_only_who_may_upload_sends_more_than_a_form(screens: Screens) -> None:
    @needs(Permission.HADIR_MANAGE, upload_bytes=200_000)
    def view() -> str:
        return f"{len(request.files['berkas'].read())}"

    screens.app.add_url_rule("/kirim", "kirim", view, methods=["POST"])

    def answer(client: FlaskClient, size: int) -> TestResponse:
        token = csrf_of(client, "/sandi")
        file = (io.BytesIO(b"x" * size), "a.csv")
        return client.post("/kirim", data={"csrf_token": token, "berkas": file})

    officer = screens.signed_in(Role.PERSONNEL)
    assert answer(officer, 150_000).get_data(as_text=True) == "150000"
    assert answer(officer, 250_000).status_code == 413
    assert answer(screens.signed_in(Role.EMPLOYEE), 150_000).status_code == 404


def test_what_no_text_has_is_refused_before_a_page_sees_it(screens: Screens) -> None:
    admin = screens.signed_in(Role.ADMIN)
    assert admin.get("/akun?cari=si%00ti").status_code == 400
    assert admin.get("/akun?ca%00ri=siti").status_code == 400
    fields = {"csrf_token": csrf_of(admin, "/sandi"), "current": "a\0b"}
    assert admin.post("/sandi", data=fields).status_code == 400
