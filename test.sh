#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Exit code 0 only if all passed.
# The last line is "N passed, N failed, N skipped". Arguments go to the test program: ./test.sh -class '*SipParser*'
set -euo pipefail
cd "$(dirname "$0")"
. ./tools/need.sh

need_dotnet
need_packages chromium:chromium ffmpeg:ffmpeg kamailio:kamailio baresip:baresip sipp:sip-tester linphonec:linphone-cli

dotnet build SipStreamApp.sln -c Release -v quiet -nologo -clp:ErrorsOnly

out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests -noColor "$@" 2>&1 | tee "$out" || status=$?

# xUnit closes with "… Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.0s".
number() { grep -oE "$1: [0-9]+" "$out" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
total=$(number Total); failed=$(( $(number Failed) + $(number Errors) )); skipped=$(( $(number Skipped) + $(number 'Not Run') ))
[ "$total" -gt 0 ] || { echo "No test ran." >&2; status=1; }
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$(( total - failed - skipped )) passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ]
