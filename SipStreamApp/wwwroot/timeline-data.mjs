// What the time line shows, bounded: the page of a call that lasts for days must not grow.

const MAX_POINTS = 4000, MAX_EVENTS = 1000;
const spanKinds = new Set(['recording', 'push']);

/** Buckets, messages and marks of one call. Times are seconds since the call was asked for. */
export class TraceData {
  audio = []; video = []; stream = []; messages = []; marks = []; end = null; codecs = {};

  /** Points and events held. */
  get size() { return this.audio.length + this.video.length + this.stream.length + this.messages.length + this.marks.length; }

  /** The last moment anything is known of. */
  get last() {
    const point = Math.max(0, ...[this.audio, this.video, this.stream].map(line => line.length ? line.at(-1).t + line.at(-1).step : 0));
    return Math.max(point, this.messages.at(-1)?.t ?? 0, this.marks.at(-1)?.t ?? 0);
  }

  /** Takes a whole trace.json. */
  reset(trace) {
    Object.assign(this, { audio: [], video: [], stream: [], messages: [], marks: [], codecs: { audio: trace.audioCodec, video: trace.videoCodec } });
    this.end = trace.endedAt ? (Date.parse(trace.endedAt) - Date.parse(trace.startedAt)) / 1000 : null;
    this.add(trace);
  }

  /** Takes what is new. */
  add(delta) {
    for (const m of delta.messages) {
      // The text is shown elsewhere.
      this.messages.push({ n: m.n, t: m.t, sent: m.sent, label: m.label, status: m.status, repeat: m.repeatOf !== null && m.repeatOf !== undefined });
    }
    this.marks.push(...delta.marks);
    this.audio = bounded(append(this.audio, delta.quality.audio.map(row => point(delta.quality.columns, row))));
    this.video = bounded(append(this.video, delta.quality.video.map(row => point(delta.quality.columns, row))));
    this.stream = bounded(append(this.stream, delta.quality.stream.map(row => point(delta.quality.streamColumns, row))));
    if (this.messages.length > MAX_EVENTS) this.messages.splice(0, this.messages.length - MAX_EVENTS);
    if (this.marks.length > MAX_EVENTS) this.marks.splice(0, this.marks.length - MAX_EVENTS);
  }

  /** Marks of a kind as spans { from, to, text, word, level }: each lasts until the next one. */
  spans(kind, end) {
    const marks = this.marks.filter(m => m.kind === kind);
    return marks.map((m, i) => ({ from: m.t, to: marks[i + 1]?.t ?? end, text: m.text, word: m.word, level: m.level }));
  }

  /** Recordings and pushes: from the mark that begins one to the mark of the same key that ends it. */
  work(end) {
    const open = new Map(), spans = [];
    for (const m of this.marks) {
      if (!spanKinds.has(m.kind)) continue;
      const known = open.get(m.key);
      if (known && m.ends) { known.to = m.t; known.level = m.level === 'info' ? known.level : m.level; open.delete(m.key); }
      if (!m.ends && !known) { const span = { kind: m.kind, from: m.t, to: end, text: m.text, level: m.level }; spans.push(span); open.set(m.key, span); }
    }
    return spans;
  }

  /** The bucket a moment lies in, or undefined. */
  static at(line, t) {
    let low = 0, high = line.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1, p = line[middle];
      if (t < p.t) high = middle - 1;
      else if (t >= p.t + p.step) low = middle + 1;
      else return p;
    }
    return undefined;
  }
}

function point(columns, row) {
  const p = {};
  columns.forEach((name, i) => { p[name] = row[i]; });
  p.t = p.second;
  if (p.packets !== undefined) {
    p.kbps = p.bytes * 8 / 1000 / p.step;
    p.fps = p.frames / p.step;
    p.loss = p.packets + p.lost > 0 ? Math.min(100, 100 * (p.lost + p.late) / (p.packets + p.lost)) : 0;
  }
  return p;
}

// A bucket may be told twice (after a reconnect): the newer one counts.
function append(line, more) {
  while (more.length && line.length && line.at(-1).t >= more[0].t) line.pop();
  return line.concat(more);
}

// The older half in twice as long buckets: nothing of the picture changes that a screen could show.
function bounded(line) {
  if (line.length <= MAX_POINTS) return line;
  const half = line.length >> 1, old = [];
  for (let i = 0; i < half; i += 2) old.push(i + 1 < half ? join(line[i], line[i + 1]) : line[i]);
  return old.concat(line.slice(half));
}

function join(a, b) {
  const p = { ...b, t: a.t, second: a.t, step: b.t + b.step - a.t };
  for (const key of ['packets', 'bytes', 'lost', 'late', 'reordered', 'frames', 'keyframes']) if (a[key] !== undefined) p[key] = a[key] + b[key];
  for (const key of ['jitterMs', 'viewers']) if (a[key] !== undefined) p[key] = Math.max(a[key], b[key]);
  for (const key of ['mos', 'levelDb', 'avOffsetMs']) if (a[key] !== undefined) p[key] = a[key] === null ? b[key] : b[key] === null ? a[key] : (a[key] + b[key]) / 2;
  if (p.packets !== undefined) {
    p.kbps = p.bytes * 8 / 1000 / p.step;
    p.fps = p.frames / p.step;
    p.loss = p.packets + p.lost > 0 ? Math.min(100, 100 * (p.lost + p.late) / (p.packets + p.lost)) : 0;
  }
  return p;
}
