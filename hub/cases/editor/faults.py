"""What is wrong with a draft, each fault with its place in words. Pure.

The engine's own checker has the last word (``hub.cases.definition.checking``); here its places get
names that officials know, and what has no shape yet is said part by part.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.cases.definition.checking import mistakes_in
from hub.cases.definition.form import Field, Requirement
from hub.cases.definition.letter import LetterWords, wording_mistakes
from hub.cases.definition.service import DocumentRule, ServiceDefinition
from hub.cases.definition.stages import Action, Effect, Opinion, Stage
from hub.cases.editor.sheets.controls import KIND_WORDS, Kind, label_of
from hub.cases.editor.sheets.offered import Around
from hub.cases.editor.sheets.parts import (
    LIST_OF,
    Address,
    Body,
    addresses,
    is_part,
    part_at,
    parts_of,
    put_part,
)
from hub.places.owning.opds import owner_key

_SHAPES: Mapping[Kind, type[msgspec.Struct]] = {
    Kind.FIELD: Field,
    Kind.REQUIREMENT: Requirement,
    Kind.STAGE: Stage,
    Kind.ACTION: Action,
    Kind.OPINION: Opinion,
    Kind.DOCUMENT: DocumentRule,
    Kind.GENERAL: ServiceDefinition,
}
# What stands in a part and is looked at on its own.
_INNER: Mapping[Kind, Mapping[str, Any]] = {
    Kind.STAGE: {"actions": [], "opinions": []},
    Kind.GENERAL: {
        "fields": [],
        "requirements": [],
        "document": None,
        "stages": [
            {"id": "a", "label": "a", "public_status": "diterima"},
            {"id": "b", "label": "b", "public_status": "diterima"},
        ],
    },
}
_KIND_OF_LIST = {name: kind for kind, name in LIST_OF.items()}
_OFFICES_WITHOUT_OPD = ("lurah", "camat")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: which part, which value of it, and a sentence with the remedy."""

    address: Address
    key: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft and what is wrong with it; without a fault there is a definition."""

    definition: ServiceDefinition | None
    faults: tuple[Fault, ...]


def check(body: Body, around: Around, templates: Mapping[str, LetterWords]) -> Checked:
    """Look a draft over.

    Args:
        body: The draft, anything that was typed.
        around: What it may name.
        templates: The words of letters that ship.
    """
    faults = tuple(_shape_faults(body))
    if any(not _is_name(fault) for fault in faults):
        return Checked(None, faults)
    # A missing name hides nothing else: what lies behind is looked at with the id in its place.
    again = _check_whole(_named(body), around, templates) if faults else _check_whole(body, around, templates)
    return Checked(None if faults else again.definition, (*faults, *again.faults))


def _check_whole(body: Body, around: Around, templates: Mapping[str, LetterWords]) -> Checked:
    try:
        definition = msgspec.convert(body, ServiceDefinition, strict=True)
    except msgspec.ValidationError as error:
        where, text = _said(str(error))
        return Checked(None, (_fault(body, Address(Kind.GENERAL), where, text),))
    faults = (
        *(_placed(body, one.where, one.text) for one in mistakes_in(definition, roles=around.roles)),
        *_city_faults(body, definition, around),
        *_letter_faults(body, definition, templates),
    )
    return Checked(None if faults else definition, faults)


def _is_name(fault: Fault) -> bool:
    return fault.key == "label" and bool(fault.address.name)


def _named(body: Body) -> Body:
    """Return the draft with an id wherever a part has no name."""
    for address in list(addresses(body)):
        part = part_at(body, address)
        if part is not None and address.name and not part.get("label"):
            body = put_part(body, address, {**part, "label": address.name})
    return body


def _shape_faults(body: Body) -> Iterator[Fault]:
    for name in ("fields", "requirements", "stages"):
        rows = body.get(name, [])
        if not isinstance(rows, list) or not all(is_part(row) for row in rows):
            yield _fault(body, Address(Kind.GENERAL), name, "setiap bagian perlu id; perbaiki di naskah TOML")
            return
    for address in addresses(body):
        part = part_at(body, address)
        try:
            msgspec.convert({**(part or {}), **_INNER.get(address.kind, {})}, _SHAPES[address.kind])
        except msgspec.ValidationError as error:
            where, text = _said(str(error))
            yield _fault(body, address, where, text)


def named_opds(definition: ServiceDefinition) -> set[str]:
    """Return the OPDs that a definition names."""
    return {opd for opd, _address in _opds_in(definition)}


def _opds_in(definition: ServiceDefinition) -> Iterator[tuple[str, Address]]:
    named = [(definition.opd, Address(Kind.GENERAL))]
    for field in definition.fields:
        named += [(each.opd, Address(Kind.FIELD, field.id)) for each in field.choices]
    for stage in definition.stages:
        named += [(each.opd, Address(Kind.OPINION, each.id, stage.id)) for each in stage.opinions]
    yield from ((opd, address) for opd, address in named if opd)


def _city_faults(body: Body, definition: ServiceDefinition, around: Around) -> Iterator[Fault]:
    """Yield the OPDs that the city does not have."""
    known = {owner_key(name) for name in around.opds}
    for opd, address in _opds_in(definition):
        if known and owner_key(opd) not in known:
            key = "choices" if address.kind is Kind.FIELD else "opd"
            yield _fault(body, address, key, f"tidak ada OPD “{opd}”; pilih dari daftar")


def _letter_faults(
    body: Body, definition: ServiceDefinition, templates: Mapping[str, LetterWords]
) -> Iterator[Fault]:
    rule, address = definition.document, Address(Kind.DOCUMENT)
    if rule is None:
        return
    if rule.words is None and rule.template not in templates:
        yield _fault(body, address, "template", f"tidak ada naskah “{rule.template}”; pilih dari daftar")
    elif rule.words is None:
        fields = {field.id: field for field in definition.fields}
        for _key, text in wording_mistakes(templates[rule.template], fields):
            yield _fault(body, address, "template", f"naskah ini tidak cocok: {text}")
    if rule.signed_by not in _OFFICES_WITHOUT_OPD and not _knows_opd(definition):
        text = "suratnya ditandatangani kepala OPD: isi OPD yang menangani layanan ini"
        yield _fault(body, Address(Kind.GENERAL), "opd", text)


def _knows_opd(definition: ServiceDefinition) -> bool:
    handed = any(
        Effect.ASSIGN_OPD in action.effects for stage in definition.stages for action in stage.actions
    )
    return bool(definition.opd) or handed or any(c.opd for field in definition.fields for c in field.choices)


def _placed(body: Body, where: str, text: str) -> Fault:
    """Return a mistake of the checker with the part that it is about."""
    head, *rest = where.split(".")
    if head in ("fields", "requirements", "stages") and rest:
        address, rest = Address(_KIND_OF_LIST[head], rest[0]), rest[1:]
        if head == "stages" and len(rest) > 1 and rest[0] in ("actions", "opinions"):
            address, rest = Address(_KIND_OF_LIST[rest[0]], rest[1], address.name), rest[2:]
        return _fault(body, address, ".".join(rest), text)
    if head == "document":
        return _fault(body, Address(Kind.DOCUMENT), ".".join(rest), text)
    return _fault(body, Address(Kind.GENERAL), where, text)


def _fault(body: Body, address: Address, where: str, text: str) -> Fault:
    key = re.sub(r"\[.*", "", where)
    shown = label_of(address.kind, key) if key else ""
    place = " › ".join(each for each in (place_of(body, address), shown) if each)
    return Fault(address, key, place, _for_officials(text))


def _for_officials(text: str) -> str:
    """Return a sentence of the checker with the words of the forms for keys of files."""
    for key, words in _FORM_WORDS:
        text = text.replace(key, words)
    return text


def place_of(body: Body, address: Address) -> str:
    """Return where a part stands, in words: Tahap “Diperiksa loket” › Tindakan “Lengkap”."""
    own = KIND_WORDS[address.kind]
    if address.name:
        own = f"{own} “{_label(body, address)}”"
    if not address.stage:
        return own
    return f"{place_of(body, Address(Kind.STAGE, address.stage))} › {own}"


def _label(body: Body, address: Address) -> str:
    part = part_at(body, address)
    return str((part or {}).get("label") or address.name)


def _said(message: str) -> tuple[str, str]:
    """Return the key that msgspec names and what it says, in Indonesian with the remedy."""
    text, _at, place = message.rpartition(" - at `$")
    where = place.rstrip("`").lstrip(".") if text else ""
    text = text or message
    missing = re.search(r"missing required field `(\w+)`", text)
    if missing:
        return f"{where}.{missing[1]}".lstrip("."), "belum diisi"
    for pattern, words in _WORDS:
        found = re.search(pattern, text)
        if found:
            return where, found.expand(words)
    return where, text


_WORDS = (
    (r"length >= \d+", "belum diisi"),
    (r"length <= (\d+)", r"paling banyak \1"),
    (r"matching regex .*serial", "harus memuat {serial}"),
    (r"matching regex .*0-9\]\{3\}", "tiga angka, boleh dengan titik, seperti 500.3"),
    (r"matching regex", "belum dipilih, atau bukan huruf kecil dan angka"),
    (r"Invalid enum value ''", "belum dipilih"),
    (r"Invalid enum value (.*)", r"\1 tidak ada dalam daftar"),
    (r"unknown field `(\w+)`", r"kunci \1 tidak dikenal; hapus di naskah TOML"),
    (r"Expected `(?:int|float)[^`]*` >= (\S+)", r"paling sedikit \1"),
    (r"Expected `(?:int|float)[^`]*` > (\S+)", r"harus lebih dari \1"),
    (r"Expected `(?:int|float)[^`]*` <= (\S+)", r"paling banyak \1"),
    (r"Expected `int", "harus bilangan bulat"),
    (r"Expected `float", "harus angka"),
)


# What the checker calls by the keys of files, and what the forms call it.
_FORM_WORDS = (
    ("is_end = true", "centang “Tahap akhir”"),
    (" (is_end)", ""),
    ("is_signature = true", "centang “Tanda tangan”"),
    ("beri effects = ['issue-document']", "centang akibat “surat terbit”"),
    ("beri effects = ['reopen']", "centang akibat “berkas dibuka lagi”"),
    (" (only_if)", " (“Hanya bila”)"),
    ("isi roles", "pilih peran"),
    ("hapus clock dan is_pause", "kosongkan jamnya dan “Menunggu pemohon”"),
    ("isi choices bila kind choice atau choices", "isi pilihan bila jenisnya pilihan"),
    (" (opinions)", ""),
    ("bagian document", "bagian Surat"),
    ("taruh di rows", "centang pada “jawaban yang dicantumkan”"),
    ("hapus then", "kosongkan"),
)


def all_labels(body: Body) -> dict[str, str]:
    """Return what every part is called, by its id; for words about lists of ids."""
    found = {}
    for address in addresses(body):
        if address.name:
            found[address.name] = _label(body, address)
    for field in parts_of(body, "fields"):
        found |= {each["id"]: str(each.get("label")) for each in parts_of(field, "choices")}
    return found
