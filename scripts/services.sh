# PostgreSQL, MariaDB and Redis for the time of one command: in a directory that goes away, on free ports of loopback,
# listening to this machine only. Sourced by scripts/with-services, which says how they are used.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Nothing here survives the command, so a server need not wait for its disk, unless the waiting is what is measured.
DURABLE=${DURABLE:-false}
SERVICES=''
SERVICE_PIDS=()

services_start() {
  SERVICES=$(mktemp -d)
  # The servers run as another user and have to get at their directories.
  chmod 755 "$SERVICES"
  trap services_stop EXIT
  start_postgres
  start_mariadb
  start_redis
}

services_stop() {
  local pid
  for pid in "${SERVICE_PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${SERVICE_PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$SERVICES"
}

# unprivileged USER COMMAND…: the databases refuse to run as root.
unprivileged() {
  local user=$1
  shift
  if [[ $(id -u) == 0 ]]; then
    exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@"
  fi
  exec "$@"
}

# user_of NAME: the account that the package made, or nobody.
user_of() { id -un "$1" 2>/dev/null || echo nobody; }

# private_directory PATH USER
private_directory() {
  mkdir -p "$1"
  [[ $(id -u) != 0 ]] || chown "$2" "$1"
}

# The directory of PostgreSQL's programs: Debian keeps them off the path.
postgres_programs() { dirname "$(readlink -f "$(command -v postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' | tail -n 1)")"; }

start_postgres() {
  local data=$SERVICES/postgres log=$SERVICES/postgres.log user programs port relaxed=()
  command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || apt_install postgresql
  user=$(user_of postgres) programs=$(postgres_programs) port=$(free_port)
  $DURABLE || relaxed=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
  private_directory "$data" "$user"
  (unprivileged "$user" "$programs/initdb" -D "$data/data" -U blockhouse -A trust --no-sync --no-instructions -E UTF8 --locale=C) >"$log" 2>&1 ||
    { cat "$log" >&2; die "initdb failed"; }
  (unprivileged "$user" "$programs/postgres" -D "$data/data" -p "$port" -k "$data" -c listen_addresses=127.0.0.1 \
    -c max_connections=300 -c shared_buffers=128MB "${relaxed[@]}") >>"$log" 2>&1 &
  SERVICE_PIDS+=($!)
  until_answers PostgreSQL "$log" "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"
  # For pgbench.
  export PATH=$PATH:$programs
  export BLOCKHOUSE_TEST_POSTGRES=postgres://blockhouse@127.0.0.1:$port/postgres
}

start_mariadb() {
  local data=$SERVICES/mariadb log=$SERVICES/mariadb.log user port relaxed=()
  command -v mariadbd >/dev/null || apt_install mariadb-server-core mariadb-client-core
  user=$(user_of mysql) port=$(free_port)
  $DURABLE || relaxed=(--innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync)
  private_directory "$data" "$user"
  (unprivileged "$user" mariadb-install-db --no-defaults --datadir="$data/data" --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve) >"$log" 2>&1 ||
    { cat "$log" >&2; die "mariadb-install-db failed"; }
  (unprivileged "$user" mariadbd --no-defaults --datadir="$data/data" --socket="$data/socket" --port="$port" --bind-address=127.0.0.1 \
    --pid-file="$data/pid" --skip-name-resolve --max-connections=300 --innodb-buffer-pool-size=128M --character-set-server=utf8mb4 "${relaxed[@]}") >>"$log" 2>&1 &
  SERVICE_PIDS+=($!)
  until_answers MariaDB "$log" mariadb --no-defaults -uroot -S "$data/socket" -e "SELECT 1"
  mariadb --no-defaults -uroot -S "$data/socket" -e "CREATE DATABASE blockhouse;
    CREATE USER blockhouse@'127.0.0.1' IDENTIFIED BY 'blockhouse'; GRANT ALL ON *.* TO blockhouse@'127.0.0.1'"
  export BLOCKHOUSE_TEST_MYSQL=mysql://blockhouse:blockhouse@127.0.0.1:$port/blockhouse
}

start_redis() {
  local data=$SERVICES/redis log=$SERVICES/redis.log port
  command -v redis-server >/dev/null || apt_install redis-server
  port=$(free_port)
  mkdir -p "$data"
  redis-server --port "$port" --bind 127.0.0.1 --dir "$data" --databases 256 --save '' --appendonly no --daemonize no >"$log" 2>&1 &
  SERVICE_PIDS+=($!)
  until_answers Redis "$log" redis-cli -p "$port" ping
  export BLOCKHOUSE_TEST_REDIS=redis://127.0.0.1:$port/0
}
