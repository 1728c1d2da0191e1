"""The beginning of the process: sets its own limits, does one task, writes the answer.

argv[1] is JSON: task, path, arguments, memory (bytes), seconds (of computing), import_from (directories). On stdout
goes one line of JSON, {"facts": ...} or {"refused": sentence}, and after it the bytes of a drawing or text, if any.
"""

import json
import resource
import sys
from pathlib import Path


def main() -> None:
    order = json.loads(sys.argv[1])
    for limit, value in (
        (resource.RLIMIT_AS, order["memory"]),
        (resource.RLIMIT_CPU, order["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    sys.path.extend(order["import_from"])
    from assessments.files.apart.answers import Refused

    payload = b""
    try:
        facts, payload = do(order["task"], Path(order["path"]), order["arguments"])
        answer = {"facts": facts}
    except Refused as refused:
        answer = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + payload)


def do(task: str, path: Path, arguments: dict) -> tuple[dict, bytes]:
    """Each task loads its own libraries and no others."""
    if task == "inspect":
        from assessments.files.apart import inspect

        return inspect.inspect(path), b""
    if task == "count_pages":
        from assessments.files.apart import draw

        return {"pages": draw.page_count(path)}, b""
    if task == "draw_page":
        from assessments.files.apart import draw

        return {}, draw.page_png(path, **arguments)
    if task == "draw_picture":
        from assessments.files.apart import pictures

        return {}, pictures.drawn(path, **arguments)
    if task == "plan_text":
        from assessments.files.apart import written

        return {}, written.text_of_plan(path).encode("utf-8", "replace")
    from assessments.files.apart import text

    return {}, text.text_of(path, **arguments).encode("utf-8", "replace")


if __name__ == "__main__":
    main()
