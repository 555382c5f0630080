// The connection to the server is lost now and then: a slim banner says so, what plays goes on, and what was typed meanwhile is told afterwards.
const banner = document.getElementById('components-reconnect-modal'), root = document.documentElement;
const AWAY = 'typed-while-away', typed = new Set();
let isLost = false;

// Two tries at once, then every second, then every five; never given up, since the server may be away for long.
Blazor.start({ circuit: { reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: tried => (tried < 2 ? 0 : tried < 10 ? 1000 : 5000), dialogId: banner.id } } })
  .then(() => { root.dataset.circuit = 'up'; whenInteractive(bringBack); });

banner.addEventListener('components-reconnect-state-changed', e => {
  const state = e.detail.state;
  if (state === 'show' || state === 'retrying') lose();
  else if (state === 'hide') regain();
  else if (state === 'failed' || state === 'rejected') reconnect();
});
banner.querySelector('[data-reload]').addEventListener('click', () => location.reload());
banner.querySelector('[data-reconnect]').addEventListener('click', reconnect);
document.addEventListener('visibilitychange', () => { if (isLost && document.visibilityState === 'visible') reconnect(); });

function lose() {
  isLost = true;
  root.dataset.circuit = 'lost';
}

function regain() {
  if (!isLost) return;
  isLost = false;
  root.dataset.circuit = 'up';
  typed.forEach(tell);
  typed.clear();
  keep();
}

function tell(field) {
  if (!field.isConnected) return;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

// The circuit is kept for some minutes; then its state alone, by which the page is made anew; then the page is loaded again and finds its draft.
async function reconnect() {
  try {
    if (await Blazor.reconnect()) return;
    const before = fields();
    if (await Blazor.resumeCircuit()) { regain(); whenInteractive(() => fillIn(before)); return; }
    location.reload();
  } catch {
    banner.querySelector('[data-reconnect]').textContent = 'Still unreachable. Try again';
  }
}

// What stands in the fields that have a name; the page that is made anew gets it again. Files cannot be filled in.
function fields() {
  const found = [...document.querySelectorAll('main [data-field]')].filter(f => 'value' in f && f.type !== 'file');
  return Object.fromEntries(found.map(f => [f.dataset.field, f.value]));
}

function fillIn(values) {
  for (const [name, value] of Object.entries(values)) {
    const field = document.querySelector(`main [data-field="${CSS.escape(name)}"]`);
    if (!field || field.value === value) continue;
    field.value = value;
    tell(field);
  }
}

/** Components take events as soon as the layout says so. */
function whenInteractive(then, tries = 50) {
  if (document.querySelector('[data-interactive=true]')) then();
  else if (tries > 0) setTimeout(whenInteractive, 100, then, tries - 1);
}

// Typed while the server was away and then restarted: kept, but for passwords, until the page has been loaded again.
function keep() {
  const values = Object.fromEntries([...typed].filter(f => f.type !== 'password' && f.dataset.field).map(f => [f.dataset.field, f.value]));
  try {
    if (typed.size === 0) sessionStorage.removeItem(AWAY);
    else sessionStorage.setItem(AWAY, JSON.stringify({ page: location.pathname, values }));
  } catch (error) {
    console.debug('not kept:', error.message);
  }
}

function bringBack() {
  let away = null;
  try {
    away = JSON.parse(sessionStorage.getItem(AWAY) ?? 'null');
    sessionStorage.removeItem(AWAY);
  } catch (error) {
    console.debug('nothing kept:', error.message);
  }
  // The page fills in its own draft first.
  if (away?.page === location.pathname) setTimeout(fillIn, 500, away.values);
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
