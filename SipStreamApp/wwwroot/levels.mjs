// Meters of sound: <div data-level="stream">. Only those on screen, only while the tab shows, all by one line of server-sent events
// (/live/levels), two digits a meter ten times a second. Painted here, never through the render tree.
const FLOOR = -60, SAY_EACH = 1000, CALM = matchMedia('(prefers-reduced-motion: reduce)');
const visible = new Set();
let source = null, asked = '', shown = [], planned = 0, calmAt = 0;

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) isIntersecting ? visible.add(target) : visible.delete(target);
  plan();
});

function find(node) {
  if (!(node instanceof Element)) return;
  if (node.matches('[data-level]')) prepare(node);
  node.querySelectorAll('[data-level]').forEach(prepare);
}

function prepare(element) {
  if (!element.querySelector('.level-bar')) {
    const bar = element.appendChild(document.createElement('span'));
    bar.className = 'level-bar';
    bar.appendChild(document.createElement('span')).className = 'level-fill';
    if (element.hasAttribute('data-level-figure')) element.appendChild(document.createElement('span')).className = 'level-text mono';
    element.setAttribute('role', 'meter');
    element.setAttribute('aria-valuemin', FLOOR);
    element.setAttribute('aria-valuemax', 0);
    show(element, null, true);
  }
  element.setAttribute('aria-label', `Sound level of ${element.dataset.level}`);
  observer.observe(element);
}

new MutationObserver(changes => {
  for (const change of changes) {
    change.addedNodes.forEach(find);
    if (change.type === 'attributes') { find(change.target); plan(); }
    if (change.removedNodes.length > 0) plan();
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-level'] });
document.addEventListener('visibilitychange', plan);
addEventListener('pagehide', () => listen([]));
find(document.body);

// Several tiles come and go in one turn.
function plan() {
  planned ||= setTimeout(() => {
    planned = 0;
    for (const element of visible) if (!element.isConnected) { visible.delete(element); observer.unobserve(element); }
    listen(document.hidden ? [] : [...new Set([...visible].map(e => e.dataset.level).filter(Boolean))].sort().slice(0, 100));
  }, 150);
}

function listen(names) {
  const wanted = names.map(n => 's=' + encodeURIComponent(n)).join('&');
  if (wanted === asked && source?.readyState !== EventSource.CLOSED) return;
  source?.close();
  [source, asked, shown] = [null, wanted, names];
  if (!wanted) return;
  source = new EventSource('/live/levels?' + wanted);
  source.onmessage = e => paint(e.data);
  source.onerror = () => {
    for (const element of visible) show(element, null, true);
    // A refusal ends it for good: the server is away, or who looked was signed out. Looked for again at leisure.
    if (source?.readyState === EventSource.CLOSED) setTimeout(plan, 20000);
  };
}

function paint(line) {
  const now = performance.now();
  if (CALM.matches && now - calmAt < 250) return;
  calmAt = now;
  const levels = new Map(shown.map((name, i) => [name, line.slice(2 * i, 2 * i + 2)]));
  for (const element of visible) {
    const digits = levels.get(element.dataset.level), level = digits === undefined || digits === '--' ? null : -parseInt(digits, 16);
    show(element, level, now - (element.saidAt ?? 0) > SAY_EACH);
  }
}

function show(element, level, isToBeSaid) {
  const fill = element.querySelector('.level-fill');
  if (!fill) return;
  const height = level === null ? 0 : Math.max(0, 1 - level / FLOOR);
  fill.style.clipPath = `inset(0 ${(100 - 100 * height).toFixed(1)}% 0 0)`; // Not scaled: a colour stands for a level.
  element.dataset.levelState = level === null ? 'none' : level > -3 ? 'clip' : level <= FLOOR ? 'silent' : 'ok';
  if (!isToBeSaid) return;
  element.saidAt = performance.now();
  const words = level === null ? 'no sound measured' : level <= FLOOR ? 'silence' : `${level} dB`;
  element.setAttribute('aria-valuenow', level === null ? FLOOR : Math.max(FLOOR, level));
  element.setAttribute('aria-valuetext', words);
  element.title = `Sound: ${words}`;
  const text = element.querySelector('.level-text');
  if (text) text.textContent = words;
}
