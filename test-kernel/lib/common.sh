# shellcheck shell=bash
# What every script here shares. Sourced, never run.

# Where the fetched kernel and tools live: outside the work tree, so that `git clean` and `mvn clean` keep them.
cache_dir() {
  local home=${HOME:-~} # ~ is also known where HOME is not set
  local dir=${IPVLAN_TEST_KERNEL_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/ipvlan-test-kernel}
  mkdir -p "$dir" && readlink -f "$dir"
}

say() { echo "test-kernel: $*" >&2; }

# Ends the script because the machinery, not the command, failed: one plain sentence, also for the caller's own report.
die() {
  say "$*"
  [ -z "${REASON_FILE:-}" ] || echo "$*" >"$REASON_FILE"
  exit 125
}

# end_on_signals CLEAN_UP: runs that command whenever the script ends, also by Ctrl-C. A second signal, and whoever dies
# with its parent gets several, must not interrupt the cleaning.
end_on_signals() {
  # shellcheck disable=SC2064 # the command is known now
  trap "$1" EXIT
  trap 'quit 129' HUP
  trap 'quit 130' INT
  trap 'quit 143' TERM
}
# shellcheck disable=SC2317 # called by the traps
quit() {
  trap '' HUP INT TERM
  exit "$1"
}

# Holds the cache for one writer at a time until the calling script ends. What an interrupted writer left is removed:
# whoever holds the lock knows that nobody else is writing.
lock_cache() {
  exec 9>"$1/lock"
  flock --nonblock 9 || {
    say "waiting for another fetch into $1"
    flock 9
  }
  rm -rf "$1"/.fetching.*
}
