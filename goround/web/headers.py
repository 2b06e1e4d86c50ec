"""What every answer says about itself to the browser, pages and files and refusals alike."""

from __future__ import annotations

from typing import Protocol

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page may ask where it is (to find a place near) and for a passkey; nothing else of a device.
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{name}=(self)" for name in ("geolocation", "clipboard-write")),
        *(
            f"{name}=(self)"
            for name in ("publickey-credentials-create", "publickey-credentials-get")
        ),
        *(
            f"{name}=()"
            for name in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
                "encrypted-media", "fullscreen", "gyroscope", "magnetometer", "microphone",
                "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb",
                "xr-spatial-tracking",
            )
        ),
    ]
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STATIC = "/static/"


class Headers(Protocol):
    def setdefault(self, key: str, value: str) -> object: ...


def put_on(headers: Headers, *, path: str) -> None:
    """Add what the answer does not say itself. No page stays in a shared device's cache."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith(STATIC):
        headers.setdefault("Cache-Control", "no-store")
