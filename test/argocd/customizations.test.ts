/** Health and actions for Argo CD: the tests that lie with the scripts, in the form in which Argo CD keeps its own. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { validateDocument } from '../../crds/validate.ts';
import { failures, isMendable } from '../../operator/status/reasons.ts';
import { runLua, skipWithoutLua } from './lua.ts';

interface HealthTests {
  readonly tests: readonly { readonly inputPath: string; readonly healthStatus: object }[];
}

interface ActionTests {
  readonly discoveryTests: readonly {
    readonly inputPath: string;
    readonly result: readonly { readonly name: string }[];
  }[];
  readonly actionTests: readonly {
    readonly action: string;
    readonly inputPath: string;
    readonly expectedOutputPath: string;
  }[];
}

const skip = skipWithoutLua();
const root = join(import.meta.dirname, '../../examples/argocd/resource_customizations');
const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
const read = (...path: string[]): unknown => parse(text(...path));

for (const file of globSync('**/health_test.yaml', { cwd: root }).sort()) {
  const folder = join(root, dirname(file));
  describe(`health of ${relative(root, folder)}`, { skip }, () => {
    for (const { inputPath, healthStatus } of (read(root, file) as HealthTests).tests) {
      it(inputPath, () => {
        assert.deepEqual(runLua(text(folder, 'health.lua'), read(folder, inputPath)), healthStatus);
      });
    }
  });
}

for (const file of globSync('**/action_test.yaml', { cwd: root }).sort()) {
  const folder = join(root, dirname(file));
  const { discoveryTests, actionTests } = read(root, file) as ActionTests;
  describe(`actions of ${relative(root, dirname(folder))}`, { skip }, () => {
    for (const { inputPath, result } of discoveryTests) {
      it(`offered for ${inputPath}`, () => {
        const offered = runLua(text(folder, 'discovery.lua'), read(folder, inputPath));
        const expected = result.map(({ name, ...rest }) => [name, rest]);
        assert.deepEqual(offered, Object.fromEntries(expected));
      });
    }
    for (const { action, inputPath, expectedOutputPath } of actionTests) {
      it(`${action} of ${inputPath}`, () => {
        const changed = runLua(text(folder, action, 'action.lua'), read(folder, inputPath));
        assert.deepEqual(changed, read(folder, expectedOutputPath));
      });
    }
    it('are each tested', () => {
      const scripts = globSync('*/action.lua', { cwd: folder }).map((script) => dirname(script));
      assert.deepEqual([...new Set(actionTests.map(({ action }) => action))].sort(), scripts.sort());
    });
  });
}

it('the objects of the tests are such as the API server would hold', () => {
  for (const file of globSync('**/testdata/*.yaml', { cwd: root })) {
    const checked = validateDocument(read(root, file));
    assert.ok(checked.ok, `${file}: ${JSON.stringify(checked)}`);
  }
});

it('another attempt is offered exactly where the operator would begin one', { skip }, () => {
  const causes = Object.values(failures).flatMap((cause) =>
    typeof cause === 'function' ? [] : [cause.reason],
  );
  const counted = [
    failures.invalidSpec(''),
    failures.policyExceeded(1),
    failures.objectsFailed(1),
    failures.shardsUndone(1),
  ];
  const reasons = [...Object.keys(exitCodes), ...causes, ...counted.map(({ reason }) => reason)];
  const script = text(root, 'deid.imaging/DeidJob/actions/discovery.lua');
  for (const reason of reasons) {
    const job = { spec: {}, status: { conditions: [{ type: 'Failed', status: 'True', reason }] } };
    const offered = Object.keys(runLua(script, job) as object);
    assert.deepEqual(offered, isMendable(reason) ? ['retry'] : [], reason);
  }
});
