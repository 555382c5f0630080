// The page /embed/{stream}: one player, set by the address, steered by messages of the page around it.
// Address: method=auto|webrtc|mse|hls, muted=1, controls=0, autoplay=0, fit=contain|cover|fill, bg=RRGGBB, poster=1 or an https address, k=token of a signed link.
// Messages in:  { target: 'sip-stream', action: 'play' | 'pause' | 'mute' | 'unmute' | 'getStats' }
// Messages out: { source: 'sip-stream', stream, event: 'state' | 'stats' | 'error', … }
import './sip-stream-player.mjs';

const query = new URLSearchParams(location.search), main = document.querySelector('main'), stream = main?.dataset.stream;
const flag = (name, otherwise) => query.has(name) ? !['0', 'false', 'no'].includes(query.get(name)) : otherwise;

// The server lets only allowed sites frame this page; of those, the one that does is the only one that is heard and told.
const parentOrigin = (() => {
  if (parent === window) return null;
  try {
    return location.ancestorOrigins?.[0] ?? new URL(document.referrer).origin;
  } catch {
    return null; // It keeps its address to itself: then there are no messages.
  }
})();
const tell = message => { if (parentOrigin && parentOrigin !== 'null') parent.postMessage({ source: 'sip-stream', stream, ...message }, parentOrigin); };

if (stream) {
  const player = document.createElement('sip-stream-player');
  player.setAttribute('stream', stream);
  player.setAttribute('aria-label', `Stream ${stream}`);
  const key = query.get('k');   // of a signed link
  if (key) player.setAttribute('k', key);
  if (['webrtc', 'mse', 'hls'].includes(query.get('method'))) player.setAttribute('method', query.get('method'));
  player.toggleAttribute('muted', flag('muted', false));
  player.toggleAttribute('controls', flag('controls', true));
  player.toggleAttribute('autoplay', flag('autoplay', true));
  if (['contain', 'cover', 'fill'].includes(query.get('fit'))) player.video.style.objectFit = query.get('fit');
  if (/^[0-9a-f]{3}([0-9a-f]{3})?$/i.test(query.get('bg') ?? '')) {
    const colour = `#${query.get('bg')}`;
    document.body.style.background = player.style.background = player.video.style.background = colour;
  }
  const poster = query.get('poster');
  if (poster === '1') player.video.poster = `/streams/${stream}/snapshot.jpg${key ? `?k=${encodeURIComponent(key)}` : ''}`;
  else if (poster?.startsWith('https://')) player.video.poster = poster;

  player.addEventListener('statechange', e => {
    tell({ event: 'state', ...e.detail });
    if (e.detail.state === 'failed') tell({ event: 'error', text: e.detail.text });
  });
  player.addEventListener('methodchange', e => tell({ event: 'method', ...e.detail }));
  addEventListener('message', async e => {
    if (e.source !== parent || e.origin !== parentOrigin || e.data?.target !== 'sip-stream') return;
    switch (e.data.action) {
      case 'play': player.play(); break;
      case 'pause': player.stop(); break;
      case 'mute': player.muted = true; break;
      case 'unmute': player.muted = false; break;
      case 'getStats': tell({ event: 'stats', stats: await player.stats(), ...player.usedMethod }); break;
      default: tell({ event: 'error', text: `There is no action "${e.data.action}"` });
    }
  });
  main.append(player);
}
