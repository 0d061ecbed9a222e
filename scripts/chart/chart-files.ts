/** The files of the chart that are made from sources elsewhere: what `npm run generate` writes and a test expects. */
import { Document, isMap, type Pair, type Scalar, stringify, type YAMLMap } from 'yaml';
import { definitionFiles } from '../../crds/definition-yaml.ts';
import { withDefaults } from '../../crds/schema/defaults.ts';
import { jsonSchema } from '../../crds/schema/json-schema.ts';
import type { Node } from '../../crds/schema/schema.ts';
import { jobPermissions, leasePermissions, type Permission } from '../../operator/permissions.ts';
import { dashboardJson } from './dashboard.ts';
import { chartValues } from './values.ts';

const heading = 'Made by `npm run generate`. Change the source, not this file.';

/** Longest line of a comment, in characters. */
const commentWidth = 110;

/** Lines of a comment, as the YAML writer takes them. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + word.length > commentWidth - 3) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Puts the description of every value above it. */
function describe(node: Node, map: YAMLMap, depth: number): void {
  if (node.kind !== 'object') return;
  for (const [index, pair] of (map.items as Pair<Scalar<string>, unknown>[]).entries()) {
    const field = node.fields[pair.key.value];
    if (field === undefined) continue;
    pair.key.commentBefore = wrapped(field.node.description, 2 * depth);
    pair.key.spaceBefore = depth === 0 && index > 0;
    if (isMap(pair.value)) describe(field.node, pair.value, depth + 1);
  }
}

function valuesYaml(): string {
  const document = new Document(withDefaults(chartValues.node, {}));
  document.commentBefore = ` Values of the chart and their defaults. ${heading}`;
  if (isMap(document.contents)) describe(chartValues.node, document.contents, 0);
  return document.toString({ lineWidth: 0 });
}

function valuesSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart deid-operator',
    ...jsonSchema(chartValues.node),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Rules of a role as a template of the name given. */
function rulesTemplate(name: string, permissions: readonly Permission[]): string {
  const rules = permissions.map(({ apiGroup, resources, verbs, resourceNames }) => ({
    apiGroups: [apiGroup],
    resources,
    ...(resourceNames === undefined ? {} : { resourceNames }),
    verbs,
  }));
  return `{{- define "deid-operator.${name}" -}}\n${stringify(rules, { aliasDuplicateObjects: false })}{{- end }}\n`;
}

function permissionTemplates(): string {
  return [
    `{{- /* ${heading} It is operator/permissions.ts. */}}\n`,
    rulesTemplate('jobRules', jobPermissions),
    rulesTemplate('leaseRules', leasePermissions('{{ include "deid-operator.fullname" . }}')),
  ].join('\n');
}

/** A definition as a template: labelled, kept on uninstalling, and only where the values ask for it. */
function definitionTemplate(name: string, definition: string): string {
  if (definition.includes('{{')) throw new Error(`${name} holds what templates take for an action`);
  const metadata = /^metadata:\n {2}name: .+$/m;
  if (!metadata.test(definition)) throw new Error(`${name} has no metadata`);
  const templated = definition.replace(
    metadata,
    (found) => `${found}\n  {{- include "deid-operator.definitionMetadata" . | nindent 2 }}`,
  );
  return `{{- if and .Values.crds.install (not .Values.watch.namespaces) }}\n${templated}{{- end }}\n`;
}

/** Path below the repository to text. */
export function chartFiles(): ReadonlyMap<string, string> {
  const definitions = [...definitionFiles()];
  return new Map([
    ['charts/crds.yaml', definitions.map(([, text]) => `---\n${text}`).join('')],
    ...definitions.map(
      ([name, text]) =>
        [`charts/deid-operator/templates/crds/${name}`, definitionTemplate(name, text)] as const,
    ),
    ['charts/deid-operator/templates/_permissions.tpl', permissionTemplates()],
    ['charts/deid-operator/files/dashboard.json', dashboardJson()],
    ['charts/deid-operator/values.yaml', valuesYaml()],
    ['charts/deid-operator/values.schema.json', valuesSchema()],
  ]);
}
