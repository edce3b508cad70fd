# Shared by the commands in bin/: where the tree is, and its Python environment. Sourced, not run.
#
#   ROOT     the tree, whatever the current directory, also through symbolic links
#   PYTHON   the Python of the environment, there after `ready` or `ready dev`

set -u
umask 022
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
PYTHON="$ROOT/.venv/bin/python"
export PYTHONUTF8=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "$(basename "$0"): $*"; exit 1; }

# ready [dev]: the packages of requirements.txt (dev: also those of requirements-dev.txt) are installed and the
# texts compiled. What is there already costs some milliseconds and no network.
ready() {
    if ! is_installed "$@"; then
        exec 9>"$(readlink -f "$ROOT/.venv").lock" # of the environment itself: several trees may share one
        flock --nonblock 9 || { say "Waiting for another start that is installing …"; flock 9; }
        is_installed "$@" || install_packages "$@"
        exec 9>&-
    fi
    compile_texts
}

# A stamp is a copy of the requirements that were installed completely.
is_installed() {
    cmp -s "$ROOT/requirements.txt" "$ROOT/.venv/.requirements.txt" || return 1
    [ "${1:-}" != dev ] || cmp -s "$ROOT/requirements-dev.txt" "$ROOT/.venv/.requirements-dev.txt" || return 1
    venv_fits
}

# False where the system's Python was replaced by another version, or the tree came from another machine.
venv_fits() {
    "$PYTHON" -IS -c 'import os, sys; v = sys.version_info; sys.exit(not os.path.isfile(
        os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "lib", f"python{v[0]}.{v[1]}", "site-packages", "flask", "app.py")))' 2>/dev/null
}

install_packages() {
    local list="requirements.txt" dev=${1:-}
    [ "$dev" != dev ] || list="requirements-dev.txt"
    # Without a stamp an installation was broken off, and nobody knows how far it came: begin anew.
    if [ ! -f "$ROOT/.venv/.requirements.txt" ] || ! venv_fits; then
        make_venv
    fi
    rm -f "$ROOT/.venv/.requirements.txt" "$ROOT/.venv/.requirements-dev.txt"
    say "Installing the packages of $list …"
    # One package comes without a wheel. What builds it is pinned too, so it has to be there before.
    if ! { pip_install --no-deps -r <(sed -n '/^setuptools==/,/^    # via/p' "$ROOT/requirements.txt") &&
        pip_install --no-build-isolation --use-pep517 -r "$ROOT/$list"; }; then
        fail "The packages of $list could not be installed; see above. The first start needs the network."
    fi
    [ "$dev" != dev ] || cp "$ROOT/requirements-dev.txt" "$ROOT/.venv/.requirements-dev.txt"
    cp "$ROOT/requirements.txt" "$ROOT/.venv/.requirements.tmp"
    mv "$ROOT/.venv/.requirements.tmp" "$ROOT/.venv/.requirements.txt"
}

pip_install() {
    "$PYTHON" -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore --require-hashes "$@" </dev/null >&2
}

make_venv() {
    local base version
    base=$(find_python) || exit 1
    version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then
        need_packages "python$version-venv"
        "$base" -c 'import venv, ensurepip' 2>/dev/null || fail "$base still has no venv module."
    fi
    say "Making the environment .venv with Python $version …"
    "$base" -m venv --clear "$ROOT/.venv" >&2 || fail "The environment .venv could not be made; see above."
}

# Prints the first Python from 3.11 to 3.13.
find_python() {
    local name seen=""
    for name in python3 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null || continue
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
        seen="$seen $("$name" -V 2>&1)"
    done
    fail "Python 3.11, 3.12 or 3.13 is needed, found:${seen:- none}."
}

# need_packages NAME…: installs Debian packages, or says that they are missing.
need_packages() {
    local root=()
    command -v apt-get >/dev/null || fail "These packages (Debian's names) are missing: $*"
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || fail "These packages are missing: $*. Please install them: sudo apt-get install $*"
        root=(sudo -n)
    fi
    say "Installing system packages: $* …"
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    local log
    log=$(mktemp)
    if ! "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >"$log" 2>&1; then
        # The lists are old or not there at all.
        if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            fail "These packages could not be installed: $*"
        fi
    fi
    rm -f "$log"
}

# The catalogues' .mo files are not kept in git.
compile_texts() {
    local po
    for po in "$ROOT"/app/translations/*/LC_MESSAGES/messages.po; do
        if [ -f "$po" ] && [ ! "${po%.po}.mo" -nt "$po" ]; then
            "$PYTHON" "$ROOT/bin/lib/i18n.py" compile || fail "The translations could not be compiled."
            return
        fi
    done
}
