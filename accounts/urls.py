from django.urls import path

from accounts.views import agreement

app_name = "accounts"
urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
]
