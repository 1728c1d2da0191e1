"""Uploads by the tus protocol, through Django's test client: as the script of the pages does it, or worse."""

import base64
import json
from pathlib import Path

from django.conf import settings
from django.test import Client

from assessments.models import Upload
from assessments.uploads import parts
from indicators.models import EvidenceRequirement
from tests.world import World

BYTES = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}
HERE = "/c/A/uploads/"


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def key(code: str) -> str:
    return str(EvidenceRequirement.everyone.get(code=code).pk)


def metadata(**values) -> str:
    return ",".join(f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in values.items())


def begin(client: Client, size: int, name: str = "资金文件.pdf", *, to: str = HERE, requirement="1-1", **more):
    """The answer to the first request."""
    values = {"filename": name} | ({"requirement": key(requirement)} if requirement else {}) | more
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata(**values)}
    return client.generic("POST", to, headers=headers)


def begun(client: Client, size: int, **more) -> str:
    """The address of a new upload."""
    answer = begin(client, size, **more)
    assert answer.status_code == 201, answer.content.decode()
    return answer["Location"]


def send(client: Client, url: str, at: int, content: bytes, **environ):
    """`environ`: what the server is told otherwise than a client would."""
    return client.generic(
        "PATCH", url, content, headers=TUS | {"Upload-Offset": str(at)}, **({"CONTENT_TYPE": BYTES} | environ)
    )


def ask_again(client: Client, url: str, size: int):
    """An empty request behind the last byte."""
    return send(client, url, size, b"", CONTENT_LENGTH="0")


def offset(client: Client, url: str) -> int:
    answer = client.head(url, headers=TUS)
    assert answer.status_code == 200
    return int(answer["Upload-Offset"])


def outcome(client: Client, url: str) -> dict:
    return client.get(url).json()


def uploaded(client: Client, content: bytes, **more) -> dict:
    """What came of a file that was sent in one go."""
    url = begun(client, len(content), **more)
    assert send(client, url, 0, content).status_code == 204
    return outcome(client, url)


def sentence(answer) -> str:
    return json.loads(answer.content)["sentence"]


def part(url: str) -> Path:
    return parts.path_of(row(url).pk)


def row(url: str) -> Upload:
    return Upload.objects.get(pk=url.rstrip("/").rsplit("/", 1)[-1])


def stored_parts() -> list[str]:
    folder = Path(settings.UPLOAD_DIR)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
