# shellcheck shell=bash
# Packages of a Debian archive without installing anything and without touching the machine's own lists. The archive is
# whatever the machine's apt is configured with: nothing here names a host. apt checks every signature. Sourced, never run.

# The sources of the machine, one "URI SUITE" a line. Suites such as "bookworm-security" hold no complete set of packages.
# --no-release-info: also answers while the machine has never run `apt-get update`, as in a container image.
apt_sources() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$2 !~ /[-\/]/ && $3 == "main" && !seen[$1, $2]++ {print $1, $2}'
}

# apt_private DIR URI SUITE STATUS: apt commands that run with the configuration DIR/apt.conf see only that suite,
# downloaded here into DIR. STATUS is the file that says what counts as installed.
apt_private() {
  local dir=$1 uri=$2 suite=$3 status=$4 signed=
  mkdir -p "$dir"/{lists/partial,archives/partial,none}
  # apt does not tell which keyring a source names; the archive's own is the narrowest there is.
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ ! -r $keyring ] || signed="[signed-by=$keyring] "
  echo "deb $signed$uri $suite main" >"$dir/sources.list"
  cat >"$dir/apt.conf" <<EOF
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "$dir/none";
Dir::Etc::preferences "$dir/none/preferences";
Dir::Etc::preferencesparts "$dir/none";
Dir::State::lists "$dir/lists";
Dir::State::status "$status";
Dir::State::extended_states "$dir/extended_states";
Dir::Cache "$dir";
Dir::Cache::archives "$dir/archives";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "3";
APT::Sandbox::User "root";
#clear APT::Update;
EOF
  APT_CONFIG=$dir/apt.conf apt-get -qq update
}

# apt_unpack ROOT PACKAGE...: downloads the packages with whatever they need and apt does not count as installed, and
# unpacks them below ROOT.
apt_unpack() {
  local root=$1 names debs
  shift
  names=$(apt-get -s --no-install-recommends install "$@" | awk '$1 == "Inst" {print $2}')
  [ -n "$names" ] || return 1
  debs=$(mktemp -d "$root.debs.XXXXXX")
  # shellcheck disable=SC2086 # package names hold no blanks
  (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download $names) || return 1
  mkdir -p "$root"
  for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$root" || return 1; done
  (cd "$debs" && ls) >"$root/packages"
  rm -rf "$debs"
}
