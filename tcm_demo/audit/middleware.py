"""Gives every request a number, which stands in its answer, in the log and on the trail."""

from uuid import uuid4

from django.http import HttpRequest

from tcm_demo.audit.origin import Origin, coming_from
from tcm_demo.lib.client_address import client_address

HEADER = "X-Request-ID"


class OriginMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        # Our own number: one that the client chose could be that of another request.
        request_id = uuid4().hex
        with coming_from(Origin(client_address(request) or "", request_id)):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
