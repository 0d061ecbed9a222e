/**
 * Builds the Go tools into a cache folder outside the checkout: `npm run tools` builds all, `npm run tools -- etcd helm`
 * those named. A folder of the cache is named by the digest of the tool's pinned modules, so it is built once on a
 * machine; it appears whole or not at all. One build runs at a time, whoever starts it, and at the lowest priority; one
 * that was killed goes on where Go's own cache stands.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Tool, type ToolName, tools } from './tools.ts';

/** Where built tools lie. */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'deid-operator', 'tools');
}

function sourceFolder(name: ToolName): string {
  return join(import.meta.dirname, name);
}

/** The folder of one tool's programs; it exists once they are built. */
export function toolFolder(name: ToolName): string {
  const digest = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) digest.update(readFileSync(join(sourceFolder(name), file)));
  digest.update(JSON.stringify(tools[name]));
  return join(cacheFolder(), `${name}-${digest.digest('hex').slice(0, 16)}`);
}

/** Path of a built program. */
export function toolProgram<Name extends ToolName>(
  name: Name,
  program: (typeof tools)[Name]['programs'][number],
): string {
  return join(toolFolder(name), program);
}

/** The first of these tools that is not built yet; undefined where all are. */
export function firstUnbuilt(names: readonly ToolName[]): ToolName | undefined {
  return names.find((name) => !existsSync(toolFolder(name)));
}

/**
 * Why tests that need these tools are to be skipped, as node:test's `skip` option takes it; false where they can run.
 * In CI nothing is skipped: there a missing tool fails the tests.
 */
export function skipWithout(names: readonly ToolName[]): string | false {
  const missing = firstUnbuilt(names);
  if (missing === undefined || process.env.CI === 'true') return false;
  return `${missing} is not built: npm run tools -- ${missing}`;
}

/** Checked again once the lock is held: another process may have built the tool meanwhile. */
const buildScript = `
set -eu
[ -d "$1" ] && exit 0
rm -rf "$1.partial"
nice -n 19 go build -trimpath -ldflags "$2" -o "$1.partial/" tool
mv "$1.partial" "$1"
`;

function linkerFlags({ linkerValues }: Tool): string {
  return ['-s -w', ...Object.entries(linkerValues).map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}

/** Builds a tool where it is not built yet. What Go prints goes to standard error. Throws where it cannot be built. */
export async function buildTool(name: ToolName): Promise<string> {
  const folder = toolFolder(name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(
      'flock',
      [join(cacheFolder(), 'build.lock'), 'sh', '-c', buildScript, name, folder, linkerFlags(tools[name])],
      {
        cwd: sourceFolder(name),
        stdio: ['ignore', 'inherit', 'inherit'],
        // The toolchain at hand builds, or nothing does: no other one is downloaded.
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' },
      },
    );
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (exitCode !== 0) throw new Error(`building ${name} failed; it needs Go ${goVersion(name)} or later`);
  return folder;
}

function goVersion(name: ToolName): string {
  return /^go (\S+)$/m.exec(readFileSync(join(sourceFolder(name), 'go.mod'), 'utf8'))?.[1] ?? 'at all';
}

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !isToolName(name));
  if (unknown.length > 0) {
    console.error(`unknown tool: ${unknown.join(', ')}; there are ${Object.keys(tools).join(', ')}`);
    process.exit(2);
  }
  for (const name of (names.length > 0 ? names : Object.keys(tools)).filter(isToolName)) {
    const start = performance.now();
    const folder = await buildTool(name);
    console.log(`${name}: ${folder} (${Math.round((performance.now() - start) / 1000)} s)`);
  }
}
