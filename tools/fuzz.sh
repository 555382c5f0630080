#!/usr/bin/env bash
# Fuzzes every parser for so many minutes in all: tools/fuzz.sh 60 [seed]. What fails is written to fuzz-findings/.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
export FUZZ_SEED=${2:-$RANDOM}
targets=$(find SipStreamApp.Tests/Fuzz/Corpus -mindepth 1 -maxdepth 1 -type d | wc -l)
export FUZZ_SECONDS=$(( minutes * 60 / targets > 0 ? minutes * 60 / targets : 1 ))
dotnet build SipStreamApp.Tests -c Release -v quiet -nologo -clp:ErrorsOnly
echo "$targets targets, $FUZZ_SECONDS s each, seed $FUZZ_SEED"
exec dotnet SipStreamApp.Tests/bin/Release/net10.0/SipStreamApp.Tests.dll -noColor -class '*Fuzz.FuzzTests' -showLiveOutput
