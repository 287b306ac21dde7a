# What the scripts share: finding or installing tools, building the host, packing the blocks.
# Sourced, never run. Every function is idempotent and quick when there is nothing to do.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
BLOCKHOUSE=$ROOT/target/debug/blockhouse
BLOCKS=$ROOT/target/blocks

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi; }

# apt_install PACKAGE…: only what is missing, and only where there is apt.
apt_install() {
  local missing=() package
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  [[ ${#missing[@]} == 0 ]] && return 0
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# npm_install FOLDER: what its lock file says, if that is not there already.
npm_install() (cd "$1" && { [[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --no-audit --no-fund --silent; })

# python_tools NAME REQUIREMENTS [OPTION…]: target/NAME, an environment with what a list asks for, by pip.
python_tools() {
  local venv=$ROOT/target/$1 requirements=$2
  shift 2
  [[ $venv/installed -nt $requirements ]] && return 0
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3 python3-venv
  rm -rf "$venv"
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" "$@" &&
    touch "$venv/installed"
}

# What older front ends of blocks ask the host for. Without npm the host serves, and those blocks do not have it.
frame_libraries() {
  local folder=$ROOT/host/server/frame-libraries
  command -v npm >/dev/null || { say "  without npm, no libraries for blocks that ask for jQuery or MathJax"; return 0; }
  npm_install "$folder"
  export BLOCKHOUSE_FRAME_LIBRARIES=$folder/node_modules
}

# A port on which nobody answers.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

# until_answers NAME LOG COMMAND…: up to thirty seconds.
until_answers() {
  local name=$1 log=$2 attempt
  shift 2
  for attempt in $(seq 600); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.05
  done
  cat "$log" >&2
  die "$name does not answer"
}

need_rust() {
  command -v cc >/dev/null || apt_install gcc libc6-dev
  if ! command -v cargo >/dev/null && [[ -r $HOME/.cargo/env ]]; then . "$HOME/.cargo/env"; fi
  if ! command -v cargo >/dev/null; then
    apt_install rustup && rustup toolchain install --profile minimal "$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)"
  fi
  command -v cargo >/dev/null || die "please install Rust: https://rustup.rs"
}

# The guests' compiler; without the target's standard library it is fetched, or built once (about a minute).
need_wasm() { local lines; lines=$(scripts/ensure-wasm-target) && eval "$lines"; }

# build_host [--all-targets]: always the whole workspace, and for tests with everything that they need. Any other
# selection of packages has other features, and compiles wasmtime once more.
build_host() { cargo build --locked --workspace "${1:---bins}"; }

# Packs each crate of blocks/ into $BLOCKS. A package is made again when its crate, the SDK or the contract is newer.
# In a subshell: the guests may need another compiler than the host.
build_blocks() (
  need_wasm
  mkdir -p "$BLOCKS"
  local crate name package
  for crate in blocks/*/; do
    name=$(basename "$crate")
    [[ -f $crate/Cargo.toml ]] || continue
    package=$(compgen -G "$BLOCKS/$name-*.block" | head -n 1 || true)
    if [[ -n $package ]] && [[ -z $(find "$crate" guest-sdk/rust wit blocks/Cargo.toml blocks/Cargo.lock host/cli/src/build -newer "$package" -type f -print -quit) ]]; then
      continue
    fi
    say "  block $name"
    rm -f "$BLOCKS/$name"-*.block
    "$BLOCKHOUSE" build "$crate" --out "$BLOCKS"
  done
)

# Packs the blocks in other languages, the SDKs' examples, and the guests of the tests. Their tools come from npm and
# pip and stay in target/ and node_modules/. In a subshell, since the tools are found by PATH.
GUESTS=$ROOT/target/guests
build_guests() (
  need_wasm
  command -v npm >/dev/null || apt_install nodejs npm
  python_tools componentize tests/guests/requirements.txt
  local folder name package
  export PATH=$ROOT/target/componentize/bin:$PATH PYTHONDONTWRITEBYTECODE=1
  for folder in guest-sdk/js guest-sdk/js/examples/* tests/guests/{legacy,neighbour}; do npm_install "$folder"; done
  mkdir -p "$GUESTS"
  for folder in guest-sdk/js/examples/* guest-sdk/python/examples/* tests/guests/{snoop,legacy,neighbour,answers}; do
    name=$(basename "$folder")
    package=$(compgen -G "$GUESTS/$name-*.block" | head -n 1 || true)
    if [[ -n $package ]] && [[ -z $(find "$folder" guest-sdk/js/src guest-sdk/python/blockhouse_sdk guest-sdk/rust wit host/cli/src/build -newer "$package" -type f -print -quit) ]]; then
      continue
    fi
    say "  block $name"
    rm -f "$GUESTS/$name"-*.block
    "$BLOCKHOUSE" build "$folder" --out "$GUESTS"
  done
)

# The tests of the SDKs for other languages, and those of their examples, without wasm.
test_guests() (
  export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=guest-sdk/python
  (cd guest-sdk/js && npm test --silent)
  python3 -m unittest discover -q -s guest-sdk/python/tests
  local folder
  for folder in guest-sdk/python/examples/*; do
    PYTHONPATH=$PYTHONPATH:$folder/src python3 -m unittest discover -q -s "$folder/tests"
  done
)
