{{- /*
Peers of ranges of addresses. Link-local addresses, where clouds serve the metadata of an instance and with it the
credentials of its node, are cut out of wide ranges; ranges within them are refused.
*/}}
{{- define "deid-operator.rangePeers" -}}
{{- range . }}
- ipBlock:
    cidr: {{ . | quote }}
    {{- if contains ":" . }}
    {{- if eq . "::/0" }}
    except: ["fe80::/10", "fd00:ec2::/32"]
    {{- else if lt (splitList "/" . | last | int) 32 }}
    {{- fail (printf "the range %s is too wide: name ::/0 or one of /32 or longer" .) }}
    {{- else if regexMatch "^(?i)(fe[89ab]|fd00:0*ec2:)" . }}
    {{- fail (printf "the range %s holds addresses of instance metadata" .) }}
    {{- end }}
    {{- else }}
    {{- $parts := splitList "/" . }}
    {{- $bits := last $parts | int }}
    {{- $address := 0 }}
    {{- range splitList "." (first $parts) }}
    {{- $address = add (mul $address 256) (int .) }}
    {{- end }}
    {{- $size := 1 }}
    {{- range until (sub 32 $bits | int) }}
    {{- $size = mul $size 2 }}
    {{- end }}
    {{- $linkLocal := 2851995648 }}
    {{- if le $bits 16 }}
    {{- if eq (div $address $size) (div $linkLocal $size) }}
    {{- if eq $bits 16 }}
    {{- fail (printf "the range %s holds addresses of instance metadata" .) }}
    {{- end }}
    except: ["169.254.0.0/16"]
    {{- end }}
    {{- else if eq (div $address 65536) (div $linkLocal 65536) }}
    {{- fail (printf "the range %s holds addresses of instance metadata" .) }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "deid-operator.tcpPorts" -}}
{{- range . }}
- protocol: TCP
  port: {{ . }}
{{- end }}
{{- end }}

{{- define "deid-operator.dnsEgress" -}}
{{- with .Values.networkPolicy.dns }}
- to:
    {{- toYaml . | nindent 4 }}
  ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- end }}
{{- end }}

{{- define "deid-operator.collectorEgress" -}}
{{- if .Values.tracing.endpoint }}
- ports:
    {{- include "deid-operator.tcpPorts" .Values.tracing.collector.ports | nindent 4 }}
  to:
    {{- if .Values.tracing.collector.to }}
    {{- toYaml .Values.tracing.collector.to | nindent 4 }}
    {{- else }}
    {{- include "deid-operator.rangePeers" (list "0.0.0.0/0" "::/0") | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}
