// The banner shows by the classes Blazor sets on it; its buttons act here.
const banner = document.getElementById('components-reconnect-modal');

async function reconnect() {
  if (!(await Blazor.reconnect())) location.reload();
}

banner.querySelector('[data-reload]').addEventListener('click', () => location.reload());
banner.querySelector('[data-reconnect]').addEventListener('click', () => reconnect().catch(() => {
  banner.querySelector('[data-reconnect]').textContent = 'Still unreachable. Try again';
}));
