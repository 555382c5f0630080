// One session by Media Source Extensions: fragmented MP4 over a WebSocket. The same face as WhepSession, so that the player need not care.

const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource;
const TARGET = 0.25, HURRY = 0.45, JUMP = 1;   // seconds of sound and picture waiting: aimed at, played faster above, jumped above
const KEEP = 20;                               // seconds kept behind the place that plays
const STALL = 400;                             // ms without progress before a hole is looked for

export class MseSession extends EventTarget {
  method = 'mse';
  #url; #socket = null; #source = null; #objectUrl = ''; #buffer = null; #video = null; #timer = 0;
  #queue = []; #mime = ''; #closed = false; #settle = null; #fragments = 0; #bytes = 0; #started = false;
  #place = 0; #movedAt = 0; #live = null; #info = {};

  constructor(url) {
    super();
    this.#url = url.replace(/^http/, 'ws');
  }

  static get isSupported() { return Boolean(Source && globalThis.WebSocket); }
  get hasVideo() { return Boolean(this.#info.video); }
  get isConnected() { return this.#socket?.readyState === WebSocket.OPEN; }
  get isDisconnected() { return false; }
  /** What the server says is missing, or ''. */
  get note() { return this.#info.note ?? ''; }
  /** Seconds between the newest media of the server and what is shown; null before it is known. */
  get latency() {
    if (!this.#live || !this.#video || !this.#started) return null;
    return this.#live.time + (performance.now() - this.#live.at) / 1000 - this.#video.currentTime;
  }

  /** Opens the socket. Resolves with { ok } once the first init segment is announced, or { retry, status, code, text }. */
  connect(signal) {
    return new Promise(resolve => {
      const done = answer => { if (this.#settle) { this.#settle = null; resolve(answer); } };
      this.#settle = done;
      const socket = this.#socket = new WebSocket(this.#url);
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('message', e => { if (socket === this.#socket) typeof e.data === 'string' ? this.#say(JSON.parse(e.data)) : this.#take(e.data); });
      socket.addEventListener('close', () => {
        if (socket !== this.#socket) return;
        done({ ok: false, retry: true, status: 0, code: 'unreachable', text: 'The server cannot be reached' });
        this.#end('lost');
      });
      signal.addEventListener('abort', () => { done({ ok: false }); this.close(); }, { once: true });
    });
  }

  attach(video) {
    this.#video = video;
    this.#source = new Source();
    this.#objectUrl = URL.createObjectURL(this.#source);
    this.#source.addEventListener('sourceopen', () => this.#pump(), { once: true });
    if (globalThis.ManagedMediaSource) video.disableRemotePlayback = true;
    video.src = this.#objectUrl;
    this.#movedAt = performance.now();
    this.#timer = setInterval(() => this.#steer(), 100);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket?.close();
    if (this.#video) {
      this.#video.playbackRate = 1;
      this.#video.removeAttribute('src');
      this.#video.load();
    }
    if (this.#objectUrl) URL.revokeObjectURL(this.#objectUrl);
  }

  async stats() {
    const quality = this.#video?.getVideoPlaybackQuality?.() ?? {};
    return { framesDecoded: quality.totalVideoFrames ?? 0, framesDropped: quality.droppedVideoFrames ?? 0, packetsReceived: this.#fragments, packetsLost: 0,
      bytesReceived: this.#bytes, nackCount: 0, pliCount: 0, freezeCount: 0, freezeSeconds: 0, jitterMs: 0, jitterBufferMs: this.#ahead() * 1000,
      roundTripMs: null, width: this.#video?.videoWidth ?? 0, height: this.#video?.videoHeight ?? 0, fps: 0, audioLevel: 0, audioSamples: 0, audioConcealed: 0,
      audioCodec: this.#info.audio ?? '', videoCodec: this.#info.video ?? '', latencyMs: this.latency === null ? null : this.latency * 1000 };
  }

  #say(message) {
    if (message.type === 'init') {
      if (!Source.isTypeSupported(message.mime)) {
        this.#settle?.({ ok: false, retry: false, status: 406, code: 'no-common-codec', text: `This browser does not play ${message.mime}` });
        this.close();
        return;
      }
      this.#info = message;
      this.#queue.push(message.mime);
      this.#settle?.({ ok: true });
      this.dispatchEvent(new Event('track'));
    } else if (message.type === 'clock') this.#live = { time: message.live, at: performance.now() };
    else if (message.type === 'error') {
      const status = message.code === 'stream-not-found' ? 404 : message.retry ? 503 : 406;
      this.#settle?.({ ok: false, retry: message.retry || status === 404, status, code: message.code, text: [message.title, message.detail].filter(Boolean).join('. ') });
    } else if (message.type === 'end') this.#end('closed');
  }

  #take(data) {
    this.#fragments++;
    this.#bytes += data.byteLength;
    this.#queue.push(new Uint8Array(data));
    this.#pump();
  }

  // Everything that waits goes in at once, up to the next change of format.
  #pump() {
    if (this.#closed || this.#source?.readyState !== 'open' || this.#buffer?.updating || this.#queue.length === 0) return;
    try {
      if (typeof this.#queue[0] === 'string') {
        const mime = this.#queue.shift();
        if (!this.#buffer) {
          this.#source.duration = Infinity;   // Here: the socket may speak between the change to 'open' and its event, and then the buffer is already busy.
          this.#buffer = this.#source.addSourceBuffer(mime);
          this.#buffer.addEventListener('updateend', () => this.#pump());
          this.#buffer.addEventListener('error', () => this.#end('lost'));
        } else if (mime !== this.#mime) this.#buffer.changeType(mime);
        this.#mime = mime;
      }
      let count = this.#queue.findIndex(x => typeof x === 'string');
      if (count < 0) count = this.#queue.length;
      if (count === 0) return;
      const pieces = this.#queue.splice(0, count), all = new Uint8Array(pieces.reduce((sum, x) => sum + x.length, 0));
      let at = 0;
      for (const piece of pieces) { all.set(piece, at); at += piece.length; }
      this.#buffer.appendBuffer(all);
    } catch (error) {
      if (error.name === 'QuotaExceededError') this.#trim(2);
      else this.#end('lost');
    }
  }

  #ahead() {
    const ranges = this.#video?.buffered;
    return ranges?.length ? ranges.end(ranges.length - 1) - this.#video.currentTime : 0;
  }

  // Ten times a second: keep near the newest media, and get over holes.
  #steer() {
    const video = this.#video, ranges = video.buffered, now = performance.now();
    if (this.#closed || ranges.length === 0) return;
    const last = ranges.length - 1, end = ranges.end(last), ahead = end - video.currentTime;
    if (!this.#started) {
      this.#started = true;
      video.currentTime = Math.max(ranges.start(last), end - TARGET);
    } else if (ahead > JUMP && (document.hidden || !video.paused)) {
      video.currentTime = Math.max(ranges.start(last), end - TARGET);
      video.playbackRate = 1;
    } else if (ahead > HURRY) video.playbackRate = 1.1;
    else if (ahead < TARGET) video.playbackRate = 1;

    if (video.currentTime !== this.#place) [this.#place, this.#movedAt] = [video.currentTime, now];
    else if (!video.paused && !video.seeking && now - this.#movedAt > STALL) {
      for (let i = 0; i <= last; i++) {
        if (ranges.start(i) <= video.currentTime + 0.01) continue;
        video.currentTime = ranges.start(i) + 0.01;
        break;
      }
      this.#movedAt = now;
    }
    this.#trim(KEEP);
  }

  #trim(keep) {
    const buffer = this.#buffer, until = this.#video.currentTime - keep;
    if (!buffer || buffer.updating || this.#source.readyState !== 'open' || buffer.buffered.length === 0 || buffer.buffered.start(0) > until - 10) return;
    buffer.remove(0, until);
  }

  #end(reason) {
    if (!this.#closed) this.dispatchEvent(new CustomEvent('end', { detail: reason }));
  }
}
