"""The running product with as many visitors as it likes, and with five times as many.

Wanted: at five times the load at least 80 % of the best goodput (pages answered whole, a second),
no answer but 200 and 503, and the numbers to call answered all along.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 8.0
VISITORS = 8
TIMES = 5
PAGE, CALLS = "/privacy/", "/crisis/"
WANTED = 0.8


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        server = _serve(Path(folder))
        try:
            return _measure(f"http://localhost:{_port(server)}")
        finally:
            server.terminate()
            server.wait(timeout=30)


def _serve(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "goround.config.command"]
    env = os.environ | {"GOROUND_ENV": "demo", "GOROUND_DATA_DIR": str(folder)}
    subprocess.run([*command, "migrate", "-v", "0"], env=env, check=True)
    return subprocess.Popen(
        [*command, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, text=True
    )


def _port(server: subprocess.Popen[str]) -> int:
    assert server.stdout
    for line in server.stdout:
        if "http://localhost:" in line:
            return urlsplit(line.split()[-1]).port or 0
    raise SystemExit("the server did not start")


def _measure(address: str) -> int:
    _load(address, VISITORS)  # warm
    best = max((_load(address, number) for number in (VISITORS // 2, VISITORS)), key=_goodput)
    much = _load(address, VISITORS * TIMES)
    calls = much[CALLS, 200] / max(sum(n for (path, _), n in much.items() if path == CALLS), 1)
    share = _goodput(much) / _goodput(best)
    statuses = sorted({str(status) for _path, status in much})
    print(f"best goodput {_goodput(best):.0f} pages/s with up to {VISITORS} visitors")
    print(f"with {VISITORS * TIMES}: {_goodput(much):.0f} pages/s, {100 * share:.0f} % of the best")
    print(f"answers: {', '.join(statuses)}; numbers to call answered {100 * calls:.0f} %")
    return 0 if share >= WANTED and set(statuses) <= {"200", "503"} else 1


def _goodput(counts: Counter[tuple[str, int | str]]) -> float:
    return sum(n for (_path, status), n in counts.items() if status == 200) / SECONDS


def _load(address: str, visitors: int) -> Counter[tuple[str, int | str]]:
    """Each visitor asks again as soon as answered; told to come back, they wait a little."""
    counts: Counter[tuple[str, int | str]] = Counter()
    lock, until = threading.Lock(), time.monotonic() + SECONDS

    def visit(number: int) -> None:
        path = CALLS if number % 20 == 0 else PAGE
        while time.monotonic() < until:
            status = _ask(address, path)
            with lock:
                counts[path, status] += 1
            if status == 503:
                time.sleep(0.1)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def _ask(address: str, path: str) -> int | str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (TimeoutError, OSError, http.client.HTTPException) as trouble:
        return type(trouble).__name__
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
