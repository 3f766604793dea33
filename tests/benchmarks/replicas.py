"""Two replicas behind nginx; the replica that serves a visitor is killed.

    python -m tests.benchmarks.replicas

Uses docs/nginx.conf, unchanged except for the ports, and an installed nginx, all on this machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from playwright.sync_api import expect, sync_playwright

from tests.benchmarks.cold_start import count_bytes
from tests.browser import (
    PAGE,
    ROOT,
    Server,
    calm_context,
    figure,
    free_port,
    launch,
    opened,
    served,
    settled,
    slider,
)
from tests.oracle import final_loss

MAIN = """\
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    {temporary}
    include {site};
}}
"""
CONNECTED = "[data-test-connection-state=CONNECTED]"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def find_nginx() -> str:
    """Return the path of the installed nginx."""
    found = shutil.which("nginx")
    if found is None:
        sys.exit("There is no nginx here; install one, on Debian `apt install nginx`.")
    return found


@contextmanager
def behind_nginx(first: Server, second: Server) -> Iterator[str]:
    """Run nginx in front of two replicas; yield its address."""
    port = free_port()
    site = (ROOT / "docs/nginx.conf").read_text()
    with tempfile.TemporaryDirectory() as folder:
        for written, here in (
            ("127.0.0.1:8501", first.address.split("/")[2]),
            ("127.0.0.1:8502", second.address.split("/")[2]),
            ("listen 80;", f"listen 127.0.0.1:{port};"),
            ("/var/cache", folder),
        ):
            assert written in site
            site = site.replace(written, here)
        Path(folder).chmod(0o755)  # if root starts nginx, its workers run as another user
        site_file, main_file = Path(folder, "site.conf"), Path(folder, "nginx.conf")
        site_file.write_text(site)
        temporary = "\n    ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        main_file.write_text(MAIN.format(folder=folder, site=site_file, temporary=temporary))
        nginx = subprocess.Popen([find_nginx(), "-p", folder, "-c", str(main_file)])
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            nginx.terminate()
            nginx.wait(timeout=10)


def main() -> None:
    """Open the page, move a slider, kill the replica, wait for the page; print the measurements."""
    with (
        served(PAGE) as first,
        served(PAGE) as second,
        behind_nginx(first, second) as address,
        sync_playwright() as playwright,
    ):
        page = calm_context(launch(playwright)).new_page()
        received = count_bytes(page)
        opened(page, address)
        at_first = sum(received)
        opened(page, address)
        again = sum(received) - at_first
        print(f"through nginx: {at_first / 1e6:.2f} MB, then again {again / 1e6:.2f} MB")
        slider(page, "Hidden units").press("ArrowRight")
        expect(figure(page, "Loss")).to_have_text(final_loss(6))
        place = page.url

        cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        name = cookies["tinynet_replica"]
        doomed = {"first": first, "second": second}[name]
        doomed.process.kill()
        killed = perf_counter()
        expect(page.locator(CONNECTED)).to_have_count(0)
        page.locator(CONNECTED).wait_for(timeout=60_000)
        settled(page)
        print(f"killed the {name} replica; the page is back after {perf_counter() - killed:.1f} s")

        expect(figure(page, "Loss")).to_have_text(final_loss(6))
        assert page.url == place
        assert slider(page, "Hidden units").input_value() == "6"
        slider(page, "Hidden units").press("ArrowRight")
        expect(figure(page, "Loss")).to_have_text(final_loss(7))
        print("on the other one, with the same settings and the same loss; the sliders drive it")


if __name__ == "__main__":
    main()
