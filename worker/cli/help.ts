/** The words that help shows, made from commands as data. */
import { type ExitCodeName, exitCodes } from '../../crds/records/exit-codes.ts';
import type { Command } from './command.ts';
import type { CommandEntry } from './command-table.ts';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
};

/** `deid --help`. */
export function overview(commands: readonly CommandEntry[]): string {
  return (
    'deid de-identifies medical images and accounts for every one of them.\n\n' +
    'Usage: deid COMMAND [ARGUMENTS]\n\nCommands:\n' +
    columns(commands.map(({ name, summary }) => [name, summary])) +
    '\n' +
    columns([
      ['deid COMMAND --help', 'what the command takes and does'],
      ['deid help exit-codes', 'what exit codes mean'],
      ['deid --version', 'the version of the program'],
    ])
  );
}

/** `deid COMMAND --help`. */
export function commandHelp({ name, summary, usage, details, options }: Command): string {
  const rows = Object.entries(options).map(
    ([long, { short, placeholder, description }]): [string, string] => {
      const value = placeholder === undefined ? '' : ` ${placeholder}`;
      return [`${short === undefined ? '    ' : `-${short}, `}--${long}${value}`, description];
    },
  );
  return (
    `deid ${name}: ${summary}\n\nUsage: deid ${name} ${usage}\n` +
    (details === undefined ? '' : `\n${details}\n`) +
    `\nOptions:\n${columns([...rows, ['    --help', 'Show this and do nothing.']])}`
  );
}

/** `deid help exit-codes`. */
export function exitCodesHelp(): string {
  const names = Object.keys(exitCodes) as ExitCodeName[];
  const rows = names.map((name): [string, string] => {
    const { code, meaning } = exitCodes[name];
    return [`${String(code).padStart(3)}  ${name}`, meaning];
  });
  return `Exit codes:\n${columns(rows)}`;
}
