// What the player looks like. Colours follow --ssa-* of the page where it has them.

const icon = path => `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="currentColor" d="${path}"/></svg>`;

export const icons = {
  play: icon('M8 5v14l11-7z'),
  stop: icon('M6 6h12v12H6z'),
  sound: icon('M4 9v6h4l5 5V4L8 9H4zm12.5 3a4.5 4.5 0 0 0-2.5-4v8a4.5 4.5 0 0 0 2.5-4zM14 3.2v2.1a7 7 0 0 1 0 13.4v2.1a9 9 0 0 0 0-17.6z'),
  silent: icon('M4 9v6h4l5 5V4L8 9H4zm17.3.7-1.4-1.4-2.1 2.1-2.1-2.1-1.4 1.4 2.1 2.1-2.1 2.1 1.4 1.4 2.1-2.1 2.1 2.1 1.4-1.4-2.1-2.1z'),
  stats: icon('M5 20V10h3v10H5zm5.500 0V4h3v16h-3zM16 20v-7h3v7h-3z'),
  pip: icon('M3 5h18v14H3V5zm2 2v10h14V7H5zm7 5h6v4h-6v-4z'),
  full: icon('M5 5h6v2H7v4H5V5zm8 0h6v6h-2V7h-4V5zM5 13h2v4h4v2H5v-6zm12 0h2v6h-6v-2h4v-4z'),
};

export const template = document.createElement('template');
template.innerHTML = `
<style>
  :host { display: block; position: relative; background: #05070a; color: #e6eaf0; overflow: hidden; border-radius: 8px; aspect-ratio: 16 / 9; container-type: inline-size;
    font: 13px/1.4 system-ui, sans-serif; min-height: 0; }
  :host([hidden]) { display: none; }
  video { width: 100%; height: 100%; object-fit: contain; display: block; background: #05070a; }
  .message { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 12px; text-align: center; padding: 16px 16px 48px;
    background: #05070ab0; font-size: 14px; text-wrap: balance; }
  .message[hidden], .tap[hidden], .bar[hidden] { display: none; }
  .message.clear { background: none; }
  .mark { width: 22px; height: 22px; border-radius: 50%; border: 2px solid #ffffff40; border-top-color: var(--ssa-primary-onvideo, #4fd1c0); animation: turn 1s linear infinite; }
  .mark[hidden] { display: none; }
  .failed .words { color: #ff9a9a; }
  .note { font-size: 42px; line-height: 1; }
  button { font: inherit; color: inherit; background: none; border: 0; border-radius: 6px; min-width: 36px; height: 36px; display: inline-grid; place-content: center; cursor: pointer; }
  button:hover { background: #ffffff26; }
  button:focus-visible, input:focus-visible { outline: 2px solid #8ab4ff; outline-offset: 1px; }
  .tap { position: absolute; inset: auto 12px 56px auto; background: #4fd1c0; color: #06201c; padding: 0 14px; font-weight: 600; }
  .tap:hover { background: #6fe0d1; }
  .bar { position: absolute; inset: auto 0 0 0; display: flex; align-items: center; gap: 4px; padding: 4px 8px; background: linear-gradient(#05070a00, #05070ad9 55%); }
  .bar .words { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-inline: 6px; color: #c9d2de; }
  .figures { position: absolute; top: 8px; right: 8px; margin: 0; padding: 8px 10px; display: grid; grid-template-columns: auto auto; gap: 2px 10px; background: #05070ad9; border-radius: 6px; font: 11px/1.5 ui-monospace, Menlo, Consolas, monospace; pointer-events: none; }
  .figures[hidden] { display: none; }
  .figures dt { color: #9aa6b6; } .figures dd { margin: 0; text-align: right; }
  button[aria-pressed=true] { color: #4fd1c0; }
  button[hidden] { display: none; }
  .live { color: #3dd68c; font-weight: 600; font-size: 12px; letter-spacing: .04em; padding-inline: 4px; visibility: hidden; }
  :host([state=playing]) .live { visibility: visible; }
  input { width: 84px; accent-color: #4fd1c0; height: 24px; }
  @container (max-width: 480px) { input { width: 56px; } .bar .words { display: none; } .live { margin-right: auto; } }
  @keyframes turn { to { transform: rotate(360deg); } }
  @media (prefers-reduced-motion: reduce) { .mark { animation-duration: 4s; } }
</style>
<video playsinline part="video"></video>
<div class="message" part="message" role="status"><span class="note" hidden aria-hidden="true">♪</span><span class="mark" hidden></span><span class="words"></span></div>
<dl class="figures" hidden></dl>
<button class="tap" type="button" hidden>Tap for sound</button>
<div class="bar" part="controls" hidden>
  <button class="toggle" type="button" aria-label="Play" title="Play">${icons.play}</button>
  <button class="mute" type="button" aria-label="Mute" title="Mute">${icons.sound}</button>
  <input class="volume" type="range" min="0" max="100" step="5" value="100" aria-label="Volume">
  <span class="live">● LIVE</span>
  <span class="words"></span>
  <button class="stats" type="button" aria-label="Figures" aria-pressed="false" title="Figures">${icons.stats}</button>
  <button class="pip" type="button" aria-label="Picture in picture" title="Picture in picture">${icons.pip}</button>
  <button class="full" type="button" aria-label="Full screen" title="Full screen">${icons.full}</button>
</div>`;
