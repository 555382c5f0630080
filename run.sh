#!/usr/bin/env bash
# Builds and starts SipStreamApp, and prints the address to open. Arguments go to the program: ./run.sh --Sip:Port 5070
set -euo pipefail
cd "$(dirname "$0")"
. ./tools/need.sh

need_dotnet
echo "Building…"
dotnet build SipStreamApp -c Release -v quiet -nologo -clp:ErrorsOnly
echo "Starting. The program prints the address to open; Ctrl-C ends it."
exec dotnet SipStreamApp/bin/Release/net10.0/SipStreamApp.dll "$@"
