#!/usr/bin/env bash
# A real PostgreSQL for the journal's tests: the system's, else Debian's package where this is root. The
# tests start a server of their own from it. If none can be had, say what to install.
set -u

found() {
    command -v initdb > /dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1
}

found && exit 0
echo "No PostgreSQL on this machine yet"
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
    echo "Trying Debian's package"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } \
        > /dev/null 2>&1 && found && exit 0
fi
echo "The journal's tests need PostgreSQL and none could be had. Install it (Debian: apt-get install postgresql)."
exit 1
