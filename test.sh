#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Exit code 0 only if all passed.
# The last line is "N passed, N failed, N skipped". Arguments go to the test program: ./test.sh -class '*SipParser*'
set -euo pipefail
cd "$(dirname "$0")"
. ./tools/need.sh

need_dotnet
need_packages 'chromium|chromium-browser|google-chrome:chromium|chromium-browser' ffmpeg:ffmpeg kamailio:kamailio "/usr/lib/$(uname -m)-linux-gnu/kamailio/modules/tls.so:kamailio-tls-modules" \
  baresip:baresip-core /usr/lib/baresip/modules/avcodec.so:baresip-ffmpeg sipp:sip-tester linphonec:linphone-cli \
  nginx:nginx-light /usr/lib/nginx/modules/ngx_rtmp_module.so:libnginx-mod-rtmp node:nodejs npm:npm
(cd SipStreamApp.Tests && npm ci --no-audit --no-fund --silent)
export SIPSTREAM_CHROMIUM="${SIPSTREAM_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}"

dotnet build SipStreamApp.sln -c Release -v quiet -nologo -clp:ErrorsOnly

out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
# By dotnet and the .dll: the program file of its own would not find a .NET that lies in an unusual place.
# The pictures of all pages, what a page costs, a minute without its connection and a call of ten minutes have scripts of their own: tools/look.sh, tools/long.sh.
dotnet SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests.dll -noColor -class- '*.LookTests' -class- '*.CallLookTests' -class- '*.PageSpeedTests' -class- '*.CircuitCutTests' -class- '*.LongCallTests' "$@" 2>&1 | tee "$out" || status=$?

# xUnit closes with "… Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.0s". Without that line the run broke off.
summary=$(grep -E 'Total: [0-9]+, Errors: ' "$out" | tail -n 1 || true)
number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<< "$summary" | grep . || echo 0; }
total=$(number Total); failed=$(( $(number Failed) + $(number Errors) )); skipped=$(( $(number Skipped) + $(number 'Not Run') ))
[ "$total" -gt 0 ] || { echo "No test ran." >&2; status=1; }
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
# What failed, and why, once more at the end: beside the log of a whole run nobody finds it.
grep -E -A 12 '\[(FAIL|SKIP)\]' "$out" | grep -vE ' (INF|WRN|ERR) ' | cut -c 1-300 | sed 's/^ */  /' || true
passed=$(( total - failed - skipped ))
echo "$(( passed > 0 ? passed : 0 )) passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ]
