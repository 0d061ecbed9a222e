/** Hands the process to the command line. */
import { randomBytes } from 'node:crypto';
import manifest from '../../package.json' with { type: 'json' };
import { runCli } from './cli.ts';

const stopping = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    stopping.abort();
    // Who asks twice wants no draining; journals and creates-whole-or-not keep what is done.
    if (signals > 1) process.exit(75);
  });
}
// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Standard input, which ends where a signal comes, so that no command waits for a person who wants it to stop. */
async function* inputUntilStopped(): AsyncGenerator<Uint8Array> {
  stopping.signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
  try {
    yield* process.stdin;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

const argv = process.argv.slice(2);
const startMs = Date.now();
const exitCode = await runCli(argv, {
  stdout: { write: (text) => void process.stdout.write(text) },
  stderr: { write: (text) => void process.stderr.write(text) },
  stdin: inputUntilStopped(),
  isTty: process.stderr.isTTY === true,
  env: process.env,
  cwd: process.cwd(),
  signal: stopping.signal,
  now: () => new Date(),
  randomBytes: (length) => randomBytes(length),
});
process.exitCode = exitCode;
if (process.env.TRACEPARENT !== undefined) {
  const { traceStep } = await import('./step-trace.ts');
  const { version } = manifest;
  await traceStep({ argv, env: process.env, exitCode, startMs, endMs: Date.now(), version });
  process.exit();
}
