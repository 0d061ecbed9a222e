/** The command line as a whole: finds the command, parses its arguments, and turns errors into one line and an exit code. */
import { parseArgs } from 'node:util';
import { type ExitCodeName, exitCodes } from '../../crds/records/exit-codes.ts';
import { nearest } from '../../crds/schema/nearest.ts';
import manifest from '../../package.json' with { type: 'json' };
import { faultPlace } from '../log/fault-place.ts';
import { toRunError } from '../run/run-error.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { commandTable } from './command-table.ts';
import { commandHelp, exitCodesHelp, overview } from './help.ts';
import { leaveFailure } from './termination-message.ts';

/** Runs one command line without the program's name. Resolves to the exit code; throws nothing. */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [topic] = rest;
    if (name === 'help' && topic !== undefined && topic !== 'exit-codes')
      return runCli([topic, '--help'], io);
    io.stdout.write(topic === 'exit-codes' ? exitCodesHelp() : overview(commandTable));
    return name === undefined ? exitCodes.Usage.code : exitCodes.Success.code;
  }
  if (name === '--version') {
    io.stdout.write(`${manifest.version}\n`);
    return exitCodes.Success.code;
  }
  const entry = commandTable.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const near = nearest(
      name,
      commandTable.map((candidate) => candidate.name),
    );
    return failed(
      io,
      'Usage',
      `no such command${near === undefined ? '' : `; did you mean ${near}?`}; see deid --help`,
    );
  }
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout.write(commandHelp(command));
    return exitCodes.Success.code;
  }
  try {
    return await command.run(argumentsOf(command, rest), io);
  } catch (error) {
    return await exitOf(error, command, rest, io);
  }
}

function argumentsOf(command: Command, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch {
    throw new UsageError(optionProblem(command, argv));
  }
}

/** What is wrong with options that were refused; quotes names of options only. */
function optionProblem({ options }: Command, argv: readonly string[]): string {
  const { tokens } = parseArgs({ args: [...argv], options: {}, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const known = Object.entries(options).find(([name, { short }]) => [name, short].includes(token.name));
    if (known === undefined) {
      const near = nearest(token.name, Object.keys(options));
      return `the option ${token.rawName} is unknown${near === undefined ? '' : `; did you mean --${near}?`}`;
    }
  }
  return 'an option lacks its value, or has one that it does not take';
}

/** What an error amounts to, in an exit code and words. */
function failureOf(error: unknown): { readonly exit: ExitCodeName; readonly message: string } {
  if (error instanceof UsageError) return { exit: 'Usage', message: error.message };
  const known = toRunError(error);
  if (known !== undefined) return { exit: known.exit, message: known.message };
  const { fault, place } = faultPlace(error);
  const where = place === undefined ? '' : ` at ${place}`;
  return { exit: 'InternalFault', message: `a defect of the program: ${fault ?? 'unknown'}${where}` };
}

async function exitOf(
  error: unknown,
  command: Command,
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  const { exit, message } = failureOf(error);
  const path = terminationPath(command, argv);
  if (path !== undefined) await leaveFailure(path, io, exit, message);
  const usage = exit === 'Usage' ? `\nUsage: deid ${command.name} ${command.usage}` : '';
  return failed(io, exit, `${message}${usage}`);
}

/** Where the command is to leave why it stopped, also where another of its arguments is wrong. */
function terminationPath({ options }: Command, argv: readonly string[]): string | undefined {
  if (!('termination-message' in options)) return undefined;
  const { values } = parseArgs({
    args: [...argv],
    options: { 'termination-message': { type: 'string' } },
    strict: false,
  });
  const path = values['termination-message'];
  return typeof path === 'string' ? path : undefined;
}

function failed(io: CommandIo, exit: ExitCodeName, message: string): number {
  io.stderr.write(`deid: ${message}\n`);
  return exitCodes[exit].code;
}
