"""The bill of materials (SPDX 2.3): every Debian package and every wheel in the image."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.parser import HeaderParser
from pathlib import Path
from typing import Any


def bill_of_materials(control: str, site: Path, *, name: str, namespace: str, epoch: int) -> str:
    """Return the bill as JSON.

    Args:
        control: The control parts of all Debian packages, as dpkg keeps them.
        site: Where the wheels are unpacked.
        name: Of the image.
        namespace: An address of its own for this bill.
        epoch: When it was made.
    """
    packages = [*_debian(control), *_wheels(site)]
    bill = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": namespace,
        "creationInfo": {
            "created": f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "creators": ["Tool: pontive image build"],
        },
        "packages": packages,
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": package["SPDXID"],
            }
            for package in packages
        ],
    }
    return json.dumps(bill, indent=1) + "\n"


def debian_versions(control: str) -> dict[str, str]:
    """Return name and version of every Debian package."""
    return {fields["Package"]: fields["Version"] for fields in _paragraphs(control)}


def _debian(control: str) -> Iterator[dict[str, Any]]:
    for fields in sorted(_paragraphs(control), key=lambda each: each["Package"]):
        package, version = fields["Package"], fields["Version"]
        found = _package(
            package, version, f"pkg:deb/debian/{package}@{version}?arch={fields['Architecture']}"
        )
        found["supplier"] = f"Organization: {fields.get('Maintainer', 'Debian')}"
        found["checksums"] = [{"algorithm": "SHA256", "checksumValue": fields["SHA256"]}]
        yield found


def _paragraphs(control: str) -> list[Mapping[str, str]]:
    parser = HeaderParser()
    return [dict(parser.parsestr(text).items()) for text in control.split("\n\n") if text.strip()]


def _wheels(site: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(site.glob("*.dist-info/METADATA")):
        fields = HeaderParser().parsestr(path.read_text("utf-8"))
        name, version = str(fields["Name"]), str(fields["Version"])
        yield _package(name, version, f"pkg:pypi/{name.lower()}@{version}")


def _package(name: str, version: str, locator: str) -> dict[str, Any]:
    kind = locator.partition("/")[0].removeprefix("pkg:")
    letters = "".join(letter if letter.isalnum() else "-" for letter in name)
    return {
        "SPDXID": f"SPDXRef-{kind}-{letters}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "filesAnalyzed": False,
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": locator,
            }
        ],
    }
