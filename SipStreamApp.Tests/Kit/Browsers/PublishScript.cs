namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>The page's half of a <see cref="PublishPage"/>.</summary>
internal static class PublishScript
{
    /// <summary>
    /// Makes <c>window.publisher</c>. <c>source</c>: "device" is the browser's fake camera and microphone, "canvas" a noisy picture whose lamp
    /// (where the demo clip has its own) lights together with a 1000 Hz beep each second. <c>direction</c>: of both transceivers.
    /// <c>codec</c>: the only picture codec to offer; empty: all. <c>relayPort</c>: where media is to be sent instead of the server's own port.
    /// </summary>
    public const string Prepare = """
        async ({ source, direction, codec, relayPort, video, beepHz }) => {
          const s = window.publisher = { error: null, state: 'new' };
          const out = document.getElementById('v');
          const lampScene = () => {
            const canvas = document.createElement('canvas');
            canvas.width = 640; canvas.height = 480;
            const g = canvas.getContext('2d'), audio = new AudioContext();
            const noise = g.createImageData(160, 120);
            const tone = audio.createOscillator(), gain = audio.createGain(), sink = audio.createMediaStreamDestination();
            tone.frequency.value = beepHz; gain.gain.value = 0;
            tone.connect(gain).connect(sink); tone.start();
            let tick = 0;
            const stream = canvas.captureStream(0), track = stream.getVideoTracks()[0];
            setInterval(() => {
              for (let i = 0; i < noise.data.length; i += 4) { noise.data[i] = noise.data[i + 1] = noise.data[i + 2] = Math.random() * 255; noise.data[i + 3] = 255; }
              g.putImageData(noise, 0, 0);
              g.fillStyle = '#204060'; g.fillRect(160, 0, 480, 480); g.fillRect(0, 120, 160, 360);
              // The lamp leads, for it can only change with a picture.
              const lit = tick % 30 < 3;
              if (tick % 30 === 0) gain.gain.setValueAtTime(0.8, audio.currentTime);
              if (tick % 30 === 3) gain.gain.setValueAtTime(0, audio.currentTime);
              tick++;
              g.fillStyle = lit ? '#fff' : '#000';
              g.fillRect(512, 0, 128, 128);
              track.requestFrame();
            }, 33);
            return new MediaStream([track, ...sink.stream.getAudioTracks()]);
          };
          s.media = source === 'device' ? await navigator.mediaDevices.getUserMedia({ audio: true, video }) : lampScene();
          const pc = s.pc = new RTCPeerConnection();
          pc.onconnectionstatechange = () => { s.state = pc.connectionState; };
          pc.ontrack = e => {
            if (out.srcObject !== e.streams[0]) out.srcObject = e.streams[0];
            if (e.track.kind !== 'audio') return;
            const ear = s.ear = new AudioContext({ sampleRate: 16000 });
            const analyser = ear.createAnalyser();
            analyser.fftSize = 2048;
            ear.createMediaStreamSource(new MediaStream([e.track])).connect(analyser);
            s.heard = {};
            const bins = new Float32Array(analyser.frequencyBinCount);
            setInterval(() => {
              analyser.getFloatFrequencyData(bins);
              for (const hz of [440, 1000, 1400]) {
                const level = bins[Math.round(hz * analyser.fftSize / ear.sampleRate)];
                s.heard[hz] = Math.max(s.heard[hz] ?? -200, level);
              }
            }, 30);
          };
          const prefer = t => {
            if (codec && t.sender.track?.kind === 'video')
              t.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(c => c.mimeType === 'video/' + codec || c.mimeType === 'video/rtx'));
          };
          const redirect = sdp => relayPort ? sdp.replace(/(a=candidate:\S+ 1 udp \d+ )\S+ \d+/g, `$1127.0.0.1 ${relayPort}`) : sdp;
          s.offer = async () => {
            for (const track of s.media.getTracks()) prefer(pc.addTransceiver(track, { direction, streams: [s.media] }));
            await pc.setLocalDescription(await pc.createOffer());
            return pc.localDescription.sdp;
          };
          s.accept = async sdp => { await pc.setRemoteDescription({ type: 'answer', sdp: redirect(sdp) }); };
          s.answer = async sdp => {
            await pc.setRemoteDescription({ type: 'offer', sdp: redirect(sdp) });
            for (const t of pc.getTransceivers()) {
              const mine = s.media.getTracks().find(x => x.kind === t.receiver.track.kind);
              if (mine) { await t.sender.replaceTrack(mine); t.direction = 'sendrecv'; t.sender.setStreams?.(s.media); }
            }
            await pc.setLocalDescription(await pc.createAnswer());
            return pc.localDescription.sdp;
          };
          s.whip = async url => {
            const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: await s.offer() });
            s.status = r.status;
            if (r.status !== 201) { s.error = await r.text(); return r.status; }
            s.location = new URL(r.headers.get('Location'), url).href;
            await s.accept(await r.text());
            return r.status;
          };
          s.figures = async () => {
            const f = { state: s.state, error: s.error, heard: s.heard ?? {}, targetKbps: 0, sentPackets: 0, retransmitted: 0, nacks: 0, plis: 0, keyframes: 0, framesSent: 0, codecs: [], availableKbps: 0, framesDecoded: 0 };
            (await pc.getStats()).forEach((x, _, all) => {
              if (x.type === 'outbound-rtp' && x.kind === 'video') {
                f.targetKbps = (x.targetBitrate || 0) / 1000; f.sentPackets = x.packetsSent; f.retransmitted = x.retransmittedPacketsSent || 0;
                f.nacks = x.nackCount || 0; f.plis = x.pliCount || 0; f.keyframes = x.keyFramesEncoded || 0; f.framesSent = x.framesSent || 0;
              }
              if (x.type === 'inbound-rtp' && x.kind === 'video') f.framesDecoded = x.framesDecoded || 0;
              if (x.type === 'candidate-pair' && x.nominated) f.availableKbps = (x.availableOutgoingBitrate || 0) / 1000;
            });
            return JSON.stringify(f);
          };
        }
        """;
}
