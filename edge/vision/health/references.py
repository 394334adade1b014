"""All references of one camera: one a view and a light, kept over restarts as bytes.

Must not touch the disk: :mod:`edge.cameras.pictures.kept_looks` does.
"""

import logging
import zlib
from typing import Annotated

import msgspec
import numpy as np

from edge.vision.health.look import COLUMNS, ROWS, Look
from edge.vision.health.reference import MEASURES, Reference

logger = logging.getLogger(__name__)

# Between the two a picture is what it was before: dusk would go to and fro.
NIGHT_BELOW, DAY_ABOVE = 52.0, 68.0
# Sixteen views and the one without a name, by day and by night.
MOST_REFERENCES = 34
MAX_BYTES = 4_000_000
# A reference of fewer looks is not worth keeping.
LEAST_LOOKS_KEPT = 60

_Level = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
_Side = Annotated[int, msgspec.Meta(ge=ROWS, le=1024)]


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reference as it lies on the disk; ``mean`` and ``trust`` are bytes, row by row."""

    view: Annotated[str, msgspec.Meta(max_length=64)]
    is_night: bool
    width: _Side
    height: _Side
    looks: Annotated[int, msgspec.Meta(ge=1)]
    brightness: _Level
    contrast: _Level
    saturated: _Level
    dark: _Level
    mean: bytes
    trust: bytes


class _Shelf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pontive-looks-1"):
    """Everything that lies on the disk."""

    kept: Annotated[tuple[_Kept, ...], msgspec.Meta(max_length=MOST_REFERENCES)]


_Key = tuple[str, bool]


class References:
    """Finds the reference that a look is to be compared with, and teaches it.

    Args:
        kept: what :meth:`to_bytes` gave in an earlier run; what cannot be read is left out.
    """

    def __init__(self, kept: bytes | None = None) -> None:
        self._references: dict[_Key, Reference] = {}
        self._is_night = False
        self._is_lit = False
        if kept:
            self._restore(kept)

    def see_light(self, look: Look) -> None:
        """Note whether it is day or night; call it once a look, before the others."""
        limit = NIGHT_BELOW if self._is_lit and not self._is_night else DAY_ABOVE
        if not self._is_lit:
            limit = (NIGHT_BELOW + DAY_ABOVE) / 2
        self._is_lit, self._is_night = True, look.brightness < limit

    @property
    def is_night(self) -> bool:
        """Whether the last look was taken by night."""
        return self._is_night

    def own(self, view: str, look: Look) -> Reference | None:
        """Return the reference of this view and light that can be judged by, if there is one."""
        return self._usable((view, self._is_night), look)

    def other(self, view: str, look: Look) -> Reference | None:
        """Return that of the other light: a dark cover is no night."""
        return self._usable((view, not self._is_night), look)

    def learn(self, view: str, look: Look) -> None:
        """Teach the reference of this view and light a good look."""
        key = (view, self._is_night)
        reference = self._references.pop(key, None)
        if reference is None or reference.mean.shape != look.luma.shape:
            reference = Reference(look)
        else:
            reference.learn(look)
        # The one that was used last stands last; the first is the one to go.
        self._references[key] = reference
        if len(self._references) > MOST_REFERENCES:
            del self._references[next(iter(self._references))]

    def forget(self, view: str) -> None:
        """Forget a view by all lights: from now on it is good as it is."""
        for is_night in (False, True):
            self._references.pop((view, is_night), None)

    def to_bytes(self) -> bytes:
        """Return everything worth keeping over a restart; nothing when there is nothing yet."""
        kept = [
            _packed(key, reference)
            for key, reference in self._references.items()
            if reference.looks >= LEAST_LOOKS_KEPT
        ]
        if not kept:
            return b""
        content = msgspec.msgpack.encode(_Shelf(tuple(kept)))
        return zlib.crc32(content).to_bytes(4, "big") + content

    def _usable(self, key: _Key, look: Look) -> Reference | None:
        reference = self._references.get(key)
        is_usable = reference and reference.is_ready and reference.mean.shape == look.luma.shape
        return reference if is_usable else None

    def _restore(self, content: bytes) -> None:
        try:
            shelf = _checked(content)
            self._references = {(each.view, each.is_night): _unpacked(each) for each in shelf.kept}
        except (ValueError, msgspec.MsgspecError) as error:
            logger.warning("the kept references are not used: %s", error)


def _checked(content: bytes) -> _Shelf:
    if not 4 < len(content) <= MAX_BYTES or zlib.crc32(content[4:]) != int.from_bytes(content[:4], "big"):
        raise ValueError("damaged")
    return msgspec.msgpack.decode(content[4:], type=_Shelf)


def _packed(key: _Key, reference: Reference) -> _Kept:
    height, width = reference.mean.shape
    return _Kept(
        *key,
        width=width,
        height=height,
        looks=reference.looks,
        brightness=reference.brightness,
        contrast=reference.contrast,
        saturated=reference.saturated,
        dark=reference.dark,
        mean=reference.mean.round().astype(np.uint8).tobytes(),
        trust=(reference.trust * 255).round().astype(np.uint8).tobytes(),
    )


def _unpacked(kept: _Kept) -> Reference:
    mean = np.frombuffer(kept.mean, np.uint8).reshape(kept.height, kept.width)
    shares = np.frombuffer(kept.trust, np.uint8).reshape(ROWS, COLUMNS)
    trust = np.divide(shares, 255, dtype=np.float32)
    reference = Reference(Look.of(mean))
    reference.restore(mean=mean, trust=trust, looks=kept.looks)
    for name in MEASURES:
        setattr(reference, name, getattr(kept, name))
    return reference
