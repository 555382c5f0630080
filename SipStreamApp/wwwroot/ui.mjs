// What pages need from the browser; called by BrowserInterop only.

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https the clipboard is closed to scripts; the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

export function focus(selector) {
  document.querySelector(selector)?.focus();
}

/** What was typed into a form and not sent, for as long as this tab lives. Passwords never come here. */
export function keepDraft(key, json) {
  try {
    if (json) sessionStorage.setItem(`draft:${key}`, json);
    else sessionStorage.removeItem(`draft:${key}`);
  } catch (error) {
    console.debug('draft not kept:', error.message);
  }
}

export function draft(key) {
  try {
    return sessionStorage.getItem(`draft:${key}`);
  } catch {
    return null; // Storage is closed to this page.
  }
}

/** Tells .NET about a player's state until disposed of. */
export function watchPlayer(element, page) {
  // While the connection to the server is lost nobody listens; the player goes on without.
  const tell = async e => {
    try {
      await page.invokeMethodAsync('PlayerStateChanged', e.detail.state, e.detail.text, e.detail.firstFrameMs ?? null);
    } catch (error) {
      console.debug('player state not told:', error.message);
    }
  };
  element.addEventListener('statechange', tell);
  if (element.state && element.state !== 'idle') tell({ detail: { state: element.state, text: element.text, firstFrameMs: element.firstFrameMs } });
  return { dispose: () => element.removeEventListener('statechange', tell) };
}
