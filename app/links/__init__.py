"""Personal links for people without a login: one mechanism for all of them.

The database keeps only the hash of a token; the token itself is worked out anew for each letter (docs/decisions,
"Personal links").
"""

from app.links.actions import issue, issue_all, revoke, revoke_all, url_of, use
from app.links.purposes import register
from app.links.queries import find

__all__ = ["find", "issue", "issue_all", "register", "revoke", "revoke_all", "url_of", "use"]
