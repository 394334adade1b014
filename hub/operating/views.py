"""The page ``/keadaan-sistem`` for people, and ``/metrics`` for Prometheus."""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from sqlalchemy import select

from hub.backup.models import BackupRun
from hub.ingest.models import IngestHealth
from hub.operating.doctor.service import look
from hub.operating.findings import State
from hub.operating.metrics.gathering import gather, of_process
from hub.operating.metrics.guarding import MetricsGuard
from hub.operating.metrics.requests import RequestCounts
from hub.operating.metrics.text import CONTENT_TYPE, exposed
from hub.operating.metrics.watching import install_request_watch
from hub.operating.retention.schedule import schedule_of
from hub.operating.words import CHECK_WORDS, RUN_WORDS, STATE_WORDS
from hub.people.permissions import Permission
from hub.web.guarding.guard import needs
from hub.web.parts import Parts, parts
from hub.web.transaction import db

blueprint = Blueprint("operating", __name__)
_EXTENSION = "pontive-operating"
MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class Operating:
    """What the pages here need of the application."""

    guard: MetricsGuard
    counts: RequestCounts


def install_operating(app: Flask, here: Parts) -> None:
    """Add the pages, and watch requests. First of all, so that refused requests count too.

    Raises:
        ConfigError: the settings of metrics cannot be used.
    """
    operating = Operating(MetricsGuard(here.config.operating), RequestCounts())
    app.extensions[_EXTENSION] = operating
    install_request_watch(app, operating.counts)
    app.register_blueprint(blueprint)


@blueprint.get("/keadaan-sistem")
@needs(Permission.SYSTEM_SEE)
def status() -> str:
    """Show what is well, what is not, since when, and what to do."""
    here = parts()
    found = look(here.config, here.database, here.now())
    return render_template(
        "operating/status.html",
        found=found,
        worst=min((one.state for one in found), key=lambda state: state.rank),
        troubles=sum(one.state is not State.GOOD for one in found),
        workers=db().scalars(select(IngestHealth).order_by(IngestHealth.worker)).all(),
        runs=db().scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(MOST_RUNS)).all(),
        schedule=schedule_of(here.config.retention),
        check_words=CHECK_WORDS,
        state_words=STATE_WORDS,
        run_words=RUN_WORDS,
    )


@blueprint.get("/metrics")
@needs(Permission.PUBLIC, is_background=True)
def metrics() -> Response:
    """Answer Prometheus; to anybody else there is no such page."""
    operating: Operating = current_app.extensions[_EXTENSION]
    if not operating.guard.lets_in(request.remote_addr or "", request.headers.get("Authorization", "")):
        abort(404)
    families = [*gather(parts().config, db()), *operating.counts.families(), *of_process("web")]
    response = Response(exposed(families), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
