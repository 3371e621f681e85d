from django.urls import path

from portfolio.views import points, rating

urlpatterns = [
    path("rating/", rating.rating_list, name="rating"),
    path("rating/export/", rating.rating_export, name="rating_export"),
    path("rating/pupils/<int:pk>/", rating.rating_pupil, name="rating_pupil"),
    path("points/", points.points_detail, name="points_detail"),
    path("points/change/", points.points_change, name="points_change"),
    path("points/export/", points.points_export, name="points_export"),
]
