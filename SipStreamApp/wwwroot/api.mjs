// Sends the requests of the API explorer: by this browser, with its session or a key that never leaves it, under the policy of the page.
// The answer is written into the page here; only figures go back to it.
const KEY = 'api-history', KEPT = 50, MOST = 262144, PATIENCE = 60000, EVENTS = 3000;

export async function send(request) {
  const start = performance.now(), headers = {};
  if (request.body !== null && request.contentType) headers['Content-Type'] = request.contentType;
  if (request.useKey) headers.Authorization = `Bearer ${document.getElementById('api-key')?.value ?? ''}`;
  const abort = new AbortController(), timer = setTimeout(() => abort.abort(), PATIENCE);
  let status = 0;
  try {
    const answer = await fetch(request.address, {
      method: request.method, headers, body: request.body ?? undefined, credentials: request.useKey ? 'omit' : 'same-origin', cache: 'no-store', redirect: 'manual', signal: abort.signal,
    });
    status = answer.status;
    const read = await readSome(answer, abort);
    await show(answer, read, performance.now() - start, request);
  } catch (error) {
    say('error', `No answer: ${abort.signal.aborted ? `none within ${PATIENCE / 1000} s` : error.message}. Is the server there?`);
    answerBox().replaceChildren();
  } finally {
    clearTimeout(timer);
  }
  return keep({ ...request.keep, at: Date.now(), status, milliseconds: Math.round(performance.now() - start) });
}

export function clear() {
  document.getElementById('api-summary')?.replaceChildren();
  answerBox()?.replaceChildren();
}

export function history() {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(all) ? all.filter(e => e && typeof e.op === 'string' && typeof e.address === 'string').slice(0, KEPT) : [];
  } catch {
    return []; // Storage is closed to this page, or holds what another version wrote.
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch (error) {
    console.debug('history not forgotten:', error.message);
  }
}

function keep(entry) {
  const all = [entry, ...history()].slice(0, KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch (error) {
    console.debug('history not kept:', error.message);
  }
  return all;
}

// Files and event streams have no end worth waiting for.
async function readSome(answer, abort) {
  const type = answer.headers.get('Content-Type') ?? '', reader = answer.body?.getReader(), chunks = [];
  let size = 0, isCut = false;
  const timer = type.startsWith('text/event-stream') ? setTimeout(() => { isCut = true; reader?.cancel(); }, EVENTS) : 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size <= MOST) continue;
    isCut = true;
    abort.abort();
    break;
  }
  clearTimeout(timer);
  return { blob: new Blob(chunks, { type }), size, isCut, type };
}

const answerBox = () => document.getElementById('api-answer');

function say(css, text) {
  const line = document.getElementById('api-summary');
  if (!line) return;
  const word = document.createElement('span');
  word.className = `status ${css}`;
  word.textContent = text;
  line.replaceChildren(word);
}

function make(tag, css, text) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
}

async function show(answer, { blob, size, isCut, type }, ms, request) {
  const words = [`${answer.status} ${answer.statusText || ''}`.trim(), `${ms.toFixed(0)} ms`, `${size} bytes${isCut ? ', cut off here' : ''}`];
  if (answer.type === 'opaqueredirect') words[0] = 'Sent on to another page: probably to the login';
  say(answer.ok ? 'live' : 'error', `${answer.ok ? '✔' : '✖'} ${words.join(', ')}`);
  const box = answerBox(), parts = [];
  if (!box) return;
  if (type.startsWith('image/') && size > 0) {
    const image = make('img', 'api-image');
    image.src = URL.createObjectURL(blob);
    image.alt = 'The answer';
    image.onload = () => URL.revokeObjectURL(image.src);
    parts.push(image);
  } else if (/json/.test(type)) {
    const text = await blob.text();
    let value;
    try { value = JSON.parse(text); } catch { value = undefined; }
    if (/problem/.test(type) && value) parts.push(problem(value));
    const body = make('pre', 'code api-json');
    value === undefined ? body.append(text) : print(body, value, '');
    parts.push(body);
  } else if (size === 0) {
    parts.push(make('p', 'muted', answer.ok ? 'Done; the answer has no body.' : 'The answer has no body.'));
  } else if (/^text\/|mpegurl|sdp|xml/.test(type)) {
    parts.push(make('pre', 'code api-json', await blob.text()));
  } else {
    parts.push(make('p', 'muted', `${type || 'A file'}: not shown here.`));
  }
  if (request.method === 'GET' && answer.ok && !/json/.test(type) && !type.startsWith('text/event-stream')) {
    const link = make('a', 'btn small', 'Open it in a tab');
    Object.assign(link, { href: request.address, target: '_blank', rel: 'noopener' });
    parts.push(link);
  }
  const details = make('details', 'more'), headers = make('pre', 'code', [...answer.headers].map(([n, v]) => `${n}: ${v}`).join('\n'));
  headers.tabIndex = 0;
  headers.setAttribute('aria-label', 'Headers');
  details.append(make('summary', '', `${[...answer.headers].length} headers`), headers);
  parts.push(details);
  for (const pre of parts) if (pre.matches('.api-json')) { pre.tabIndex = 0; pre.setAttribute('aria-label', 'Body of the answer'); }
  box.replaceChildren(...parts);
}

// RFC 9457 in words: what is wrong, field by field.
function problem(value) {
  const card = make('div', 'cause error'), list = make('ul', 'api-errors');
  card.append(make('strong', '', `✖ ${value.title ?? 'The server refused it'}`));
  if (value.detail && value.detail !== value.title) card.append(make('p', '', value.detail));
  for (const [name, texts] of Object.entries(value.errors ?? {})) list.append(make('li', '', `${name}: ${[texts].flat().join(', ')}`));
  if (list.children.length > 0) card.append(list);
  return card;
}

const linkOf = (name, value) => typeof value !== 'string' || !/^[\w.-]{1,64}$/.test(value) ? null
  : ['streamName', 'toStream'].includes(name) ? `/streams/${value}` : name === 'callId' ? `/api?op=post-rest-api-call-find&callId=${value}` : null;

function print(into, value, indent, name = '') {
  if (value === null || typeof value !== 'object') {
    const link = linkOf(name, value), css = value === null ? 'j-null' : `j-${typeof value}`, text = JSON.stringify(value);
    const node = link ? make('a', css, text) : make('span', css, text);
    if (link) node.href = link;
    into.append(node);
    return;
  }
  const isList = Array.isArray(value), entries = Object.entries(value), inner = `${indent}  `;
  if (entries.length === 0) { into.append(isList ? '[]' : '{}'); return; }
  into.append(isList ? '[\n' : '{\n');
  entries.forEach(([key, item], i) => {
    into.append(inner);
    if (!isList) into.append(make('span', 'j-name', JSON.stringify(key)), ': ');
    print(into, item, inner, isList ? name : key);
    into.append(i < entries.length - 1 ? ',\n' : '\n');
  });
  into.append(indent + (isList ? ']' : '}'));
}
