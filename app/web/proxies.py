"""X-Forwarded-For and -Proto count only when a configured proxy sent them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any


def only_from(networks: Iterable[str], plain: Any, fixed: Any) -> Any:
    """Return a WSGI application that takes `fixed` for requests from `networks`, else `plain`."""
    trusted = [ipaddress.ip_network(network, strict=False) for network in networks]

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            peer = ipaddress.ip_address(environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return plain(environ, start_response)
        return (fixed if any(peer in network for network in trusted) else plain)(environ, start_response)

    return application
