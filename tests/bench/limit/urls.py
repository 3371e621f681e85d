from django.urls import path

from tests.bench.limit import views

urlpatterns = [path("login/", views.login_form), path("list/", views.book_list)]
