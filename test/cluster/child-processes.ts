/** Long-running programs of a test: their output in files, their end with that of the test, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunningProgram {
  readonly name: string;
  readonly processId: number;
  /** Whether it still runs. */
  alive(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Ends it with SIGTERM, after five seconds with SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
  /** The end of what it has printed, for the message of a failure. */
  lastLines(): Promise<string>;
}

const graceMs = 5000;

/** Starts a program in the folder. The kernel kills it when this process dies, so that not even SIGKILL leaves it behind. */
export function startProgram(
  folder: string,
  name: string,
  command: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): RunningProgram {
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    cwd: folder,
    stdio: ['ignore', log, log],
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
  });
  closeSync(log);
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  return {
    name,
    processId: child.pid ?? 0,
    alive: () => !ended,
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exit;
      clearTimeout(timer);
    },
    lastLines: async () => (await readFile(logFile, 'utf8')).split('\n').slice(-15).join('\n'),
  };
}

/** Waits until `ready` answers true; fails where the program ends before, or `timeoutMs` pass. */
export async function waitUntil(
  program: RunningProgram,
  ready: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await ready())) {
    if (!program.alive() || performance.now() > endMs) {
      const fate = program.alive() ? `was not ready after ${timeoutMs} ms` : 'ended';
      throw new Error(`${program.name} ${fate}:\n${await program.lastLines()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
