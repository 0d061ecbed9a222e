/**
 * The log: lines of JSON on standard error. The fields are a closed list, names of Kubernetes objects, codes and figures;
 * a message is a constant of the program, so that no text of anybody else can stand in a line.
 */
import { Writable } from 'node:stream';
import winston from 'winston';
import { ApiError } from '../kube/api-error.ts';
import { logLevels } from '../settings.ts';

export type LogLevel = (typeof logLevels)[number];

export interface LogFields {
  /** UID of the DeidJob, by which lines of operator and workers are found together. */
  readonly uid?: string | undefined;
  /** `namespace/name` of the object. */
  readonly object?: string;
  readonly kind?: string;
  /** A reason of a condition, of an answer of the API server, or of a watch's end. */
  readonly reason?: string;
  readonly code?: number;
  readonly state?: string;
  readonly attempt?: number;
  readonly objects?: number;
  readonly durationMs?: number;
  /** Names of variables that are wrong. */
  readonly variables?: readonly string[];
  /** Class of an unexpected error, and where in the code it came from. */
  readonly fault?: string;
  readonly place?: string;
}

export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** Opens the log. `write` takes its lines without their ends; standard error does where it is left out. */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const stream =
    write === undefined
      ? process.stderr
      : new Writable({
          decodeStrings: false,
          write: (text: string, _encoding, done) => {
            write(text.trimEnd());
            done();
          },
        });
  const logger = winston.createLogger({
    levels: Object.fromEntries(logLevels.map((name, index) => [name, index])),
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  });
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      logger.log({ level: name, message, ...fields });
    };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

const place = /([\w.-]+\.(?:ts|js|mjs|cjs):\d+):\d+\)?$/m;

/** What may be said of an error: codes of the API, or its class and place. Never its message. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof ApiError) return { reason: error.reason, code: error.code };
  if (!(error instanceof Error)) return { fault: 'Thrown' };
  const fault = /^[A-Za-z]{1,40}$/.test(error.constructor.name) ? error.constructor.name : 'Error';
  const calls = error.stack?.split('\n').filter((line) => /^ {4}at /.test(line)) ?? [];
  const found = calls.map((call) => place.exec(call)).find((each) => each !== null);
  return found?.[1] === undefined ? { fault } : { fault, place: found[1] };
}
