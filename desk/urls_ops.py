"""Addresses of the queue, companies, campaigns and search."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
