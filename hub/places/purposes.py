"""What the city's cameras may be watched for: the seven purposes that the city declared."""

from enum import StrEnum

from hub.web.i18n import N_


class Purpose(StrEnum):
    """Why somebody watches (purposes of the Pontive Center, Diskominfo Kota Pontianak)."""

    PERFORMANCE = "performance"
    DISCIPLINE = "discipline"
    REVENUE = "revenue"
    DISASTER = "disaster"
    BUILDING = "building"
    SERVICE = "service"
    DECISION = "decision"


WORDS: dict[Purpose, str] = {
    Purpose.SERVICE: N_("Kinerja pelayanan publik"),
    Purpose.DISASTER: N_("Daerah rawan bencana"),
    Purpose.BUILDING: N_("Pembangunan dan infrastruktur"),
    Purpose.REVENUE: N_("Potensi pajak bangunan dan reklame"),
    Purpose.DISCIPLINE: N_("Kedisiplinan pegawai"),
    Purpose.PERFORMANCE: N_("Evaluasi kinerja"),
    Purpose.DECISION: N_("Pengambilan keputusan"),
}
