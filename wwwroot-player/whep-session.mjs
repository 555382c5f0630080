// One WHEP session: a peer connection that receives, its HTTP resource, and when it is over.
// No candidates are sent: the server is ICE-lite with its candidates in the answer and learns ours from the first check.

export class WhepSession extends EventTarget {
  method = 'webrtc';
  #url;
  #resource = null;
  #lacksVideo = false;
  #closed = false;

  constructor(url) {
    super();
    this.#url = url;
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.media = new MediaStream();
    this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.addEventListener('track', e => {
      this.media.addTrack(e.track);
      this.dispatchEvent(new Event('track'));
      // A server that hangs up closes DTLS; the connection state alone would notice much later.
      e.receiver.transport?.addEventListener('statechange', () => {
        if (e.receiver.transport.state === 'closed') this.#resource = null;   // The server ended it: there is nothing left to delete.
        if (e.receiver.transport.state === 'closed' || e.receiver.transport.state === 'failed') this.#end('closed');
      });
    });
    this.pc.addEventListener('connectionstatechange', () => {
      if (this.pc.connectionState === 'failed' || this.pc.connectionState === 'closed') this.#end('lost');
    });
  }

  get isConnected() { return this.pc.connectionState === 'connected'; }
  get isDisconnected() { return this.pc.connectionState === 'disconnected'; }
  attach(video) { video.srcObject = this.media; }
  /** True where the stream has a picture that this browser does not take by WebRTC. */
  get lacksVideo() { return this.#lacksVideo; }
  get note() { return this.#lacksVideo ? 'This browser has no WebRTC codec for the picture' : ''; }
  get hasVideo() { return this.media.getVideoTracks().length > 0; }

  /** Posts the offer once. Returns { ok } or { retry, status, code, text }. May be called again after a refusal. */
  async connect(signal) {
    if (!this.pc.localDescription) await this.pc.setLocalDescription(await this.pc.createOffer());
    let response;
    try {
      response = await fetch(`${this.#url}${this.#url.includes('?') ? '&' : '?'}optional`, {
        method: 'POST', headers: { 'content-type': 'application/sdp' }, body: this.pc.localDescription.sdp, signal, cache: 'no-store',
      });
    } catch (error) {
      if (signal.aborted) throw error;
      return { ok: false, retry: true, status: 0, code: 'unreachable', text: 'The server cannot be reached' };
    }
    // Nothing there yet, said without an error in the console; Retry-After: its call rings.
    if (response.status === 204) return { ok: false, retry: true, status: 404, code: response.headers.has('retry-after') ? 'stream-not-ready' : 'stream-not-found', text: '' };
    if (response.status === 201 || response.status === 200) {
      const location = response.headers.get('location');
      this.#resource = location ? new URL(location, this.#url).href : null;
      const sdp = await response.text();
      if (this.#closed || signal.aborted) {
        this.#delete(false);
        throw new DOMException('stopped', 'AbortError');
      }
      this.#lacksVideo = sdp.split(/^m=/m).some(part => part.startsWith('video 0 ') && part.includes('a=x-no-common-codec'));
      await this.pc.setRemoteDescription({ type: 'answer', sdp });
      return { ok: true };
    }
    const problem = await response.json().catch(() => ({}));
    const text = [problem.title ?? `The server answered ${response.status}`, problem.detail].filter(Boolean).join('. ');
    return { ok: false, retry: response.status === 404 || response.status >= 500 || response.status === 429, status: response.status, code: problem.code ?? '', text };
  }

  /** Ends it on both sides. With leaving the request outlives the page. */
  close(leaving = false) {
    if (this.#closed) return;
    this.#closed = true;
    // Closing first would tell the server by DTLS, and the request would find nothing any more.
    const limit = setTimeout(() => this.pc.close(), 1000);
    this.#delete(leaving).finally(() => { clearTimeout(limit); this.pc.close(); });
  }

  /** Figures as { framesDecoded, framesDropped, packetsReceived, packetsLost, bytesReceived, jitterMs, roundTripMs, width, height, fps, ... }. */
  async stats() {
    const sum = { framesDecoded: 0, framesDropped: 0, packetsReceived: 0, packetsLost: 0, bytesReceived: 0, nackCount: 0, pliCount: 0, freezeCount: 0,
      freezeSeconds: 0, jitterMs: 0, jitterBufferMs: 0, roundTripMs: null, width: 0, height: 0, fps: 0, audioLevel: 0, audioSamples: 0, audioConcealed: 0,
      audioCodec: '', videoCodec: '' };
    const report = await this.pc.getStats();
    for (const s of report.values()) {
      if (s.type === 'candidate-pair' && s.nominated) sum.roundTripMs = s.currentRoundTripTime === undefined ? null : s.currentRoundTripTime * 1000;
      if (s.type !== 'inbound-rtp') continue;
      for (const key of ['packetsReceived', 'packetsLost', 'bytesReceived']) sum[key] += s[key] ?? 0;
      sum.jitterMs = Math.max(sum.jitterMs, (s.jitter ?? 0) * 1000);
      const codec = report.get(s.codecId)?.mimeType?.split('/')[1] ?? '';
      if (s.kind === 'audio') {
        sum.audioCodec = codec;
        sum.audioLevel = s.audioLevel ?? 0;
        sum.audioSamples = s.totalSamplesReceived ?? 0;
        sum.audioConcealed = s.concealedSamples ?? 0;
      } else {
        sum.videoCodec = codec;
        sum.width = s.frameWidth ?? 0;
        sum.height = s.frameHeight ?? 0;
        sum.fps = s.framesPerSecond ?? 0;
        for (const key of ['framesDecoded', 'framesDropped', 'nackCount', 'pliCount', 'freezeCount']) sum[key] = s[key] ?? 0;
        sum.freezeSeconds = s.totalFreezesDuration ?? 0;
        if (s.jitterBufferEmittedCount) sum.jitterBufferMs = 1000 * s.jitterBufferDelay / s.jitterBufferEmittedCount;
      }
    }
    return sum;
  }

  #end(reason) {
    if (!this.#closed) this.dispatchEvent(new CustomEvent('end', { detail: reason }));
  }

  async #delete(leaving) {
    if (!this.#resource) return;
    const resource = this.#resource;
    this.#resource = null;
    // Whether it arrives matters little: the server drops a viewer without consent checks by itself.
    await fetch(resource, { method: 'DELETE', keepalive: leaving }).catch(() => undefined);
  }
}
