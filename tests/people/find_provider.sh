#!/usr/bin/env bash
# The OpenID Connect provider that the sign-in tests start: npm's oidc-provider, pinned by hash.
# If it cannot be had, say what to install.
set -u
cd "$(dirname "$0")/provider"
wanted="$(sha256sum package-lock.json | cut -c1-64)"
[ "$(cat node_modules/.wanted 2> /dev/null)" = "$wanted" ] && exit 0
if ! command -v npm > /dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
        echo "No npm on this machine yet: trying Debian's package"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm; } > /dev/null 2>&1
    fi
fi
if command -v npm > /dev/null 2>&1 && npm ci --omit=dev --ignore-scripts --no-audit --no-fund > /dev/null 2>&1; then
    echo "$wanted" > node_modules/.wanted
    exit 0
fi
echo "The sign-in tests start a real provider and none could be had. Install Node 20 or newer with npm (Debian:"
echo "apt-get install npm), and let it reach its registry once."
exit 1
