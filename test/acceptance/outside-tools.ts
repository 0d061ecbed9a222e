/** The judges from outside: dcmdump of dcmtk, dciodvfy of dicom3tools and gdcmconv of GDCM. What they print is never passed on. */
import { execFile } from 'node:child_process';

interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

function runTool(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { encoding: 'latin1', maxBuffer: 1 << 28, timeout: 60_000 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exitCode, output: `${stderr}\n${stdout}` });
      },
    );
  });
}

/** Whether the tool can be started at all. */
export async function isInstalled(command: 'dcmdump' | 'dciodvfy' | 'gdcmconv'): Promise<boolean> {
  const { exitCode, output } = await runTool(command, ['--version']);
  return exitCode !== -1 || output.trim().length > 0;
}

/** Whether dcmdump reads the file to its end. */
export async function dcmdumpAccepts(file: string): Promise<boolean> {
  return (await runTool('dcmdump', ['--quiet', '--load-short', file])).exitCode === 0;
}

/** Writes a copy with decoded pixel data. False where gdcmconv cannot. */
export async function decodeTo(file: string, copy: string): Promise<boolean> {
  return (await runTool('gdcmconv', ['--raw', file, copy])).exitCode === 0;
}

/** The same error whatever the value and the item: `<…>` stays only where it names an attribute or a module. */
function kindOfError(line: string): string {
  return line
    .replace(/(?<!Module=)<(?!\/)[^>]*>/g, '<>')
    .replace(/\[\d*\]/g, '')
    .replace(/\b\d+ (?=Required)/g, '')
    .trim();
}

/** The kinds of errors that dciodvfy reports. */
export async function dciodvfyErrors(file: string): Promise<ReadonlySet<string>> {
  const { output } = await runTool('dciodvfy', ['-new', file]);
  const errors = output.split('\n').filter((line) => line.startsWith('Error'));
  return new Set(errors.map(kindOfError));
}
