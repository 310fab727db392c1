"""Addresses of the cold chain, under /day-chuyen-lanh/."""

from django.urls import path

from tramyte.station.cold_chain import views

urlpatterns = [
    path("", views.cold_chain, name="cold-chain"),
    path("thiet-bi/<uuid:id>/", views.month, name="cold-chain-month"),
    path("thiet-bi/<uuid:id>/thang.pdf", views.month_print, name="cold-chain-print"),
    path("ngoai-khoang/<uuid:id>/", views.excursion, name="excursion"),
    path("quy-dinh/", views.rule, name="cold-chain-rule"),
]
