# Programs that tests need from the system. Sourced after setup.sh.

need_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        ! "$name" --version >/dev/null 2>&1 || return 0
    done
    # Ubuntu's package is an empty shell around a snap; Playwright brings its own there.
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        "$PYTHON" -m playwright install --with-deps chromium </dev/null >&2 || fail "Chromium is missing and could not be installed."
    else
        need_packages chromium fonts-liberation
    fi
}

need_postgresql() {
    local programs
    command -v initdb >/dev/null && return
    for programs in /usr/lib/postgresql/*/bin/initdb; do
        [ ! -x "$programs" ] || return 0
    done
    need_packages postgresql
}
