"""X-Forwarded-For and -Proto, and a request's number, count only when a configured proxy sent them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

PROXIED = "lotse.proxied"  # in the environment of a request that a configured proxy sent


def only_from(networks: Iterable[str], plain: Any, fixed: Any) -> Any:
    """Return a WSGI application that takes `fixed` for requests from `networks`, else `plain`."""
    trusted = [ipaddress.ip_network(network, strict=False) for network in networks]

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            peer = ipaddress.ip_address(environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return plain(environ, start_response)
        if not any(peer in network for network in trusted):
            return plain(environ, start_response)
        environ[PROXIED] = True
        return fixed(environ, start_response)

    return application
