/**
 * What a command of the CLI is: a name, its help as data, and a function from parsed arguments and a world to an exit
 * code. A command sees the process only through {@link CommandIo}, so a test runs it without one.
 */

/** Takes text as it is; whoever writes ends its own lines. */
export interface TextSink {
  write(text: string): void;
}

/** The world that a command may touch besides the files that its arguments name. */
export interface CommandIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Chunks of standard input, read at most once. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** True where standard error is a terminal, so that a progress bar may be drawn on it. */
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths are resolved against. */
  readonly cwd: string;
  /** Aborted by SIGTERM and SIGINT: take no new work, finish or drop what is in hand, return `Interrupted`. */
  readonly signal: AbortSignal;
  now(): Date;
  randomBytes(length: number): Uint8Array;
}

/** One option, as `parseArgs` of `node:util` takes it, with its line of help. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** One letter: `f` for `-f`. */
  readonly short?: string;
  /** True where the option may stand more than once. */
  readonly multiple?: boolean;
  /** What help shows for the value: `FILE`, `NAME=DIR`. */
  readonly placeholder?: string;
  /** A sentence: what it does, its unit and its default. */
  readonly description: string;
}

/** What `parseArgs` found under a command's options. */
export interface CommandArguments {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

export interface Command {
  /** The word after `deid`. */
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What follows `deid NAME` in help: `FILE… [--json]`. */
  readonly usage: string;
  /** Paragraphs below the usage line: what it reads and writes, and what it never shows. */
  readonly details?: string;
  /** Long names without dashes. `help` is every command's and stands in none. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Resolves to an exit code of `crds/records/exit-codes.ts`; throws {@link UsageError} on a wrong command line. */
  run(args: CommandArguments, io: CommandIo): Promise<number>;
}

/** The command line itself is wrong: shown with the usage line, exit code `Usage`. The message quotes option names only. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The text of a `string` option; undefined where it does not stand. */
export function textOption(args: CommandArguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The text of a `string` option that must stand. */
export function requiredText(args: CommandArguments, name: string): string {
  const value = textOption(args, name);
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  return value;
}

/** The texts of a `string` option that may stand more than once, in order. */
export function textOptions(args: CommandArguments, name: string): readonly string[] {
  const value = args.values[name];
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string');
  return typeof value === 'string' ? [value] : [];
}

/** True where a `boolean` option stands. */
export function flagOption(args: CommandArguments, name: string): boolean {
  return args.values[name] === true;
}
