// <sip-waveform src="/recordings/{id}/peaks" for="media element's id">: how loud a recording is, over its whole length; click, drag and
// arrow keys seek. The position stands on the media's own time line, so a picture that is longer than the sound is covered, too.
const STEP = 5, PAGE = 30, BAR = 2, GAP = 1;
const clock = s => `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(Math.floor(s) % 60).padStart(2, '0')}`;

class SipWaveform extends HTMLElement {
  #peaks = null; #seconds = 0; #canvas = null; #ended = null; #frame = 0; #media = null;

  connectedCallback() {
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    if (!this.#canvas) {
      this.#canvas = document.createElement('canvas');
      this.#canvas.setAttribute('aria-hidden', 'true');
      this.append(this.#canvas);
    }
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    this.setAttribute('aria-valuemin', '0');
    this.#media = document.getElementById(this.getAttribute('for'));
    const media = this.#media, again = () => this.#paint();
    for (const event of ['loadedmetadata', 'durationchange', 'seeking', 'seeked', 'pause', 'ended', 'timeupdate']) media?.addEventListener(event, again, { signal });
    media?.addEventListener('play', () => this.#follow(), { signal });
    this.addEventListener('pointerdown', e => { if (e.button === 0) { this.setPointerCapture(e.pointerId); this.#seekTo(e); } }, { signal });
    this.addEventListener('pointermove', e => { if (this.hasPointerCapture(e.pointerId)) this.#seekTo(e); }, { signal });
    this.addEventListener('keydown', e => this.#key(e), { signal });
    const size = new ResizeObserver(again), theme = new MutationObserver(again);
    size.observe(this);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    signal.addEventListener('abort', () => { size.disconnect(); theme.disconnect(); });
    this.#load(signal);
    this.#follow();
  }

  disconnectedCallback() {
    this.#ended?.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  get #length() {
    const length = this.#media?.duration;
    return Number.isFinite(length) && length > 0 ? length : this.#seconds;
  }

  async #load(signal) {
    this.dataset.state = 'loading';
    try {
      const answer = await fetch(this.getAttribute('src'), { signal });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.title ?? answer.statusText);
      this.#peaks = body.peaks;
      this.#seconds = body.seconds;
      this.dataset.state = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.dataset.state = 'failed';
      this.title = `No waveform: ${error.message}`;
    }
    this.#paint();
  }

  #follow() {
    if (this.#frame) return;
    const tick = () => {
      this.#frame = 0;
      this.#paint();
      if (this.isConnected && this.#media && !this.#media.paused) this.#frame = requestAnimationFrame(tick);
    };
    tick();
  }

  #seekTo(event) {
    const box = this.getBoundingClientRect();
    this.#seek((event.clientX - box.left) / box.width * this.#length);
    event.preventDefault();
    this.focus();
  }

  #seek(seconds) {
    if (!this.#media || !(this.#length > 0)) return;
    this.#media.currentTime = Math.min(this.#length, Math.max(0, seconds));
    this.#paint();
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#media) return;
    const at = this.#media.currentTime;
    const to = { ArrowLeft: at - STEP, ArrowDown: at - STEP, ArrowRight: at + STEP, ArrowUp: at + STEP, PageDown: at - PAGE, PageUp: at + PAGE, Home: 0, End: this.#length }[event.key];
    if (to !== undefined) this.#seek(to);
    else if (event.key === ' ') this.#media.paused ? this.#media.play() : this.#media.pause();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #paint() {
    const length = this.#length, at = this.#media?.currentTime ?? 0, canvas = this.#canvas;
    this.setAttribute('aria-valuemax', String(Math.round(length)));
    this.setAttribute('aria-valuenow', String(Math.round(at)));
    this.setAttribute('aria-valuetext', `${clock(at)} of ${clock(length)}`);
    const scale = devicePixelRatio || 1, width = Math.round(this.clientWidth * scale), height = Math.round(this.clientHeight * scale);
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const style = getComputedStyle(this), c = canvas.getContext('2d');
    c.clearRect(0, 0, width, height);
    const played = style.getPropertyValue('--ssa-primary'), rest = style.getPropertyValue('--ssa-border'), step = (BAR + GAP) * scale;
    const done = length > 0 ? at / length * width : 0, covers = length > 0 ? Math.min(1, this.#seconds / length) * width : width;
    if (this.#peaks?.length) {
      for (let x = 0; x < covers; x += step) {
        const from = Math.floor(x / covers * this.#peaks.length), to = Math.max(from + 1, Math.floor((x + step) / covers * this.#peaks.length));
        let peak = 0;
        for (let i = from; i < to && i < this.#peaks.length; i++) peak = Math.max(peak, this.#peaks[i]);
        // The square root shows speech that is 20 dB below the loudest, too.
        const tall = Math.max(scale, Math.sqrt(peak / 255) * (height - 2 * scale));
        c.fillStyle = x < done ? played : rest;
        c.fillRect(x, (height - tall) / 2, BAR * scale, tall);
      }
    } else {
      c.fillStyle = rest;
      c.fillRect(0, (height - scale) / 2, width, scale);
    }
    c.fillStyle = style.getPropertyValue('--ssa-text');
    c.fillRect(Math.min(width - 2 * scale, Math.max(0, done - scale)), 0, 2 * scale, height);
    this.dataset.drawn = `${this.#peaks?.length ?? 0}`;
  }
}

customElements.define('sip-waveform', SipWaveform);
