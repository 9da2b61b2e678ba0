/** Remakes docs/images/ from a practice run of its own: node scripts/run-ts.js scripts/screenshots.ts. Needs Chromium. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
const IMAGES = join(ROOT, 'docs/images');
const SWARMCASE = join(ROOT, 'scripts/swarmcase.js');
const CASE = '10.20.0.12';
const START_TIMEOUT_MS = 180_000;
/** The Temporal UI polls for ever, so that its network is never idle: it gets a fixed time. */
const UI_SETTLES_MS = 6_000;

const directory = mkdtempSync(join(tmpdir(), 'swarmcase-screenshots-'));
const practice = spawn(process.execPath, [SWARMCASE, 'practice'], {
  cwd: directory,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const uiUrl = await untilCasesRest();
  await swarmcase(
    'approve',
    CASE,
    '--by',
    'dana',
    '--reason',
    'agreed with the owner',
    '--yes',
    '--digest',
    await digest(),
  );
  await untilPhase('monitoring');
  mkdirSync(IMAGES, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
  try {
    const history = `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(`case/practice/${CASE}`)}`;
    await shoot(browser, history, 'temporal-case.png', { width: 1360, height: 1000 }, UI_SETTLES_MS);
    const report = `file://${(await swarmcase('report', CASE, '--where')).trim()}/report.html`;
    await shoot(browser, report, 'report-wide.png', { width: 1280, height: 900 });
    await shoot(browser, report, 'report-narrow.png', { width: 390, height: 844 });
  } finally {
    await browser.close();
  }
} finally {
  practice.kill('SIGINT');
  if (practice.exitCode === null) await once(practice, 'exit');
  rmSync(directory, { recursive: true, force: true });
}

/** @returns address of the Temporal UI. */
async function untilCasesRest(): Promise<string> {
  let said = '';
  practice.stdout.on('data', (chunk) => (said += String(chunk)));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!said.includes('Where to look next') && practice.exitCode === null && Date.now() < deadline) await delay(200);
  const uiUrl = /web UI (\S+)/.exec(said)?.[1];
  if (!uiUrl) throw new Error(`The practice range did not start:\n${said}`);
  return uiUrl;
}

async function swarmcase(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [SWARMCASE, ...args], { cwd: directory })).stdout;
}

async function digest(): Promise<string> {
  return (JSON.parse(await swarmcase('show', CASE, '--json')) as { plan: { digest: string } }).plan.digest;
}

async function untilPhase(wanted: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const { phase } = JSON.parse(await swarmcase('show', CASE, '--json')) as { phase: string };
    if (phase === wanted) return;
    await delay(1000);
  }
  throw new Error(`${CASE} did not come to ${wanted}.`);
}

async function shoot(
  browser: Browser,
  url: string,
  name: string,
  viewport: { width: number; height: number },
  settleMs = 500,
): Promise<void> {
  const page = await browser.newPage({ viewport });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await delay(settleMs);
  await page.screenshot({ path: join(IMAGES, name) });
  await page.close();
}
