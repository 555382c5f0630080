// The connection to the server is lost now and then: a slim banner says so, what plays goes on, and what was typed meanwhile is told afterwards.
const banner = document.getElementById('components-reconnect-modal'), root = document.documentElement;
const AWAY = 'typed-while-away', SETTLES = 5000;
const typed = new Set();
let isLost = false, held = [];

// Two tries at once, then every second, then every five; never given up, since the server may be away for long.
Blazor.start({ circuit: { reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: tried => (tried < 2 ? 0 : tried < 10 ? 1000 : 5000), dialogId: banner.id } } })
  .then(() => { root.dataset.circuit = 'up'; bringBack(); });

banner.addEventListener('components-reconnect-state-changed', e => {
  const state = e.detail.state;
  if (state === 'show' || state === 'retrying') { lose(); lookWhetherIn(); }
  else if (state === 'hide') regain();
  else if (state === 'failed') reconnect();
  else if (state === 'rejected' || state === 'resume-failed') makeAnew(state === 'rejected');
});
banner.querySelector('[data-reload]').addEventListener('click', () => location.reload());
banner.querySelector('[data-reconnect]').addEventListener('click', reconnect);
document.addEventListener('visibilitychange', () => { if (isLost && document.visibilityState === 'visible') reconnect(); });

// A user who was deleted, or got another role, is not let in again however often it tries: on to the login.
async function lookWhetherIn() {
  try {
    const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store', redirect: 'manual' });
    if (answer.status === 401 || answer.status === 403 || answer.type === 'opaqueredirect') location.reload();
  } catch (error) {
    console.debug('not reached:', error.message);
  }
}

// The circuit is kept for some minutes; then its state alone, by which the page is made anew; then the page is loaded again and finds its draft.
async function reconnect() {
  try {
    if (!await Blazor.reconnect()) await makeAnew(true);
  } catch {
    banner.querySelector('[data-reconnect]').textContent = 'Still unreachable. Try again';
  }
}

// The server is there again but has no such circuit. Where it has no state either, the new page finds its draft.
async function makeAnew(mayHaveState) {
  try {
    if (mayHaveState && await Blazor.resumeCircuit()) { regain(); return; }
  } catch (error) {
    console.debug('not resumed:', error.message);
  }
  location.reload();
}

function lose() {
  if (isLost) return;
  isLost = true;
  root.dataset.circuit = 'lost';
  held = [...document.querySelectorAll('main [data-field]')].filter(f => 'value' in f && f.type !== 'file');
}

function regain() {
  if (!isLost) return;
  isLost = false;
  root.dataset.circuit = 'up';
  typed.forEach(tell);
  typed.clear();
  keep();
  handOver(held, location.pathname, performance.now() + SETTLES);
}

// A page made anew has other elements in the place of those that were there: what stood in a field, a password as well, goes to that of its name.
function handOver(fields, page, until) {
  if (isLost || location.pathname !== page || performance.now() > until) return;
  const gone = fields.filter(f => !f.isConnected && find(f.dataset.field));
  gone.forEach(f => fill(f.dataset.field, f.value));
  setTimeout(handOver, 100, fields.filter(f => !gone.includes(f)), page, until);
}

const find = name => document.querySelector(`main [data-field="${CSS.escape(name)}"]`);

function fill(name, value) {
  const field = find(name);
  if (!field || field.value === value) return;
  field.value = value;
  tell(field);
}

function tell(field) {
  if (!field.isConnected) return;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

// Typed while the server was away, which then lost all its state: kept, but for passwords, until the page has been loaded again.
function keep() {
  const values = [...typed].filter(f => f.type !== 'password' && f.dataset.field).map(f => [f.dataset.field, f.value]);
  try {
    if (typed.size === 0) sessionStorage.removeItem(AWAY);
    else sessionStorage.setItem(AWAY, JSON.stringify({ page: location.pathname, values }));
  } catch (error) {
    console.debug('not kept:', error.message);
  }
}

// The page brings back its own draft, which is older, at a time of its own: hence again and again, until it stays or a person types.
function bringBack() {
  let away = null;
  try {
    away = JSON.parse(sessionStorage.getItem(AWAY) ?? 'null');
    sessionStorage.removeItem(AWAY);
  } catch (error) {
    console.debug('nothing kept:', error.message);
  }
  if (away?.page !== location.pathname) return;
  const again = setInterval(() => away.values.forEach(([name, value]) => fill(name, value)), 250);
  const stop = e => { if (e === undefined || e.isTrusted) clearInterval(again); };
  setTimeout(stop, 3000);
  for (const kind of ['input', 'submit', 'click']) addEventListener(kind, stop, { capture: true });
}

// While it is lost: typing stays in the page, other controls rest. The player is no business of the connection.
const isPlayer = e => e.composedPath().some(n => n instanceof Element && (n.localName === 'sip-stream-player' || n.id === banner.id || n.localName === 'dialog'));
for (const kind of ['input', 'change']) {
  addEventListener(kind, e => {
    if (!isLost || isPlayer(e)) return;
    e.stopImmediatePropagation();
    typed.add(e.target);
    keep();
  }, true);
}
for (const kind of ['click', 'submit']) {
  addEventListener(kind, e => {
    if (!isLost || isPlayer(e) || e.target.matches?.('input, textarea, select, label')) return;
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
}
