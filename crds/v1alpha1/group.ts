/** Group, version and kinds of the custom resources. */

export const group = 'deid.imaging';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}` as const;
