#!/usr/bin/env bash
# Holds docs/ops against the real thing: promtool reads the alert rules, systemd reads the unit, and a real Prometheus on 127.0.0.1 scrapes a running
# server with calls, a recording, an HLS player and a push until every rule and every panel of the dashboard has data. One to two minutes.
# OPS_APP names a SipStreamApp.dll that is built already. Needs the Debian packages prometheus (promtool, prometheus), python3 and ffmpeg; not part of ./test.sh, which compares the names only.
set -euo pipefail
cd "$(dirname "$0")/.."
. ./tools/need.sh

need_dotnet
if ! have promtool || ! have prometheus; then
  can_install && apt_install_quietly prometheus || true
fi
for program in promtool prometheus python3 ffmpeg; do
  have "$program" || { echo "$program is missing: apt-get install prometheus python3 ffmpeg" >&2; exit 1; }
done

echo "== promtool"
promtool check rules docs/ops/alerts.yml
promtool test rules tools/ops-rules.yml
echo "== systemd"
if have systemd-analyze; then
  # The program need not be installed on this machine for the unit to be right: a path that is missing here is not its fault.
  said="$(systemd-analyze verify docs/ops/sipstreamapp.service 2>&1 | grep -v 'is not executable: No such file' || true)"
  [ -z "$said" ] || { echo "$said" >&2; exit 1; }
  echo "systemd-analyze verify: nothing to complain of ($(systemd-analyze --version | head -1))"
else
  echo "systemd-analyze is not here: the unit was not looked at"
fi

[ -n "${OPS_APP:-}" ] || dotnet build SipStreamApp -c Release -v quiet -nologo -clp:ErrorsOnly
exec python3 tools/ops-check.py
