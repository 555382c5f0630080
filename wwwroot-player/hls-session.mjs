// One session by the browser's own HLS player (Safari, Android). The same face as WhepSession.

export class HlsSession extends EventTarget {
  method = 'hls';
  note = '';
  #url; #video = null; #closed = false; #began = performance.now();

  constructor(url) {
    super();
    this.#url = url;
  }

  static get isSupported() { return document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''; }
  get hasVideo() { return !this.#video || this.#video.readyState < 1 || this.#video.videoWidth > 0; }
  get isConnected() { return Boolean(this.#video) && (this.#video.readyState > 1 || performance.now() - this.#began > 1000); }
  get isDisconnected() { return false; }

  /** Fetches the playlist once, which also starts the presentation on the server. */
  async connect(signal) {
    const response = await fetch(this.#url, { signal, cache: 'no-store' }).catch(error => { if (signal.aborted) throw error; return null; });
    if (!response) return { ok: false, retry: true, status: 0, code: 'unreachable', text: 'The server cannot be reached' };
    if (response.ok) return { ok: true };
    const problem = await response.json().catch(() => ({}));
    return { ok: false, retry: response.status === 404 || response.status === 503 && problem.code !== 'needs-ffmpeg', status: response.status,
      code: problem.code ?? '', text: [problem.title ?? `The server answered ${response.status}`, problem.detail].filter(Boolean).join('. ') };
  }

  attach(video) {
    this.#video = video;
    video.src = this.#url;
    video.addEventListener('ended', () => this.#end('closed'), { once: true });
    video.addEventListener('error', () => this.#end('lost'), { once: true });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#video?.removeAttribute('src');
    this.#video?.load();
  }

  async stats() {
    const quality = this.#video?.getVideoPlaybackQuality?.() ?? {}, time = Math.round((this.#video?.currentTime ?? 0) * 1000);
    return { framesDecoded: quality.totalVideoFrames ?? time, framesDropped: quality.droppedVideoFrames ?? 0, packetsReceived: time, packetsLost: 0, bytesReceived: 0,
      nackCount: 0, pliCount: 0, freezeCount: 0, freezeSeconds: 0, jitterMs: 0, jitterBufferMs: 0, roundTripMs: null, width: this.#video?.videoWidth ?? 0,
      height: this.#video?.videoHeight ?? 0, fps: 0, audioLevel: 0, audioSamples: 0, audioConcealed: 0, audioCodec: '', videoCodec: '' };
  }

  #end(reason) {
    if (!this.#closed) this.dispatchEvent(new CustomEvent('end', { detail: reason }));
  }
}
