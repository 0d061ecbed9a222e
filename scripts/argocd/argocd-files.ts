/** The settings that bring the scripts for health and actions to an Argo CD that does not have them built in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify as yaml } from 'yaml';

const examples = join(import.meta.dirname, '..', '..', 'examples', 'argocd');
const customizations = join(examples, 'resource_customizations');

/** Scripts stand as they are, line by line. */
function stringify(value: unknown): string {
  return yaml(value, { lineWidth: 0, blockQuote: 'literal' });
}

function script(...path: string[]): string {
  return readFileSync(join(customizations, ...path), 'utf8');
}

/** The setting of a kind's actions: what is offered, and each action's script. */
function actions(group: string, kind: string, names: readonly string[]): string {
  return stringify({
    'discovery.lua': script(group, kind, 'actions', 'discovery.lua'),
    definitions: names.map((name) => ({
      name,
      'action.lua': script(group, kind, 'actions', name, 'action.lua'),
    })),
  });
}

/** Entries of the ConfigMap argocd-cm. */
function settings(group: string, kind: string): readonly (readonly [string, string])[] {
  const folder = join(customizations, group, kind);
  const health = [
    `resource.customizations.health.${group}_${kind}`,
    script(group, kind, 'health.lua'),
  ] as const;
  if (!readdirSync(folder).includes('actions')) return [health];
  const names = readdirSync(join(folder, 'actions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testdata')
    .map(({ name }) => name)
    .sort();
  return [health, [`resource.customizations.actions.${group}_${kind}`, actions(group, kind, names)]];
}

/** Path below the repository to text. */
export function argocdFiles(): ReadonlyMap<string, string> {
  const entries = readdirSync(customizations)
    .sort()
    .flatMap((group) =>
      readdirSync(join(customizations, group))
        .sort()
        .flatMap((kind) => settings(group, kind)),
    );
  const heading =
    '# Made from resource_customizations by `npm run generate`. Change the source, not this file.\n' +
    '# kubectl -n argocd patch configmap argocd-cm --patch-file examples/argocd/argocd-cm.yaml\n';
  return new Map([
    ['examples/argocd/argocd-cm.yaml', heading + stringify({ data: Object.fromEntries(entries) })],
  ]);
}
