// Paints the lanes of the time line. Colours are the page's own (--ssa-*), so both themes are right; lines differ by pattern, too.

import { TraceData } from './timeline-data.mjs';

const GAP = 6, AXIS = 20;
const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

const lanes = [
  { name: 'SIP', height: 42, draw: sip },
  { name: 'State', height: 20, draw: (p, box) => bars(p, box, p.data.spans('state', p.end), stateColour) },
  { name: 'Verdict', height: 20, draw: (p, box) => bars(p, box, p.data.spans('verdict', p.end), verdictColour) },
  { name: 'kbit/s', height: 46, draw: (p, box) => { curve(p, box, p.data.video, 'kbps', p.colours.video, { area: true, max: p.max.kbps }); curve(p, box, p.data.audio, 'kbps', p.colours.audio, { dash: [4, 3], max: p.max.kbps }); scale(p, box, p.max.kbps); } },
  { name: 'Frames/s', height: 30, draw: (p, box) => { curve(p, box, p.data.video, 'fps', p.colours.video, { max: p.max.fps }); keyframes(p, box); scale(p, box, p.max.fps); } },
  { name: 'Loss %', height: 36, draw: (p, box) => { bucketsBar(p, box, p.data.video, 'loss', p.colours.error, p.max.loss); curve(p, box, p.data.audio, 'loss', p.colours.warn, { dash: [2, 2], max: p.max.loss }); scale(p, box, p.max.loss); } },
  { name: 'Jitter ms', height: 32, draw: (p, box) => { curve(p, box, p.data.video, 'jitterMs', p.colours.video, { max: p.max.jitter }); curve(p, box, p.data.audio, 'jitterMs', p.colours.audio, { dash: [4, 3], max: p.max.jitter }); scale(p, box, p.max.jitter); } },
  { name: 'MOS', height: 32, draw: (p, box) => { curve(p, box, p.data.audio, 'mos', p.colours.live, { min: 1, max: 4.5 }); if (!p.data.audio.some(b => b.mos)) say(p, box, 'no sound was expected'); } },
  { name: 'Level dB', height: 28, draw: level },
  { name: 'A/V ms', height: 26, draw: offset },
  { name: 'Viewers', height: 26, draw: (p, box) => { curve(p, box, p.data.stream, 'viewers', p.colours.info, { area: true, stepped: true, max: p.max.viewers }); scale(p, box, p.max.viewers); } },
  { name: 'Rec, push', height: 30, draw: work },
  { name: 'Log', height: 22, draw: log },
];

/** Height of the whole drawing, px. */
export const height = AXIS + lanes.reduce((sum, l) => sum + l.height + GAP, 0);

/** "01:07" or "01:07.4". */
export function clock(t, digits = 0) {
  const whole = Math.floor(t + 1e-6), h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60;
  const s = digits ? (t - Math.floor(t / 60) * 60).toFixed(digits).padStart(3 + digits, '0') : String(whole % 60).padStart(2, '0');
  return `${h ? `${h}:` : ''}${String(m).padStart(2, '0')}:${s}`;
}

/** One line about a moment. */
export function readout(data, t, isNow) {
  const v = TraceData.at(data.video, t), a = TraceData.at(data.audio, t), s = TraceData.at(data.stream, t);
  const parts = [isNow ? `now ${clock(t + 1)}` : clock(t, 1)];
  if (v) parts.push(`picture ${Math.round(v.kbps)} kbit/s, ${Math.round(v.fps)} fps, loss ${v.loss.toFixed(1)} %, jitter ${Math.round(v.jitterMs)} ms`);
  if (a) parts.push(`sound ${Math.round(a.kbps)} kbit/s, loss ${a.loss.toFixed(1)} %, jitter ${Math.round(a.jitterMs)} ms${a.mos ? `, MOS ${a.mos.toFixed(2)}` : ''}${a.levelDb !== null ? `, ${a.levelDb} dB` : ''}`);
  if (s && s.avOffsetMs !== null) parts.push(`A/V ${s.avOffsetMs} ms`);
  if (s) parts.push(`${s.viewers} watching`);
  if (!isNow) {
    const near = [...data.messages.filter(m => Math.abs(m.t - t) < 0.5).map(m => `${m.sent ? '→' : '←'} ${m.label}`), ...data.marks.filter(m => m.kind !== 'state' && Math.abs(m.t - t) < 0.5).map(m => m.text)];
    parts.push(...near.slice(0, 4));
  }
  return parts.join(' · ');
}

