from django.urls import path

from resources.views import desk, elements, library, pool_answers, pool_giving, pools

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # Libraries and their pools of pseudonymous accounts
    path("library/", library.library, name="library"),
    path("desk/<slug:slug>/library/", library.desk_library, name="desk_library"),
    path("desk/<slug:slug>/pools/", pools.desk_pools, name="desk_pools"),
    path("desk/<slug:slug>/pools/add/", pools.pool_add, name="pool_add"),
    path("desk/<slug:slug>/pools/give/", pool_giving.pool_give, name="pool_give"),
    path("desk/<slug:slug>/pools/<int:pk>/", pools.pool_detail, name="pool_detail"),
    path("desk/<slug:slug>/pools/<int:pk>/columns/", pools.pool_columns, name="pool_columns"),
    path("desk/<slug:slug>/pools/<int:pk>/export/", pools.pool_export, name="pool_export"),
    path("desk/<slug:slug>/pools/<int:pk>/answer/", pool_answers.pool_answer, name="pool_answer"),
    path(
        "desk/<slug:slug>/pools/<int:pk>/answer/confirm/", pool_answers.pool_answer_confirm, name="pool_answer_confirm"
    ),
    path(
        "desk/<slug:slug>/pools/<int:pk>/answer/columns/", pool_answers.pool_answer_columns, name="pool_answer_columns"
    ),
    path(
        "desk/<slug:slug>/pools/<int:pk>/answers/<int:answer>/", pool_answers.pool_answer_file, name="pool_answer_file"
    ),
    path("desk/<slug:slug>/accounts/<int:pk>/", pools.pool_account, name="pool_account"),
    path("desk/<slug:slug>/accounts/<int:pk>/return/", pools.pool_account_return, name="pool_account_return"),
    path("desk/<slug:slug>/accounts/<int:pk>/free/", pools.pool_account_free, name="pool_account_free"),
    path("desk/<slug:slug>/accounts/<int:pk>/close/", pools.pool_account_close, name="pool_account_close"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
]
