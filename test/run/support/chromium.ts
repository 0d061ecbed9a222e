/** Shows a page in headless Chromium, with a profile of its own and no way to the network. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;

function isThere(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The browser's name; undefined where there is none. */
export const browser = names.find(isThere);

const quiet = [
  ...[
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-quic',
    '--no-first-run',
  ],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // Whatever a page asks for has no address.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** Runs the browser on a file and gives its standard output. */
export async function inBrowser(path: string, ...more: readonly string[]): Promise<string> {
  if (browser === undefined) throw new Error('no browser');
  const profile = mkdtempSync(join(tmpdir(), 'deid-browser-'));
  try {
    const { stdout } = await promisify(execFile)(
      browser,
      [...quiet, `--user-data-dir=${profile}`, ...more, `file://${path}`],
      { maxBuffer: 1 << 26, timeout: 120_000, killSignal: 'SIGKILL' },
    );
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
