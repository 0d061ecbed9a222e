/** `deid validate`: says what is wrong with documents, with file, line and path, before any cluster sees them. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { isKnownKeyword } from '../../profile/rule.ts';
import { type Command, flagOption, UsageError } from '../command.ts';
import { formatProblem, type LoadedDocuments, loadDocuments } from '../documents.ts';

function asJson({ documents, problems }: LoadedDocuments): string {
  const summaries = documents.map(({ document, file, line }) => ({
    file,
    line,
    kind: document.kind,
    name: document.metadata.name,
  }));
  return `${JSON.stringify({ ok: problems.length === 0, documents: summaries, problems }, null, 2)}\n`;
}

export const command: Command = {
  name: 'validate',
  summary: 'Check DeidJob and DeidProfile documents',
  usage: 'FILE… [--json]',
  details:
    'Reads YAML and JSON files, several documents to a file; - is standard input. Prints one line per problem, ' +
    'file:line:column path: message, on standard output. Exits with 0 where all documents are valid and with 65 where one is not.',
  options: {
    json: { type: 'boolean', description: 'Print one JSON object instead of lines.' },
  },
  async run(args, io) {
    if (args.positionals.length === 0) throw new UsageError('name at least one file');
    const loaded = await loadDocuments(args.positionals, {
      cwd: io.cwd,
      stdin: io.stdin,
      isKeyword: isKnownKeyword,
    });
    const valid = loaded.problems.length === 0;
    if (flagOption(args, 'json')) io.stdout.write(asJson(loaded));
    else {
      for (const problem of loaded.problems) io.stdout.write(`${formatProblem(problem)}\n`);
      if (valid) {
        for (const { file, document } of loaded.documents) {
          io.stdout.write(`${file}: ${document.kind} ${document.metadata.name} is valid\n`);
        }
      }
    }
    return valid ? exitCodes.Success.code : exitCodes.BadConfiguration.code;
  },
};
