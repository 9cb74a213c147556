"""``path("policies/", include("inforce_client.django.urls"))``."""

from django.urls import path

from inforce_client.django import views

app_name = "inforce"
urlpatterns = [
    path("", views.asked, name="asked"),
    path("review", views.review, name="review"),
    path("records", views.records, name="records"),
]
