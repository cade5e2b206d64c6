"""Takes webhooks as their reference library verifies them, on a free port of loopback. It says the port on its
first line, then each event that it took."""

import http.server
import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(sys.argv[1])


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError as error:
            return self.answer(400, str(error))
        print(json.dumps({"id": self.headers["webhook-id"], "event": event}), flush=True)
        self.answer(200, "ok")

    def answer(self, status, words):
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
