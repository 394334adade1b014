"""How a network camera codes its stream: read, judged, and put right by ONVIF where the camera lets us."""
