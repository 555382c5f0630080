#!/usr/bin/env bash
# Takes the pictures of the README: starts the program on free ports, places calls to the built-in test number and
# opens the pages in the system's Chromium.
# Run ./test.sh first, or build the solution in Release: the driver that Playwright brings along is used, nothing is downloaded.
set -euo pipefail
cd "$(dirname "$0")/.."
tests=SipStreamApp.Tests/bin/Release/net10.0
case $(uname -m) in aarch64 | arm64) node=linux-arm64 ;; *) node=linux-x64 ;; esac
[ -x "$tests/.playwright/node/$node/node" ] || { echo "Build first: dotnet build SipStreamApp.sln -c Release" >&2; exit 1; }

sip=46190
tmp=$(mktemp -d)
dotnet SipStreamApp/bin/Release/net10.0/SipStreamApp.dll --Urls http://127.0.0.1:0 --Data:Directory "$tmp" --Sip:Port "$sip" --WebRtc:Port 0 \
  --Media:RtpPorts 46000-46100 > "$tmp/out" 2>&1 &
app=$!
trap 'kill "$app" 2>/dev/null; wait "$app" 2>/dev/null; rm -rf "$tmp"' EXIT
for _ in $(seq 150); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$tmp/out" | head -n 1) && break
  sleep 0.2
done
[ -n "${url:-}" ] || { cat "$tmp/out" >&2; exit 1; }
PLAYWRIGHT="$PWD/$tests/.playwright/package" "$tests/.playwright/node/$node/node" tools/take-screenshots.cjs "$url" "$sip" docs/images
