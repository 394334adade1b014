"""Is the picture torn or smeared: pictures the decoder had to patch up, or that jump at key frames?

A smear grows from frame to frame and is gone with the next key frame. Must not know codecs.
"""

from edge import opencv

# A key frame says at most for so long what the pictures after it are like.
_LASTS_S = 3.0
# A pixel changed; so many of them at a key frame beside what is usual; so often in a row.
_LEVELS = 20
_JUMP_SHARE, _JUMP_TIMES = 0.08, 4.0
_JUMPS = 2
# What is usual is asked of every fourth frame, which is as good and a fourth of the cost.
_USUAL_EVERY, _USUAL_WEIGHT = 4, 0.18


class Smear:
    """Follows damage from frame to frame."""

    def __init__(self) -> None:
        self._is_damaged = False
        self._was_damaged = False
        self._frames = 0
        self._jumps = 0
        self._jumpy_until_s = -1.0
        self._usual: float | None = None
        self._before: opencv.Plane | None = None

    def feed(self, points: opencv.Plane, now_s: float, *, damaged: int, is_key: bool) -> None:
        """Take in one frame.

        Args:
            points: some pixels of it, the same in every frame.
            now_s: its time.
            damaged: pictures that could not be decoded cleanly since the last call, this one too.
            is_key: a key frame came since the last call.
        """
        # What is damaged stays so until a clean key frame wipes it away.
        self._is_damaged = damaged > 0 or (self._is_damaged and not is_key)
        self._was_damaged |= self._is_damaged
        before, self._before = self._before, points
        if before is None or before.shape != points.shape:
            return
        self._frames += 1
        if not is_key and self._frames % _USUAL_EVERY:
            return
        changed = opencv.count_set(opencv.above(opencv.apart(points, before), _LEVELS)) / points.size
        if is_key:
            self._jump(changed, now_s)
        else:
            usual = changed if self._usual is None else self._usual
            self._usual = usual + _USUAL_WEIGHT * (changed - usual)

    def is_torn(self, now_s: float) -> bool:
        """Return whether pictures were torn since this was last asked."""
        was_damaged, self._was_damaged = self._was_damaged, self._is_damaged
        return was_damaged or now_s <= self._jumpy_until_s

    def _jump(self, changed: float, now_s: float) -> None:
        # A source of key frames alone has nothing usual between them.
        is_jump = self._usual is not None and changed >= _JUMP_SHARE + _JUMP_TIMES * self._usual
        self._jumps = self._jumps + 1 if is_jump else 0
        if self._jumps >= _JUMPS:
            self._jumpy_until_s = now_s + _LASTS_S
