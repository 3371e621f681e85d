"""Why a file is not taken."""


class FileRefused(ValueError):
    """A sentence in Russian for the one who gives the file: what is wrong and what to do."""


DAMAGED = "Файл повреждён или загружен не до конца. Откройте его у себя, сохраните заново и попробуйте ещё раз."


def damaged() -> FileRefused:
    return FileRefused(DAMAGED)
