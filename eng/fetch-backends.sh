#!/usr/bin/env bash
# Brings the servers that tests talk to into a folder of this checkout: no root, nothing installed,
# the machine's package state untouched. The packages come from the Debian mirror that the machine's
# own apt is set up for, and their signatures are checked against the machine's archive keyring.
#
#   eng/fetch-backends.sh [--only consul[,etcd,etcd-next,zookeeper]] [--suite trixie] [--dir .backends]
#
# etcd-next is a newer etcd, from the suite that is never released. It is optional: where the machine
# refuses that suite, or cannot run what is in it, a note says so and the rest is still fetched.
#
# Leaves <dir>/<server>/..., <dir>/env (KEY=value, absolute paths) and <dir>/versions.txt.
# A server that is already there is kept. Any number of callers may run this at the same time.
set -euo pipefail

servers=consul,etcd,etcd-next,zookeeper
suite=trixie                 # of etcd and ZooKeeper; a stable release, so that runs can be repeated
next_suite=sid
consul_suite=bullseye        # the last Debian release that carries Consul
dir=$(cd "$(dirname "$0")/.." && pwd)/.backends

note() { echo "fetch-backends: $*" >&2; }
fail() { note "$*"; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --only)  servers=${2:?}; shift 2 ;;
    --suite) suite=${2:?}; shift 2 ;;
    --dir)   dir=${2:?}; shift 2 ;;
    *)       note "unknown argument $1"; exit 64 ;;
  esac
done
for server in ${servers//,/ }; do
  case $server in consul|etcd|etcd-next|zookeeper) ;; *) note "unknown server $server"; exit 64 ;; esac
done

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
exec 9>"$dir/.lock"
flock 9

work=
cleanup() { if [ -n "$work" ]; then rm -rf "$work"; fi; }
trap cleanup EXIT

# --- a private apt -----------------------------------------------------------------------------

prepare_apt() {
  [ -z "$work" ] || return 0
  local tool
  for tool in apt-get apt-cache apt-config dpkg dpkg-deb; do
    command -v "$tool" >/dev/null || fail "$tool is missing: this script needs Debian or a derivative of it"
  done
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$keyring" ] || fail "$keyring is missing (package debian-archive-keyring)"

  # Release information would be read from the downloaded lists, which a fresh image does not have.
  mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Identifier: Packages' |
    awk '!/security/ { seen[$0]++ } END { for (m in seen) if (seen[m] > most) { most = seen[m]; best = m } print best }')
  [ -n "$mirror" ] || fail 'the apt configuration of this machine names no archive'

  rm -rf "$dir"/.work.*      # of a run that was killed; the lock says nobody is using it
  work=$(mktemp -d "$dir/.work.XXXXXX")
  mkdir -p "$work"/{none,debs,state/lists/partial,cache/archives/partial}
  : >"$work/state/status"
  : >"$work/sources.list"
  {
    # Proxies, retries and clock checks are the machine's business; what weakens signatures is not taken over.
    apt-config dump | awk '/^Acquire::/ && !/^Acquire::(IndexTargets|Languages|GzipIndexes|Changelogs|Allow)/'
    cat <<CONF
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
APT::Get::AllowUnauthenticated "false";
APT::Sandbox::User "";
APT::Architecture "$(dpkg --print-architecture)";
Dir::State "$work/state";
Dir::State::status "$work/state/status";
Dir::Cache "$work/cache";
Dir::Etc::main "$work/none/main";
Dir::Etc::parts "$work/none";
Dir::Etc::preferences "$work/none/preferences";
Dir::Etc::preferencesparts "$work/none";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
CONF
  } >"$work/apt.conf"
}

private() { APT_CONFIG=$work/apt.conf "$@"; }

try_suite() {
  prepare_apt
  if ! grep -q " $1 main\$" "$work/sources.list"; then
    cp "$work/sources.list" "$work/sources.before"
    echo "deb [signed-by=$keyring] $mirror $1 main" >>"$work/sources.list"
    private apt-get -qq -o APT::Update::Error-Mode=any update >&2 || { mv "$work/sources.before" "$work/sources.list"; return 1; }
  fi
}

use_suite() { try_suite "$1" || fail "cannot read suite $1"; }

has_package() { private apt-cache show "$1" 2>/dev/null | grep -q '^Package:'; }

