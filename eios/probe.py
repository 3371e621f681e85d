"""Is the portal's process up? `python -m eios.probe` asks it from the inside, as the container's health check does."""

import http.client
import os
import sys

SECONDS = 4


def answers(bind: str, host: str) -> bool:
    """Whether /healthz at the port of `bind` (host:port) says 200 to a visitor who asks for `host`."""
    connection = http.client.HTTPConnection("127.0.0.1", int(bind.rpartition(":")[2]), timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    first_host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    sys.exit(not answers(os.environ.get("BIND", "127.0.0.1:8000"), first_host))
