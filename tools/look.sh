#!/usr/bin/env bash
# Every page, empty, live and in trouble, on a desk and on a phone, dark and light: pictures for people in artifacts/screens, with axe and the
# console watched. Then what a page costs (renders, bytes, memory, time), and a circuit that is away for a minute while a video plays.
# Ten minutes, so not part of ./test.sh. The figures come with -diagnostics. Build first: dotnet build SipStreamApp.sln -c Release
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests.dll -noColor -class '*.LookTests' -class '*.CallLookTests' -class '*.PageSpeedTests' -class '*.CircuitCutTests' "$@"
