"""Style sheet, script, icons and favicon: put together at start, served from memory under names that carry their hash.

One style sheet (Bootstrap's from its package, then ours) so that nothing of Bootstrap's is drawn before ours has
arrived; one sprite with only the icons in use; one script. No file of somebody else's lies in this repository.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, Response, abort, current_app, request
from flask_compress import Compress
from werkzeug.datastructures import Headers

from app.web.icons import package_file, sprite, used_icons
from app.web.rights import public

EXTENSION = "lotse.assets"
FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}
ROBOTS = "User-agent: *\nDisallow: /\n"

_DATA_IMAGE = re.compile(r"""[-\w]+:[^;{}"]*url\((?:"data:[^"]*"|data:[^)]*)\)(?:[^;{}"]|"data:[^"]*")*;?""")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/", re.S)
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.S)


class FileResponse(Response):
    """An answer that is the same for everybody, whatever extensions add when they have looked at the session."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Vary"] = "Accept-Encoding"
        headers.remove("Set-Cookie")
        return headers


@dataclass(frozen=True)
class Asset:
    """One file as it is sent; `path` is its name under /static/ with the hash in it."""

    path: str
    content_type: str
    body: bytes

    @property
    def tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:16]


def hashed(name: str, body: bytes) -> Asset:
    """Return the asset `name` ("lotse.css") under a name that changes with its content ("lotse.1f3a….css")."""
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{stem}.{digest}{dot}{suffix}", TYPES[dot + suffix], body)


@lru_cache(maxsize=64)
def squeezed(body: bytes, encoding: str) -> bytes:
    """Return `body` in `encoding` ("br", "gzip"); done once for each content, at the first request for it."""
    return brotli.compress(body, quality=10) if encoding == "br" else gzip.compress(body, 9, mtime=0)


def without_data_images(css: str) -> str:
    """Return `css` without declarations that draw a data: image, which our content policy refuses, and without its source map.

    Source: docs/decisions, "Looks". Our theme draws arrows and marks without images.
    """
    return _SOURCE_MAP.sub("", _DATA_IMAGE.sub("", css))


@cache
def stylesheet() -> str:
    """Return Bootstrap's style sheet from its package followed by ours."""
    bootstrap = package_file("css/bootstrap.min.css").read_text("utf-8")
    return without_data_images(bootstrap) + _COMMENT.sub("", (STATIC / "lotse.css").read_text("utf-8"))


class Assets:
    """All files for the browser, by name ("lotse.css") and by the path they are served under."""

    def __init__(self, templates: Path) -> None:
        self.icons = used_icons(templates)
        files = [
            ("lotse.css", stylesheet().encode()),
            ("lotse.js", (STATIC / "lotse.js").read_bytes()),
            ("icons.svg", sprite(self.icons).encode()),
            ("favicon.svg", (STATIC / "favicon.svg").read_bytes()),
            ("favicon.ico", (STATIC / "favicon.ico").read_bytes()),
        ]
        self.by_name = {name: hashed(name, body) for name, body in files}
        self.by_path = {asset.path: asset for asset in self.by_name.values()}


def assets() -> Assets:
    """Return the application's files; put together at the first call, when all rooms have named their icons."""
    made = current_app.extensions[EXTENSION]
    if made is None:
        templates = Path(current_app.root_path) / (current_app.template_folder or "templates")
        made = current_app.extensions[EXTENSION] = Assets(templates.resolve())
    return made


def asset_url(name: str) -> str:
    """Return the address of "lotse.css", "lotse.js", "icons.svg" or "favicon.svg"."""
    return f"/static/{assets().by_name[name].path}"


def icon_url(name: str) -> str:
    """Return the address of one icon in the sprite.

    Where the sprite lacks it (a name put together in code, see `icons.icon_name`) tests stop with LookupError.
    """
    if current_app.testing and name not in assets().icons:
        raise LookupError(f"icon “{name}” is not in the sprite: name it with app.web.icons.icon_name")
    return f"{asset_url('icons.svg')}#{name}"


def send(asset: Asset, cache: str) -> Response:
    """Answer with `asset` in the best encoding the browser takes; 304 where it has it already."""
    encoding = next((name for name in ("br", "gzip") if request.accept_encodings[name] > 0), None)
    response = FileResponse(squeezed(asset.body, encoding) if encoding else asset.body, content_type=asset.content_type)
    if encoding:
        response.content_encoding = encoding
    response.headers["Cache-Control"] = cache
    response.set_etag(f"{asset.tag}-{encoding or 'plain'}")
    response.make_conditional(request)
    return response


@public
def static_file(name: str) -> Response:
    """Answer one file by its hashed name."""
    return send(assets().by_path.get(name) or abort(404), FOREVER)


@public
def favicon() -> Response:
    """Answer the icon that browsers ask for by themselves."""
    return send(assets().by_name["favicon.ico"], A_DAY)


@public
def robots() -> Response:
    """Answer that nothing here is for search engines."""
    return send(Asset("robots.txt", "text/plain; charset=utf-8", ROBOTS.encode()), A_DAY)


def init_app(app: Flask) -> None:
    """Serve the files, offer `asset_url` and `icon_url` to templates, and compress pages on their way out.

    The application must be made with `static_folder=None`: nothing under /static/ comes from the disk by its own name.
    """
    app.extensions[EXTENSION] = None
    for rule, endpoint, view in (
        ("/static/<path:name>", "static", static_file),
        ("/favicon.ico", "favicon", favicon),
        ("/robots.txt", "robots", robots),
    ):
        app.add_url_rule(rule, endpoint, view)
    app.add_template_global(asset_url)
    app.add_template_global(icon_url)
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 1)  # 4 takes five times as long for an eighth less
    app.config.setdefault(
        "COMPRESS_MIMETYPES", ["text/html", "text/plain", "text/csv", "application/json", "image/svg+xml", "text/calendar"]
    )
    Compress(app)
