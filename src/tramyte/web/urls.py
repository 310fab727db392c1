"""All addresses."""

from django.contrib.auth import views as auth
from django.urls import include, path

from tramyte.web.pages import (
    account,
    account_step,
    first_run,
    guide,
    home,
    overview,
    place_changes,
    places,
    search,
    sign_in,
    sign_in_rules,
    system,
    users,
    views,
)

handler400 = "tramyte.web.pages.views.bad_request"
handler403 = "tramyte.web.pages.views.forbidden"
handler404 = "tramyte.web.pages.views.missing"
handler500 = "tramyte.web.pages.views.broken"

urlpatterns = [
    path("", home.home, name="home"),
    path("tinh-lai/", home.renew, name="home-renew"),
    path("dieu-hanh/", overview.overview, name="overview"),
    path("dieu-hanh/trang-a4.pdf", overview.print_page, name="overview-print"),
    path("dang-nhap/", sign_in.SignIn.as_view(), name="login"),
    path("dang-nhap/ma/", sign_in.second, name="login-step"),
    path("dang-xuat/", sign_in.SignOut.as_view(), name="logout"),
    path("mat-khau/", account.ChangePassword.as_view(), name="password_change"),
    path("mat-khau/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/xac-nhan/", account.prove, name="account-prove"),
    path("tai-khoan/buoc-hai/", account_step.set_up, name="account-step"),
    path("tai-khoan/buoc-hai/tat/", account_step.turn_off, name="account-step-off"),
    path("tai-khoan/ma-khoi-phuc/", account_step.codes, name="account-codes"),
    path("tai-khoan/phien/", account.end_sessions, name="account-sessions"),
    path("song/", views.health, name="health"),
    path("he-thong/", system.system, name="system"),
    path("he-thong/nhat-ky/", system.audit, name="system-audit"),
    path("he-thong/nhat-ky/kiem-tra/", system.verify, name="system-verify"),
    path("he-thong/viec/", system.jobs, name="system-jobs"),
    path("he-thong/viec/<uuid:id>/", system.job, name="job"),
    path("he-thong/tai-khoan/", users.users, name="system-users"),
    path("he-thong/tai-khoan/moi/", users.new, name="system-user-new"),
    path("he-thong/tai-khoan/<uuid:id>/", users.user, name="system-user"),
    path("he-thong/tai-khoan/<uuid:id>/lam/", users.act, name="system-user-act"),
    path("he-thong/dang-nhap/", sign_in_rules.rules, name="system-sign-in"),
    path("he-thong/dia-ban/", places.listing, name="system-places"),
    path("he-thong/dia-ban/thay-doi/", place_changes.listing, name="system-place-changes"),
    path("he-thong/dia-ban/thay-doi/<uuid:id>/hoan-tac/", place_changes.undo, name="system-place-undo"),
    path("he-thong/dia-ban/thon/<uuid:id>/sap-xep/", place_changes.arrange, name="system-hamlet-arrange"),
    path("he-thong/dia-ban/<slug:which>/moi/", places.new, name="system-place-new"),
    path("he-thong/dia-ban/<slug:which>/tep/", places.load, name="system-places-load"),
    path("he-thong/dia-ban/<slug:which>/mau.xlsx", places.template, name="system-places-template"),
    path("he-thong/dia-ban/<slug:which>/<uuid:id>/", places.edit, name="system-place"),
    path("bat-dau/", first_run.first_run, name="first-run"),
    path("huong-dan/", guide.contents, name="guide"),
    path("huong-dan/<slug:slug>/", guide.page, name="guide-page"),
    path("huong-dan/<slug:slug>/hinh.png", guide.picture, name="guide-picture"),
    path("nguoi-dan/", include("tramyte.care.people.urls")),
    path("nguoi-dan/", include("tramyte.care.consent.urls")),
    path("nguoi-dan/", include("tramyte.care.health_record.urls")),
    path("tim/", search.search, name="search"),
    path("so/", include("tramyte.engine.registers.urls")),
    path("api/v1/", include("tramyte.web.api.urls")),
    path("chi-dao/", include("tramyte.governance.directives.urls")),
    path("nhiem-vu/", include("tramyte.governance.tasks.urls")),
    path("chi-tieu/", include("tramyte.governance.targets.urls")),
    path("bao-cao/", include("tramyte.governance.reports.urls")),
]
