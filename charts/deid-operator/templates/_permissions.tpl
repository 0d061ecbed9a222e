{{- /* Made by `npm run generate`. Change the source, not this file. It is operator/permissions.ts. */}}

{{- define "deid-operator.jobRules" -}}
- apiGroups:
    - deid.imaging
  resources:
    - deidjobs
  verbs:
    - list
    - patch
    - watch
- apiGroups:
    - deid.imaging
  resources:
    - deidprofiles
  verbs:
    - list
    - watch
- apiGroups:
    - deid.imaging
  resources:
    - deidjobs/status
    - deidprofiles/status
  verbs:
    - patch
- apiGroups:
    - deid.imaging
  resources:
    - deidjobs/finalizers
  verbs:
    - update
- apiGroups:
    - batch
  resources:
    - jobs
  verbs:
    - create
    - delete
    - get
    - list
    - patch
    - watch
- apiGroups:
    - ""
  resources:
    - configmaps
  verbs:
    - create
    - get
- apiGroups:
    - ""
  resources:
    - pods
  verbs:
    - list
- apiGroups:
    - events.k8s.io
  resources:
    - events
  verbs:
    - create
    - patch
{{- end }}

{{- define "deid-operator.leaseRules" -}}
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  verbs:
    - create
- apiGroups:
    - coordination.k8s.io
  resources:
    - leases
  resourceNames:
    - '{{ include "deid-operator.fullname" . }}'
  verbs:
    - get
    - update
{{- end }}
