"""All addresses."""

from django.contrib.auth import views as auth
from django.urls import include, path

from tramyte.web.pages import search, views

handler400 = "tramyte.web.pages.views.bad_request"
handler403 = "tramyte.web.pages.views.forbidden"
handler404 = "tramyte.web.pages.views.missing"
handler500 = "tramyte.web.pages.views.broken"

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", views.SignIn.as_view(), name="login"),
    path("dang-xuat/", auth.LogoutView.as_view(), name="logout"),
    path("mat-khau/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("mat-khau/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("song/", views.health, name="health"),
    path("nguoi-dan/", include("tramyte.care.people.urls")),
    path("tim/", search.search, name="search"),
    path("so/", include("tramyte.engine.registers.urls")),
    path("chi-dao/", include("tramyte.governance.directives.urls")),
    path("nhiem-vu/", include("tramyte.governance.tasks.urls")),
    path("chi-tieu/", include("tramyte.governance.targets.urls")),
]
