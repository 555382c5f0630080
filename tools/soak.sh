#!/usr/bin/env bash
# An hour of 50 calls that turn over every 20 s, with viewers and recordings: tools/soak.sh [--minutes 60] [--calls 50] [--seconds 20].
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build SipStreamApp.Benchmarks -c Release -v quiet -nologo -clp:ErrorsOnly
exec dotnet SipStreamApp.Benchmarks/bin/Release/net10.0/SipStreamApp.Benchmarks.dll soak "$@"
