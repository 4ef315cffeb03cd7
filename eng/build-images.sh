#!/usr/bin/env bash
# Builds the images that tests run servers from, out of what eng/fetch-backends.sh has fetched, for machines whose
# container engine can reach no registry. Each image holds the server, the libraries it is linked to, and nothing else;
# not even a shell. Tags: configclients-test/<server>:<version> and configclients-test/<server>:local.
#
#   eng/build-images.sh [--only consul[,etcd,etcd-next,zookeeper]] [--dir .backends]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dir=$here/../.backends
servers=consul,etcd,etcd-next,zookeeper

while [ $# -gt 0 ]; do
  case $1 in
    --only) servers=${2:?}; shift 2 ;;
    --dir)  dir=${2:?}; shift 2 ;;
    *)      echo "build-images: unknown argument $1" >&2; exit 64 ;;
  esac
done

docker version >/dev/null 2>&1 || { echo 'build-images: no container engine answers' >&2; exit 1; }
"$here/fetch-backends.sh" --dir "$dir" --only "$servers"
while IFS='=' read -r key value; do declare "$key=$value"; done <"$dir/env"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

new_root() {
  mkdir -p "$1"/{etc,tmp,usr/bin}
  chmod 1777 "$1/tmp"
  echo 'root:x:0:0:root:/:/bin/false' >"$1/etc/passwd"
  echo 'root:x:0:' >"$1/etc/group"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
}

# add_libraries <root> <binary>...: at the paths where the loader looks for them
add_libraries() {
  local root=$1 library
  shift
  for library in $(ldd "$@" 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' | sort -u) \
    $(ldconfig -p | awk '/libnss_(files|dns)\.so\.2|libresolv\.so\.2/ { print $NF }'); do
    install -D "$(readlink -f "$library")" "$root$library"
  done
}

# import <server> <package> <root> <command as JSON>
import() {
  local version
  version=$(awk -v server="$1" -v package="$2" '$1 == server && $2 == package { sub(/^[0-9]+:/, "", $3); sub(/[-+].*/, "", $3); print $3 }' "$dir/versions.txt")
  tar -C "$3" --owner=0 --group=0 --numeric-owner --sort=name --mtime=@0 -c . |
    docker import --change 'ENV PATH=/usr/bin:/opt/java/bin' --change "CMD $4" - "configclients-test/$1:$version" >/dev/null
  docker tag "configclients-test/$1:$version" "configclients-test/$1:local"
  docker image inspect --format '{{index .RepoTags 0}} {{.Size}} bytes' "configclients-test/$1:local"
}

build_consul() {
  new_root "$work/consul"
  install "$CONSUL_BIN" "$work/consul/usr/bin/consul"
  add_libraries "$work/consul" "$CONSUL_BIN"
  import consul consul "$work/consul" '["consul"]'
}

build_etcd() {
  new_root "$work/etcd"
  install "$ETCD_BIN" "$work/etcd/usr/bin/etcd"
  install "$ETCDCTL_BIN" "$work/etcd/usr/bin/etcdctl"
  add_libraries "$work/etcd" "$ETCD_BIN" "$ETCDCTL_BIN"
  import etcd etcd-server "$work/etcd" '["etcd"]'
}

build_etcd_next() {
  [ -n "${ETCD_NEXT_BIN:-}" ] || { echo 'build-images: no newer etcd here, so no image of it' >&2; return 0; }
  new_root "$work/etcd-next"
  install "$ETCD_NEXT_BIN" "$work/etcd-next/usr/bin/etcd"
  add_libraries "$work/etcd-next" "$ETCD_NEXT_BIN"
  import etcd-next etcd-server "$work/etcd-next" '["etcd"]'
}

build_zookeeper() {
  # Not under /usr/share/java: zookeeper.jar's manifest would reach for neighbours there.
  local root=$work/zookeeper home jar
  new_root "$root"
  mkdir -p "$root/opt/zookeeper" "$root/opt/java"
  for jar in ${ZOOKEEPER_CLASSPATH//:/ }; do install -m 644 "$(readlink -f "$jar")" "$root/opt/zookeeper/$(basename "$jar")"; done
  home=$(dirname "$(dirname "$(readlink -f "$JAVA_BIN")")")
  for part in bin conf lib; do
    tar -C "$home" --dereference --exclude='*.debuginfo' --exclude='src.zip' --exclude='ct.sym' --exclude='*.jsa' --ignore-failed-read \
      -c "$part" 2>/dev/null | tar -C "$root/opt/java" -x || true   # links to certificates and sources may lead nowhere
  done
  add_libraries "$root" "$home/bin/java" "$home"/lib/server/libjvm.so "$home"/lib/lib{java,net,nio,zip,jimage,management}.so
  local flags='"-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"'
  import zookeeper libzookeeper-java "$root" \
    "[\"java\", $flags, \"-cp\", \"/opt/zookeeper/*\", \"org.apache.zookeeper.server.quorum.QuorumPeerMain\"]"
}

for server in ${servers//,/ }; do "build_${server//-/_}"; done
