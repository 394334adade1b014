"""The tracking code as a QR, drawn into the page. Pure."""

import io

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """Return a QR code of an address as SVG without styles of its own."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=True, nl=False, border=2, omitsize=True, title="QR"
    )
    # Made of squares alone: nothing of the address stands in it as text.
    return Markup(buffer.getvalue().decode())  # noqa: S704
