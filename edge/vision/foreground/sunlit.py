"""Things apart from their shadows: which regions stand in the light, and which are only thrown by them.

A dark thing and a shadow look alike; the one that lies beside something brighter is the shadow.
Must not learn: how dark shadows are is known to :mod:`edge.vision.foreground.shadows`.
"""

from collections.abc import Sequence

from edge import opencv
from edge.vision.foreground.shadows import Shade
from edge.vision.things.blobs import Blob, clean_mask
from edge.vision.things.scale import SceneScale

Luma = opencv.Plane

# The highest dark stripe on a thing, as a share of a typical one.
STRIPE_SHARE = 0.4
# A region of shadow holds less than this of anything else, one alike is as dark by that share.
LIT_SHARE, ALIKE_SHARE = 0.25, 0.6
# The shadow of somebody who walks is so thin that all of it is a soft edge.
THIN_PX = 4.5
# What throws a shadow is so near, by the larger extent of both.
THROW_SHARE = 0.5


class Sunlit:
    """One frame in which shadows are known.

    Args:
        moving: the mask as it was found.
        whole: the same, cleaned.
        shade: what of it is shadow.
        scale: sizes of things.
    """

    def __init__(self, *, moving: Luma, whole: Luma, shade: Shade, scale: SceneScale) -> None:
        self.whole = whole
        self._alike, self._faint = shade.alike, shade.faint
        self._least_thrower = shade.least_thrower
        lit = clean_mask(opencv.both(moving, opencv.inverse(shade.sure)), scale)
        # A dark stripe across a thing may look like shadow, but no shadow lies between what stands upright.
        upright = opencv.closed(lit, 1, 2 * int(STRIPE_SHARE * scale.typical_px / 2) + 1)
        self.lit: Luma = opencv.both(upright, whole)

    def things(self, lit: Luma, parts: Sequence[Blob], whole: Sequence[Blob]) -> list[Blob]:
        """Return what of ``parts`` of the mask ``lit`` and of the regions of ``whole`` is a thing."""
        dark = [blob for blob in whole if _set_within(lit, blob) < LIT_SHARE * blob.area]
        bright = [blob for blob in parts if not self._is_alike(blob)]
        dark += [blob for blob in parts if self._is_alike(blob)]
        return bright + [each for each in dark if not any(self._may_throw(thing, each) for thing in bright)]

    def _is_alike(self, blob: Blob) -> bool:
        is_thin = self._faint is not None and blob.area <= THIN_PX * max(blob.width, blob.height)
        alike = self._faint if is_thin and self._faint is not None else self._alike
        return _set_within(alike, blob) >= ALIKE_SHARE * _set_within(self.whole, blob)

    def _may_throw(self, thing: Blob, shadow: Blob) -> bool:
        gap_x = max(thing.left, shadow.left) - min(thing.right, shadow.right)
        gap_y = max(thing.top, shadow.top) - min(thing.bottom, shadow.bottom)
        reach = THROW_SHARE * max(shadow.width, shadow.height, thing.width, thing.height)
        return max(gap_x, gap_y) <= reach and thing.area >= self._least_thrower * shadow.area


def _set_within(mask: Luma, blob: Blob) -> int:
    return opencv.count_set(mask[int(blob.top) : int(blob.bottom), int(blob.left) : int(blob.right)])
