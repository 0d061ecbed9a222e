{{- define "deid-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "deid-operator.fullname" -}}
{{- $name := include "deid-operator.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "deid-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "deid-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "deid-operator.labels" -}}
app.kubernetes.io/name: {{ include "deid-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* What is added to the metadata of a definition. */}}
{{- define "deid-operator.definitionMetadata" -}}
labels:
  {{- include "deid-operator.labels" . | nindent 2 }}
{{- if .Values.crds.keep }}
annotations:
  helm.sh/resource-policy: keep
{{- end }}
{{- end }}

{{- define "deid-operator.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "deid-operator.serviceAccountName" -}}
{{- default (include "deid-operator.fullname" .) .Values.operator.serviceAccount.name }}
{{- end }}

{{- /* Namespaces that worker pods run in, as a JSON list below `namespaces`. */}}
{{- define "deid-operator.workerNamespaces" -}}
{{- $namespaces := .Values.worker.namespaces | default .Values.watch.namespaces | default (list .Release.Namespace) }}
{{- dict "namespaces" $namespaces | toJson }}
{{- end }}

{{- /* Labels that every worker pod has, whatever its job: see operator/build/names.ts. */}}
{{- define "deid-operator.workerPodLabels" -}}
app.kubernetes.io/name: deid-worker
app.kubernetes.io/managed-by: deid-operator
{{- end }}
