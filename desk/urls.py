"""Addresses of desk: the rep's pages, the queue and its neighbours, and settings that stand on leads."""

from desk import urls_ops, urls_rep, urls_settings

app_name = "desk"
urlpatterns = [*urls_rep.urlpatterns, *urls_ops.urlpatterns, *urls_settings.urlpatterns]
