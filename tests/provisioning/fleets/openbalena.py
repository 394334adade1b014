"""A small openBalena API on this machine: what the SDK asks of the real one, held against recordings.

Keeps tables in memory; can be told to fail, to lose writes and to be slow.
"""

import json
import re
import secrets
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.provisioning.fleets.odata import Row, literal, parse, plain

NOW = "2026-11-21T20:00:00.000Z"
UNIQUE = {
    "device_tag": ("device", "tag_key"),
    "device_environment_variable": ("device", "name"),
    "application_environment_variable": ("application", "name"),
    "device_service_environment_variable": ("service_install", "name"),
    "application": ("app_name",),
}
POINTS_TO = {
    "is_for__device_type": "device_type",
    "should_be_running__release": "release",
    "is_running__release": "release",
    "is_pinned_on__release": "release",
    "device": "device",
    "installs__service": "service",
    "organization": "organization",
    "belongs_to__application": "application",
    "application": "application",
    "service_install": "service_install",
}
NEW_DEVICE: Row = {
    "device_name": "fancy-monster",
    "note": None,
    "is_online": False,
    "api_heartbeat_state": "unknown",
    "last_connectivity_event": None,
    "cpu_temp": None,
    "is_undervolted": False,
    "os_version": None,
    "supervisor_version": None,
    "memory_usage": None,
    "memory_total": None,
    "storage_usage": None,
    "storage_total": None,
    "is_pinned_on__release": None,
    "is_running__release": None,
}
NEW_RELEASE: Row = {"is_final": True, "is_passing_tests": True, "is_invalidated": False}

Answer = tuple[int, Any]


