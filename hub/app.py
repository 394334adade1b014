"""The web application: the one place where modules are put together, and the list of them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from flask_compress import Compress
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, PrefixLoader

from hub.alarms.blueprints import ALARMS
from hub.alarms.screens.card import alarm_card
from hub.alarms.screens.figures import alarm_tiles
from hub.alarms.screens.layer import alarm_layer
from hub.alarms.screens.views import install_alarms
from hub.boards.blueprints import BOARDS
from hub.boards.executive.views import install_executive
from hub.boards.health import IngestSource
from hub.boards.showing.views import install_planned_boards
from hub.boards.views import install_board
from hub.breach import views as breach
from hub.cases.asking.blueprints import CITIZENS
from hub.cases.asking.composition import CitizenPages, install_citizen_pages
from hub.cases.citizens.nik import load_or_make_box
from hub.cases.complaints.blueprints import OWN_PAGES, install_complaints
from hub.cases.complaints.publishing.layer import complaint_layer
from hub.cases.complaints.tiles import complaint_tiles
from hub.cases.desk.blueprints import DESK
from hub.cases.editor.blueprints import EDITOR
from hub.cases.keeping.access import install_cases
from hub.cases.letters.blueprints import LETTERS
from hub.cases.letters.issuing.citizen_views import letter_links
from hub.cases.letters.wiring import install_letters
from hub.casework import case_engine, letters_of, nik_key_of
from hub.cctv import handover
from hub.cctv.blueprints import CAMERAS
from hub.cctv.cards import camera_card, finding_card, traffic_card, water_card
from hub.cctv.findings.layer import finding_layer
from hub.cctv.layer import camera_layer
from hub.cctv.pictures.for_cases import NewestStills
from hub.cctv.status.views import install_status
from hub.cctv.steering.tour_views import install_tours
from hub.cctv.tiles import camera_tiles
from hub.cctv.wall.views import install_wall
from hub.config import HubConfig
from hub.db import Database
from hub.enrolment.blueprints import ENROLMENT, install_enrolment
from hub.hadir import blueprints as hadir
from hub.hadir.card import attendance_card
from hub.hadir.corrections import views as corrections
from hub.hadir.phone.blueprints import PHONE
from hub.hadir.tiles import DoorSource
from hub.hadir.workplace import views as workplace
from hub.interop.opendata.blueprints import install_open_data
from hub.live.desk import LiveDesk
from hub.maps.ground import read_ground
from hub.maps.views import install_map
from hub.measures.blueprints import MEASURES
from hub.operating.views import install_operating
from hub.people.blueprints import PERSONNEL
from hub.people.signing_in import views as people
from hub.places.access import install_place_scope
from hub.places.blueprints import PLACES
from hub.places.device import views as places
from hub.places.device.tiles import device_tiles
from hub.places.fleet import views as fleet
from hub.public import install_public
from hub.registers.blueprints import REGISTERS
from hub.shifts.alarms import alarm_summary
from hub.shifts.views import install_shifts
from hub.telemetry.tables import TableTelemetry
from hub.updates import views as updates
from hub.updates.serving import views as release_files
from hub.web import security_txt
from hub.web.assets import install_assets
from hub.web.contributions.cards import CardSource
from hub.web.contributions.summary import SummarySource
from hub.web.errors import install_errors
from hub.web.files.scanning import install_scanning, scanner_of
from hub.web.guarding.guard import install_guard, viewer
from hub.web.guarding.headers import install_headers
from hub.web.guarding.limits import install_limits
from hub.web.guarding.refusals import install_refusals
from hub.web.guarding.secret import load_or_make_secret
from hub.web.i18n import install_i18n
from hub.web.navigation import install_navigation
from hub.web.parts import Clock, OpenTelemetry, Parts
from hub.web.transaction import install_transaction
from hub.web.typed.whole_numbers import WholeNumberConverter

# Folders that bring templates; a template is named "folder/file.html".
TEMPLATE_FOLDERS = (
    *("web", "people", "places", "cctv", "hadir", "boards", "maps"),
    *("alarms", "notify", "shifts", "enrolment", "updates", "cases", "registers", "measures", "interop"),
    *("portal", "operating", "breach"),
)
# The largest form there is has three fields.
MAX_BODY_BYTES = 64 * 1024
MAX_FORM_PARTS = 50


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def create_app(
    config: HubConfig,
    *,
    now: Clock = utc_now,
    database: Database | None = None,
    telemetry: OpenTelemetry | None = None,
    live: LiveDesk | None = None,
) -> Flask:
    """Build the web application.

    Args:
        config: With absolute paths.
        now: The clock, aware UTC.
        database: Opened from ``config.database`` when not given.
        telemetry: The tables in that database when not given.
        live: The way to the devices; when not given, none answers.

    Raises:
        ConfigError: the secret file cannot be read or made.
    """
    database = database or Database(config.database)
    here = Parts(
        config=config,
        database=database,
        telemetry=telemetry or TableTelemetry,
        now=now,
        zone=ZoneInfo(config.timezone),
        live=live or LiveDesk(),
    )
    app = Flask("hub", static_folder=None, template_folder=None)
    app.url_map.converters["int"] = WholeNumberConverter
    app.extensions["pontive"] = here
    _configure(app, config)
    install_operating(app, here)
    ground = read_ground(config.map)
    _install_ground(app, here, images_from=ground.streets.origin)
    for module in (people, places, fleet, corrections, workplace, updates, release_files):
        app.register_blueprint(module.blueprint)
    for module in (security_txt, breach):
        app.register_blueprint(module.blueprint)
    for one in (*CAMERAS, *ALARMS, *PLACES, *ENROLMENT, *PERSONNEL, *hadir.OFFICE, *PHONE, *DESK, *EDITOR):
        app.register_blueprint(one)
    install_enrolment(app)
    for one in (*BOARDS, *CITIZENS, *LETTERS, *REGISTERS, *MEASURES):
        app.register_blueprint(one)
    install_open_data(app)
    install_cases(app, case_engine(config))
    install_letters(app, letters_of(config))
    box = load_or_make_box(nik_key_of(config))
    install_citizen_pages(app, CitizenPages(box=box, documents=letter_links, own_pages=OWN_PAGES))
    install_complaints(app, NewestStills(Path(config.folder)))
    install_alarms(app, here)
    install_shifts(app, _told_at_hand_over(here))
    install_status(app, here)
    install_wall(app, here)
    install_tours(app, here)
    install_map(app, here, ground, (camera_layer, alarm_layer, finding_layer, complaint_layer))
    install_executive(app, (camera_card, alarm_card, traffic_card, water_card, finding_card, attendance_card))
    install_planned_boards(app, _cards_of_tiles())
    tiles = (alarm_tiles, camera_tiles, DoorSource(here.zone), device_tiles, complaint_tiles, IngestSource())
    install_board(app, here, tiles)
    install_public(app)
    return app


def _cards_of_tiles() -> dict[str, CardSource]:
    cards = {"kamera": camera_card, "lalu-lintas": traffic_card, "muka-air": water_card}
    return {**cards, "temuan": finding_card}


def _told_at_hand_over(here: Parts) -> tuple[SummarySource, ...]:
    return (
        handover.OutageSummary(here.zone),
        alarm_summary,
        handover.finding_summary,
        handover.event_summary,
        handover.hold_summary,
        handover.MaintenanceSummary(here.zone),
    )


def _configure(app: Flask, config: HubConfig) -> None:
    is_tls = config.web.is_behind_tls
    app.config.update(
        SECRET_KEY=load_or_make_secret(Path(config.secret_file)),
        SESSION_COOKIE_NAME="__Host-pontive-form" if is_tls else "pontive-form",
        SESSION_COOKIE_SECURE=is_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        TRUSTED_HOSTS=list(config.web.trusted_hosts),
        # A form left open over a shift must still be good; the session's own limits end it.
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_REGISTER=True,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    hub = Path(__file__).parent
    app.jinja_loader = PrefixLoader(
        {name: FileSystemLoader(hub / name / "templates") for name in TEMPLATE_FOLDERS}
    )


def _install_ground(app: Flask, here: Parts, *, images_from: str) -> None:
    # Requests pass the guard before the form check: a stranger learns nothing of forms.
    speaks_to = here.config.media.origin
    install_headers(app, here.config.web, images_from=images_from, speaks_to=speaks_to)
    install_transaction(app)
    install_i18n(app)
    install_guard(app)
    install_refusals(app)
    install_place_scope(app)
    CSRFProtect(app)
    install_scanning(app, scanner_of(here.config.uploads))
    install_limits(app)
    install_assets(app)
    install_errors(app)
    install_navigation(app)
    Compress(app)

    @app.context_processor
    def give() -> dict[str, Any]:
        return {
            "city": here.config.city,
            "timezone": here.config.timezone,
            "viewer": viewer() if "viewer" in g else None,
            "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }
