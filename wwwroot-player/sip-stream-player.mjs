// <sip-stream-player stream="name" [server="http://host:8080"] [autoplay] [muted] [controls] [k="token of a link"] [method="auto|webrtc|mse|hls"]>
// Plays a live stream by WebRTC (WHEP), or by MSE or HLS where that does not get through. Waits for a stream that does not exist yet, comes back after a failure, says what it does.
// States: idle, connecting, waiting, playing, stopped, failed. Events: statechange, firstframe, stats, methodchange.

import { MethodLadder, names } from './methods.mjs';
import { icons, template } from './player-view.mjs';

const FIRST_RETRY = 250, LAST_RETRY = 2000;   // while the stream does not exist yet, ms
const CONNECT_LIMIT = 8000;                   // from the answer to a connected transport, ms
const ICE_LIMIT = 3000;                       // the same where another method can be tried
const FREEZE_LIMIT = 2;                       // seconds without a new picture, or without any packet, before it is said
const FROZEN_LIMIT = 5, SILENT_LIMIT = 12;    // seconds before a new session: packets come but no picture; nothing comes (a call on hold is silent for long)

const here = new URL(import.meta.url).origin;
const sleep = (ms, signal) => new Promise(resolve => {
  const timer = setTimeout(done, ms);
  function done() { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); }
  signal.addEventListener('abort', done);
});

export class SipStreamPlayer extends HTMLElement {
  static observedAttributes = ['stream', 'server', 'muted', 'controls', 'method'];

  #view = this.attachShadow({ mode: 'open' });
  #video; #run = null; #session = null; #ladder = null; #state = 'idle'; #text = ''; #startedAt = 0; #firstFrameMs = null; #everPlayed = false;
  #onPageHide = () => { if (this.#run) { this.stop(true); this.#resume = true; } };
  #onPageShow = e => { if (e.persisted && this.#resume) this.play(); };
  #resume = false;

  constructor() {
    super();
    this.#view.append(template.content.cloneNode(true));
    this.#video = this.#view.querySelector('video');
    this.#$('.toggle').addEventListener('click', () => this.#run ? this.stop() : this.play());
    this.#$('.mute').addEventListener('click', () => { this.muted = !this.#video.muted; });
    this.#$('.tap').addEventListener('click', () => { this.muted = false; });
    this.#$('.volume').addEventListener('input', e => { this.volume = e.target.value / 100; if (this.#video.muted) this.muted = false; });
    this.#$('.stats').addEventListener('click', () => { this.figures = !this.figures; });
    this.#$('.pip').addEventListener('click', () => this.pictureInPicture());
    this.#$('.pip').hidden = !document.pictureInPictureEnabled;
    this.#$('.full').addEventListener('click', () => this.fullscreen());
    this.#video.addEventListener('volumechange', () => this.#showSound());
  }

