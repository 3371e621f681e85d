from django.urls import path

from portfolio.views import progress

urlpatterns = [
    path("pupils/<int:pk>/completeness/", progress.completeness_detail, name="completeness_detail"),
    path("completeness/<int:pk>/", progress.completeness_class, name="completeness_class"),
    path("statistics/", progress.statistics_detail, name="statistics"),
    path("statistics/export/", progress.statistics_export, name="statistics_export"),
]
