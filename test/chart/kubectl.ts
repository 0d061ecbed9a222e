/** kubectl against a control plane of a test. */
import type { ControlPlane } from '../cluster/control-plane.ts';
import { runKubectl } from '../cluster/kubectl.ts';

/** Runs kubectl; resolves with what it printed, and throws with its error text where it fails. */
export function kubectl(plane: ControlPlane, args: readonly string[], input?: string): Promise<string> {
  return runKubectl(plane.kubeConfigFile, args, input);
}

/** Runs kubectl; resolves with its error text, undefined where it succeeds. */
export async function refusal(
  plane: ControlPlane,
  args: readonly string[],
  input?: string,
): Promise<string | undefined> {
  try {
    await kubectl(plane, args, input);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
