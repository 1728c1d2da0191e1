"""What gunicorn serves in test_slow_clients: how many bytes of a request came. With little patience."""

from tcm_demo import slow_clients

slow_clients.COMES_WITHIN, slow_clients.WINDOW, slow_clients.LEAST = 1.5, 1.0, 4096


def application(environ, start_response):
    try:
        told = str(len(environ["wsgi.input"].read()))
    except OSError as error:
        told = type(error).__name__
    start_response("200 OK", [("Content-Length", str(len(told)))])
    return [told.encode()]
