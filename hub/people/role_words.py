"""What people call each role. Needs a request, for its language."""

from collections.abc import Mapping

from flask_babel import gettext as _

from hub.people.permissions import Role
from hub.web.i18n import N_

_WORDS: Mapping[Role, str] = {
    Role.ADMIN: N_("Admin"),
    Role.SUPERVISOR: N_("Pengawas ruang kendali"),
    Role.OPERATOR: N_("Operator"),
    Role.TECHNICIAN: N_("Teknisi"),
    Role.EXECUTIVE: N_("Pimpinan"),
    Role.DISPLAY: N_("Layar dinding"),
    Role.EMPLOYEE: N_("Pegawai"),
    Role.SUPERIOR: N_("Atasan"),
    Role.LIAISON: N_("Pejabat penghubung OPD"),
    Role.PERSONNEL: N_("Kepegawaian"),
    Role.COORDINATOR: N_("Koordinator pengaduan"),
    Role.FIELD_OFFICER: N_("Petugas lapangan"),
    Role.COUNTER_CLERK: N_("Petugas loket"),
    Role.WARD_SECTION_HEAD: N_("Kepala seksi kelurahan"),
    Role.LURAH: N_("Lurah"),
    Role.DISTRICT_SECTION_HEAD: N_("Kepala seksi kecamatan"),
    Role.CAMAT: N_("Camat"),
    Role.LICENSING_VERIFIER: N_("Verifikator perizinan"),
    Role.LICENSING_HEAD: N_("Kepala perizinan"),
    Role.INSPECTOR: N_("Penilik bangunan"),
    Role.POPULATION_CLERK: N_("Petugas kependudukan"),
    Role.CLINIC_CLERK: N_("Petugas puskesmas"),
    Role.PRIVACY_OFFICER: N_("Pejabat pelindungan data pribadi"),
    Role.MARKET_OFFICER: N_("Petugas pasar"),
    Role.SPBE_ASSESSOR: N_("Asesor SPBE"),
    Role.PLANNER: N_("Perencana OPD"),
}


def role_words() -> dict[Role, str]:
    """Return what each role is called, in the language of the request."""
    return {role: _(words) for role, words in _WORDS.items()}
