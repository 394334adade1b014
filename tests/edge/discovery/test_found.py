"""The two ways of finding put together."""

from edge.discovery.found import FoundCamera, together
from edge.discovery.port_scan import RtspServer
from edge.discovery.ws_discovery import OnvifCamera

GATE = OnvifCamera(
    "10.0.0.9", ("http://10.0.0.9/onvif", "javascript:alert(1)", "http://[bad"), "Gerbang", "X1"
)


def test_one_entry_an_address_in_the_order_of_addresses() -> None:
    roof = OnvifCamera("10.0.0.100", (), "Atap")
    servers = (
        RtspServer("10.0.0.9", 554, needs_login=True),
        RtspServer("10.0.0.20", 8554, needs_login=False),
    )
    assert together((roof, GATE), servers) == (
        FoundCamera(
            address="10.0.0.9",
            source="rtsp://10.0.0.9:554/",
            name="Gerbang",
            hardware="X1",
            services=("http://10.0.0.9/onvif",),
            needs_login=True,
        ),
        FoundCamera(address="10.0.0.20", source="rtsp://10.0.0.20:8554/", needs_login=False),
        FoundCamera(address="10.0.0.100", name="Atap"),
    )
