{{/* The arguments of the controller. Ports are where the Services and the NetworkPolicy look for them. */}}
{{- define "stageset-controller.args" -}}
{{ include "stageset-controller.args.controller" . | trim }}
- --health-probe-bind-address=:8081
- --metrics-bind-address={{ ternary ":8080" "0" .Values.metrics.enabled }}
- --gate-bind-address={{ ternary ":8082" "" .Values.gate.enabled }}
- --enable-webhook={{ .Values.webhook.enabled }}
{{- if .Values.webhook.enabled }}
- --webhook-port=9443
- --webhook-cert-dir=/tmp/k8s-webhook-server/serving-certs
- --webhook-cert-mode={{ .Values.webhook.certMode }}
- --webhook-cert-validity={{ .Values.webhook.certValidity }}
- --webhook-service-name={{ include "stageset-controller.fullname" . }}-webhook
- --webhook-service-namespace={{ .Release.Namespace }}
- --webhook-validating-config-name={{ include "stageset-controller.fullname" . }}
- --webhook-ca-limit={{ include "stageset-controller.caLimit" . }}
{{- end }}
{{- if .Values.mcp.enabled }}
{{ include "stageset-controller.args.mcp" . | trim }}
- --mcp-bind-address=:8084
{{- end }}
{{- if eq .Values.rollbackStore.backend "pvc" }}
- --rollback-store-path=/var/lib/stageset/rollback
{{- else if eq .Values.rollbackStore.backend "s3" }}
{{ include "stageset-controller.args.s3" . | trim }}
{{- end }}
{{- end }}
