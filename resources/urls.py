from django.urls import path

from resources.views import (
    audience,
    availability,
    connections,
    desk,
    desk_administrators,
    desk_card,
    desk_closure,
    desk_credential,
    desk_credentials,
    desk_files,
    desk_requests,
    desk_tasks,
    documents,
    elements,
    library,
    logins,
    pool_answers,
    pool_giving,
    pools,
    privileges,
    programme_board,
    programme_desk,
    programmes,
    registry_files,
    requests,
    reviews,
    suggestions,
    sveden,
    sveden_desk,
    technology,
)

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    # Availability: before the cards, whose addresses would catch it
    path("elements/availability/", availability.availability_list, name="availability_list"),
    # Registry files and reviews: before cards, whose addresses they would be
    path("elements/export/<slug:kind>/", registry_files.element_export, name="element_export"),
    path("elements/import/", registry_files.element_import, name="element_import"),
    path("elements/import/<uuid:key>/", registry_files.element_import_preview, name="element_import_preview"),
    path("elements/reviews/", reviews.element_reviews, name="element_reviews"),
    path("elements/reviews/export/", reviews.element_reviews_export, name="element_reviews_export"),
    path("elements/<slug:slug>/connection/", connections.element_connection, name="element_connection"),
    path(
        "elements/<slug:slug>/connection/confirm/",
        connections.element_connection_confirm,
        name="element_connection_confirm",
    ),
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
    # Documents and who has read them
    path("programmes/", programmes.programme_list, name="programme_list"),
    path("programmes/mine/", programme_desk.programme_mine, name="programme_mine"),
    path("programmes/add/", programme_desk.programme_add, name="programme_add"),
    path("programmes/approve/", programme_desk.programme_approve, name="programme_approve"),
    path("programmes/board/", programme_board.programme_board, name="programme_board"),
    path("programmes/board/renew/", programme_board.programme_renew, name="programme_renew"),
    path("programmes/<int:pk>/", programmes.programme_detail, name="programme_detail"),
    path("programmes/<int:pk>/plan.xlsx", programmes.programme_plan_export, name="programme_plan_export"),
    path("programmes/<int:pk>/change/", programme_desk.programme_change, name="programme_change"),
    path("programmes/<int:pk>/plan/", programme_desk.programme_plan, name="programme_plan"),
    path("programmes/<int:pk>/submit/", programme_desk.programme_submit, name="programme_submit"),
    path("programmes/<int:pk>/consider/", programme_desk.programme_consider, name="programme_consider"),
    path("programmes/<int:pk>/agree/", programme_desk.programme_agree, name="programme_agree"),
    path("programmes/<int:pk>/send-back/", programme_desk.programme_send_back, name="programme_send_back"),
    path("programmes/<int:pk>/end/", programme_desk.programme_end, name="programme_end"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/editions/<int:number>/", documents.document_edition, name="document_edition"),
    path("documents/<int:pk>/acquaint/", documents.document_acquaint, name="document_acquaint"),
    path("documents/<int:pk>/readers/", documents.document_readers, name="document_readers"),
    # «Сведения об образовательной организации»
    path("sveden/", sveden.sveden_index, name="sveden_index"),
    path("sveden/board/", sveden_desk.sveden_board, name="sveden_board"),
    path("sveden/settings/", sveden_desk.sveden_settings, name="sveden_settings"),
    path("sveden/export/", sveden_desk.sveden_export, name="sveden_export"),
    path("sveden/board/<str:path>/", sveden_desk.sveden_edit, name="sveden_edit"),
    path("sveden/board/<str:path>/check/", sveden_desk.sveden_check, name="sveden_check"),
    path("sveden/board/<str:path>/<slug:block>/add/", sveden_desk.sveden_row_add, name="sveden_row_add"),
    path("sveden/board/<str:path>/<slug:block>/none/", sveden_desk.sveden_none, name="sveden_none"),
    path("sveden/board/<str:path>/<slug:block>/fill/", sveden_desk.sveden_fill, name="sveden_fill"),
    path("sveden/board/<str:path>/<slug:block>/<int:row>/", sveden_desk.sveden_row, name="sveden_row"),
    path(
        "sveden/board/<str:path>/<slug:block>/<int:row>/remove/",
        sveden_desk.sveden_row_remove,
        name="sveden_row_remove",
    ),
    path("sveden/<str:path>/", sveden.sveden_section, name="sveden_section"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/tasks/", desk_tasks.desk_task_list, name="desk_task_list"),
    # Reviews and connections at the desk
    path("desk/reviews/", reviews.desk_reviews, name="desk_reviews"),
    path("desk/<slug:slug>/review/", reviews.desk_review, name="desk_review"),
    path("desk/<slug:slug>/connection/", connections.desk_connection, name="desk_connection"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Requests and suggestions
    path("elements/<slug:slug>/ask/", requests.element_ask, name="element_ask"),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/class/", requests.request_class, name="request_class"),
    path("requests/class/confirm/", requests.request_class_confirm, name="request_class_confirm"),
    path("requests/<int:pk>/withdraw/", requests.request_withdraw, name="request_withdraw"),
    path("desk/<slug:slug>/requests/", desk_requests.desk_requests, name="desk_requests"),
    path("desk/<slug:slug>/requests/pool/", desk_requests.desk_requests_pool, name="desk_requests_pool"),
    path("desk/<slug:slug>/requests/generate/", desk_requests.desk_requests_generate, name="desk_requests_generate"),
    path("desk/<slug:slug>/requests/open/", desk_requests.desk_requests_open, name="desk_requests_open"),
    path("desk/<slug:slug>/requests/decline/", desk_requests.desk_requests_decline, name="desk_requests_decline"),
    path("desk/<slug:slug>/requests/<int:pk>/", desk_requests.desk_request, name="desk_request"),
    path(
        "desk/<slug:slug>/requests/<int:pk>/confirm/", desk_requests.desk_request_confirm, name="desk_request_confirm"
    ),
    path(
        "desk/<slug:slug>/requests/<int:pk>/decline/", desk_requests.desk_request_decline, name="desk_request_decline"
    ),
    path("desk/<slug:slug>/requests/<int:pk>/revoke/", desk_requests.desk_request_revoke, name="desk_request_revoke"),
    path("desk/<slug:slug>/suggestions/", suggestions.desk_suggestions, name="desk_suggestions"),
    path("suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path("suggestions/add/", suggestions.suggestion_add, name="suggestion_add"),
    path("suggestions/inbox/", suggestions.suggestion_inbox, name="suggestion_inbox"),
    path("suggestions/<int:pk>/", suggestions.suggestion_detail, name="suggestion_detail"),
    path("suggestions/<int:pk>/answer/", suggestions.suggestion_answer, name="suggestion_answer"),
    # Logins and passwords at platforms: the owner's side
    path("cabinet/logins/", logins.login_list, name="login_list"),
    path("cabinet/logins/add/", logins.login_add, name="login_add"),
    path("cabinet/logins/<int:pk>/reveal/", logins.login_reveal, name="login_reveal"),
    path("cabinet/logins/<int:pk>/change/", logins.login_change, name="login_change"),
    path("cabinet/logins/<int:pk>/delete/", logins.login_delete, name="login_delete"),
    path("link/platform/", logins.credential_link, name="credential_link"),
    path("classes/<int:pk>/platforms/", desk_tasks.class_logins, name="class_logins"),
    # Logins and passwords at platforms: the desk
    path("desk/<slug:slug>/credentials/", desk_credentials.desk_credentials, name="desk_credentials"),
    path(
        "desk/<slug:slug>/credentials/export/", desk_credentials.desk_credentials_export, name="desk_credentials_export"
    ),
    path("desk/<slug:slug>/credentials/issue/", desk_credentials.desk_credentials_issue, name="desk_credentials_issue"),
    path("desk/<slug:slug>/credentials/slips/", desk_credentials.desk_credentials_slips, name="desk_credentials_slips"),
    path("desk/<slug:slug>/credentials/<int:pk>/", desk_credential.desk_credential, name="desk_credential"),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/reissue/",
        desk_credential.desk_credential_reissue,
        name="desk_credential_reissue",
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/term/", desk_credential.desk_credential_term, name="desk_credential_term"
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/revoke/",
        desk_credential.desk_credential_revoke,
        name="desk_credential_revoke",
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/link/", desk_credential.desk_credential_link, name="desk_credential_link"
    ),
    path("desk/<slug:slug>/tasks/", desk_tasks.desk_tasks, name="desk_tasks"),
    path("desk/<slug:slug>/tasks/close/", desk_tasks.desk_tasks_close, name="desk_tasks_close"),
    # Files inside a card
    path("desk/<slug:slug>/files/", desk_files.desk_files, name="desk_files"),
    path("desk/<slug:slug>/files/<int:pk>/remove/", desk_files.desk_file_remove, name="desk_file_remove"),
    path("desk/<slug:slug>/card/", desk_card.desk_card, name="desk_card"),
    path("desk/<slug:slug>/parts/add/", desk_card.desk_part_add, name="desk_part_add"),
    path("desk/<slug:slug>/parts/<int:pk>/<str:way>/", desk_card.desk_part_move, name="desk_part_move"),
    path("desk/<slug:slug>/closure/", desk_closure.desk_closure, name="desk_closure"),
    path("desk/<slug:slug>/closure/change/", desk_closure.desk_closure_change, name="desk_closure_change"),
    path("desk/<slug:slug>/acts/", desk_closure.desk_acts, name="desk_acts"),
    path("desk/<slug:slug>/conditions/add/", desk_closure.desk_condition_add, name="desk_condition_add"),
    path(
        "desk/<slug:slug>/conditions/<int:pk>/remove/", desk_closure.desk_condition_remove, name="desk_condition_remove"
    ),
    path("desk/<slug:slug>/administrators/", desk_administrators.desk_administrators, name="desk_administrators"),
    path(
        "desk/<slug:slug>/administrators/<int:pk>/add/",
        desk_administrators.desk_administrator_add,
        name="desk_administrator_add",
    ),
    path(
        "desk/<slug:slug>/administrators/<int:pk>/remove/",
        desk_administrators.desk_administrator_remove,
        name="desk_administrator_remove",
    ),
    path("desk/<slug:slug>/history/", desk.desk_history, name="desk_history"),
    # Privileges, who can open what, and why
    path("desk/<slug:slug>/privileges/", privileges.desk_privileges, name="desk_privileges"),
    path("desk/<slug:slug>/privileges/grant/", privileges.desk_privilege_grant, name="desk_privilege_grant"),
    path("desk/<slug:slug>/privileges/confirm/", privileges.desk_privilege_confirm, name="desk_privilege_confirm"),
    path(
        "desk/<slug:slug>/privileges/<int:pk>/extend/", privileges.desk_privilege_extend, name="desk_privilege_extend"
    ),
    path(
        "desk/<slug:slug>/privileges/<int:pk>/revoke/", privileges.desk_privilege_revoke, name="desk_privilege_revoke"
    ),
    path("desk/<slug:slug>/who/", audience.desk_who, name="desk_who"),
    path("desk/<slug:slug>/who/export/", audience.desk_who_export, name="desk_who_export"),
    path("desk/<slug:slug>/who/<int:pk>/", audience.desk_why, name="desk_why"),
    path("why/", audience.why, name="why"),
    path("desk/<slug:slug>/availability/", availability.desk_availability, name="desk_availability"),
    # The technological passport
    path("technology/", technology.technology_list, name="technology_list"),
    path("technology/add/", technology.technology_add, name="technology_add"),
    path("technology/export/", technology.technology_export, name="technology_export"),
    path("technology/<int:pk>/", technology.technology_detail, name="technology_detail"),
    path("technology/<int:pk>/change/", technology.technology_change, name="technology_change"),
    path("technology/<int:pk>/sign/", technology.technology_sign, name="technology_sign"),
]
