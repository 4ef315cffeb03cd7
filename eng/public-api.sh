#!/usr/bin/env bash
# Keeps the record of public members: PublicAPI.Shipped.txt and PublicAPI.Unshipped.txt beside each shipped project.
#
#   eng/public-api.sh           adds what is new to PublicAPI.Unshipped.txt
#   eng/public-api.sh --check   fails if a public member is not on record, or a recorded one is gone
#   eng/public-api.sh --ship    moves everything to PublicAPI.Shipped.txt, when a version is released
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TrackPublicApi=true   # the default of Directory.Build.props, whatever the environment says

case ${1:-} in ''|--check|--ship) ;; *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 64 ;; esac

for project in src/*/*.csproj; do
  folder=$(dirname "$project")
  for file in "$folder"/PublicAPI.{Shipped,Unshipped}.txt; do
    [ -e "$file" ] || [ "${1:-}" = --check ] || echo '#nullable enable' >"$file"
  done

  case ${1:-} in
    --check)
      dotnet build "$project" --no-incremental ;;
    --ship)
      if grep -q '^\*REMOVED\*' "$folder/PublicAPI.Unshipped.txt"; then
        echo "$folder: take the members marked *REMOVED* out of PublicAPI.Shipped.txt first." >&2
        exit 1
      fi
      { echo '#nullable enable'; sed '/^#nullable enable$/d' "$folder"/PublicAPI.{Shipped,Unshipped}.txt | LC_ALL=C sort -u; } >"$folder/.api"
      mv "$folder/.api" "$folder/PublicAPI.Shipped.txt"
      echo '#nullable enable' >"$folder/PublicAPI.Unshipped.txt" ;;
    *)
      dotnet restore "$project" >/dev/null
      dotnet format analyzers "$project" --diagnostics RS0016 --severity warn --no-restore ;;
  esac
done
