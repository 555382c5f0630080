// The time line of a call: every lane on one axis with one crosshair, painted on a canvas. Data come from trace.json and, while the call
// is up, from server-sent events; nothing of it goes through the page's circuit. Called by CallTimeline.razor only.

import { clock, paint, readout } from './timeline-paint.mjs';
import { TraceData } from './timeline-data.mjs';
import { showTable } from './timeline-table.mjs';

const MIN_SPAN = 5, RECONNECT = 2000;

/** Starts in `root`; returns an object with dispose(). options: { callId, live, at } with at in seconds or null. */
export function attach(root, options) {
  return new Timeline(root, options);
}

class Timeline {
  #root; #canvas; #surface; #note; #data = new TraceData(); #view = { from: 0, to: 30 }; #follow = true; #cross = null; #frame = 0;
  #source = null; #gone = new AbortController(); #options; #clockAt = null; #drag = null; #tableOpen = false; #retry = 0;

  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    this.#surface = root.querySelector('.timeline-surface');
    this.#canvas = root.querySelector('canvas');
    this.#note = root.querySelector('.timeline-readout');
    const on = (target, name, run, more) => target.addEventListener(name, run, { signal: this.#gone.signal, ...more });
    on(this.#surface, 'keydown', e => this.#key(e));
    on(this.#canvas, 'wheel', e => this.#wheel(e), { passive: false });
    on(this.#canvas, 'pointerdown', e => this.#down(e));
    on(this.#canvas, 'pointermove', e => this.#move(e));
    on(this.#canvas, 'pointerup', e => this.#up(e));
    on(this.#canvas, 'pointercancel', () => { this.#drag = null; });
    on(document, 'visibilitychange', () => document.hidden ? this.#unlisten() : this.#load());
    for (const button of root.querySelectorAll('[data-do]')) on(button, 'click', () => this.#do(button.dataset.do));
    this.#resize = new ResizeObserver(() => this.#paintSoon());
    this.#resize.observe(this.#surface);
    this.#theme = new MutationObserver(() => this.#paintSoon());
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    for (const video of document.querySelectorAll('video[data-offset]')) {
      on(video, 'timeupdate', () => { if (!video.paused) this.#setCross(Number(video.dataset.offset) + video.currentTime, false); });
    }
    this.#load();
  }

  #resize; #theme;

  dispose() {
    this.#gone.abort();
    this.#unlisten();
    clearTimeout(this.#retry);
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#theme.disconnect();
  }

  async #load() {
    clearTimeout(this.#retry);
    try {
      const answer = await fetch(`/rest-api/v2/calls/${encodeURIComponent(this.#options.callId)}/trace.json`, { signal: this.#gone.signal });
      if (!answer.ok) throw new Error(`the server says ${answer.status}`);
      const trace = await answer.json();
      this.#data.reset(trace);
      this.#clockAt = trace.isLive && !trace.endedAt ? { at: performance.now(), now: (Date.now() - Date.parse(trace.startedAt)) / 1000 } : null;
      if (this.#options.at !== null) {
        this.#setCross(this.#options.at, false);
        this.#options.at = null;
        this.#follow = false;
        this.#center(this.#cross);
      }
      if (this.#follow) this.#all();
      this.#show();
      if (trace.isLive && !document.hidden) this.#listen(trace.cursor);
    } catch (error) {
      if (this.#gone.signal.aborted) return;
      this.#note.textContent = `The time line could not be loaded: ${error.message}`;
      this.#retry = setTimeout(() => this.#load(), RECONNECT);
    }
  }

  #listen(cursor) {
    this.#unlisten();
    const source = this.#source = new EventSource(`/live/calls/${encodeURIComponent(this.#options.callId)}?since=${cursor}`);
    const take = e => {
      const delta = JSON.parse(e.data);
      this.#data.add(delta);
      const over = ['FINISH', 'FAILED', 'BUSY'].includes(delta.status);
      this.#clockAt = over ? null : { at: performance.now(), now: delta.now };
      if (over) this.#data.end = delta.now;
      if (this.#follow) this.#all();
      this.#show();
    };
    source.addEventListener('delta', take);
    source.addEventListener('end', e => { take(e); this.#unlisten(); });
    // By itself it comes back after a lost connection; closed for good means the call is over there.
    source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED && this.#source === source) { this.#unlisten(); this.#retry = setTimeout(() => this.#load(), RECONNECT); } });
  }

  #unlisten() {
    this.#source?.close();
    this.#source = null;
  }

  #end() {
    const known = this.#data.end ?? this.#data.last;
    return Math.max(1, this.#clockAt ? Math.max(known, this.#clockAt.now + (performance.now() - this.#clockAt.at) / 1000) : known);
  }

  #show() {
    this.#surface.dataset.seconds = Math.max(this.#data.audio.length, this.#data.video.length);
    this.#paintSoon();
    if (this.#tableOpen) showTable(this.#root.querySelector('.timeline-table'), this.#data, this.#end());
  }

  #paintSoon() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#paint(); });
  }

  #paint() {
    paint(this.#canvas, this.#data, { ...this.#view, cross: this.#cross, end: this.#end(), live: this.#clockAt !== null });
    this.#note.textContent = readout(this.#data, this.#cross ?? this.#end() - 1, this.#cross === null && this.#clockAt !== null);
  }

  #all() { this.#view = { from: 0, to: Math.max(MIN_SPAN, this.#end() * 1.02) }; }

  #center(t) {
    const half = (this.#view.to - this.#view.from) / 2;
    this.#place(t - half, t + half);
  }

  #place(from, to) {
    const span = Math.min(Math.max(MIN_SPAN, to - from), Math.max(MIN_SPAN, this.#end() * 1.05));
    const start = Math.max(0, Math.min(from, Math.max(0, this.#end() * 1.05 - span)));
    this.#view = { from: start, to: start + span };
    this.#paintSoon();
  }

  #zoom(factor, around = this.#cross ?? (this.#view.from + this.#view.to) / 2) {
    this.#follow = false;
    const { from, to } = this.#view;
    const span = Math.max(MIN_SPAN, (to - from) * factor), share = (around - from) / (to - from);
    this.#place(around - span * share, around + span * (1 - share));
  }

  #pan(share) {
    this.#follow = false;
    const span = this.#view.to - this.#view.from;
    this.#place(this.#view.from + span * share, this.#view.to + span * share);
  }

  #setCross(t, tell = true) {
    this.#cross = t === null ? null : Math.round(Math.max(0, Math.min(t, this.#end())) * 10) / 10;
    if (this.#cross !== null && (this.#cross < this.#view.from || this.#cross > this.#view.to)) this.#center(this.#cross);
    const shown = this.#cross ?? this.#end();
    this.#surface.setAttribute('aria-valuemax', Math.round(this.#end()));
    this.#surface.setAttribute('aria-valuenow', Math.round(shown));
    this.#surface.setAttribute('aria-valuetext', readout(this.#data, shown, false));
    if (tell) this.#link();
    this.#paintSoon();
  }

  // The address leads to this moment; nothing is loaded for it.
  #link() {
    const url = new URL(location.href);
    if (this.#cross === null) url.searchParams.delete('t');
    else url.searchParams.set('t', clock(this.#cross, 1));
    history.replaceState(history.state, '', url.href.replaceAll('%3A', ':'));
  }

  #do(what) {
    if (what === 'in') this.#zoom(0.5);
    else if (what === 'out') this.#zoom(2);
    else if (what === 'left') this.#pan(-0.25);
    else if (what === 'right') this.#pan(0.25);
    else if (what === 'all') { this.#follow = true; this.#setCross(null); this.#all(); this.#paintSoon(); }
    else if (what === 'table') this.#toggleTable();
    else if (what === 'play') this.#playHere();
  }

  #toggleTable() {
    this.#tableOpen = !this.#tableOpen;
    const table = this.#root.querySelector('.timeline-table'), button = this.#root.querySelector('[data-do=table]');
    table.hidden = !this.#tableOpen;
    button.setAttribute('aria-pressed', String(this.#tableOpen));
    if (this.#tableOpen) showTable(table, this.#data, this.#end());
    else table.replaceChildren();
  }

  #playHere() {
    const at = this.#cross ?? 0;
    const videos = [...document.querySelectorAll('video[data-offset]')].filter(v => Number(v.dataset.offset) <= at + 1);
    const video = videos.at(-1) ?? document.querySelector('video[data-offset]');
    if (!video) return;
    video.currentTime = Math.max(0, at - Number(video.dataset.offset));
    video.play().catch(() => { video.controls = true; });
  }

  #key(e) {
    const step = e.shiftKey ? 10 : 1;
    const at = this.#cross ?? this.#end();
    if (e.altKey || e.metaKey) return;
    if (e.ctrlKey && e.key === 'ArrowLeft') this.#pan(-0.25);
    else if (e.ctrlKey && e.key === 'ArrowRight') this.#pan(0.25);
    else if (e.ctrlKey) return;
    else if (e.key === 'ArrowLeft') this.#setCross(at - step);
    else if (e.key === 'ArrowRight') this.#setCross(at + step);
    else if (e.key === 'Home') this.#setCross(0);
    else if (e.key === 'End') this.#setCross(this.#end());
    else if (e.key === 'ArrowDown' || e.key === 'PageUp') this.#pan(-0.25);
    else if (e.key === 'ArrowUp' || e.key === 'PageDown') this.#pan(0.25);
    else if (e.key === '+' || e.key === '=') this.#zoom(0.5);
    else if (e.key === '-') this.#zoom(2);
    else if (e.key === 'Escape' && this.#cross !== null) this.#do('all');
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  #wheel(e) {
    // Without a modifier the page scrolls, sideways movement pans.
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.#pan(e.deltaX / this.#canvas.clientWidth);
    else if (e.ctrlKey || e.shiftKey || document.activeElement === this.#surface) this.#zoom(e.deltaY > 0 ? 1.25 : 0.8, this.#timeAt(e));
    else return;
    e.preventDefault();
  }

  #timeAt(e) {
    const { left, width } = this.#plot();
    const share = (e.clientX - this.#canvas.getBoundingClientRect().left - left) / width;
    return this.#view.from + share * (this.#view.to - this.#view.from);
  }

  #plot() { return this.#canvas.plot ?? { left: 0, width: this.#canvas.clientWidth }; }

  #down(e) {
    this.#surface.focus({ preventScroll: true });
    this.#drag = { x: e.clientX, from: this.#view.from, to: this.#view.to, moved: false };
    if (e.pointerType !== 'touch') this.#canvas.setPointerCapture(e.pointerId);
  }

  #move(e) {
    if (!this.#drag || e.buttons === 0) return;
    const dx = e.clientX - this.#drag.x;
    if (!this.#drag.moved && Math.abs(dx) < 4) return;
    this.#drag.moved = true;
    this.#follow = false;
    const dt = dx / this.#plot().width * (this.#drag.to - this.#drag.from);
    this.#place(this.#drag.from - dt, this.#drag.to - dt);
  }

  #up(e) {
    if (this.#drag && !this.#drag.moved) this.#setCross(this.#timeAt(e));
    this.#drag = null;
  }
}
