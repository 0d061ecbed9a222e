/**
 * Runs a program and says what it cost: time, CPU of the whole process tree, and memory. From Linux's /proc, which
 * counts what every child that has ended used, in hundredths of a second.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** What one run of a program cost. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time of the process and of all its descendants. */
  readonly cpuSeconds: number;
  /** The most that all its processes held at one time; memory that two of them share counts twice. */
  readonly peakRssBytes: number;
}

const ticksPerSecond = 100;
const pageBytes = 4096;
const sampleMs = 40;

/** Fields of /proc/…/stat behind the program's name, which may hold spaces. */
function statFields(pid: number | 'self'): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** CPU seconds of this process's children that have ended, with theirs: cutime and cstime of proc(5). */
function cpuOfEndedChildren(): number {
  const fields = statFields('self');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

/** CPU seconds of a process that runs, without those of its children: utime and stime of proc(5). */
export function cpuSecondsOf(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most bytes that a process which runs has held resident: VmHWM of proc(5). */
export function peakRssBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Bytes resident of a process and of its descendants; 0 where it has ended. */
function residentBytes(pid: number): number {
  try {
    const own = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * pageBytes;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    return children
      .split(' ')
      .filter((child) => child !== '')
      .reduce((sum, child) => sum + residentBytes(Number(child)), own);
  } catch {
    return 0;
  }
}

/** Runs the program; throws where it fails. What it prints to standard error is shown. One at a time. */
export async function measure({ program, args }: Command): Promise<Cost> {
  const cpuBefore = cpuOfEndedChildren();
  const begun = performance.now();
  const child = spawn(program, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakRssBytes = 0;
  const sampling = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, residentBytes(child.pid ?? 0));
  }, sampleMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code}`);
  } finally {
    clearInterval(sampling);
  }
  return {
    wallSeconds: (performance.now() - begun) / 1000,
    cpuSeconds: cpuOfEndedChildren() - cpuBefore,
    peakRssBytes,
  };
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
