/** kubectl against a control plane of a test. */
import { spawn } from 'node:child_process';
import { toolProgram } from '../../scripts/tools/build.ts';
import type { ControlPlane } from '../cluster/control-plane.ts';

export interface KubectlResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl with a text as its standard input; resolves however it ends. */
export function tryKubectl(plane: ControlPlane, args: readonly string[], input = ''): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(toolProgram('kubernetes', 'kubectl'), [
      '--kubeconfig',
      plane.kubeConfigFile,
      ...args,
    ]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Runs kubectl; resolves with what it printed, and throws with its error text where it fails. */
export async function kubectl(plane: ControlPlane, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(plane, args, input);
  if (code !== 0) throw new Error(`kubectl ${args[0]} failed: ${stderr}`);
  return stdout;
}
