"""Run on the tried machine by its own Python: a citizen complains with a photo, as a browser would do it.

Prints ``filed`` when the receipt is there; anything else is what went wrong.
"""

import http.cookiejar
import io
import re
import secrets
import ssl
import sys
import urllib.error
import urllib.request

from PIL import Image

HUB = "https://127.0.0.1"


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer that is looked at."""

    def redirect_request(self, *_given: object) -> None:
        return None


def main(authority: str) -> None:
    """File one complaint at the screens of this machine, whose certificate ``authority`` signed."""
    context = ssl.create_default_context(cafile=authority)
    browser = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        _Stay,
    )
    page = browser.open(f"{HUB}/lapor", timeout=60).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None, page
    photo = io.BytesIO()
    # Of each call another one: equal photos would be one file of the hub.
    size = (1600, 1200)
    Image.frombytes("L", size, secrets.token_bytes(size[0] * size[1])).convert("RGB").save(photo, "JPEG")
    fields = {
        "csrf_token": token[1],
        "category": "jalan",
        "text": "Lubang besar di tengah jalan. Motor sering jatuh.",
        "latitude": "0.000000",
        "longitude": "109.322000",
        "tetap": "ya",
    }
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="berkas-foto"; filename="a.jpg"\r\n'
    body = b"".join(parts) + f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo.getvalue()
    request = urllib.request.Request(
        f"{HUB}/lapor",
        data=body + f"\r\n--{edge}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={edge}", "Referer": f"{HUB}/lapor"},
    )
    try:
        browser.open(request, timeout=120)
    except urllib.error.HTTPError as answer:
        place = answer.headers.get("Location", "")
        print("filed" if place.startswith("/tanda-terima/") else f"{answer.code} {place}")
        return
    print("the form came back")


if __name__ == "__main__":
    main(sys.argv[1])
