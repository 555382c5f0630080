#!/usr/bin/env bash
# 2,000 short calls against a product process of its own; then it must hold what it held before: tools/leak.sh [--calls 2000] [--together 50].
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build SipStreamApp.Benchmarks -c Release -v quiet -nologo -clp:ErrorsOnly
exec dotnet SipStreamApp.Benchmarks/bin/Release/net10.0/SipStreamApp.Benchmarks.dll leak "$@"
