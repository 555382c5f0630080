// Thumbnails of streams: <img data-thumb="/streams/x/snapshot.jpg">. Only those on screen, only while the tab shows, one after the other,
// each at most every 5 s, and all together below RATE bytes a second however many there are and however large.
// What is known belongs to the address, not to the element: an element that takes another's place shows the last picture at once.
const EACH = 5000, RATE = 50_000, AFTER_FAILURE = 20_000, FORGET = 60_000;
const visible = new Set(), due = new Map(), pictures = new Map();
let running = false, wake = null;

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) isIntersecting ? visible.add(target) : visible.delete(target);
  run();
});

function take(image) {
  const picture = pictures.get(image.dataset.thumb);
  if (picture) show(image, picture);
  else delete image.dataset.shown;
  observer.observe(image);
}

function show(image, picture) {
  image.src = picture;
  image.dataset.shown = 'true';
}

function find(node) {
  if (node instanceof HTMLImageElement && node.dataset.thumb) take(node);
  else if (node instanceof Element) node.querySelectorAll('img[data-thumb]').forEach(take);
}

new MutationObserver(changes => {
  for (const change of changes) {
    change.addedNodes.forEach(find);
    if (change.type === 'attributes') { find(change.target); run(); }
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
      const at = due.get(image.dataset.thumb) ?? 0;
      if (at < soonest) [next, soonest] = [image.dataset.thumb, at];
    }
    if (!next) break;
    if (soonest > now) { await sleep(soonest - now); continue; }
    forget(now);
    const bytes = await load(next);
    if (bytes > 0) await new Promise(resolve => setTimeout(resolve, bytes / RATE * 1000));
  }
  running = false;
}

async function load(thumb) {
  due.set(thumb, performance.now() + EACH);
  try {
    const answer = await fetch(`${thumb}?optional`, { cache: 'no-store' });
    if (answer.status !== 200) {
      due.set(thumb, performance.now() + AFTER_FAILURE);
      return 0;
    }
    const blob = await answer.blob(), old = pictures.get(thumb), picture = URL.createObjectURL(blob);
    pictures.set(thumb, picture);
    document.querySelectorAll(`img[data-thumb="${CSS.escape(thumb)}"]`).forEach(image => show(image, picture));
    if (old) URL.revokeObjectURL(old);
    return blob.size;
  } catch {
    due.set(thumb, performance.now() + AFTER_FAILURE); // The server is away; the banner says so.
    return 0;
  }
}

/** Streams come and go: the pictures of those that no page has shown for a while are let go. */
function forget(now) {
  for (const [thumb, at] of due) {
    if (now - at < FORGET || document.querySelector(`img[data-thumb="${CSS.escape(thumb)}"]`)) continue;
    due.delete(thumb);
    const picture = pictures.get(thumb);
    if (picture) URL.revokeObjectURL(picture);
    pictures.delete(thumb);
  }
}
