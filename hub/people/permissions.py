"""Every permission and every role of the hub, in one list each. Pure: knows no database.

A permission is what an endpoint declares; a role is what an account is granted, with a scope
and dates. Nobody holds a permission by default.
"""

from enum import StrEnum


class Permission(StrEnum):
    """What an endpoint asks for."""

    PUBLIC = "public"  # anyone, without an account
    SIGNED_IN = "signed-in"  # any account, also one that must first change its password
    BOARD_SEE = "board.see"
    BOARD_DISPLAY = "board.display"  # a wall screen: an open board keeps its session from idling out
    BOARD_MANAGE = "board.manage"  # put boards together, and give screens an address that shows one
    CAMERA_SEE = "camera.see"
    CAMERA_STILL = "camera.take-still"
    CAMERA_LIVE = "camera.live"  # watch a camera live, which is noted with its purpose
    CAMERA_TURN = "camera.turn"  # turn a camera by hand and to its presets
    CAMERA_PRIORITY = "camera.turn-first"  # take a camera from somebody who turns it
    CAMERA_CLIP = "camera.clip"  # see recorded clips, fetch them, and have one kept
    CAMERA_SET_UP = "camera.set-up"  # draw lines and masks, and send them to the device
    DEVICE_SEE = "device.see"
    DEVICE_CHECK = "device.check"  # ask a device to test itself
    DEVICE_ENROL = "device.enrol"  # put devices into service: claim codes, looking over, signing off
    DEVICE_REVOKE = "device.revoke"  # take a device out of service at once
    UPDATE_SEE = "update.see"  # which software devices run, and how updates go
    UPDATE_STEER = "update.steer"  # start, pause and cancel what brings software to the whole city
    PLACE_MANAGE = "place.manage"  # change the inventory: points, devices, cameras and whose they are
    ALARM_SEE = "alarm.see"  # alarms of one's part of the city
    ALARM_HANDLE = "alarm.handle"  # acknowledge, assign, shelve and comment
    NOTIFY_MANAGE = "notify.manage"  # messages that could not be sent
    OUTAGE_HANDLE = "outage.handle"  # work on fault tickets, announce maintenance
    FINDING_SEE = "finding.see"  # findings: all of them, or those that were sent to one's OPD
    FINDING_MAKE = "finding.make"  # mark a place on a picture and send it to an OPD
    FINDING_ANSWER = "finding.answer"  # take a finding, act on it, answer it; as the OPD it was sent to
    FINDING_MANAGE = "finding.manage"  # tariffs and permits of billboards, for the whole city
    SHIFT_KEEP = "shift.keep"  # write in the log of the control room, hand a shift over and sign for it
    SHIFT_MANAGE = "shift.manage"  # hand over a shift whose keeper is gone
    HADIR_OWN = "hadir.own"  # one's own attendance, and asking for a correction of it
    HADIR_SEE = "hadir.see"  # attendance of the people in one's scope
    HADIR_APPROVE = "hadir.approve"  # say yes or no to a correction, as superior
    HADIR_VERIFY = "hadir.verify"  # check an approved correction, which applies it
    HADIR_MANAGE = "hadir.manage"  # publish results and close months
    HADIR_PAYROLL = "hadir.payroll"  # results of months, also by a program with a token
    HADIR_ENROL = "hadir.enrol"  # hand out one-time codes for phones, and revoke phones
    STAFF_MANAGE = "staff.manage"  # employees of one's scope: places, badges, PINs, import; OPDs and units
    TOKEN_MANAGE = "token.manage"  # noqa: S105 (no secret: tokens of programs, for the whole city)
    CASE_SEE = "case.see"  # cases that one's roles have to do with, where they reach
    CASE_ACT = "case.act"  # do with a case what its service offers one's role
    CASE_DELEGATE = "case.delegate"  # let somebody act in one's role for some days (Plt., Plh.)
    COUNTER_SERVE = "counter.serve"  # ask for a citizen at a counter, and compare papers with originals
    COMPLAINT_FILE = "complaint.file"  # send complaints of others: a program with a key (Open311)
    COMPLAINT_MODERATE = "complaint.moderate"  # what the public reads, joining and splitting, files of SP4N
    MEASURE_SEE = "measure.see"  # measures that are not public, with the rows they come from
    MEASURE_KEEP = "measure.keep"  # bring published figures of measures in
    PRICE_ENTER = "price.enter"  # the day's prices of the markets in one's scope
    SPBE_ASSESS = "spbe.assess"  # levels and evidence of the SPBE self-assessment
    BUDGET_KEEP = "budget.keep"  # plan and realisation of the OPDs in one's scope
    REGISTER_SEE = "register.see"  # registers: all rows, an OPD's own, or those of one's area
    REGISTER_EDIT = "register.edit"  # change rows; of the whole city also look over what is shown to all
    DEFINITION_MANAGE = "definition.manage"  # what services ask for and which way their cases go
    SYSTEM_SEE = "system.see"  # whether the hub itself is well, and what to do if not
    BREACH_SEE = "breach.see"  # whose data were touched since a moment, for notices after a breach
    ACCOUNT_MANAGE = "account.manage"  # accounts and roles, never beyond what one holds oneself


