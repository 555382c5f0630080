// What the pages show of a running player beside it, and the buttons that steer it; nothing of it goes through the server.
//   data-player-log       list of what happened           data-player-ladder   which way it plays, and why not the first
//   data-player-act="…"   retry, mute, full, figures      data-copy-log        copies the list
const MOST = 200;
const time = () => new Date().toLocaleTimeString(undefined, { hour12: false });
const player = () => document.querySelector('main sip-stream-player');
const names = { webrtc: 'WebRTC', mse: 'MSE', hls: 'HLS' };

function log(text) {
  const list = document.querySelector('[data-player-log]');
  if (!list || !text) return;
  const line = document.createElement('li'), at = document.createElement('time');
  at.textContent = time();
  line.append(at, ` ${text}`);
  list.prepend(line);
  while (list.childElementCount > MOST) list.lastElementChild.remove();
}

function ladder({ method, reason }) {
  const line = document.querySelector('[data-player-ladder]');
  if (!line) return;
  line.textContent = method ? `Plays by ${names[method]}${reason ? `: ${reason}` : ''}` : '';
  const retry = document.querySelector('[data-player-act=retry]');
  if (retry) retry.hidden = !method || method === 'webrtc' || !reason;
}

document.addEventListener('statechange', e => {
  log(e.detail.text);
  if (e.detail.state === 'playing' && e.detail.firstFrameMs && !e.target.saidFirst) {
    e.target.saidFirst = true;
    log(`First picture after ${Math.round(e.detail.firstFrameMs)} ms`);
  } else if (e.detail.state === 'connecting') e.target.saidFirst = false;
});

document.addEventListener('methodchange', e => {
  log(`Trying ${names[e.detail.method]}${e.detail.reason ? `, since: ${e.detail.reason}` : ''}`);
  ladder(e.detail);
});

document.addEventListener('click', async e => {
  const act = e.target.closest?.('[data-player-act]')?.dataset.playerAct, it = player();
  if (act && it) {
    if (act === 'retry') it.play();
    else if (act === 'mute') it.muted = !it.muted;
    else if (act === 'full') it.fullscreen();
    else if (act === 'figures') it.figures = !it.figures;
  }
  const copier = e.target.closest?.('[data-copy-log]');
  if (!copier) return;
  const lines = [...document.querySelectorAll('[data-player-log] li')].map(l => l.textContent).reverse().join('\n');
  const { copy } = await import('/ui.mjs');
  copier.textContent = await copy(lines) ? 'Copied' : 'Could not copy';
  setTimeout(() => { copier.textContent = 'Copy'; }, 2000);
});
