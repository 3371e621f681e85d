"""Many at once: what each of so many threads brings, all started together."""

import threading
from collections.abc import Callable

from django.db import close_old_connections, connection


def at_once(click: Callable[[int], object], number: int) -> list:
    """Results of `click(0)` … `click(number - 1)`, in the order in which they came."""
    ready, found = threading.Barrier(number), []

    def run(place: int) -> None:
        ready.wait()
        try:
            found.append(click(place))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
