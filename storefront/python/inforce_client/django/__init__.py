"""A Django app: customers' records as a model, the endpoints that take answers, and a gate before the check-out.

It needs the extra ``inforce-client[django]``. ``INSTALLED_APPS`` names it; what it is told in ``settings.INFORCE``
stands in ``conf``, and how a shop takes it in, in the documentation ("Django").
"""
