namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>The page's half of a <see cref="WhepViewer"/>.</summary>
internal static class WhepScript
{
    /// <summary>
    /// Starts watching <c>url</c>. <c>call</c>: a body for /call/startup that is posted once the tries have begun. <c>relayPort</c>: where
    /// media is to be got instead of the server's own port. <c>numbered</c>: the picture shows its number (NumberedClip).
    /// </summary>
    public const string Start = """
        ({ url, call, relayPort, numbered }) => {
          const v = document.getElementById('v');
          const s = window.viewer = { tries: 0, error: null, start: performance.now(), answered: 0, first: 0, longestGap: 0, last: 0, prev: null, steps: {}, shown: [] };
          const step = name => { s.steps[name] ??= performance.now() - s.start; };
          const pc = s.pc = new RTCPeerConnection();
          pc.addTransceiver('video', { direction: 'recvonly' });
          pc.addTransceiver('audio', { direction: 'recvonly' });
          pc.ontrack = e => {
            if (v.srcObject !== e.streams[0]) v.srcObject = e.streams[0];
            if (e.track.kind === 'video') e.track.onunmute = () => step('packet');
          };
          pc.oniceconnectionstatechange = () => { if (pc.iceConnectionState === 'connected') step('ice'); };
          pc.onconnectionstatechange = () => { if (pc.connectionState === 'connected') step('connected'); };
          const field = 20, strip = numbered ? document.createElement('canvas') : null;
          if (strip) { strip.width = 16 * field; strip.height = field; }
          const canvas = strip?.getContext('2d', { willReadFrequently: true });
          const number = () => {
            canvas.drawImage(v, 0, 0, 16 * field, field, 0, 0, 16 * field, field);
            const pixels = canvas.getImageData(0, field / 2, 16 * field, 1).data;
            let n = 0;
            for (let i = 0; i < 16; i++) n = n * 2 + (pixels[(i * field + field / 2) * 4] > 125 ? 1 : 0);
            return n;
          };
          const onFrame = (now, about) => {
            if (s.stopped) return;
            if (!s.first) { s.first = performance.now(); step('frame'); }
            if (s.last) s.longestGap = Math.max(s.longestGap, now - s.last);
            s.last = now;
            if (canvas) {
              s.shown.push({ n: number(), at: performance.timeOrigin + about.presentationTime });
              if (s.shown.length > 1000) s.shown.shift();
            }
            v.requestVideoFrameCallback(onFrame);
          };
          v.requestVideoFrameCallback(onFrame);
          const place = async () => {
            step('called');
            const r = await fetch('/rest-api/call/startup', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: call });
            if (!r.ok) s.error = r.status + ' ' + await r.text();
            step('accepted');
          };
          s.run = (async () => {
            await pc.setLocalDescription(await pc.createOffer());
            while (true) {
              s.tries++;
              const pending = fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: pc.localDescription.sdp });
              if (call && s.tries === 2) place();
              const r = await pending;
              if (r.status === 201) {
                s.location = new URL(r.headers.get('Location'), url).href;
                let sdp = await r.text();
                if (relayPort) sdp = sdp.replace(/(a=candidate:\S+ 1 udp \d+ )\S+ \d+/g, `$1127.0.0.1 ${relayPort}`);
                await pc.setRemoteDescription({ type: 'answer', sdp });
                s.answered = performance.now();
                step('answered');
                return;
              }
              if (r.status !== 404 && r.status !== 503) { s.error = r.status + ' ' + await r.text(); return; }
              await new Promise(ok => setTimeout(ok, 30));
            }
          })().catch(e => { s.error = String(e); });
          s.stop = async () => { s.stopped = true; if (s.location) await fetch(s.location, { method: 'DELETE' }); pc.close(); v.srcObject = null; };
          s.figures = async () => {
            const f = { error: s.error, firstFrameMs: s.first ? s.first - s.start : 0, connectToFrameMs: s.first ? s.first - s.answered : 0,
              framesDecoded: 0, width: v.videoWidth, height: v.videoHeight, audioPackets: 0, audioEnergy: 0, videoPackets: 0, videoLost: 0,
              freezeSeconds: 0, longestGapMs: s.longestGap, codecs: [], jitterBufferMs: 0, tries: s.tries, steps: s.steps };
            const stats = await pc.getStats();
            stats.forEach(x => {
              if (x.type === 'inbound-rtp' && x.kind === 'video') {
                f.framesDecoded = x.framesDecoded || 0; f.videoPackets = x.packetsReceived; f.videoLost = x.packetsLost; f.freezeSeconds = x.totalFreezesDuration || 0;
                f.freezes = x.freezeCount || 0; f.retransmitted = x.retransmittedPacketsReceived || 0; f.nacks = x.nackCount || 0; f.plis = x.pliCount || 0;
                const p = s.prev || { d: 0, n: 0 };
                const n = x.jitterBufferEmittedCount - p.n;
                if (n > 0) f.jitterBufferMs = (x.jitterBufferDelay - p.d) / n * 1000;
                s.prev = { d: x.jitterBufferDelay, n: x.jitterBufferEmittedCount };
              }
              if (x.type === 'inbound-rtp' && x.kind === 'audio') {
                const p = s.prevSound || { d: 0, n: 0 };
                const n = x.jitterBufferEmittedCount - p.n;
                if (n > 0) f.soundBufferMs = (x.jitterBufferDelay - p.d) / n * 1000;
                s.prevSound = { d: x.jitterBufferDelay, n: x.jitterBufferEmittedCount };
              }
              if (x.type === 'inbound-rtp' && x.kind === 'audio') { f.audioPackets = x.packetsReceived; f.audioEnergy = x.totalAudioEnergy || 0; }
              if (x.type === 'inbound-rtp' && x.codecId && stats.get(x.codecId)) f.codecs.push(stats.get(x.codecId).mimeType);
            });
            return JSON.stringify(f);
          };
        }
        """;
}
