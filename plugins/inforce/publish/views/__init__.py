"""What each kind of page shows, as values for a template: the words are the template's, the facts are found here.

Every address in a view is relative to its page. Dates are instants with their own offset, as the ledger writes them.
"""

from inforce.publish.views.clause import clause
from inforce.publish.views.history import history
from inforce.publish.views.parts import Content
from inforce.publish.views.redline import redline
from inforce.publish.views.version import ClauseView, current, version

__all__ = ["ClauseView", "Content", "clause", "current", "history", "redline", "version"]
