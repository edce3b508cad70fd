# Programs that tests need from the system. Sourced after setup.sh.

need_chromium() {
    local name
    # Playwright brings a Node.js of its own, which needs a library that a small Debian lacks.
    "$PYTHON" -m playwright --version >/dev/null 2>&1 || need_packages libatomic1
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

HTML_CHECKER_VERSION=26.9.27

# The Nu HTML checker: fetched where npm and Java are there, always in CI, where everything has to run.
need_html_checker() {
    local folder="$ROOT/.cache/vnu-$HTML_CHECKER_VERSION" missing=()
    [ ! -f "$folder/vnu.jar" ] || return 0
    command -v java >/dev/null || missing+=(default-jre-headless)
    command -v npm >/dev/null || missing+=(npm)
    if [ ${#missing[@]} -gt 0 ]; then
        if [ -z "${CI:-}" ]; then
            say "The HTML of the pages will not be checked: that needs ${missing[*]}."
            return 0
        fi
        need_packages "${missing[@]}"
    fi
    local temporary="$ROOT/.cache/vnu.$$"
    mkdir -p "$temporary"
    npm install --prefix "$temporary" --no-save --no-package-lock --ignore-scripts --no-fund --no-audit --loglevel=error \
        "vnu-jar@$HTML_CHECKER_VERSION" </dev/null >&2 || fail "The HTML checker could not be fetched with npm."
    mkdir -p "$folder"
    mv "$temporary/node_modules/vnu-jar/build/dist/vnu.jar" "$folder/vnu.jar"
    rm -rf "$temporary"
}
