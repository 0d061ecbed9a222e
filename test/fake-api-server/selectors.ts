/** Label and field selectors of lists and watches. */
import type { KubeObject } from '../../operator/kube/object.ts';
import { fields } from './merge-patch.ts';
import { Refusal } from './refusal.ts';

export type Selector = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function labelSelector(text: string): Selector {
  const terms = text.split(/,(?![^(]*\))/).filter((term) => term.trim() !== '');
  const tests = terms.map((term) => labelTest(term.trim()));
  return ({ metadata: { labels = {} } }) => tests.every((test) => test(labels));
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

function labelTest(term: string): LabelTest {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const [, name = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[name] ?? '') === (operator === 'in');
  }
  const equality = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(term);
  if (equality !== null) {
    const [, name = '', operator, value] = equality;
    return (labels) => (labels[name] === value) === (operator !== '!=');
  }
  return term.startsWith('!') ? (labels) => !(term.slice(1) in labels) : (labels) => term in labels;
}

/** `metadata.name=a,metadata.namespace=b,status.phase=c`, and no other fields. */
export function fieldSelector(text: string): Selector {
  const tests = text
    .split(',')
    .filter((term) => term !== '')
    .map((term): Selector => {
      const [, field, value] = /^(metadata\.name|metadata\.namespace|status\.phase)==?(.*)$/.exec(term) ?? [];
      switch (field) {
        case 'metadata.name':
          return ({ metadata }) => metadata.name === value;
        case 'metadata.namespace':
          return ({ metadata }) => metadata.namespace === value;
        case 'status.phase':
          return ({ status }) => fields(status).phase === value;
        default:
          throw new Refusal(400, 'BadRequest', 'field label not supported');
      }
    });
  return (object) => tests.every((test) => test(object));
}
