{{/* Generated from tools/chart/grants.ts by `npm run generate`. */}}
{{- define "stageset-controller.rules.watched" -}}
# StageSets: what to do, finalizers, and suspending for agents
- apiGroups: ["stages.metio.wtf"]
  resources: ["stagesets"]
  verbs: ["get","list","watch","patch"]
# how it went
- apiGroups: ["stages.metio.wtf"]
  resources: ["stagesets/status"]
  verbs: ["patch"]
# inventories that keep their StageSet from going before them, where the API server asks who may say so
- apiGroups: ["stages.metio.wtf"]
  resources: ["stagesets/finalizers"]
  verbs: ["update"]
# what was applied
- apiGroups: ["stages.metio.wtf"]
  resources: ["stageinventories"]
  verbs: ["list","watch","create","patch","delete"]
# sources
- apiGroups: ["source.toolkit.fluxcd.io"]
  resources: ["externalartifacts","gitrepositories","ocirepositories","buckets"]
  verbs: ["list","watch"]
# events
- apiGroups: ["events.k8s.io"]
  resources: ["events"]
  verbs: ["create","patch"]
# which cluster this is, and whether a namespace is on its way out
- apiGroups: [""]
  resources: ["namespaces"]
  verbs: ["get"]
{{- if eq .Values.controller.tenantAuth "impersonate" }}
# acting as the ServiceAccount that a StageSet names
- apiGroups: [""]
  resources: ["serviceaccounts"]
  verbs: ["impersonate"]
{{- end }}
{{- if eq .Values.controller.tenantAuth "token" }}
# acting as the ServiceAccount that a StageSet names
- apiGroups: [""]
  resources: ["serviceaccounts/token"]
  verbs: ["create"]
{{- end }}
{{- if not .Values.controller.watchNamespaces }}
# showing a tenant what shared watches bring only where it might watch itself
- apiGroups: ["authorization.k8s.io"]
  resources: ["subjectaccessreviews"]
  verbs: ["create"]
{{- end }}
{{- if .Values.controller.watchNamespaces }}
# showing a tenant what shared watches bring only where it might watch itself
- apiGroups: ["authorization.k8s.io"]
  resources: ["localsubjectaccessreviews"]
  verbs: ["create"]
{{- end }}
{{- if not .Values.controller.watchNamespaces }}
# noticing new kinds
- apiGroups: ["apiextensions.k8s.io"]
  resources: ["customresourcedefinitions"]
  verbs: ["list","watch"]
{{- end }}
{{- range .Values.rbac.watchedKinds }}
# one watch a kind for all tenants
- apiGroups: {{ toJson .apiGroups }}
  resources: {{ toJson .resources }}
  verbs: ["list","watch"]
{{- end }}
{{- end }}
{{- define "stageset-controller.rules.cluster" -}}
{{- if and .Values.webhook.enabled (eq .Values.webhook.certMode "self-signed") }}
# the bundle of authorities that replicas share
- apiGroups: ["admissionregistration.k8s.io"]
  resources: ["validatingwebhookconfigurations"]
  resourceNames: [{{ include "stageset-controller.fullname" . | quote }}]
  verbs: ["get","update"]
{{- end }}
{{- if and .Values.mcp.enabled .Values.mcp.allowMutations (eq .Values.mcp.auth "token") }}
# whose token an agent shows
- apiGroups: ["authentication.k8s.io"]
  resources: ["tokenreviews"]
  verbs: ["create"]
{{- end }}
{{- end }}
{{- define "stageset-controller.rules.release" -}}
{{- if or .Values.controller.leaderElect (gt (int .Values.controller.shards) 1) }}
# leader election and shards
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  verbs: ["list","create","update"]
{{- end }}
{{- end }}
