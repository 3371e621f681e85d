"""A mail server for tests on a free port of this machine; it answers as told and keeps what it has accepted."""

import socketserver
import threading
from contextlib import contextmanager

ACCEPT, DROP = "250 Ok", "drop"


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` are for the letters in the order they come (then `ACCEPT`): a reply to RCPT, or `DROP`, which takes the
    letter and breaks the line before saying so."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, *answers: str):
        self.answers, self.accepted, self.connections = list(answers), [], 0
        super().__init__(("127.0.0.1", 0), _Session)

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.connections += 1
        self.answer, self.recipient = ACCEPT, ""
        self._say("220 localhost")
        for line in self.rfile:
            if not self._obey(line.decode().strip()):
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _obey(self, line: str) -> bool:
        """Carries out one command; False ends the conversation."""
        verb = line.split(":")[0].split()[0].upper()
        if verb == "DATA":
            return self._take()
        if verb == "RCPT":
            self.answer = self.server.answers.pop(0) if self.server.answers else ACCEPT
            self.recipient = line.split("<")[1].split(">")[0]
            self._say(ACCEPT if self.answer == DROP else self.answer)
            return not self.answer.startswith("421")
        self._say("221 Bye" if verb == "QUIT" else ACCEPT)
        return verb != "QUIT"

    def _take(self) -> bool:
        self._say("354 Go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.accepted.append((self.recipient, b"".join(lines).decode()))
        if self.answer == DROP:
            return False
        self._say(ACCEPT)
        return True


@contextmanager
def serving(settings, *answers: str):
    """The server, with the portal's settings pointing at it."""
    with MailServer(*answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server
        server.shutdown()
