// Called by take-screenshots.sh with the address of a running program, its SIP port and the folder of the pictures.
const { chromium } = require(process.env.PLAYWRIGHT);
const [url, sipPort, folder] = process.argv.slice(2);

async function call(name, callee = 'demo') {
  const body = { callId: name, toStream: name, callee, hasAudio: true, hasVideo: true, sipLogin: '10006', visibleName: '10006', sipDomain: '127.0.0.1', sipPort: Number(sipPort) };
  const answer = await fetch(`${url}/rest-api/call/startup`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function untilPlaying(page) {
  // The player keeps its video in a shadow root, which locators look into.
  const video = page.locator('main video').first();
  await video.waitFor({ timeout: 30000 });
  const until = Date.now() + 30000;
  while (!(await video.evaluate(v => v.videoWidth > 0 && v.currentTime > 2))) {
    if (Date.now() > until) throw new Error('no picture within 30 s');
    await page.waitForTimeout(200);
  }
}

(async () => {
  const browser = await chromium.launch({
    executablePath: process.env.SIPSTREAM_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  const go = async path => {
    await page.goto(url + path);
    await page.waitForSelector('html[data-circuit=up] [data-interactive=true]');
  };
  const shoot = async name => {
    await page.mouse.move(5, 795);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${folder}/${name}.jpg`, type: 'jpeg', quality: 85 });
  };

  await call('sales', 'demo-busy');
  for (const name of ['front-desk', 'hotline', 'door-camera']) await call(name);
  await go('/');
  await page.waitForFunction(() => document.querySelectorAll('.tile img[data-shown]').length === 3);
  await page.locator('.tile button', { hasText: 'Record' }).first().click();
  await page.waitForTimeout(12000); // The clocks of the calls have left zero.
  await shoot('home');

  await go('/calls/new');
  await page.getByRole('button', { name: 'Use the test number' }).click();
  await page.locator('main button[type=submit]').click();
  await untilPlaying(page);
  await shoot('new-call');

  await go('/streams/front-desk');
  await untilPlaying(page);
  await shoot('stream');
  await browser.close();
})().catch(e => { console.error(e); process.exit(1); });
