#!/usr/bin/env bash
# Writes down what `ip` sends to the kernel for each command of commands.txt, where it lies, as root:
#
#   ./capture.sh >iproute2-6.1.0.txt
#
# A line of commands.txt is a name, the message type that is wanted, with "dump" if it asks for a listing, and the
# command. Each runs in a namespace of its own with three links (bridges, because most kernels have them; only their
# indexes matter). That the kernel then refuses some is no harm: the bytes were sent. Of several messages of the
# type the last counts: those before it look up names. Needs iproute2, strace, awk and util-linux.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cat >"$work/inside" <<'INSIDE'
mount -t tmpfs none /run
ip netns add blue
ip -batch - <<LINKS
link set lo up
link add d0 index 7 type bridge
link add d1 index 8 type bridge
link add br0 index 9 type bridge
link set d0 up
address add 10.0.0.1/24 dev d0
LINKS
eval "strace -qq -o $1 -e trace=sendmsg,sendto -e signal=none -e write=all $2" >&2 || true
INSIDE

# From the dump of all that was written: the last message of the wanted type.
cat >"$work/find" <<'FIND'
function byte(at) {
  return 16 * (index(digits, substr(hex, 2 * at + 1, 1)) - 1) + index(digits, substr(hex, 2 * at + 2, 1)) - 1
}
function finish(    type, flags, dump) {
  if (hex != "" && byte(8) + byte(9) + byte(10) + byte(11) > 0) { # number 0 only asks what the kernel can do
    type = byte(4) + 256 * byte(5)
    flags = byte(6) + 256 * byte(7)
    dump = type % 4 == 2 && int(byte(7)) % 4 == 3
    if (type (dump ? " dump" : "") == wanted) {
      found = sprintf("flags 0x%03x", flags)
      body = substr(hex, 33, 2 * (byte(0) + 256 * byte(1)) - 32)
    }
  }
  hex = ""
}
BEGIN { digits = "0123456789abcdef" }
/^send/ { finish() }
/^ \| / { bytes = substr($0, 11, 49); gsub(/ /, "", bytes); hex = hex bytes }
END {
  finish()
  if (found == "") { print name ": no message of type " wanted | "cat >&2"; exit 1 }
  split(wanted, words, " ")
  printf "\n%s\n# %s\n# message type %s, %s\n", name, command, words[1], found
  for (at = 1; at <= length(body); at += 64) {
    row = substr(body, at, 64); gsub(/../, "& ", row); sub(/ $/, "", row); print row
  }
}
FIND

echo "# $(ip -V)"
while IFS= read -r line; do
  name=${line%% | *} rest=${line#* | }
  wanted=${rest%% | *} command=${rest#* | }
  unshare --net --mount bash -e "$work/inside" "$work/trace" "$command" 2>"$work/said" </dev/null
  awk -v name="$name" -v command="$command" -v wanted="$wanted" -f "$work/find" "$work/trace" || cat "$work/said" >&2
done <commands.txt