# unpack <folder> <suite> <package>...: into $work/<folder>; commit_folder makes it visible.
unpack() {
  local folder=$1 from=$2 package deb
  shift 2
  mkdir -p "$work/$folder" "$work/debs/$folder"
  (cd "$work/debs/$folder" && private apt-get -qq download "${@/%//$from}" >&2)
  for deb in "$work/debs/$folder"/*.deb; do
    dpkg-deb -x "$deb" "$work/$folder"
    echo "$folder $(dpkg-deb -f "$deb" Package) $(dpkg-deb -f "$deb" Version) $from" >>"$work/$folder/packages.txt"
  done
  rm -rf "$work/$folder"/usr/share/{doc,man,maven-repo,lintian}
}

commit_folder() { rm -rf "${dir:?}/$1"; mv "$work/$1" "$dir/$1"; }
present() { [ -e "$dir/$1/packages.txt" ]; }

# --- the servers -------------------------------------------------------------------------------

get_consul() {
  use_suite "$consul_suite"
  unpack consul "$consul_suite" consul
  "$work/consul/usr/bin/consul" version >/dev/null || fail 'the fetched Consul does not run here'
  commit_folder consul
}

get_etcd() {
  use_suite "$suite"
  unpack etcd "$suite" etcd-server etcd-client
  "$work/etcd/usr/bin/etcd" --version >/dev/null || fail 'the fetched etcd does not run here'
  commit_folder etcd
}

get_etcd_next() {
  if ! try_suite "$next_suite"; then
    note "no newer etcd: suite $next_suite cannot be read, or its signature is refused"
    return
  fi
  unpack etcd-next "$next_suite" etcd-server
  if "$work/etcd-next/usr/bin/etcd" --version >/dev/null; then
    commit_folder etcd-next
  else
    note "no newer etcd: that of $next_suite does not run here"
  fi
}

get_zookeeper() {
  local wanted="libzookeeper-java libslf4j-java libnetty-java libjctools-java libsnappy-java
    libcommons-cli-java libcommons-io-java libdropwizard-metrics-java libjline2-java" split
  use_suite "$suite"
  for split in libnetty-common-java libnetty-buffer-java; do   # newer releases cut netty into pieces
    if has_package "$split/$suite"; then wanted="$wanted $split"; fi
  done
  unpack zookeeper "$suite" $wanted
  commit_folder zookeeper
}

get_java() {
  # The machine's own release: a newer one's Java would want a newer C library.
  local own package link target
  own=$(. /etc/os-release && echo "${VERSION_CODENAME:?}")
  use_suite "$own"
  package=$(private apt-cache depends "default-jre-headless/$own" | awk '/Depends: openjdk/ { print $2; exit }')
  [ -n "$package" ] || fail "no Java in $own"
  unpack java "$own" "$package"
  # Its configuration is linked by absolute path; point those links into the folder.
  find "$work/java" -type l -lname '/*' | while read -r link; do
    target=$work/java$(readlink "$link")
    if [ -e "$target" ]; then ln -sfn "$(realpath --relative-to="$(dirname "$link")" "$target")" "$link"; fi
  done
  "$(echo "$work"/java/usr/lib/jvm/*/bin/java)" -Xshare:dump >/dev/null 2>&1 || true   # only a faster start
  commit_folder java
}

for server in ${servers//,/ }; do
  present "$server" || "get_${server//-/_}"
  if [ "$server" = zookeeper ] && ! command -v java >/dev/null && ! present java; then get_java; fi
done

# --- what is there now ---------------------------------------------------------------------------

zookeeper_classpath() {
  # Debian's zookeeper.jar drags in /usr/share/java through its manifest, so it must come last.
  local jar path=
  for jar in zookeeper-jute slf4j-api slf4j-simple jctools-core netty-common netty-buffer netty-resolver \
    netty-transport netty-transport-native-unix-common netty-transport-native-epoll netty-codec netty-handler \
    snappy-java commons-cli commons-io metrics-core jline2 zookeeper; do
    if [ -e "$dir/zookeeper/usr/share/java/$jar.jar" ]; then path=$path:$dir/zookeeper/usr/share/java/$jar.jar; fi
  done
  echo "${path#:}"
}

{
  if present consul; then echo "CONSUL_BIN=$dir/consul/usr/bin/consul"; fi
  if present etcd; then
    echo "ETCD_BIN=$dir/etcd/usr/bin/etcd"
    echo "ETCDCTL_BIN=$dir/etcd/usr/bin/etcdctl"
  fi
  if present etcd-next; then echo "ETCD_NEXT_BIN=$dir/etcd-next/usr/bin/etcd"; fi
  if present zookeeper; then
    echo "ZOOKEEPER_CLASSPATH=$(zookeeper_classpath)"
    if present java; then echo "JAVA_BIN=$(echo "$dir"/java/usr/lib/jvm/*/bin/java)"; else echo "JAVA_BIN=$(command -v java)"; fi
  fi
} >"$dir/env.new"
find "$dir" -mindepth 2 -maxdepth 2 -name packages.txt -exec cat {} + | sort >"$dir/versions.new"
mv "$dir/versions.new" "$dir/versions.txt"
mv "$dir/env.new" "$dir/env"
note "$(awk '$2 == "consul" || $2 == "etcd-server" || $2 == "libzookeeper-java" { printf "%s %s (%s)  ", $1, $3, $4 }' "$dir/versions.txt")"
