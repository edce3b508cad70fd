"""Turning a view's answer into a page."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.web.forms import BaseForm


def page(template: str, form: BaseForm | None = None, **context: Any) -> Any:
    """Render the template; a form that was refused makes the status 422, and keeps all that was typed."""
    status = 422 if form is not None and form.has_errors else 200
    return render_template(template, form=form, **context), status
