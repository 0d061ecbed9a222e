/** The programs that tests run and that no registry offers ready-made: each a Go module, pinned by its own go.mod and go.sum. */

/** A folder beside this file whose go.mod names the programs in its `tool` lines. */
export interface Tool {
  /** Values that the linker sets, by the name of the variable. */
  readonly linkerValues: Readonly<Record<string, string>>;
  /** Names of the programs that come out of the build. */
  readonly programs: readonly string[];
}

/** Without the version, kubectl, helm and clients take the server for a v0.0.0. */
const kubernetesVersion = {
  'k8s.io/component-base/version.gitVersion': 'v1.34.4',
  'k8s.io/component-base/version.gitMajor': '1',
  'k8s.io/component-base/version.gitMinor': '34',
};

export const tools = {
  kubernetes: {
    linkerValues: kubernetesVersion,
    programs: [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-proxy',
      'kube-scheduler',
      'kubectl',
      'kubelet',
    ],
  },
  etcd: { linkerValues: {}, programs: ['server'] },
  helm: { linkerValues: {}, programs: ['helm'] },
  kwok: { linkerValues: {}, programs: ['kwok'] },
  versitygw: { linkerValues: {}, programs: ['versitygw'] },
} as const satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof tools;
