// Thumbnails of streams: <img data-thumb="/streams/x/snapshot.jpg">. Only those on screen, only while the tab shows, one after the other,
// each at most every 5 s, and all together below RATE bytes a second however many there are and however large.
const EACH = 5000, RATE = 50_000, AFTER_FAILURE = 20_000;
const visible = new Set(), due = new WeakMap();
let running = false, wake = null;

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) isIntersecting ? visible.add(target) : visible.delete(target);
  run();
});

function find(node) {
  if (node instanceof HTMLImageElement && node.dataset.thumb) observer.observe(node);
  else if (node instanceof Element) node.querySelectorAll('img[data-thumb]').forEach(i => observer.observe(i));
}

new MutationObserver(changes => {
  for (const change of changes) {
    change.addedNodes.forEach(find);
    if (change.type === 'attributes') { due.delete(change.target); find(change.target); }
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-thumb'] });
document.addEventListener('visibilitychange', () => { if (!document.hidden) run(); });
find(document.body);

const sleep = ms => new Promise(resolve => {
  const timer = setTimeout(done, ms);
  function done() { clearTimeout(timer); wake = null; resolve(); }
  wake = done;
});

async function run() {
  if (running) { wake?.(); return; }
  running = true;
  while (!document.hidden && visible.size > 0) {
    const now = performance.now();
    let next = null, soonest = Infinity;
    for (const image of visible) {
      if (!image.isConnected || !image.dataset.thumb) { visible.delete(image); observer.unobserve(image); continue; }
      const at = due.get(image) ?? 0;
      if (at < soonest) [next, soonest] = [image, at];
    }
    if (!next) break;
    if (soonest > now) { await sleep(soonest - now); continue; }
    const bytes = await load(next);
    if (bytes > 0) await new Promise(resolve => setTimeout(resolve, bytes / RATE * 1000));
  }
  running = false;
}

async function load(image) {
  due.set(image, performance.now() + EACH);
  try {
    const answer = await fetch(`${image.dataset.thumb}?optional`, { cache: 'no-store' });
    if (answer.status !== 200) {
      due.set(image, performance.now() + AFTER_FAILURE);
      return 0;
    }
    const blob = await answer.blob(), url = URL.createObjectURL(blob), old = image.src;
    image.src = url;
    image.dataset.shown = 'true';
    if (old.startsWith('blob:')) URL.revokeObjectURL(old);
    return blob.size;
  } catch {
    due.set(image, performance.now() + AFTER_FAILURE); // The server is away; the banner says so.
    return 0;
  }
}
