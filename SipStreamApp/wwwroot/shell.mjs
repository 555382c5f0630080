// Shell without a server: dialogs, palette choice, theme, rail and the keyboard map. Everything hangs on data- attributes,
// so that a page takes part by its markup:
//   data-open="id"      opens that dialog            data-close   closes the dialog it is in (and still acts)
//   data-chord="c"      link followed by g c         data-key="h" clicked by that key: in the row with the focus, else on the page
//   data-key-twice      needs the key twice within 2 s
//   data-row            a row for j, k and Enter     data-row-open   the link in it that Enter follows
//   data-filter         what / goes to             data-theme-set="dark"   sets that theme
const root = document.documentElement, NEXT = { dark: 'light', light: 'system', system: 'dark' };
let chord = -Infinity, armed = null; // A chord waits for its second key; none does at first, whatever the clock of a fresh page says.

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* closed to this page: it holds until reload */ } },
};
let shortcuts = store.get('shortcuts') !== 'off';

const dialog = id => document.getElementById(id);
const openDialog = () => document.querySelector('dialog[open]');

export function open(id) {
  const it = dialog(id);
  if (!it || it.open) return;
  openDialog()?.close();
  it.showModal();
  const input = it.querySelector('[data-palette-input]');
  if (input) {
    input.value = '';
    input.focus();
  }
  const toggle = it.querySelector('[data-shortcuts-switch]');
  if (toggle) toggle.checked = shortcuts;
}

// The skip link: as a link it would be a navigation to the start page, by <base>, that moves no focus.
document.addEventListener('click', e => {
  if (!(e.target instanceof Element) || !e.target.closest('.skip-link')) return;
  e.preventDefault();
  document.getElementById('main')?.focus();
}, true);

document.addEventListener('click', e => {
  const at = e.target instanceof Element ? e.target : null;
  if (!at) return;
  if (at.matches('dialog.sheet')) at.close(); // The backdrop.
  at.closest('[data-close]')?.closest('dialog')?.close();
  const opener = at.closest('[data-open]');
  if (opener) open(opener.dataset.open);
  if (at.closest('[data-theme-switch]')) globalThis.ssaTheme.set(NEXT[globalThis.ssaTheme.wish]);
  const theme = at.closest('[data-theme-set]')?.dataset.themeSet;
  if (theme) globalThis.ssaTheme.set(theme);
  if (at.closest('[data-rail-switch]')) {
    root.dataset.rail = root.dataset.rail === 'narrow' ? '' : 'narrow';
    store.set('rail', root.dataset.rail);
  }
});

document.addEventListener('change', e => {
  if (!e.target.matches?.('[data-shortcuts-switch]')) return;
  shortcuts = e.target.checked;
  store.set('shortcuts', shortcuts ? 'on' : 'off');
});

// The palette: the first choice is the chosen one until the arrows say otherwise.
const options = () => [...document.querySelectorAll('#palette-list [role=option]')];
function choose(index) {
  const all = options();
  all.forEach((o, i) => o.setAttribute('aria-selected', i === index ? 'true' : 'false'));
  all[index]?.scrollIntoView({ block: 'nearest' });
  document.querySelector('[data-palette-input]')?.setAttribute('aria-activedescendant', all[index]?.id ?? '');
}

function paletteKey(e) {
  const all = options(), at = Math.max(0, all.findIndex(o => o.getAttribute('aria-selected') === 'true'));
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    e.preventDefault();
    choose((at + (e.key === 'ArrowDown' ? 1 : all.length - 1)) % Math.max(1, all.length));
  } else if (e.key === 'Enter' && !e.isComposing) {
    e.preventDefault();
    all[at]?.click();
  }
}

new MutationObserver(changes => {
  if (changes.some(c => c.type === 'childList' && c.target.id === 'palette-list')) choose(0);
}).observe(document.body, { subtree: true, childList: true });

const isTyping = target => target instanceof Element && (target.closest('[contenteditable=true], textarea, select, [role=combobox], [role=listbox], [role=menu]') !== null
  || target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type));

const seen = element => element.getClientRects().length > 0 && !element.disabled;

function row(step) {
  const rows = [...document.querySelectorAll('main [data-row]')].filter(seen);
  const at = rows.findIndex(r => r.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return false;
  if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

function press(key) {
  const holder = document.activeElement?.closest('[data-row]'), pick = `[data-key="${CSS.escape(key)}"]`;
  const target = [...(holder?.querySelectorAll(pick) ?? []), ...document.querySelectorAll(`main ${pick}, .topbar ${pick}`)].find(seen);
  if (!target) return false;
  if (target.hasAttribute('data-key-twice') && armed !== target) {
    armed = target;
    target.classList.add('armed');
    say(`Press ${key} again to ${(target.getAttribute('aria-label') ?? target.textContent).trim().toLowerCase()}`);
    setTimeout(() => { target.classList.remove('armed'); if (armed === target) armed = null; }, 2000);
    return true;
  }
  armed = null;
  target.click();
  return true;
}

function say(text) {
  let line = document.getElementById('key-line');
  if (!line) {
    line = document.createElement('p');
    line.id = 'key-line';
    line.setAttribute('role', 'status');
    document.body.append(line);
  }
  line.textContent = text;
  line.hidden = false;
  setTimeout(() => { if (line.textContent === text) line.hidden = true; }, 2000);
}

document.addEventListener('keydown', e => {
  if (e.defaultPrevented) return;
  if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'k') {
    e.preventDefault();
    dialog('palette')?.open ? dialog('palette').close() : open('palette');
    return;
  }
  if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
    const form = e.target.closest?.('form') ?? document.querySelector('main form[data-submit]');
    if (form) { e.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (e.target.matches?.('[data-palette-input]')) { paletteKey(e); return; }
  if (!shortcuts || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || openDialog() || isTyping(e.composedPath()[0])) return;
  if (handle(e.key, e)) e.preventDefault();
});

function handle(key, e) {
  if (performance.now() - chord < 1200) {
    chord = -Infinity;
    const link = document.querySelector(`[data-chord="${CSS.escape(key)}"]`);
    link?.click();
    return Boolean(link);
  }
  switch (key) {
    case 'g': chord = performance.now(); return true;
    case '?': open('help'); return true;
    case '/': {
      const filter = [...document.querySelectorAll('main [data-filter]')].find(seen);
      filter ? filter.focus() : open('palette');
      return true;
    }
    case 'j': return row(1);
    case 'k': return row(-1);
    case 'Enter': {
      if (!e.target.matches?.('[data-row]')) return false;
      const link = e.target.querySelector('[data-row-open]');
      link?.click();
      return Boolean(link);
    }
    default: return key.length === 1 && press(key === ' ' ? 'space' : key) && (key !== ' ' || !e.target.matches?.('button, a, summary'));
  }
}
