/**
 * The log: lines of JSON on standard error that name the run, the shard and the ordinal of an object, and codes. The
 * fields are a closed list, so that no value, path or key of the data can be handed to it.
 */
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import type Winston from 'winston';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** All that a line can carry besides its message, which is a constant of the program. */
export interface LogFields {
  readonly run?: string;
  readonly shard?: number;
  readonly worker?: number;
  readonly ordinal?: number;
  readonly outcome?: string;
  /** A reason code, or a code of an error of ours. */
  readonly reason?: string;
  readonly exit?: string;
  /** Name of an error's class, and where in our own code it came from. */
  readonly fault?: string;
  readonly place?: string;
  readonly objects?: number;
  readonly shards?: number;
  readonly bytes?: number;
  readonly attempt?: number;
}

export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A log whose lines carry these fields too. */
  with(fields: LogFields): Log;
}

/** A log that says nothing. */
export const silentLog: Log = Object.freeze({
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  with: () => silentLog,
});

/** Opens the log. `write` takes its lines without their ends; standard error does where it is left out. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly write?: (line: string) => void;
}): Log {
  let logger: Winston.Logger | undefined;
  const highest = logLevels.indexOf(options.level);
  const write: Write = (level, message, fields) => {
    if (logLevels.indexOf(level) > highest) return;
    logger ??= openLogger(options.level, streamOf(options.write));
    logger.log({ level, message, ...fields });
  };
  return logOver(write, {});
}

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

/** Loads the library, which most processes do without: they have nothing to say. */
function openLogger(level: LogLevel, stream: NodeJS.WritableStream): Winston.Logger {
  const winston: typeof Winston = createRequire(import.meta.url)('winston');
  return winston.createLogger({
    levels: Object.fromEntries(logLevels.map((name, index) => [name, index])),
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  });
}

function streamOf(write: ((line: string) => void) | undefined): NodeJS.WritableStream {
  if (write === undefined) return process.stderr;
  return new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      write(text.trimEnd());
      done();
    },
  });
}

function logOver(write: Write, bound: LogFields): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      write(level, message, { ...bound, ...fields });
    };
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    with: (fields) => logOver(write, { ...bound, ...fields }),
  };
}

const fieldNames: ReadonlySet<string> = new Set([
  ...[
    'level',
    'message',
    'timestamp',
    'run',
    'shard',
    'worker',
    'ordinal',
    'outcome',
    'reason',
    'exit',
    'fault',
  ],
  ...['place', 'objects', 'shards', 'bytes', 'attempt'],
]);

/** Whether a line was written by a log like this one: only such lines are known to carry nothing of the data. */
export function isLogLine(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return (
      typeof value === 'object' &&
      value !== null &&
      'timestamp' in value &&
      Object.keys(value).every((name) => fieldNames.has(name))
    );
  } catch {
    return false;
  }
}
