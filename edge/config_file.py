"""``edge.toml`` read once; an unknown key is an error that names its path.

Must not open cameras, sockets or keys: reading a configuration has no side effects.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from edge.cameras.network import check_place
from edge.config import CameraSettings, ClipLengths, ClipSettings, EdgeConfig
from edge.errors import ConfigError
from edge.wire.camera_settings import SettingsError, check_presets, check_view
from edge.wire.strict_toml import TomlError, read_toml


def load_config(path: Path) -> EdgeConfig:
    """Read and check a configuration file.

    Args:
        path: ``edge.toml``; relative paths in it are taken from its folder and come back absolute.

    Raises:
        ConfigError: the file is missing, is no TOML, or a key is unknown, missing or out of range.
    """
    try:
        config = read_toml(path, EdgeConfig)
    except TomlError as error:
        raise ConfigError(str(error)) from error
    _check(path, config)
    return _with_absolute_paths(config, path.parent.resolve())


def _check(path: Path, config: EdgeConfig) -> None:
    names = [c.id for c in config.cameras] + [d.id for d in config.doors] + [s.id for s in config.sensors]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigError(f"{path}: id {doubled[0]!r} is used twice; ids are unique on a device")
    for key, source in _addresses(config):
        try:
            check_place(source, key, hub_host=config.hub.host, network=config.camera_network)
        except SettingsError as error:
            raise ConfigError(f"{path}: {error}") from error
    for number, camera in enumerate(config.cameras):
        try:
            check_view(camera, f"cameras[{number}]")
            check_presets(camera.presets, f"cameras[{number}].presets")
            check_turning(camera, f"cameras[{number}]")
        except SettingsError as error:
            raise ConfigError(f"{path}: {error}") from error


def _addresses(config: EdgeConfig) -> Iterator[tuple[str, str]]:
    """Yield every key that may hold the address of a camera, with its value."""
    for number, camera in enumerate(config.cameras):
        for key in ("source", "clip_source", "onvif"):
            yield f"cameras[{number}].{key}", getattr(camera, key)
    for number, door in enumerate(config.doors):
        yield f"doors[{number}].source", door.source
        for place, source in enumerate(door.more_sources):
            yield f"doors[{number}].more_sources[{place}]", source


def check_turning(camera: CameraSettings, path: str) -> None:
    """Raise :class:`SettingsError` for views that could never be told apart, or masked where they must be."""
    if camera.presets and not camera.onvif:
        raise SettingsError(
            f"{path}.presets: nobody knows where this camera looks; set onvif to the address of its"
            " device service, or take the presets out"
        )
    if camera.onvif and camera.privacy_masks and not camera.presets:
        raise SettingsError(
            f"{path}.privacy_masks: a camera that turns takes them with it; draw them in its presets"
        )


def _with_absolute_paths(config: EdgeConfig, folder: Path) -> EdgeConfig:
    def absolute(name: str) -> str:
        return str(folder / name)

    replace = msgspec.structs.replace
    beside = Path(config.outbox.path).parent
    clip_folder = absolute(config.clips.folder or str(beside / "clips"))
    return replace(
        config,
        hub=replace(
            config.hub,
            ca=absolute(config.hub.ca),
            certificate=absolute(config.hub.certificate),
            key=absolute(config.hub.key),
            hub_key=absolute(config.hub.hub_key),
        ),
        outbox=replace(config.outbox, path=absolute(config.outbox.path)),
        home_assistant=replace(
            config.home_assistant,
            password_file=_absolute_or_none(absolute, config.home_assistant.password_file),
            ca=_absolute_or_none(absolute, config.home_assistant.ca),
        ),
        acceptance_log=_absolute_or_none(absolute, config.acceptance_log),
        clips=replace(config.clips, folder=clip_folder),
        update=replace(config.update, folder=absolute(config.update.folder or str(beside / "update"))),
        doors=tuple(
            replace(
                d,
                memory=absolute(d.memory or str(beside / f"door-{d.id}.used")),
                password_file=_absolute_or_none(absolute, d.password_file),
            )
            for d in config.doors
        ),
        cameras=tuple(
            replace(
                c,
                password_file=_absolute_or_none(absolute, c.password_file),
                detector=c.detector and replace(c.detector, model=absolute(c.detector.model)),
                memory=absolute(c.memory or str(beside / f"camera-{c.id}.empty")),
                clips=c.clips or lengths_of(config.clips),
                clip_folder=c.clip_folder or clip_folder,
            )
            for c in config.cameras
        ),
    )


def lengths_of(clips: ClipSettings) -> ClipLengths:
    """Return the part of the device's clip settings that each camera has."""
    return ClipLengths(**{name: getattr(clips, name) for name in ClipLengths.__struct_fields__})


def _absolute_or_none(absolute: Callable[[str], str], name: str | None) -> str | None:
    return None if name is None else absolute(name)
