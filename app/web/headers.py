"""The headers that every answer carries, error pages and files too.

Source: docs/decisions, "Looks"; the yardstick is OWASP ASVS 5.0 level 2. The preset is our own: the library's default
adds HSTS and upgrade-insecure-requests, which would lock people out of an installation on plain HTTP.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    CustomHeader,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    Server,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
SECRET_PATHS = ("/p/", "/feeds/")
NOT_USED = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media fullscreen gamepad geolocation "
    "gyroscope hid idle-detection magnetometer microphone midi payment picture-in-picture screen-wake-lock serial usb "
    "xr-spatial-tracking"
).split()
TWO_YEARS = 63_072_000
EXTENSION = "lotse.headers"


def policy() -> ContentSecurityPolicy:
    """Return the content policy: nothing but our own files, no inline script or style, no frames, no foreign form targets."""
    return (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .connect_src("'self'")
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
        .custom_directive("require-trusted-types-for", "'script'")
        .custom_directive("trusted-types", "'none'")
    )


def preset(*, tls: bool) -> dict[str, str]:
    """Return the headers for an installation reached over TLS, or over plain HTTP."""
    permissions = PermissionsPolicy()
    for feature in NOT_USED:
        permissions.add_directive(feature)
    chosen = Secure(
        csp=policy(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=permissions,
        referrer=ReferrerPolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(TWO_YEARS) if tls else None,
        server=Server().set("Lotse"),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        custom=[CustomHeader("X-Robots-Tag", "noindex, nofollow")],
    )
    return dict(chosen.headers)


def init_app(app: Flask) -> None:
    """Put the headers on every answer, and refuse methods that no page has, TRACE among them (405)."""
    app.extensions[EXTENSION] = preset(tls=app.extensions["lotse.config"].is_https)
    app.before_request(_refuse_odd_methods)
    app.after_request(_dress)
    app.wsgi_app = _Dressed(app.wsgi_app, app.extensions[EXTENSION])  # type: ignore[method-assign]


def _refuse_odd_methods() -> None:
    if request.method not in METHODS:
        abort(405, valid_methods=sorted(METHODS))


def _dress(response: Response) -> Response:
    """Keep what is personal out of every memory, and the addresses of personal links out of referrers."""
    if request.path.startswith(SECRET_PATHS):
        response.headers["Referrer-Policy"] = "no-referrer"
    if "public" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    return response


class _Dressed:
    """Adds the preset to what an answer carries already; a view may have set a stricter policy, such as `sandbox`.

    Around the application, where an answer's headers are a plain list: adding a dozen there costs next to nothing.
    """

    def __init__(self, inner: Any, headers: dict[str, str]) -> None:
        self.inner = inner
        self.headers = [(name.lower(), (name, value)) for name, value in headers.items()]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            there = {name.lower() for name, _value in headers}
            headers.extend(header for lower, header in self.headers if lower not in there)
            return start_response(status, headers, *rest)

        return self.inner(environ, start)
