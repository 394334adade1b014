"""Security headers on every answer, error pages included."""

from flask import Flask, Response, request

from hub.config import WebSettings

# Nothing from elsewhere, nothing inline: a text that slipped through unescaped could not run.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# The pages that ask where the phone is: an office's code was scanned with it, or a complaint begins "here".
_MAY_ASK_PLACE = frozenset({"phone_workplace.scanned", "report.form", "report.send"})


def install_headers(app: Flask, settings: WebSettings, *, images_from: str = "", speaks_to: str = "") -> None:
    """Add the headers to each answer.

    Args:
        app: The application.
        settings: Whether it is behind TLS.
        images_from: An origin besides our own that pictures may come from: a server of map tiles.
        speaks_to: An origin besides our own that pages may ask: a media server.
    """
    policy = CONTENT_SECURITY_POLICY
    if images_from:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {images_from}")
    if speaks_to:
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {speaks_to}")
    headers = _HEADERS | {"Content-Security-Policy": policy}

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if request.endpoint in _MAY_ASK_PLACE:
            response.headers["Permissions-Policy"] = _HEADERS["Permissions-Policy"].replace(
                "geolocation=()", "geolocation=(self)"
            )
        if settings.is_behind_tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
