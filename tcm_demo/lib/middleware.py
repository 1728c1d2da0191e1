"""What holds for every request, whoever asks."""

from django.http import Http404, HttpRequest


class NoNulMiddleware:
    """No address holds a NUL: nothing of ours is named so, and PostgreSQL takes none, not even to look for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
