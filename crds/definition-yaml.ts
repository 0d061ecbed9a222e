/** The text of the CRD files: what `npm run generate` writes and the drift test expects. */
import { stringify } from 'yaml';
import { customResourceDefinition, definitionName, kinds } from './v1alpha1/custom-resource.ts';

const heading = '# Made from crds/v1alpha1 by `npm run generate`. Change the source, not this file.\n';

/** File name below `crds/` to text, a file per kind. */
export function definitionFiles(): ReadonlyMap<string, string> {
  return new Map(
    kinds.map((kind) => [
      `${definitionName(kind)}.yaml`,
      heading + stringify(customResourceDefinition(kind), { aliasDuplicateObjects: false, lineWidth: 110 }),
    ]),
  );
}