  get state() { return this.#state; }
  get text() { return this.#text; }
  /** Milliseconds from play() to the first decoded frame; null before it. */
  get firstFrameMs() { return this.#firstFrameMs; }
  get video() { return this.#video; }
  get peerConnection() { return this.#session?.pc ?? null; }
  get stream() { return this.getAttribute('stream') ?? ''; }
  set stream(name) { this.setAttribute('stream', name); }
  get server() { return this.getAttribute('server') || here; }
  set server(url) { this.setAttribute('server', url); }
  /** The wish: auto, webrtc, mse or hls. */
  get method() { return this.getAttribute('method') || 'auto'; }
  set method(name) { this.setAttribute('method', name); }
  /** The method in use and why it is not the first choice: { method, reason }. */
  get usedMethod() { return { method: this.#ladder?.current ?? null, reason: this.#ladder?.reason ?? '' }; }
  /** Figures over the picture. */
  get figures() { return !this.#$('.figures').hidden; }
  set figures(value) { this.#$('.figures').hidden = !value; this.#$('.stats').setAttribute('aria-pressed', String(Boolean(value))); }
  get volume() { return this.#video.volume; }
  set volume(value) { this.#video.volume = Math.min(1, Math.max(0, value)); }
  get muted() { return this.#video.muted; }
  set muted(value) { this.toggleAttribute('muted', Boolean(value)); this.#video.muted = Boolean(value); if (!value) this.#$('.tap').hidden = true; }

  connectedCallback() {
    addEventListener('pagehide', this.#onPageHide);
    addEventListener('pageshow', this.#onPageShow);
    if (this.#state === 'idle') this.#set('idle', this.stream ? 'Press play' : 'Choose a stream');
    if (this.hasAttribute('autoplay') && this.stream && !this.#run) this.play();
  }

  disconnectedCallback() {
    removeEventListener('pagehide', this.#onPageHide);
    removeEventListener('pageshow', this.#onPageShow);
    this.stop();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === 'muted') this.#video.muted = now !== null;
    else if (name === 'controls') this.#$('.bar').hidden = now === null;
    else if (this.#run || (this.isConnected && this.hasAttribute('autoplay') && this.stream)) this.play();
  }

  /** Starts, or starts anew. Returns at once; the outcome arrives as statechange events. */
  play() {
    this.stop();
    this.#firstFrameMs = null;
    this.#everPlayed = false;
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(this.stream)) {
      this.#set('failed', this.stream ? 'A stream name holds letters, digits and . _ - only' : 'No stream name given');
      return;
    }
    this.#resume = false;
    this.#startedAt = performance.now();
    this.#run = new AbortController();
    this.#ladder = new MethodLadder(this.method);
    if (!this.#ladder.current) {
      this.#run = null;
      this.#set('failed', `This browser does not play by ${names[this.method] ?? 'any method'}`);
      return;
    }
    this.#tellMethod();
    this.#set('connecting', 'Connecting');
    this.#loop(this.#run.signal).catch(error => {
      this.#run = null;
      this.#set('failed', `The player failed: ${error.message}`);
    });
  }

  /** Stops and tells the server. */
  stop(leaving = false) {
    if (!this.#run) return;
    this.#run.abort();
    this.#run = null;
    this.#drop(leaving);
    this.#set('stopped', 'Stopped');
  }

  /** Figures of the running session, or null. */
  async stats() { return this.#session ? await this.#session.stats() : null; }

  fullscreen() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return this.requestFullscreen?.() ?? this.#video.webkitEnterFullscreen?.();
  }

  pictureInPicture() {
    const done = document.pictureInPictureElement ? document.exitPictureInPicture() : this.#video.requestPictureInPicture?.();
    done?.catch(error => console.debug('picture in picture:', error.message));
  }

  async #loop(signal) {
    let tries = 0;
    while (!signal.aborted) {
      const started = performance.now();
      const outcome = await this.#once(signal);
      if (signal.aborted) return;
      this.#drop(false);
      if (outcome.fallBack && this.#ladder.next(outcome.fallBack)) {
        this.#tellMethod();
        continue;
      }
      if (outcome.fatal) {
        this.#run = null;
        this.#set('failed', this.#ladder.reason ? `${outcome.text} (${this.#ladder.reason})` : outcome.text);
        return;
      }
      tries = performance.now() - started > 15000 ? 0 : tries + 1;
      this.#set('waiting', outcome.text);
      await sleep(Math.min(250 * 2 ** tries, 8000), signal);
    }
  }

  /** One session from the offer to its end. Returns why it is over. */
  async #once(signal) {
    const session = this.#session = this.#ladder.open(this.server, this.stream, this.getAttribute('k') ?? '');
    const ended = new Promise(resolve => {
      session.addEventListener('end', e => resolve(e.detail));
      signal.addEventListener('abort', () => resolve('stopped'));
    });
    for (let pause = FIRST_RETRY; ; pause = Math.min(pause * 1.5, LAST_RETRY)) {
      // The server holds the answer back while the phone still rings.
      const patience = setTimeout(() => { if (!signal.aborted && this.#state === 'connecting') this.#set('waiting', `Waiting for stream ${this.stream}`); }, 1500);
      const answer = await session.connect(signal).catch(error => {
        if (signal.aborted) return { ok: true };
        return { ok: false, retry: false, text: `The browser refused the answer: ${error.message}` };
      });
      clearTimeout(patience);
      if (signal.aborted) return {};
      if (answer.ok) break;
      if (!answer.retry) return { fatal: true, text: answer.text, fallBack: answer.code === 'no-common-codec' ? 'no common codec' : answer.code === 'viewer-removed' ? '' : answer.text };
      this.#set('waiting', this.#waitText(answer));
      await sleep(pause, signal);
      if (signal.aborted) return {};
    }
    if (session.lacksVideo && this.#ladder.hasNext) return { fallBack: 'no common codec' };
    this.#set(this.#everPlayed ? 'waiting' : 'connecting', 'Connected, waiting for the first picture');
    this.#attach(session);
    const why = await Promise.race([ended, this.#watch(session, signal)]);
    return {
      fallBack: why === 'unconnected' && !this.#everPlayed ? 'UDP seems to be blocked' : '',
      text: { closed: 'The stream ended. Waiting for it to come back', lost: 'Connection lost, reconnecting', unconnected: 'No media gets through (UDP blocked?). Trying again',
        frozen: 'The picture stopped, reconnecting', silent: 'No media is coming, reconnecting' }[why] ?? '',
    };
  }

  #attach(session) {
    const video = this.#video;
    session.attach(video);
    const playing = () => {
      if (session !== this.#session || this.#state === 'playing') return;
      this.#everPlayed = true;
      if (this.#firstFrameMs === null) {
        this.#firstFrameMs = performance.now() - this.#startedAt;
        this.dispatchEvent(new CustomEvent('firstframe', { detail: { firstFrameMs: this.#firstFrameMs } }));
      }
      this.#set('playing', this.#playText(session));
    };
    // Sound alone never makes a video frame; with a picture the first decoded frame counts, not the first sound.
    if (session.hasVideo && video.requestVideoFrameCallback) video.requestVideoFrameCallback(playing);
    else video.addEventListener('playing', playing, { once: true });
    video.play().catch(error => {
      if (error.name !== 'NotAllowedError' || session !== this.#session) return;
      video.muted = true;
      this.#$('.tap').hidden = false;
      video.play().catch(() => this.#set('waiting', 'The browser wants a tap before it plays'));
    });
  }

  /** Looks once a second whether media still flows. Resolves with what is wrong. */
  async #watch(session, signal) {
    const begun = performance.now();
    let frames = 0, packets = 0, frozen = 0, silent = 0, bytes = 0;
    for (;;) {
      await sleep(1000, signal);
      if (signal.aborted) return 'stopped';
      if (!session.isConnected) {
        if (performance.now() - begun > (this.#ladder.hasNext ? ICE_LIMIT : CONNECT_LIMIT) && !session.isDisconnected) return 'unconnected';
        continue;
      }
      const now = await session.stats();
      now.kbps = Math.round((now.bytesReceived - bytes) * 8 / 1000);
      this.dispatchEvent(new CustomEvent('stats', { detail: now }));
      this.#showFigures(now);
      silent = now.packetsReceived > packets ? 0 : silent + 1;
      // Sound alone going on while the picture stands is a frozen picture only where pictures came before.
      frozen = !session.hasVideo || now.framesDecoded > frames || frames === 0 ? 0 : frozen + 1;
      const fine = silent === 0 && frozen === 0;
      [frames, packets, bytes] = [now.framesDecoded, now.packetsReceived, now.bytesReceived];
      if (document.hidden) frozen = 0;
      if (silent >= SILENT_LIMIT) return 'silent';
      if (frozen >= FROZEN_LIMIT) return 'frozen';
      if (this.#everPlayed && (silent >= FREEZE_LIMIT || frozen >= FREEZE_LIMIT))
        this.#set('waiting', silent >= FREEZE_LIMIT ? `No media for ${silent} s. On hold, or the network is down` : `The picture stopped ${frozen} s ago`);
      else if (fine && this.#everPlayed && this.#state === 'waiting') this.#set('playing', this.#playText(session));
    }
  }

  #showFigures(s) {
    if (!this.figures) return;
    const lines = [[names[this.#ladder?.current] ?? '', s.width ? `${s.width}×${s.height}` : ''], ['Codecs', [s.videoCodec, s.audioCodec].filter(Boolean).join(' / ')], ['Rate', `${s.kbps} kbit/s`],
      ['Pictures', `${s.framesDecoded}, dropped ${s.framesDropped}${s.fps ? `, ${Math.round(s.fps)} fps` : ''}`], ['Lost', `${s.packetsLost} of ${s.packetsReceived + s.packetsLost}`],
      ['Jitter', `${s.jitterMs.toFixed(0)} ms, buffer ${s.jitterBufferMs.toFixed(0)} ms`], ['Round trip', s.roundTripMs === null ? '' : `${s.roundTripMs.toFixed(0)} ms`],
      ['Behind', s.latencyMs === undefined || s.latencyMs === null ? '' : `${s.latencyMs.toFixed(0)} ms`]];
    this.#$('.figures').replaceChildren(...lines.filter(l => l[1]).flatMap(([name, value]) => [Object.assign(document.createElement('dt'), { textContent: name }), Object.assign(document.createElement('dd'), { textContent: value })]));
  }

  #playText(session) {
    const by = session.method === 'webrtc' ? '' : ` by ${names[session.method]}${this.#ladder.reason ? `: ${this.#ladder.reason}` : ''}`;
    return `Playing${session.hasVideo ? '' : ', sound only'}${by}${session.note ? `. ${session.note}` : ''}`;
  }

  #tellMethod() {
    this.dispatchEvent(new CustomEvent('methodchange', { detail: this.usedMethod, bubbles: true, composed: true }));
  }

  #waitText(answer) {
    if (answer.code === 'stream-not-ready') return 'Waiting for the call to be answered';
    if (answer.status === 404) return this.#everPlayed ? 'The stream ended. Waiting for it to come back' : `Waiting for stream ${this.stream}`;
    return `${answer.text}. Trying again`;
  }

  #drop(leaving) {
    this.#session?.close(leaving);
    this.#session = null;
    this.#video.srcObject = null;
  }

  #set(state, text) {
    if (state === this.#state && text === this.#text) return;
    this.#state = state;
    this.#text = text;
    this.setAttribute('state', state);
    const message = this.#$('.message'), soundOnly = state === 'playing' && this.#session?.hasVideo === false;
    message.hidden = state === 'playing' && !soundOnly;
    message.classList.toggle('failed', state === 'failed');
    this.#$('.mark').hidden = state !== 'connecting' && state !== 'waiting';
    this.#$('.note').hidden = !soundOnly;
    for (const words of this.#view.querySelectorAll('.words')) words.textContent = text;
    const running = this.#run !== null, toggle = this.#$('.toggle');
    toggle.innerHTML = running ? icons.stop : icons.play;
    toggle.title = running ? 'Stop' : 'Play';
    toggle.setAttribute('aria-label', toggle.title);
    if (!running) this.#$('.tap').hidden = true;
    this.dispatchEvent(new CustomEvent('statechange', { detail: { state, text, firstFrameMs: this.#firstFrameMs }, bubbles: true, composed: true }));
  }

  #showSound() {
    const silent = this.#video.muted || this.#video.volume === 0, mute = this.#$('.mute');
    mute.innerHTML = silent ? icons.silent : icons.sound;
    mute.title = silent ? 'Unmute' : 'Mute';
    mute.setAttribute('aria-label', mute.title);
    this.#$('.volume').value = silent ? 0 : Math.round(this.#video.volume * 100);
  }

  #$(selector) { return this.#view.querySelector(selector); }
}

if (!customElements.get('sip-stream-player')) customElements.define('sip-stream-player', SipStreamPlayer);