class OpenBalena:
    """The server; ``address`` is its ``api_endpoint``."""

    def __init__(self, token: str = "t" * 32) -> None:
        self.token = token
        self.device_keys: dict[str, str] = {}
        self.logs: dict[str, list[Row]] = {}
        self.failures: dict[str, Answer] = {}  # part of "METHOD path" -> what is answered
        self.loses_writes = False
        self.asked: list[str] = []
        self._first_id = {"application": 3, "device": 4}
        self.tables: dict[str, list[Row]] = {
            "organization": [{"id": 1, "name": "admin", "handle": "admin"}],
            "device_type": [
                {"id": 1, "slug": "raspberrypi4-64", "is_of__cpu_architecture": [{"slug": "aarch64"}]}
            ],
        }
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, target: str, body: Any, key: str) -> Answer:
        path, _, query = target.partition("?")
        self.asked.append(f"{method} {path}")
        for part, answer in self.failures.items():
            if part in f"{method} {target}":
                return answer
        if key != self.token and key not in self.device_keys:
            return 401, "Unauthorized"
        if path.startswith("/v7/"):
            return self._odata(method, path.removeprefix("/v7/"), query, body)
        return self._plain(method, path, body)

    def _plain(self, method: str, path: str, body: Any) -> Answer:
        if path == "/actor/v1/whoami":
            who = {
                "id": 2,
                "actorType": "user",
                "actorTypeId": 2,
                "username": "admin",
                "email": "a@example.id",
            }
            return 200, who
        if path in ("/api-key/v1/", "/device/register") or re.fullmatch(
            r"/api-key/device/\d+/device-key", path
        ):
            return self._key(path, body)
        if found := re.fullmatch(r"/device/v2/(\w+)/logs", path):
            return 200, self.logs.get(found[1], [])
        if found := re.fullmatch(r"/device/v2/(\w+)/state", path):
            return 200, self._target(found[1])
        if (method, path) == ("PATCH", "/device/v3/state"):
            return self._report(body)
        if path == "/download-config":
            return 500, "Inaccessible host: `img.example.id' at port `undefined'."
        return 404, "No online device(s) found" if path.startswith("/supervisor/") else "Not Found"

    def _key(self, path: str, body: Any) -> Answer:
        key = secrets.token_hex(16)
        self.device_keys[key] = path
        if path != "/device/register":
            return 200, key
        if any(row["uuid"] == body["uuid"] for row in self._rows("device")):
            return 409, '"uuid" must be unique.'
        row = {**NEW_DEVICE, "uuid": body["uuid"], "belongs_to__application": {"__id": body["application"]}}
        self._insert("device", row)
        return 201, {"id": row["id"], "uuid": row["uuid"], "api_key": key}

    def _target(self, uuid: str) -> Row:
        device = next(row for row in self._rows("device") if row["uuid"] == uuid)
        local = {"name": device["device_name"], "config": {}, "apps": {}}
        return {"local": local, "dependent": {"apps": {}, "devices": {}}}

    def _report(self, body: Any) -> Answer:
        for uuid, said in body.items():
            device = next(row for row in self._rows("device") if row["uuid"] == uuid)
            device.update({name: said[name] for name in said if name in device and name != "device_name"})
            device.update(api_heartbeat_state="online", last_connectivity_event=NOW)
            commits = [commit for app in said["apps"].values() for commit in app["releases"]]
            running = [row for row in self._rows("release") if row["commit"] in commits]
            device["is_running__release"] = {"__id": running[0]["id"]} if running else None
        return 200, ""

    def _odata(self, method: str, rest: str, query: str, body: Any) -> Answer:
        found = re.fullmatch(r"(\w+)(?:\((.+)\))?", rest)
        assert found, rest
        table, key = found[1], found[2]
        options = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
        rows = [row for row in self._rows(table) if key is None or _has_key(row, key)]
        if "$filter" in options:
            test = parse(options["$filter"], self._related)
            rows = [row for row in rows if test(row)]
        if method == "GET":
            return 200, {"d": [self._shown(row, options) for row in self._sorted(rows, options)]}
        if method == "POST":
            return self._post(table, body)
        if self.loses_writes:
            return 200, ""
        for row in rows:
            if method == "DELETE":
                self._rows(table).remove(row)
            else:
                row.update({name: _stored(name, value) for name, value in body.items()})
        return 200, ""

    def _post(self, table: str, body: Row) -> Answer:
        row = {name: _stored(name, value) for name, value in body.items()}
        unique = UNIQUE.get(table)
        if unique and any(all(row[n] == old.get(n) for n in unique) for old in self._rows(table)):
            return 409, f"{' and '.join(json.dumps(name) for name in unique)} must be unique."
        if table == "application":
            row |= {"slug": f"admin/{row['app_name']}", "uuid": secrets.token_hex(16)}
            row |= {"should_track_latest_release": True, "should_be_running__release": None}
        if table == "release":
            row = {**NEW_RELEASE, **row, "raw_version": row.get("semver", "0.0.0")}
            del row["is_created_by__user"]
        if self.loses_writes:
            return 201, {"id": 1, **row}
        row |= {"created_at": datetime.now(UTC).isoformat(), "modified_at": NOW}
        self._insert(table, row)
        return 201, row

    def _insert(self, table: str, row: Row) -> None:
        known = [one["id"] for one in self._rows(table)]
        row["id"] = max(known, default=self._first_id.get(table, 1) - 1) + 1
        self._rows(table).append(row)

    def _rows(self, table: str) -> list[Row]:
        return self.tables.setdefault(table, [])

    def _related(self, row: Row, name: str) -> list[Row]:
        if name == "device_type_alias":
            return [{"is_referenced_by__alias": row["slug"]}]
        if name == "device_tag":
            return [one for one in self._rows(name) if plain(one["device"]) == row["id"]]
        if name == "owns__release":  # only ever asked for with $top=1, newest first
            own = [one for one in self._rows("release") if plain(one["belongs_to__application"]) == row["id"]]
            return own[-1:]
        if name not in POINTS_TO:
            return []
        return [one for one in self._rows(POINTS_TO[name]) if one["id"] == plain(row.get(name))]

    def _shown(self, row: Row, options: dict[str, str]) -> Row:
        wanted = [name for name in options.get("$select", "").split(",") if name]
        shown = {name: row.get(name) for name in wanted} if wanted else dict(row)
        for name in re.findall(
            r"(?:^|,)(\w+)", re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", options.get("$expand", ""))
        ):
            shown[name] = self._related(row, name)
        return shown

    @staticmethod
    def _sorted(rows: list[Row], options: dict[str, str]) -> list[Row]:
        name, _, direction = options.get("$orderby", "id").partition(" ")
        found = sorted(rows, key=lambda row: str(row.get(name, "")), reverse=direction == "desc")
        return found[: int(options.get("$top", len(found)))]


def _has_key(row: Row, key: str) -> bool:
    pairs = [part.split("=", 1) for part in key.split(",")] if "=" in key else [["id", key]]
    return all(row.get(name) == literal(value) for name, value in pairs)


def _stored(name: str, value: Any) -> Any:
    return {"__id": value} if name in POINTS_TO and isinstance(value, int) else value


class _Handler(BaseHTTPRequestHandler):
    api: OpenBalena

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        parts = urlsplit(self.path)
        target = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        status, answer = self.api.answer(self.command, target, body, key)
        text = answer if isinstance(answer, str) and answer[:1] != '"' else json.dumps(answer)
        if isinstance(answer, str) and status == 200 and re.fullmatch(r"[0-9a-f]{32}", answer):
            text = json.dumps(answer)
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 (names of http.server)

    def log_message(self, *_args: object) -> None:
        pass
