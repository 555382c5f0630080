"""Runs the server and a real Prometheus beside it, and asks Prometheus for everything that alerts.yml and the dashboard name. Started by tools/ops.sh."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPS = ROOT / "docs" / "ops"
PATIENCE = 90


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=15) as answer:
        text = answer.read().decode()
    return json.loads(text) if text.startswith(("[", "{")) else text


def until(what, seconds, look):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.5)
    sys.exit(f"not within {seconds} s: {what}")


def start(name, folder, *command):
    log = open(os.path.join(folder, name + ".log"), "wb")
    return subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)


def expressions():
    """Every expression of rules and panels, with where it stands."""
    rules = (OPS / "alerts.yml").read_text()
    for name, block in re.findall(r"- alert: (\w+)\n\s+expr: (\|\n(?:\s{10,}.*\n)+|.*\n)", rules):
        yield "alert " + name, " ".join(block.lstrip("|").split())
    def panels(node):
        for panel in node.get("panels", []):
            yield panel
            yield from panels(panel)
    for panel in panels(json.loads((OPS / "grafana-dashboard.json").read_text())):
        for target in panel.get("targets", []):
            yield "panel " + panel["title"], target["expr"].replace("$instance", ".*")


def main():
    folder = tempfile.mkdtemp(prefix="sipstream-ops-")
    web, prom, sip, webrtc = (free_port() for _ in range(4))
    app_url, prom_url = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{prom}"
    running = []
    try:
        server = start("server", folder, "dotnet", os.environ.get("OPS_APP") or str(ROOT / "SipStreamApp/bin/Release/net10.0/SipStreamApp.dll"), "--Urls", app_url, "--Data:Directory",
                       os.path.join(folder, "data"), "--Sip:Port", str(sip), "--WebRtc:Port", str(webrtc), "--Media:RtpPorts", "47000-47200")
        running.append(server)
        until("the server answers", 40, lambda: ask(app_url + "/health/live"))
        # As docs/ops/README.md says, but for the second instead of the minute.
        pathlib.Path(folder, "prometheus.yml").write_text(
            f"global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [{OPS / 'alerts.yml'}]\n"
            f"scrape_configs:\n  - job_name: sipstreamapp\n    static_configs: [{{ targets: ['127.0.0.1:{web}'] }}]\n")
        subprocess.run(["promtool", "check", "config", os.path.join(folder, "prometheus.yml")], check=True, stdout=subprocess.DEVNULL)
        running.append(start("prometheus", folder, "prometheus", "--config.file=prometheus.yml", f"--web.listen-address=127.0.0.1:{prom}", "--storage.tsdb.path=tsdb"))
        until("Prometheus is ready", 30, lambda: ask(prom_url + "/-/ready"))

        def call(name):
            ask(app_url + "/rest-api/call/startup", {"callId": name, "callee": "demo", "toStream": name, "sipLogin": "me", "sipDomain": "127.0.0.1", "sipPort": sip})
            until(name + " is answered", 20, lambda: ask(app_url + "/rest-api/call/find", {"callId": name})[0]["status"] == "ESTABLISHED")

        call("short")
        ask(app_url + "/rest-api/call/terminate", {"callId": "short"})
        call("long")
        ask(app_url + "/rest-api/recorder/startup", {"mediaSessionId": "long"})
        ask(app_url + "/rest-api/push/startup", {"streamName": "long", "rtmpUrl": "rtmp://127.0.0.1:9/live/nobody"})

        def query(expression):
            return ask(prom_url + "/api/v1/query?" + urllib.parse.urlencode({"query": expression}))["data"]["result"]

        # An alert that has nothing to say gives no data: of these the names are asked for.
        wanted = {}
        for where, expression in expressions():
            if where.startswith("panel"):
                wanted[where + ": " + expression] = expression
            else:
                for name in sorted(set(re.findall(r"\b(?:sipstream|dotnet)_\w+|\bup\b", expression))):
                    wanted[f"{where}: {name}"] = name
        missing = dict(wanted)
        end = time.monotonic() + PATIENCE
        while missing and time.monotonic() < end:
            ask(app_url + "/hls/long/index.m3u8")
            for key in [k for k, e in missing.items() if query(e)]:
                print("data    ", key)
                del missing[key]
            time.sleep(1)
        for key in missing:
            print("NO DATA ", key)

        bad = [r for g in ask(prom_url + "/api/v1/rules")["data"]["groups"] for r in g["rules"] if r["health"] != "ok"]
        for rule in bad:
            print("BROKEN  ", rule["name"], rule.get("lastError"))
        rules = sum(len(g["rules"]) for g in ask(prom_url + "/api/v1/rules")["data"]["groups"])
        print(f"{rules} rules evaluated, {len(bad)} with errors")

        # A rule that can fire, fires: the server goes, and Prometheus says so.
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        until("SipStreamAppDown is pending", 30, lambda: any(a["labels"]["alertname"] == "SipStreamAppDown" for a in ask(prom_url + "/api/v1/alerts")["data"]["alerts"]))
        print("fires    SipStreamAppDown, once the server is gone")
        print(f"{len(wanted) - len(missing)} of {len(wanted)} have data")
        return 1 if missing or bad else 0
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            process.wait(30)


sys.exit(main())
