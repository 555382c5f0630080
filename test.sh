#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Exit code 0 only if all passed.
# The last line is "N passed, N failed, N skipped". Arguments go to the test program: ./test.sh -class '*SipParser*'
set -euo pipefail
cd "$(dirname "$0")"
. ./tools/need.sh

need_dotnet
need_packages 'chromium|chromium-browser|google-chrome:chromium|chromium-browser' ffmpeg:ffmpeg kamailio:kamailio \
  baresip:baresip-core /usr/lib/baresip/modules/avcodec.so:baresip-ffmpeg sipp:sip-tester linphonec:linphone-cli \
  nginx:nginx-light /usr/lib/nginx/modules/ngx_rtmp_module.so:libnginx-mod-rtmp node:nodejs npm:npm
(cd SipStreamApp.Tests && npm ci --no-audit --no-fund --silent)
export SIPSTREAM_CHROMIUM="${SIPSTREAM_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}"

dotnet build SipStreamApp.sln -c Release -v quiet -nologo -clp:ErrorsOnly

out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
run_tests() { dotnet SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests.dll -noColor "$@" 2>&1; }
# By dotnet and the .dll: the program file of its own would not find a .NET that lies in an unusual place.
run_tests "$@" | tee "$out" || status=$?

# xUnit closes with "… Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.0s". Without that line the run broke off.
summary=$(grep -E 'Total: [0-9]+, Errors: ' "$out" | tail -n 1 || true)
number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<< "$summary" | grep . || echo 0; }
total=$(number Total); failed=$(( $(number Failed) + $(number Errors) )); skipped=$(( $(number Skipped) + $(number 'Not Run') ))
[ "$total" -gt 0 ] || { echo "No test ran." >&2; status=1; }
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1

# Real phones, browsers and clocks share two cores with each other here. Up to five tests that failed get one more run, alone and one
# after the other; what fails then has failed. They are named, so that one that needs this again and again is seen and mended.
if [ "$total" -gt 0 ] && [ "$failed" -gt 0 ] && [ "$failed" -le 5 ]; then
  mapfile -t names < <(grep -E '\[FAIL\]' "$out" | sed -E 's/^ *//; s/ \[FAIL\].*//; s/\(.*//' | sort -u)
  if [ "${#names[@]}" -gt 0 ]; then
    echo "Once more, alone: ${names[*]}"
    again=()
    for name in "${names[@]}"; do again+=(-method "$name"); done
    if run_tests -parallelMode none "${again[@]}" | tee -a "$out"; then failed=0; status=0; fi
  fi
fi

grep -E '\[(FAIL|SKIP)\]' "$out" | sed 's/^ */  /' || true
passed=$(( total - failed - skipped ))
echo "$(( passed > 0 ? passed : 0 )) passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ]
