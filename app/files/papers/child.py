"""The child that reads papers: takes requests on its standard input, one at a time, and answers on its output.

A request is a line of JSON ({"do", "kind", "size", "cpu", …}) and then the file's bytes; an answer is a line of JSON
with "size" and then so many bytes. Limits of memory and CPU are set before the first byte of a file is read; the time
on the wall is kept by the parent, which ends a child that is late.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
from typing import Any, BinaryIO

MEMORY = 300 * 1024 * 1024
IDLE = 300.0  # seconds without work after which the child leaves
MOST_ANSWER = 16 * 1024 * 1024


def limit() -> None:
    """No more memory than MEMORY, no files of its own, no cores."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def allow_cpu(seconds: int) -> None:
    """Allow so many seconds from now on; the system ends a process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    from . import document, odt, pdf, pictures, plain, word

    readers = {"pdf": pdf.read, "docx": word.read, "odt": odt.read, "txt": plain.read}
    try:
        if request["do"] == "read":
            found = document.bounded(readers[request["kind"]](content))
            if not found.text.strip():
                raise document.Unreadable("empty")
            body = json.dumps(found.to_json(), ensure_ascii=False).encode("utf-8", "replace")
        elif request["do"] == "count":
            body = str(pictures.count(content)).encode()
        elif request["kind"] == "pdf":
            body = pictures.of_page(content, request["page"], request["width"])
        else:
            body = pictures.of_picture(content, request["width"])
    except document.Unreadable as unreadable:
        return {"reason": unreadable.reason}, b""
    except (MemoryError, RecursionError):
        return {"reason": "too_much"}, b""
    except Exception as error:  # whatever a parser stumbles over: the file's fault, and said as such
        return {"reason": "damaged", "error": type(error).__name__}, b""
    if len(body) > MOST_ANSWER:
        return {"reason": "too_much"}, b""
    return {}, body


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    while True:
        ready, _w, _x = select.select([source], [], [], IDLE)
        line = source.readline(10_000) if ready else b""
        if not line:
            return
        request = json.loads(line)
        content = _exactly(source, request["size"])
        allow_cpu(request["cpu"])
        head, body = answer(request, content)
        del content
        sink.write(json.dumps(head | {"size": len(body)}).encode() + b"\n" + body)
        sink.flush()
        if head.get("reason") == "too_much":
            return  # what was left lying about goes with the process


def _exactly(source: BinaryIO, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        part = source.read(min(size - len(content), 1024 * 1024))
        if not part:
            break
        content += part
    return bytes(content)


def main() -> None:
    from . import odt, pdf, pictures, word  # noqa: F401 - loaded before the limits, and before the first paper

    # What a library prints must not get between the answers.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit()
    serve(os.fdopen(0, "rb", buffering=0, closefd=False), sink)


if __name__ == "__main__":
    main()