/** Paints everything; view: { from, to, cross, end, live }. */
export function paint(canvas, data, view) {
  const width = canvas.parentElement.clientWidth;
  if (width < 40) return;
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  const left = width < 500 ? 58 : 72, right = width < 500 ? 8 : 12;
  canvas.plot = { left, width: width - left - right };
  const p = { g, data, ...view, left, width: width - left - right, colours: colours(), max: maxima(data, view) };
  p.x = t => left + (t - view.from) / (view.to - view.from) * p.width;
  axis(p);
  let top = AXIS;
  for (const lane of lanes) {
    const box = { top: top + 3, bottom: top + lane.height + 3, height: lane.height };
    g.fillStyle = p.colours.muted;
    g.font = p.colours.small;
    g.textAlign = 'left';
    g.textBaseline = 'middle';
    g.fillText(lane.name, 2, (box.top + box.bottom) / 2);
    g.strokeStyle = p.colours.line;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(left, box.bottom + 2.5);
    g.lineTo(left + p.width, box.bottom + 2.5);
    g.stroke();
    g.save();
    g.beginPath();
    g.rect(left, box.top - 3, p.width, lane.height + 6);
    g.clip();
    lane.draw(p, box);
    g.restore();
    top += lane.height + GAP;
  }
  if (view.cross !== null && view.cross >= view.from && view.cross <= view.to) vertical(p, view.cross, p.colours.text, []);
  if (view.live) vertical(p, view.end, p.colours.live, [2, 3]);
}

function colours() {
  const style = getComputedStyle(document.documentElement), of = name => style.getPropertyValue(`--ssa-${name}`).trim();
  return {
    text: of('text'), muted: of('muted'), line: of('line'), raised: of('raised'), live: of('live'), warn: of('warn'), error: of('error'), info: of('info'), primary: of('primary'),
    video: document.documentElement.dataset.theme === 'light' ? '#6a46c2' : '#b79cff', audio: of('primary'), onSpan: of('bg'),
    small: '11px system-ui, sans-serif', mono: `11px ${of('mono') || 'monospace'}`,
  };
}

function maxima(data, view) {
  const most = (lines, key, least) => {
    let max = least;
    for (const line of lines) for (const b of line) if (b.t + b.step >= view.from && b.t <= view.to && b[key] > max) max = b[key];
    return max;
  };
  const nice = value => { const unit = 10 ** Math.floor(Math.log10(value)); return [1, 2, 5, 10].map(f => f * unit).find(n => n >= value - 1e-9); };
  return {
    kbps: nice(most([data.video, data.audio], 'kbps', 100)), fps: nice(most([data.video], 'fps', 10)), loss: nice(most([data.video, data.audio], 'loss', 5)),
    jitter: nice(most([data.video, data.audio], 'jitterMs', 10)), viewers: nice(most([data.stream], 'viewers', 2)),
  };
}

function axis(p) {
  const step = steps.find(s => s / (p.to - p.from) * p.width >= 64) ?? 14400;
  p.g.font = p.colours.mono;
  p.g.textBaseline = 'top';
  p.g.textAlign = 'center';
  for (let t = Math.ceil(p.from / step) * step; t <= p.to; t += step) {
    const x = Math.round(p.x(t)) + 0.5;
    p.g.strokeStyle = p.colours.line;
    p.g.beginPath();
    p.g.moveTo(x, AXIS - 4);
    p.g.lineTo(x, height);
    p.g.stroke();
    p.g.fillStyle = p.colours.muted;
    if (x > p.left + 14 && x < p.left + p.width - 14) p.g.fillText(clock(t, step < 1 ? 1 : 0), x, 2);
  }
}

function vertical(p, t, colour, dash) {
  const x = Math.round(p.x(t)) + 0.5;
  if (x < p.left || x > p.left + p.width) return;
  p.g.strokeStyle = colour;
  p.g.setLineDash(dash);
  p.g.beginPath();
  p.g.moveTo(x, AXIS - 6);
  p.g.lineTo(x, height);
  p.g.stroke();
  p.g.setLineDash([]);
}

function scale(p, box, max) {
  p.g.fillStyle = p.colours.muted;
  p.g.font = '10px system-ui, sans-serif';
  p.g.textAlign = 'right';
  p.g.textBaseline = 'top';
  p.g.fillText(String(max), p.left + p.width - 2, box.top - 1);
}

function say(p, box, text) {
  p.g.fillStyle = p.colours.muted;
  p.g.font = p.colours.small;
  p.g.textAlign = 'left';
  p.g.textBaseline = 'middle';
  p.g.fillText(text, p.left + 6, (box.top + box.bottom) / 2);
}

function curve(p, box, line, key, colour, { min = 0, max = 1, dash = [], area = false, stepped = false } = {}) {
  const y = value => box.bottom - (Math.min(max, Math.max(min, value)) - min) / (max - min) * box.height;
  const { g } = p;
  g.strokeStyle = g.fillStyle = colour;
  g.lineWidth = 1.5;
  g.setLineDash(dash);
  let start = null, lastX = 0, before = null;
  g.beginPath();
  const close = () => {
    if (start === null) return;
    g.stroke();
    if (area) {
      g.lineTo(lastX, box.bottom);
      g.lineTo(start, box.bottom);
      g.globalAlpha = 0.16;
      g.fill();
      g.globalAlpha = 1;
    }
    start = null;
    g.beginPath();
  };
  for (const b of line) {
    if (b.t + b.step < p.from || b.t > p.to) { before = null; continue; }
    if (b[key] === null || b[key] === undefined || (before && b.t > before.t + before.step + 1.5)) { close(); if (b[key] === null || b[key] === undefined) { before = null; continue; } }
    const x0 = p.x(stepped ? b.t : b.t + b.step / 2), x1 = p.x(b.t + b.step);
    if (start === null) { start = stepped ? x0 : p.x(b.t); g.moveTo(start, y(b[key])); }
    g.lineTo(x0, y(b[key]));
    if (stepped) g.lineTo(x1, y(b[key]));
    lastX = stepped ? x1 : x0;
    before = b;
  }
  close();
  g.setLineDash([]);
  g.lineWidth = 1;
}

function bucketsBar(p, box, line, key, colour, max) {
  p.g.fillStyle = colour;
  for (const b of line) {
    if (!b[key] || b.t + b.step < p.from || b.t > p.to) continue;
    const h = Math.max(1.5, Math.min(1, b[key] / max) * box.height), x = p.x(b.t);
    p.g.fillRect(x, box.bottom - h, Math.max(1.5, p.x(b.t + b.step) - x - 1), h);
  }
}

function keyframes(p, box) {
  p.g.fillStyle = p.colours.video;
  for (const b of p.data.video) if (b.keyframes && b.t + b.step >= p.from && b.t <= p.to) p.g.fillRect(p.x(b.t + b.step / 2) - 1, box.bottom - 4, 2, 4);
}

function level(p, box) {
  const measured = p.data.audio.some(b => b.levelDb !== null);
  if (!measured) return say(p, box, p.data.codecs.audio ? `not measured for ${p.data.codecs.audio}: it would need a decoder` : 'no sound');
  p.g.fillStyle = p.colours.audio;
  for (const b of p.data.audio) {
    if (b.levelDb === null || b.t + b.step < p.from || b.t > p.to) continue;
    const h = Math.max(1, Math.min(1, (b.levelDb + 60) / 60) * box.height), x = p.x(b.t);
    p.g.fillRect(x, box.bottom - h, Math.max(1, p.x(b.t + b.step) - x - 1), h);
  }
}

function offset(p, box) {
  const known = p.data.stream.filter(b => b.avOffsetMs !== null);
  if (known.length === 0) return say(p, box, 'not known: needs sender reports of sound and picture');
  const max = Math.max(50, ...known.map(b => Math.abs(b.avOffsetMs)));
  curve(p, box, p.data.stream, 'avOffsetMs', p.colours.info, { min: -max, max });
  scale(p, box, `±${Math.round(max)}`);
}

function bars(p, box, spans, colour) {
  for (const s of spans) bar(p, box.top, box.height, s, colour(p, s));
}

function bar(p, top, h, s, colour) {
  const x0 = Math.max(p.left, p.x(s.from)), x1 = Math.min(p.left + p.width, p.x(s.to));
  if (x1 < p.left || x0 > p.left + p.width) return;
  const w = Math.max(2, x1 - x0 - 1);
  p.g.globalAlpha = 0.24;
  p.g.fillStyle = colour;
  p.g.fillRect(x0, top, w, h);
  p.g.globalAlpha = 1;
  p.g.fillRect(x0, top, Math.min(w, 3), h);
  text(p, s.text, x0 + 7, top + h / 2, w - 10);
}

function text(p, words, x, y, room) {
  if (room < 18) return;
  p.g.font = p.colours.small;
  p.g.textAlign = 'left';
  p.g.textBaseline = 'middle';
  p.g.fillStyle = p.colours.text;
  let shown = words;
  while (shown.length > 1 && p.g.measureText(shown).width > room) shown = shown.slice(0, -1);
  if (shown === words) p.g.fillText(words, x, y);
  else if (shown.length > 3) p.g.fillText(`${shown.slice(0, -1)}…`, x, y);
}

function stateColour(p, s) {
  if (s.level === 'error') return p.colours.error;
  return { Established: p.colours.live, Hold: p.colours.warn, Finish: p.colours.muted }[s.word] ?? p.colours.info;
}

function verdictColour(p, s) {
  return { Good: p.colours.live, OnHold: p.colours.muted, NoMedia: p.colours.error }[s.word] ?? p.colours.warn;
}

// A ladder lying on its side: we above, they below; what we send points down, a response is dashed, a final refusal red.
function sip(p, box) {
  const { g } = p;
  g.strokeStyle = p.colours.muted;
  g.beginPath();
  g.moveTo(p.left, box.top + 10.5);
  g.lineTo(p.left + p.width, box.top + 10.5);
  g.moveTo(p.left, box.bottom - 3.5);
  g.lineTo(p.left + p.width, box.bottom - 3.5);
  g.stroke();
  let free = -Infinity;
  for (const m of p.data.messages) {
    if (m.t < p.from || m.t > p.to) continue;
    const x = Math.round(p.x(m.t)) + 0.5, [from, to] = m.sent ? [box.top + 10, box.bottom - 4] : [box.bottom - 4, box.top + 10];
    g.strokeStyle = g.fillStyle = m.status >= 300 ? p.colours.error : m.repeat ? p.colours.warn : p.colours.info;
    g.setLineDash(m.status === null ? [] : [3, 2]);
    g.beginPath();
    g.moveTo(x, from);
    g.lineTo(x, to);
    g.stroke();
    g.setLineDash([]);
    const d = m.sent ? -4 : 4;
    g.beginPath();
    g.moveTo(x, to);
    g.lineTo(x - 3, to + d);
    g.lineTo(x + 3, to + d);
    g.fill();
    const label = m.label.replace(' (SDP)', '').split(' ')[0];
    g.font = '10px system-ui, sans-serif';
    const width = g.measureText(label).width;
    if (x > free) {
      g.textAlign = 'left';
      g.textBaseline = 'top';
      g.fillText(label, Math.min(x - 2, p.left + p.width - width), box.top - 3);
      free = x + width + 4;
    }
  }
}

function work(p, box) {
  const spans = p.data.work(p.end), rows = Math.min(2, Math.max(1, new Set(spans.map(s => s.kind)).size));
  const h = box.height / rows - (rows > 1 ? 1 : 0);
  for (const s of spans) bar(p, box.top + (rows > 1 && s.kind === 'push' ? h + 2 : 0), h, s, s.level === 'error' ? p.colours.error : s.level === 'warning' ? p.colours.warn : s.kind === 'push' ? p.colours.info : p.colours.error);
}

function log(p, box) {
  const { g } = p, y = (box.top + box.bottom) / 2;
  for (const m of p.data.marks) {
    if (m.kind === 'state' || m.kind === 'verdict' || m.t < p.from || m.t > p.to) continue;
    const x = p.x(m.t);
    g.fillStyle = m.level === 'error' ? p.colours.error : m.level === 'warning' ? p.colours.warn : p.colours.muted;
    g.beginPath();
    // Shape as well as colour: a triangle warns.
    if (m.level === 'info') g.arc(x, y, 3, 0, 7);
    else { g.moveTo(x, y - 6); g.lineTo(x + 6, y + 5); g.lineTo(x - 6, y + 5); }
    g.fill();
  }
}
