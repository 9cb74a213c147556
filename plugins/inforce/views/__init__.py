"""What each kind of page shows, as values for a template: the words are the template's, the facts are found here.

Every address in a view is relative to its page. Dates are instants with their own offset, as the ledger writes them.
"""

from inforce.views.clauses import clause
from inforce.views.histories import history
from inforce.views.parts import Content
from inforce.views.redlines import redline
from inforce.views.versions import ClauseView, current, version

__all__ = ["ClauseView", "Content", "clause", "current", "history", "redline", "version"]
