/**
 * Draws the picture of README anew: a report in Chromium. `npm run test:update` runs it. Without Chromium it leaves the picture
 * as it is. The bytes differ between versions of Chromium and fonts, so nothing compares them.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const PICTURE = '.github/report.png';
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file));

if (executablePath === undefined) console.log(`${PICTURE} is left as it is: no Chromium`);
else await draw();

async function draw() {
  const folder = mkdtempSync(path.join(tmpdir(), 'pstat-picture-'));
  const file = path.join(folder, 'report.html');
  const profile = 'samples/resource-providers.cpuprofile';
  execFileSync(process.execPath, ['dist/cli/main.js', 'report', profile, '-o', file], { stdio: 'ignore' });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 960, height: 520 } });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('body[data-state="ready"]');
    await page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    await page.evaluate('scrollTo(0, 0)');
    await page.mouse.move(0, 0);
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}
