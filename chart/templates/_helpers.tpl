{{- define "stageset-controller.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 40 | trimAll "-" }}
{{- end }}

{{/* The release's name where it says what this is, both names otherwise. Room is left for suffixes; Services have no dots. */}}
{{- define "stageset-controller.fullname" -}}
{{- $name := include "stageset-controller.name" . -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 50 | trimAll "-" }}
{{- else if contains $name .Release.Name -}}
{{ .Release.Name | replace "." "-" | trunc 50 | trimAll "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name $name | replace "." "-" | trunc 50 | trimAll "-" }}
{{- end }}
{{- end }}

{{/* What selects the pods: never to be changed, whatever the values, for a Deployment's selector is for ever. */}}
{{- define "stageset-controller.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "stageset-controller.labels" -}}
{{ include "stageset-controller.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* These, and more of the user's (.and), who may replace any but those that select. */}}
{{- define "stageset-controller.labelsAnd" -}}
{{- $selector := include "stageset-controller.selector" .of | fromYaml -}}
{{- $own := include "stageset-controller.labels" .of | fromYaml -}}
{{ toYaml (merge $selector (default dict .and) $own) }}
{{- end }}

{{- define "stageset-controller.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "stageset-controller.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "stageset-controller.subject" -}}
- kind: ServiceAccount
  name: {{ include "stageset-controller.serviceAccount" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
{{- end }}

{{- define "stageset-controller.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .Values.image.repository }}{{ ternary "@" ":" (hasPrefix "sha256:" $tag) }}{{ $tag }}
{{- end }}

{{/* As a flag takes it: of YAML's numbers Helm makes floats, and would write 1e+06. */}}
{{- define "stageset-controller.scalar" -}}
{{- if or (kindIs "float64" .) (kindIs "int64" .) (kindIs "int" .) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end }}

{{/* As a threshold: a half is one, too. */}}
{{- define "stageset-controller.number" -}}
{{- if and (kindIs "float64" .) (ne (floor .) .) }}{{ toString . }}{{ else }}{{ include "stageset-controller.scalar" . }}{{ end -}}
{{- end }}

{{/* Each certificate of a replica, and of the one that takes its place, has room in the bundle, as far as the flag goes. */}}
{{- define "stageset-controller.caLimit" -}}
{{ min 1000 (max (int64 .Values.controller.webhookCaLimit) (mul 2 (int64 .Values.replicas.max))) }}
{{- end }}

{{- define "stageset-controller.makesClaim" -}}
{{- if and (eq .Values.rollbackStore.backend "pvc") (not .Values.rollbackStore.pvc.existingClaim) }}true{{ end -}}
{{- end }}

{{/* Whether an old and a new pod may be there at once: somebody must see to it that one works, and both must get the volume. */}}
{{- define "stageset-controller.mayOverlap" -}}
{{- $elects := or .Values.controller.leaderElect (gt (int .Values.controller.shards) 1) -}}
{{- $canShare := or (not (include "stageset-controller.makesClaim" .)) (has "ReadWriteMany" .Values.rollbackStore.pvc.accessModes) -}}
{{- if and $elects $canShare }}true{{ end -}}
{{- end }}

{{- define "stageset-controller.podSecurityContext" -}}
{{- $own := deepCopy (default dict .Values.podSecurityContext) -}}
{{- $group := get (default dict .Values.securityContext) "runAsGroup" -}}
{{- if and (eq .Values.rollbackStore.backend "pvc") $group (not (hasKey $own "fsGroup")) -}}
{{- $own = merge $own (dict "fsGroup" (int64 $group) "fsGroupChangePolicy" "OnRootMismatch") -}}
{{- end -}}
{{ toYaml $own }}
{{- end }}

{{/* Values that are each fine and together are not. */}}
{{- define "stageset-controller.contradictions" -}}
{{- include "stageset-controller.nulls" . -}}
{{- $v := .Values -}}
{{- $several := gt (int $v.replicas.max) 1 -}}
{{- if lt (int $v.replicas.max) (int $v.replicas.min) }}{{ fail "replicas.max is less than replicas.min" }}{{ end -}}
{{- if and $several (not $v.controller.leaderElect) (le (int $v.controller.shards) 1) }}{{ fail "replicas.max above 1 wants controller.leaderElect: true, or all of them would work on everything" }}{{ end -}}
{{- if and $several (include "stageset-controller.makesClaim" .) (not (has "ReadWriteMany" $v.rollbackStore.pvc.accessModes)) }}{{ fail "replicas.max above 1 wants ReadWriteMany among rollbackStore.pvc.accessModes" }}{{ end -}}
{{- if and $v.mcp.allowMutations (not $v.mcp.enabled) }}{{ fail "mcp.allowMutations wants mcp.enabled: true" }}{{ end -}}
{{- if eq $v.rollbackStore.backend "s3" -}}
{{- if not (and $v.rollbackStore.s3.endpoint $v.rollbackStore.s3.bucket) }}{{ fail "rollbackStore.backend=s3 wants rollbackStore.s3.endpoint and rollbackStore.s3.bucket" }}{{ end -}}
{{- if and $v.rollbackStore.s3.anonymous $v.rollbackStore.s3.existingSecret }}{{ fail "rollbackStore.s3.anonymous and rollbackStore.s3.existingSecret exclude each other" }}{{ end -}}
{{- if and $v.rollbackStore.s3.sseKmsKeyId (ne $v.rollbackStore.s3.sse "kms") }}{{ fail "rollbackStore.s3.sseKmsKeyId wants rollbackStore.s3.sse: kms" }}{{ end -}}
{{- end -}}
{{- range $label, $_ := include "stageset-controller.selector" . | fromYaml }}{{ if hasKey (default dict $v.podLabels) $label }}{{ fail (printf "podLabels cannot replace %s: pods are selected by it" $label) }}{{ end }}{{ end -}}
{{- if and $v.controller.logLevel $v.controller.zapLogLevel }}{{ fail "controller.logLevel and controller.zapLogLevel are the same: set one of them" }}{{ end -}}
{{- if and $v.controller.logEncoding $v.controller.zapEncoder }}{{ fail "controller.logEncoding and controller.zapEncoder are the same: set one of them" }}{{ end -}}
{{- if and $v.controller.kubeApiBurst (not $v.controller.kubeApiQps) }}{{ fail "controller.kubeApiBurst wants controller.kubeApiQps beside it" }}{{ end -}}
{{- if and $v.metrics.serviceMonitor.enabled (not $v.metrics.enabled) }}{{ fail "metrics.serviceMonitor.enabled wants metrics.enabled: true" }}{{ end -}}
{{- end }}
