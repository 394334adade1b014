"""A request that a program sends, turned into a complaint like any other. Never commits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from hub.cases.attachments.attaching import attached_file
from hub.cases.attachments.door import keep_upload
from hub.cases.attachments.kept import RefusedUpload
from hub.cases.complaints.filing.report import Report, answers_of, degrees, elsewhere
from hub.cases.complaints.models import OutsideWords
from hub.cases.complaints.open311.asking import AskedWronglyError
from hub.cases.complaints.open311.services import DEFAULTS, services_of
from hub.cases.complaints.publishing.shown import SERVICE
from hub.cases.complaints.where import ward_named
from hub.cases.definition.form import FileKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.engine import SECRECY_OF_ANSWER, Applicant, AttachedFile, CaseEngine, FileSource
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import file_case
from hub.cases.machine.answers import cleaned, faults_in
from hub.cases.machine.rules import Given, Refused

PHOTO = "foto"
_MOST_PHOTOS = 5
# GeoReport v2 (2011): free text is limited to this.
_MOST_LETTERS = 4_000
_MOST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes requests of programs; ``begin`` opens the writing session, once photos were drawn anew."""

    begin: Callable[[], Session]
    engine: CaseEngine
    definition: ServiceDefinition
    folder: Path
    now: datetime

    def take(self, given: Mapping[str, str], uploads: Sequence[FileStorage] = ()) -> CaseRecord:
        """File a complaint.

        Args:
            given: The parameters as they came, attributes as ``attribute[code]``.
            uploads: Photos; what is no photo is refused whole.

        Raises:
            AskedWronglyError: names the parameter.
        """
        code = given.get("service_code", "").strip()
        if not code:
            raise AskedWronglyError(400, "service_code was not provided")
        report = self._report(code, given)
        beyond = elsewhere(report, self.definition)
        if beyond is not None:
            raise AskedWronglyError(400, beyond.text)
        if code not in {service.service_code for service in services_of(self.definition)}:
            raise AskedWronglyError(404, f"service_code {code!r} was not found")
        files = list(self._kept(uploads))
        name = " ".join(given.get(part, "").strip() for part in ("first_name", "last_name")).strip()
        report, words = _apart(report, given, self.definition)
        db = self.begin()
        done = file_case(
            db,
            engine=self.engine,
            service=SERVICE,
            given=Given(answers=answers_of(report, self.definition)),
            applicant=Applicant(name=name[:80], secrecy=report.secrecy),
            files=files,
            now=self.now,
        )
        if isinstance(done, Refused):
            raise AskedWronglyError(400, "; ".join(fault.text for fault in done.faults) or done.reason.value)
        if words is not None:
            words.case_id = done.id
            db.add(words)
        return done

    def _report(self, code: str, given: Mapping[str, str]) -> Report:
        text = given.get("description", "").strip()
        if not text:
            raise AskedWronglyError(400, "description was not provided")
        if len(text) > _MOST_LETTERS:
            raise AskedWronglyError(400, f"description: at most {_MOST_LETTERS} characters")
        attributes = {name: _attribute(given, name) or value for name, value in DEFAULTS.items()}
        if attributes["identity"] not in SECRECY_OF_ANSWER:
            raise AskedWronglyError(
                400, f"attribute[identity]: must be one of {', '.join(SECRECY_OF_ANSWER)}"
            )
        report = Report(
            category=code,
            text=text,
            title=_attribute(given, "title"),
            kind=attributes["kind"],
            identity=attributes["identity"],
            address=" ".join(given.get("address_string", "").split())[:200],
            name=given.get("first_name", "").strip()[:80],
            contact=given.get("phone", "").strip()[:30],
        )
        return self._placed(report, given)

    def _placed(self, report: Report, given: Mapping[str, str]) -> Report:
        sides = {name: given.get(name, "").strip() for name in ("lat", "long")}
        if any(sides.values()):
            # "0" is the equator, not "nothing": only what is no number is refused.
            for name, text in sides.items():
                if degrees(text) is None:
                    raise AskedWronglyError(400, f"{name}: must be a number in degrees (WGS84)")
            return replace(report, latitude=sides["lat"], longitude=sides["long"])
        if not (report.address or given.get("address_id", "").strip()):
            raise AskedWronglyError(400, "lat and long, address_string or address_id must be provided")
        ward = ward_named(report.address)
        return replace(report, kelurahan="" if ward is None else ward.code)

    def _kept(self, uploads: Sequence[FileStorage]) -> Iterator[AttachedFile]:
        if len(uploads) > _MOST_PHOTOS:
            raise AskedWronglyError(400, f"at most {_MOST_PHOTOS} photos")
        for upload in uploads:
            try:
                kept = keep_upload(upload.stream, kinds=(FileKind.IMAGE,), folder=self.folder)
            except RefusedUpload as error:
                raise AskedWronglyError(400, f"{upload.name or 'photo'}: {error.reason}") from error
            yield attached_file(PHOTO, kept, FileSource.CITIZEN)


def _apart(
    report: Report, given: Mapping[str, str], definition: ServiceDefinition
) -> tuple[Report, OutsideWords | None]:
    """Return the report with what the service asks, and what else was sent, for officers to see.

    Raises:
        AskedWronglyError: the address of a picture is none.
    """
    words = OutsideWords(media_url=_web_address(given), email=given.get("email", "").strip()[:254], phone="")
    asked = [field for field in definition.first_form if field.id == "contact"]
    if report.contact and faults_in(asked, cleaned(asked, answers_of(report, definition))):
        words.phone, report = given.get("phone", "").strip()[:60], replace(report, contact="")
    return report, words if words.media_url or words.email or words.phone else None


def _web_address(given: Mapping[str, str]) -> str:
    """Return the address of a picture elsewhere. It is kept and never fetched: it may lead anywhere."""
    text = given.get("media_url", "").strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise AskedWronglyError(400, "media_url: must be an http or https address") from error
    is_plain = text.isprintable() and " " not in text and len(text) <= _MOST_ADDRESS
    if not (is_plain and parts.scheme in ("http", "https") and parts.hostname and not parts.username):
        raise AskedWronglyError(400, "media_url: must be an http or https address")
    return text


def _attribute(given: Mapping[str, str], name: str) -> str:
    return given.get(f"attribute[{name}]", "").strip()
