#!/usr/bin/env bash
# A real Chromium for the browser tests: the system's, else Playwright's own, else Debian's package
# where this is root. If none can be had, say what to install.
set -u
cd "$(dirname "$0")/../.."

system() {
    for name in "${TRIGPOINT_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" > /dev/null 2>&1 && return 0
    done
    return 1
}

playwrights_own() {
    .venv/bin/python - << 'PYTHON' 2> /dev/null
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(0 if Path(playwright.chromium.executable_path).exists() else 1)
PYTHON
}

system || playwrights_own && exit 0
echo "No Chromium on this machine yet: trying Playwright's own"
timeout 300 .venv/bin/playwright install chromium > /dev/null 2>&1 && playwrights_own && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    echo "Trying Debian's package"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
        > /dev/null 2>&1 && system && exit 0
fi
echo "The browser tests need Chromium and none could be had. Install it (Debian: apt-get install chromium;"
echo "elsewhere: .venv/bin/playwright install chromium), or name one with TRIGPOINT_CHROMIUM=/path/to/chromium."
exit 1
