"""Addresses of immunization, under /tiem-chung/."""

from django.urls import path

from tramyte.care.immunization import due_views, views

urlpatterns = [
    path("", due_views.due, name="immunization"),
    path("thiet-lap/", views.programme, name="immunization-programme"),
    path("thiet-lap/<uuid:id>/bo/", views.activation_cancel, name="activation-cancel"),
    path("san-pham/", views.products, name="vaccine-products"),
    path("lo/<uuid:id>/", views.lot, name="vaccine-lot"),
    path("phieu/<uuid:id>/", views.card, name="immunization-card"),
    path("phieu/<uuid:id>/phieu.pdf", views.card_print, name="immunization-card-print"),
]
