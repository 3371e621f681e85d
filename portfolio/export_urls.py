from django.urls import path

from portfolio.views import exports

urlpatterns = [
    path("exports/", exports.export_list, name="export_list"),
    path("pupils/<int:pk>/exports/", exports.pupil_export_list, name="pupil_export_list"),
    path("exports/<int:pk>/", exports.export_detail, name="export_detail"),
    path("exports/<int:pk>/print/", exports.export_print, name="export_print"),
    path("exports/<int:pk>/pdf/", exports.export_pdf, name="export_pdf"),
    path("exports/<int:pk>/archive/", exports.export_archive, name="export_archive"),
    path("exports/<int:pk>/withdraw/", exports.export_withdraw, name="export_withdraw"),
    path("verify/", exports.verify, name="verify"),
    path("verify/<str:number>/", exports.verify_detail, name="verify_detail"),
]
