#!/usr/bin/env bash
# A call of ten minutes over a line that loses 0, 3 and 10 % of its packets, 200 seconds each: the time line must show it where it happened,
# after a restart, too. Not part of ./test.sh, which has a short form. Build first: dotnet build SipStreamApp.sln -c Release
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests.dll -noColor -class '*.LongCallTests' -showLiveOutput "$@"
