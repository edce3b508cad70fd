"""Pictures of pages and of photographs, never larger than a screen shows."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from PIL import Image

from .document import MOST_PAGES, Unreadable
from .pdf import opened

MOST_PIXELS = 100_000_000
WIDEST = 2_000
HIGHEST = 3_000


def count(content: bytes) -> int:
    """Return how many pages of a PDF can be shown."""
    paper = opened(content)
    try:
        return min(len(paper), MOST_PAGES)
    finally:
        paper.close()


def of_page(content: bytes, number: int, width: int) -> bytes:
    """Return page `number` (from 1) of a PDF as PNG, `width` pixels wide at most."""
    paper = opened(content)
    try:
        if not 1 <= number <= min(len(paper), MOST_PAGES):
            raise Unreadable("no_page")
        page = paper[number - 1]
        across, down = page.get_size()
        if not (across > 0 and down > 0):
            raise Unreadable("damaged")
        scale = min(min(width, WIDEST) / across, HIGHEST / down)
        return _png(page.render(scale=scale, may_draw_forms=False).to_pil())
    finally:
        paper.close()


def of_picture(content: bytes, width: int) -> bytes:
    """Return a JPEG or PNG as a PNG without anything that the camera wrote into it."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture: Any = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        wide = min(width, WIDEST)
        picture.draft("RGB", (wide, HIGHEST))
        turned = picture.getexif().get(274, 1)
        picture.thumbnail((max(wide, 1), HIGHEST))
    except MemoryError:
        raise
    except Exception:  # Pillow answers a broken picture with whatever it stumbles over
        raise Unreadable("damaged") from None
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    return _png(picture.transpose(turns[turned]) if turned in turns else picture)


def _png(picture: Any) -> bytes:
    if picture.mode not in ("RGB", "L", "RGBA", "1"):
        picture = picture.convert("RGB")
    out = BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()
