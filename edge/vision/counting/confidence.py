"""How far the counts of this moment can be trusted, as one number. Must not count.

Starting values: classical vision in daylight and free flow is right to a few per cent, vehicles
that overlap cost a fifth, and night is not known; a screen shows a flow index where this is low.
"""

from collections.abc import Sequence

from edge.vision.things.tracks import Track

# How fast the number follows, as a share a frame.
FOLLOW = 0.02
DARK_LUMA = 55.0
DARK_TRUST = 0.5
CROWD_TRUST = 0.4
FULL_SHARE, FULL_TRUST = 0.45, 0.4
NOISY, NOISY_TRUST = 5.0, 0.6


class Confidence:
    """A slowly following estimate in 0..1."""

    def __init__(self) -> None:
        self.value = 1.0

    def see(self, tracks: Sequence[Track], *, luma: float, motion_share: float, noise: float) -> float:
        """Take one frame in and return the estimate.

        Args:
            tracks: those seen in the frame.
            luma: brightness of the empty scene, 0..255.
            motion_share: share of the picture in motion.
            noise: mean difference where nothing moves, in levels.
        """
        now = 1.0
        if tracks:
            merged = sum(track.is_merged for track in tracks) / len(tracks)
            now *= 1 - (1 - CROWD_TRUST) * merged
        now *= DARK_TRUST if luma < DARK_LUMA else 1.0
        now *= FULL_TRUST if motion_share > FULL_SHARE else 1.0
        now *= NOISY_TRUST if noise > NOISY else 1.0
        self.value += FOLLOW * (now - self.value)
        return self.value
