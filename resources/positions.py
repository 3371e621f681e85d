"""Elements of level 5 that open by being appointed or authorised, without a privilege row: slug → positions."""

# Whoever administers some element, which is no position but opens doors like one.
ELEMENT_ADMINISTRATOR = "element_administrator"

OPENED_BY_POSITION = {
    "desk": frozenset({ELEMENT_ADMINISTRATOR, "system_administrator"}),
    "credentials": frozenset({"credentials_officer", "system_administrator"}),
    "incidents": frozenset(
        {"system_administrator", "credentials_officer", "class_teacher", "director", "deputy", "deputy_upbringing"}
    ),
    "audit": frozenset({"system_administrator"}),
    "installation": frozenset({"system_administrator"}),
}
