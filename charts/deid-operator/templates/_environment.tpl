{{- /* The environment of the operator: what operator/settings.ts reads. Lists are JSON. */}}
{{- define "deid-operator.environment" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- $workerEnvironment := .Values.worker.environment }}
{{- $environment := dict
  "DEID_IMAGE" (include "deid-operator.image" .)
  "DEID_IMAGE_PULL_POLICY" .Values.image.pullPolicy
  "DEID_IMAGE_PULL_SECRETS" (toJson .Values.image.pullSecrets)
  "DEID_WATCH_NAMESPACES" (toJson .Values.watch.namespaces)
  "DEID_LEASE_NAME" (include "deid-operator.fullname" .)
  "DEID_PORT" (toString .Values.operator.port)
  "DEID_LOG_LEVEL" .Values.operator.logLevel
  "DEID_WORKER_SERVICE_ACCOUNT" .Values.worker.serviceAccount.name
  "DEID_PROGRESS_PORT" (toString .Values.worker.progressPort)
  "DEID_CHILD_TTL_SECONDS" (.Values.worker.childTtlSeconds | int | toString)
}}
{{- with .Values.worker.allowedServiceAccounts }}
{{- $allowed := append . $.Values.worker.serviceAccount.name | uniq }}
{{- $_ := set $environment "DEID_ALLOWED_SERVICE_ACCOUNTS" (toJson $allowed) }}
{{- end }}
{{- with .Values.worker.allowedKeySecrets }}
{{- $_ := set $environment "DEID_ALLOWED_KEY_SECRETS" (toJson .) }}
{{- end }}
{{- with .Values.tracing.endpoint }}
{{- $_ := set $environment "OTEL_EXPORTER_OTLP_ENDPOINT" . }}
{{- $workerEnvironment = merge (dict "OTEL_EXPORTER_OTLP_ENDPOINT" .) $workerEnvironment }}
{{- end }}
{{- $_ := set $environment "DEID_WORKER_ENVIRONMENT" (toJson $workerEnvironment) }}
{{- range $name, $value := merge $environment .Values.operator.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
