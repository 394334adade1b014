"""How good a point is. Pure."""

from enum import IntEnum

from hub.web.i18n import N_


class Quality(IntEnum):
    """Worse is larger: a roll-up is as good as its worst point."""

    VALID = 0  # sah
    PROVISIONAL = 1  # sementara: may still be corrected
    ESTIMATED = 2  # taksiran
    INSUFFICIENT = 3  # kurang: kept, shown as doubtful, and left out of every roll-up


# Texts to translate.
QUALITY_WORDS: dict[Quality, str] = {
    Quality.VALID: N_("sah"),
    Quality.PROVISIONAL: N_("sementara"),
    Quality.ESTIMATED: N_("taksiran"),
    Quality.INSUFFICIENT: N_("data kurang"),
}
