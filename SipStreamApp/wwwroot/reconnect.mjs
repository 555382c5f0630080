// The connection to the server is lost now and then: a slim banner says so, what plays goes on, and what was typed meanwhile is told afterwards.
const banner = document.getElementById('components-reconnect-modal'), root = document.documentElement;
const changed = new Set();
let isLost = false;

// Two tries at once, then every second, then every five; never given up, since the server may be away for long.
Blazor.start({ circuit: { reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: tried => (tried < 2 ? 0 : tried < 10 ? 1000 : 5000), dialogId: banner.id } } })
  .then(() => { root.dataset.circuit = 'up'; });

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
  isLost = false;
  root.dataset.circuit = 'up';
  for (const field of changed) {
    if (!field.isConnected) continue;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  changed.clear();
}

// The circuit is kept for some minutes; then its state alone, by which the page is made anew; then the page is loaded again and finds its draft.
async function reconnect() {
  try {
    if (await Blazor.reconnect()) return;
    if (await Blazor.resumeCircuit()) { regain(); return; }
    location.reload();
  } catch {
    banner.querySelector('[data-reconnect]').textContent = 'Still unreachable. Try again';
  }
}

// While it is lost: typing stays in the page, other controls rest. The player is no business of the connection.
const isPlayer = e => e.composedPath().some(n => n instanceof Element && (n.localName === 'sip-stream-player' || n.id === banner.id || n.localName === 'dialog'));
for (const kind of ['input', 'change']) {
  addEventListener(kind, e => {
    if (!isLost || isPlayer(e)) return;
    e.stopImmediatePropagation();
    changed.add(e.target);
  }, true);
}
for (const kind of ['click', 'submit']) {
  addEventListener(kind, e => {
    if (!isLost || isPlayer(e) || e.target.matches?.('input, textarea, select, label')) return;
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
}