class Role(StrEnum):
    """What an account is in the city."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    EXECUTIVE = "executive"
    DISPLAY = "display"
    EMPLOYEE = "employee"
    SUPERIOR = "superior"  # atasan of a unit or an OPD
    LIAISON = "liaison"  # "pejabat penghubung": answers for an OPD what the control room found
    PERSONNEL = "personnel"  # BKPSDM for the city, the personnel officer of an OPD
    # Those whom only services name; what they may do with a case stands in its definition.
    COORDINATOR = "coordinator"  # "admin koordinator": hands complaints to OPDs
    FIELD_OFFICER = "field-officer"
    COUNTER_CLERK = "counter-clerk"  # "loket" of a kelurahan or kecamatan
    WARD_SECTION_HEAD = "ward-section-head"  # kasi of a kelurahan
    LURAH = "lurah"
    DISTRICT_SECTION_HEAD = "district-section-head"  # kasi of a kecamatan
    CAMAT = "camat"
    LICENSING_VERIFIER = "licensing-verifier"
    LICENSING_HEAD = "licensing-head"
    INSPECTOR = "inspector"  # of buildings
    POPULATION_CLERK = "population-clerk"
    CLINIC_CLERK = "clinic-clerk"
    PRIVACY_OFFICER = "privacy-officer"  # PDP
    MARKET_OFFICER = "market-officer"  # enters prices, of a market's kelurahan or of the city
    SPBE_ASSESSOR = "spbe-assessor"
    PLANNER = "planner"  # keeps plan and realisation of an OPD


class ScopeKind(StrEnum):
    """How far a grant reaches; only ``city`` opens the screens that show the whole city."""

    CITY = "city"
    OPD = "opd"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    UNIT = "unit"
    SITE = "site"


_WATCHER = frozenset({Permission.BOARD_SEE, Permission.CAMERA_SEE, Permission.ALARM_SEE})
# Recordings show people for longer than a still does: only those who answer for what they do with them.
_CONTROL_ROOM = _WATCHER | {
    Permission.CAMERA_LIVE,
    Permission.CAMERA_TURN,
    Permission.CAMERA_STILL,
    Permission.CAMERA_CLIP,
    Permission.DEVICE_SEE,
    Permission.ALARM_HANDLE,
    Permission.OUTAGE_HANDLE,
    Permission.FINDING_SEE,
    Permission.FINDING_MAKE,
    Permission.SHIFT_KEEP,
    Permission.SYSTEM_SEE,
}
_ATTENDANCE = frozenset(
    {
        Permission.HADIR_OWN,
        Permission.HADIR_SEE,
        Permission.HADIR_APPROVE,
        Permission.HADIR_VERIFY,
        Permission.HADIR_MANAGE,
        Permission.HADIR_PAYROLL,
        Permission.HADIR_ENROL,
    }
)
_PERSONNEL = frozenset({Permission.STAFF_MANAGE, Permission.ACCOUNT_MANAGE})
_CASES = frozenset({Permission.CASE_SEE, Permission.CASE_ACT})
# Only who signs or decides for an office hands that over for some days.
_OFFICE = _CASES | {Permission.CASE_DELEGATE}
_COUNTER = _CASES | {Permission.COUNTER_SERVE}
_REGISTERS = frozenset({Permission.REGISTER_SEE, Permission.REGISTER_EDIT})
_COMPLAINTS = frozenset({Permission.COMPLAINT_FILE, Permission.COMPLAINT_MODERATE})
_UPDATES = frozenset({Permission.UPDATE_SEE, Permission.UPDATE_STEER})
_MEASURES = frozenset(
    {
        Permission.MEASURE_SEE,
        Permission.MEASURE_KEEP,
        Permission.PRICE_ENTER,
        Permission.SPBE_ASSESS,
        Permission.BUDGET_KEEP,
    }
)

PERMISSIONS_OF_ROLE: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _CONTROL_ROOM
    | _ATTENDANCE
    | _PERSONNEL
    # Without a role that a service names it opens no case; else nobody could hand such roles out.
    | _OFFICE
    | _COUNTER
    | _COMPLAINTS
    | _MEASURES
    | _REGISTERS
    | _UPDATES
    | {
        Permission.CAMERA_PRIORITY,
        Permission.CAMERA_SET_UP,
        Permission.DEVICE_CHECK,
        Permission.DEVICE_ENROL,
        Permission.DEVICE_REVOKE,
        Permission.FINDING_ANSWER,
        Permission.FINDING_MANAGE,
        Permission.SHIFT_MANAGE,
        Permission.PLACE_MANAGE,
        Permission.TOKEN_MANAGE,
        Permission.BREACH_SEE,
        Permission.NOTIFY_MANAGE,
        Permission.DEFINITION_MANAGE,
        Permission.BOARD_MANAGE,
    },
    Role.SUPERVISOR: _CONTROL_ROOM
    | _OFFICE
    | _COMPLAINTS
    | _MEASURES
    | _REGISTERS
    | _UPDATES
    | {
        Permission.CAMERA_PRIORITY,
        Permission.DEVICE_CHECK,
        Permission.DEVICE_ENROL,
        Permission.DEVICE_REVOKE,
        Permission.FINDING_MANAGE,
        Permission.SHIFT_MANAGE,
        Permission.PLACE_MANAGE,
        Permission.NOTIFY_MANAGE,
        Permission.DEFINITION_MANAGE,
        Permission.BOARD_MANAGE,
    },
    Role.OPERATOR: _CONTROL_ROOM | _CASES | {Permission.CAMERA_SET_UP, Permission.REGISTER_SEE},
    Role.TECHNICIAN: _CASES
    | _UPDATES
    | frozenset(
        {
            Permission.BOARD_SEE,
            Permission.CAMERA_SEE,
            Permission.CAMERA_LIVE,
            Permission.CAMERA_STILL,
            Permission.CAMERA_SET_UP,
            Permission.DEVICE_SEE,
            Permission.DEVICE_CHECK,
            Permission.DEVICE_ENROL,
            Permission.ALARM_SEE,
            Permission.ALARM_HANDLE,
            Permission.OUTAGE_HANDLE,
            Permission.SYSTEM_SEE,
        }
    ),
    Role.EXECUTIVE: _WATCHER
    | {Permission.CAMERA_LIVE, Permission.HADIR_SEE, Permission.FINDING_SEE, Permission.CASE_SEE}
    | {Permission.MEASURE_SEE, Permission.REGISTER_SEE},
    Role.DISPLAY: _WATCHER | {Permission.BOARD_DISPLAY},
    Role.LIAISON: _CASES | _REGISTERS | {Permission.FINDING_SEE, Permission.FINDING_ANSWER},
    Role.EMPLOYEE: frozenset({Permission.HADIR_OWN}),
    Role.SUPERIOR: frozenset({Permission.HADIR_OWN, Permission.HADIR_SEE, Permission.HADIR_APPROVE}),
    Role.PERSONNEL: _PERSONNEL | _ATTENDANCE - {Permission.HADIR_APPROVE},
    Role.COORDINATOR: _OFFICE | _COMPLAINTS,
    Role.FIELD_OFFICER: _CASES,
    Role.COUNTER_CLERK: _COUNTER,
    Role.WARD_SECTION_HEAD: _OFFICE | _COUNTER,
    Role.LURAH: _OFFICE | {Permission.REGISTER_SEE},
    Role.DISTRICT_SECTION_HEAD: _OFFICE | _COUNTER,
    Role.CAMAT: _OFFICE | {Permission.REGISTER_SEE},
    Role.LICENSING_VERIFIER: _COUNTER,
    Role.LICENSING_HEAD: _OFFICE,
    Role.INSPECTOR: _CASES,
    Role.POPULATION_CLERK: _COUNTER,
    Role.CLINIC_CLERK: _CASES,
    Role.PRIVACY_OFFICER: _OFFICE | {Permission.BREACH_SEE},
    Role.MARKET_OFFICER: frozenset({Permission.PRICE_ENTER}),
    Role.SPBE_ASSESSOR: frozenset({Permission.MEASURE_SEE, Permission.SPBE_ASSESS}),
    Role.PLANNER: frozenset({Permission.MEASURE_SEE, Permission.BUDGET_KEEP}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that holders of ``roles`` may do, ``signed-in`` and ``public`` included."""
    held: set[Permission] = {Permission.PUBLIC, Permission.SIGNED_IN}
    for role in roles:
        held |= PERMISSIONS_OF_ROLE[role]
    return frozenset(held)
