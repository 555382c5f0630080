// Called by take-screenshots.sh with the address of a running program and the folder of the pictures.
const { chromium } = require(process.env.PLAYWRIGHT);
const [url, folder] = process.argv.slice(2);

async function tryIt(page) {
  await page.getByRole('button', { name: /try it/i }).click();
  // The player keeps its video in a shadow root, which locators look into.
  const video = page.locator('video').first();
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
  await page.goto(url, { waitUntil: 'networkidle' });
  // Twice: the first call of a fresh process also pays for compiling the code.
  await tryIt(page);
  await page.getByRole('button', { name: 'Hang up' }).first().click();
  await page.getByRole('button', { name: 'Try it again' }).waitFor();
  await tryIt(page);
  await page.mouse.move(5, 5);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${folder}/home.png` });
  await browser.close();
})().catch(e => { console.error(e); process.exit(1); });
