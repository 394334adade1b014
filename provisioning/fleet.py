"""balena: fleets by its SDK. The only file that imports it, and only when a fleet is asked for.

The SDK ignores HTTP status on half of its calls, waits for ever, and reports a dead network as
"not logged in": so each call has a time limit, each answer is checked, each change is read back.
Must not be imported by anything that runs on a device or in the hub.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from provisioning.errors import ProvisioningError
from provisioning.fleets import answers
from provisioning.fleets.asking import TROUBLE_OF_STATUS, causes_of, trouble_of, within
from provisioning.fleets.errors import FleetError, Trouble, not_there, unconfirmed
from provisioning.fleets.port import FleetDevice, LogLine, Place, Registration, Release
from provisioning.fleets.settings import FleetSettings

T = TypeVar("T")

_DEVICE_FIELDS = [
    *("uuid", "device_name", "is_online", "api_heartbeat_state", "last_connectivity_event"),
    *("os_version", "supervisor_version", "cpu_temp", "is_undervolted"),
]
_COMMIT = {"$select": ["commit"]}
_DEVICE_OPTIONS: dict[str, Any] = {
    "$select": _DEVICE_FIELDS,
    "$expand": {
        "device_tag": {"$select": ["tag_key", "value"]},
        "is_running__release": _COMMIT,
        "is_pinned_on__release": _COMMIT,
    },
}


def connect(settings: FleetSettings, token: str) -> "BalenaFleet":
    """Return the fleets of an account.

    Raises:
        ProvisioningError: the SDK is not installed.
        FleetError: no network, or not a token of this API.
    """
    if settings.ca_file:
        # requests has no other door: the SDK passes no ``verify``.
        os.environ["REQUESTS_CA_BUNDLE"] = settings.ca_file
    try:
        from balena import Balena
    except ImportError as error:
        raise ProvisioningError(
            f"{error.name} is missing: install pontive with the extra 'provisioning'"
        ) from error
    # In memory: nothing of the operator's own balena settings is read or overwritten.
    sdk = Balena(
        {"balena_host": settings.balena_host, "api_version": settings.api_version, "data_directory": False}
    )
    if settings.api_endpoint:
        sdk.settings.set("api_endpoint", settings.api + "/")
        sdk.settings.set("pine_endpoint", f"{settings.api}/{settings.api_version}/")
        sdk.pine.api_prefix = f"{settings.api}/{settings.api_version}/"
    sdk.auth.login_with_token(token)
    fleet = BalenaFleet(sdk, settings)
    fleet.check_account()
    return fleet


class BalenaFleet:
    """The ports ``Fleet`` and ``Rollout`` over the SDK."""

    def __init__(self, sdk: Any, settings: FleetSettings) -> None:
        """Use an SDK that has its token.

        Args:
            sdk: ``balena.Balena``.
            settings: Whose organization, and how long a call may take.
        """
        self._sdk, self._settings = sdk, settings
        self._device, self._application = sdk.models.device, sdk.models.application

    def check_account(self) -> None:
        """Refuse a token that the API does not know, by a request whose status is seen."""
        what = f"organization {self._settings.organization} at {self._settings.api}"
        get = self._sdk.models.organization.get
        answers.a_row(what, self._ask(what, get, self._settings.organization, {"$select": "id"}), id=int)

    def ensure_fleet(self, fleet: str, device_type: str) -> None:
        """Make a fleet, or leave the one that is there."""
        what = f"fleet {fleet}"
        if self._find_fleet(fleet) is None:
            self._ask(what, self._application.create, fleet, device_type, self._settings.organization)
        row = self._find_fleet(fleet)
        if row is None:
            raise unconfirmed(what)
        if row["slug"] != device_type:
            raise FleetError(Trouble.CONFLICT, f"{what} is for {row['slug']}, not for {device_type}")

    def register(self, fleet: str, uuid: str) -> Registration:
        """Register a device, or give one that is there a new key."""
        what, home = f"device {uuid[:7]} of {fleet}", self._fleet(fleet)
        there = self._find_device(uuid)
        if there is None:
            key = self._blind(what, answers.a_registration, self._device.register, home["id"], uuid)
            there = self._find_device(uuid)
            if there is None:
                raise unconfirmed(what)
        else:
            self._must_be_of(there, home, what)
            key = self._blind(what, answers.a_key, self._device.generate_device_key, there["id"])
        self._must_be_of(there, home, what)
        return Registration(home["id"], there["id"], uuid, home["slug"], key)

    def describe(self, uuid: str, *, name: str, tags: Mapping[str, str]) -> None:
        """Give a device its name and these tags."""
        what, row = f"device {uuid[:7]}", self._known_device(uuid)
        self._ask(what, self._device.rename, uuid, name)
        for key, value in tags.items():
            self._ask(what, self._device.tags.set, row["id"], key, value)
        options = {"$select": _DEVICE_FIELDS, "$expand": {"device_tag": {"$select": ["tag_key", "value"]}}}
        seen = answers.a_device(
            what, self._device_row(what, self._ask(what, self._device.get, uuid, options))
        )
        if seen.name != name or any(seen.tags.get(key) != value for key, value in tags.items()):
            raise unconfirmed(f"{what}: name and tags")

    def set_variable(self, place: Place, name: str, value: str) -> None:
        """Set a variable at its level."""
        what, fleet_id = f"variable {name} of {place}", self._fleet(place.fleet)["id"]
        key: tuple[int | str, ...]
        if place.service:
            door, key = self._device.service_var, (place.uuid, place.service)
        elif place.uuid:
            door, key = self._device.env_var, (self._known_device(place.uuid)["id"],)
        else:
            door, key = self._application.env_var, (fleet_id,)
        self._ask(what, door.set, *key, name, value)
        if self._ask(what, door.get, *key, name) != value:
            raise unconfirmed(what)

    def remove(self, uuid: str) -> None:
        """Forget a device."""
        what = f"device {uuid[:7]}"
        self._ask(what, self._device.remove, self._known_device(uuid)["id"])
        if self._find_device(uuid) is not None:
            raise unconfirmed(f"{what}: removal")

    def releases(self, fleet: str) -> tuple[Release, ...]:
        """Return the releases, newest first."""
        what, home = f"releases of {fleet}", self._fleet(fleet)
        answer = self._ask(what, self._sdk.models.release.get_all_by_application, home["id"])
        return tuple(
            answers.a_release(what, row) for row in answers.rows(what, answer, commit=str, created_at=str)
        )

    def pin_fleet(self, fleet: str, commit: str) -> None:
        """Let a fleet run one release, or always the latest."""
        what, home = f"release {commit[:7] or 'latest'} of {fleet}", self._fleet(fleet)
        if commit:
            self._ask(what, self._application.pin_to_release, home["id"], commit)
        else:
            self._ask(what, self._application.track_latest_release, home["id"])
        row = self._fleet(fleet)
        if row["should_track_latest_release"] is bool(commit) or (commit and row["commit"] != commit):
            raise unconfirmed(what)

    def pin_device(self, uuid: str, commit: str) -> None:
        """Let a device run one release, or that of its fleet."""
        what = f"release {commit[:7] or 'of the fleet'} for device {uuid[:7]}"
        device_id = self._known_device(uuid)["id"]
        if commit:
            self._ask(what, self._device.pin_to_release, uuid, commit)
        else:
            self._ask(what, self._device.track_application_release, device_id)
        answer = self._ask(what, self._device.get, uuid, _DEVICE_OPTIONS)
        if answers.a_device(what, self._device_row(what, answer)).pinned != commit:
            raise unconfirmed(what)

    def devices(self, fleet: str) -> tuple[FleetDevice, ...]:
        """Return the devices by name."""
        what, home = f"devices of {fleet}", self._fleet(fleet)
        found = self._ask(what, self._device.get_all_by_application, home["id"], _DEVICE_OPTIONS)
        if not isinstance(found, list):
            raise answers.refused(what, found)
        return tuple(answers.a_device(what, self._device_row(what, row)) for row in found)

    def logs(self, uuid: str, count: int) -> tuple[LogLine, ...]:
        """Return the last lines."""
        what = f"log of device {uuid[:7]}"
        self._known_device(uuid)
        return self._blind(what, answers.lines, self._sdk.logs.history, uuid, count)[-count:]

    def _find_fleet(self, fleet: str) -> dict[str, Any] | None:
        what, slug = f"fleet {fleet}", f"{self._settings.organization}/{fleet}"
        options = {
            "$select": ["id", "should_track_latest_release"],
            "$expand": {"is_for__device_type": {"$select": ["slug"]}, "should_be_running__release": _COMMIT},
        }
        found = self._ask(what, self._application.get, slug, options, missing="ApplicationNotFound")
        if found is None:
            return None
        row = answers.a_row(what, found, id=int, should_track_latest_release=bool, is_for__device_type=list)
        kinds = answers.rows(what, row["is_for__device_type"], slug=str)
        if not kinds:
            raise answers.refused(what, found)
        return {
            **row,
            "slug": kinds[0]["slug"],
            "commit": answers.commit_of(row["should_be_running__release"]),
        }

    def _fleet(self, fleet: str) -> dict[str, Any]:
        row = self._find_fleet(fleet)
        if row is None:
            raise not_there(f"fleet {fleet}")
        return row

    def _find_device(self, uuid: str) -> dict[str, Any] | None:
        what, options = f"device {uuid[:7]}", {"$select": ["id", "belongs_to__application"]}
        found = self._ask(what, self._device.get, uuid, options, missing="DeviceNotFound")
        return None if found is None else answers.a_row(what, found, id=int, belongs_to__application=dict)

    def _known_device(self, uuid: str) -> dict[str, Any]:
        row = self._find_device(uuid)
        if row is None:
            raise not_there(f"device {uuid[:7]}")
        return row

    @staticmethod
    def _device_row(what: str, answer: object) -> dict[str, Any]:
        return answers.a_row(what, answer, uuid=str, device_name=str, is_online=bool)

    @staticmethod
    def _must_be_of(device: Mapping[str, Any], home: Mapping[str, Any], what: str) -> None:
        if device["belongs_to__application"].get("__id") != home["id"]:
            raise FleetError(
                Trouble.CONFLICT, f"{what}: that device belongs to another fleet; remove it there first"
            )

    def _ask(self, what: str, call: Callable[..., Any], *given: Any, missing: str = "") -> Any:
        """Make one call within the time limit; ``missing`` is the SDK's error that means ``None``."""
        try:
            return within(lambda: call(*given), self._settings.timeout_s)
        # The SDK raises bare Exception, AttributeError and its own kinds alike: all are told below.
        except Exception as error:
            if missing and type(error).__name__ == missing:
                return None
            raise self._told(what, error) from error

    def _told(self, what: str, error: BaseException) -> FleetError:
        found = trouble_of(what, error)
        if found is not None:
            return found
        names = {type(one).__name__ for one in causes_of(error)}
        if "NotLoggedIn" in names:
            # Said for anything that is not an account: the status is seen by another request.
            self.check_account()
            return FleetError(Trouble.BAD_TOKEN, f"{what}: {TROUBLE_OF_STATUS[401][1]}")
        if any(name.endswith("NotFound") for name in names):
            return not_there(what)
        return answers.refused(what, getattr(error, "message", error))

    def _blind(
        self, what: str, check: Callable[[str, object], T], call: Callable[..., Any], *given: Any
    ) -> T:
        """Make a call whose HTTP status the SDK ignores; a text for an answer is looked into."""
        answer = self._ask(what, call, *given)
        try:
            return check(what, answer)
        except FleetError:
            # A token or a limit is the same trouble for every request, and here it is seen.
            self.check_account()
            raise
