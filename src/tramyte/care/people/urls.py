"""Addresses of people, under /nguoi-dan/."""

from django.urls import path

from tramyte.care.people import (
    change_views,
    duplicate_views,
    entry_views,
    insurance_views,
    looks,
    renewal_views,
    stay_views,
    views,
    visit_views,
)

urlpatterns = [
    path("", views.landing, name="people"),
    path("moi/", entry_views.person_new, name="person-new"),
    path("trung/", entry_views.duplicates, name="person-duplicates"),
    path("nghi-trung/", duplicate_views.pairs, name="duplicate-pairs"),
    path("nghi-trung/tim/", duplicate_views.search, name="duplicate-search"),
    path("nghi-trung/<uuid:id>/khac/", duplicate_views.dismiss, name="duplicate-dismiss"),
    path("tach/<uuid:id>/", duplicate_views.unmerge, name="persons-unmerge"),
    path("<uuid:id>/gop/<uuid:other>/", duplicate_views.merge, name="persons-merge"),
    path("bhyt/", renewal_views.renewals, name="insurance"),
    path("bhyt/danh-sach/", insurance_views.insurance_lists, name="insurance-lists"),
    path("bhyt/danh-sach/<uuid:id>/", insurance_views.insurance_list, name="insurance-list"),
    path("bien-dong/", change_views.population_changes, name="population-changes"),
    path("ho/<uuid:id>/", views.household, name="household"),
    path("ho/<uuid:id>/tham-ho/", visit_views.household_visit, name="household-visit"),
    path("ho/<uuid:id>/tham-ho/<slug:act>/", visit_views.household_act, name="household-act"),
    path("ho/<uuid:id>/them/", entry_views.household_add, name="household-add"),
    path("<uuid:id>/", views.person, name="person"),
    path("<uuid:id>/ai-da-xem/", looks.looked, name="person-looks"),
    path("<uuid:id>/ghim/", entry_views.person_pin, name="person-pin"),
    path("<uuid:id>/sua/", entry_views.person_edit, name="person-edit"),
    path("<uuid:id>/gia-han/", entry_views.coverage_renew, name="coverage-renew"),
    path("<uuid:id>/the/<uuid:card>/bo/", entry_views.coverage_undo, name="coverage-undo"),
    path("<uuid:id>/so/<uuid:number>/", views.number_shown, name="number-shown"),
    path("<uuid:id>/dien-thoai/", views.phone_shown, name="phone-shown"),
    path("<uuid:id>/giay-to/", entry_views.number_new, name="number-new"),
    path("<uuid:id>/cu-tru/", entry_views.residence_new, name="residence-new"),
    path("<uuid:id>/cu-tru/<uuid:residence>/ket-thuc/", entry_views.residence_end, name="residence-end"),
    path("<uuid:id>/cu-tru/<uuid:residence>/ghi-nham/", stay_views.residence_mistake, name="residence-mistake"),
    path("<uuid:id>/mat/", entry_views.death, name="death"),
    path("<uuid:id>/ho-so/", entry_views.record_entry, name="record-entry"),
]
