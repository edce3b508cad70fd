"""/files/ID: a download, never a page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, send_file

from app.db import db
from app.files.models import StoredFile
from app.files.queries import content_of
from app.web.rights import allow

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.get("/<int:file_id>")
@allow("files.read")
def download(file_id: int) -> Any:
    return as_download(db.get_or_404(StoredFile, file_id))


def as_download(file: StoredFile) -> Response:
    """Answer with the file as an attachment that no browser opens in our name; also for pages behind a personal link."""
    try:
        content = content_of(file)
    except FileNotFoundError:
        abort(404)
    answer = send_file(BytesIO(content), mimetype=file.content_type, as_attachment=True, download_name=file.name, max_age=0)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer
