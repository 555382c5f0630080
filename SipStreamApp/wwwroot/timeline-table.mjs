// The time line as tables: for screen readers, for copying, and for whoever likes figures.

import { clock } from './timeline-paint.mjs';
import { TraceData } from './timeline-data.mjs';

const MAX_ROWS = 240;

/** Fills `place` with a table of figures and one of events. */
export function showTable(place, data, end) {
  const step = [1, 2, 5, 10, 30, 60, 300, 600, 3600].find(s => end / s <= MAX_ROWS) ?? 7200;
  place.replaceChildren(
    table('Figures', ['Time', 'Picture kbit/s', 'fps', 'Loss %', 'Jitter ms', 'Sound kbit/s', 'Loss %', 'Jitter ms', 'MOS', 'Level dB', 'A/V ms', 'Viewers'], figures(data, end, step)),
    table('Events', ['Time', 'What'], events(data)));
}

function* figures(data, end, step) {
  for (let t = 0; t < end; t += step) {
    const v = worst(data.video, t, step), a = worst(data.audio, t, step), s = TraceData.at(data.stream, t);
    if (!v && !a && !s) continue;
    const n = (value, digits = 0) => value === null || value === undefined ? '–' : value.toFixed(digits);
    yield [clock(t), n(v?.kbps), n(v?.fps), n(v?.loss, 1), n(v?.jitterMs), n(a?.kbps), n(a?.loss, 1), n(a?.jitterMs), n(a?.mos, 2), n(a?.levelDb), n(s?.avOffsetMs), n(s?.viewers)];
  }
}

// Of several seconds in a row the one with the most loss: that is the one looked for.
function worst(line, t, step) {
  let found;
  for (let at = t; at < t + step; at++) {
    const p = TraceData.at(line, at);
    if (p && (!found || p.loss > found.loss)) found = p;
  }
  return found;
}

function events(data) {
  const all = [...data.messages.map(m => ({ t: m.t, text: `${m.sent ? 'Sent' : 'Received'} ${m.label}${m.repeat ? ' (again)' : ''}` })), ...data.marks.map(m => ({ t: m.t, text: m.text || m.word }))];
  return all.sort((a, b) => a.t - b.t).map(e => [clock(e.t, 1), e.text]);
}

function table(name, heads, rows) {
  const wrap = document.createElement('div');
  wrap.className = 'table-wrap';
  wrap.tabIndex = 0;
  wrap.setAttribute('role', 'region');
  wrap.setAttribute('aria-label', name);
  const made = document.createElement('table');
  made.className = 'grid-table';
  const caption = made.createCaption();
  caption.textContent = name;
  const head = made.createTHead().insertRow();
  for (const text of heads) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = text;
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  wrap.append(made);
  return wrap;
}
