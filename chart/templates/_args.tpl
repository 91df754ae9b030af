{{/* Generated from tools/chart/values.ts by `npm run generate`. */}}
{{- define "stageset-controller.args.controller" -}}
- {{ printf "--leader-elect=%s" (include "stageset-controller.scalar" .Values.controller.leaderElect) | quote }}
- {{ printf "--shards=%s" (include "stageset-controller.scalar" .Values.controller.shards) | quote }}
{{- with .Values.controller.watchNamespaces }}
- {{ printf "--watch-namespaces=%s" (include "stageset-controller.scalar" (join "," .)) | quote }}
{{- end }}
- {{ printf "--concurrent=%s" (include "stageset-controller.scalar" .Values.controller.concurrent) | quote }}
- {{ printf "--default-interval=%s" (include "stageset-controller.scalar" .Values.controller.defaultInterval) | quote }}
- {{ printf "--inventory-mode=%s" (include "stageset-controller.scalar" .Values.controller.inventoryMode) | quote }}
- {{ printf "--inventory-shard-cap=%s" (include "stageset-controller.scalar" .Values.controller.inventoryShardCap) | quote }}
- {{ printf "--drift-watch=%s" (include "stageset-controller.scalar" .Values.controller.driftWatch) | quote }}
{{- range .Values.controller.overrideManager }}
- {{ printf "--override-manager=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
- {{ printf "--max-teardown-wait=%s" (include "stageset-controller.scalar" .Values.controller.maxTeardownWait) | quote }}
{{- with .Values.controller.runbookBaseURL }}
- {{ printf "--runbook-base-url=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
- {{ printf "--tenant-auth=%s" (include "stageset-controller.scalar" .Values.controller.tenantAuth) | quote }}
- {{ printf "--no-cross-namespace-refs=%s" (include "stageset-controller.scalar" .Values.controller.noCrossNamespaceRefs) | quote }}
{{- range .Values.controller.allowedActionHosts }}
- {{ printf "--allowed-action-hosts=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
- {{ printf "--allow-loopback-artifacts=%s" (include "stageset-controller.scalar" .Values.controller.allowLoopbackArtifacts) | quote }}
- {{ printf "--insecure-kubeconfig-tls=%s" (include "stageset-controller.scalar" .Values.controller.insecureKubeconfigTls) | quote }}
- {{ printf "--workers=%s" (include "stageset-controller.scalar" .Values.controller.workers) | quote }}
- {{ printf "--workers-max=%s" (include "stageset-controller.scalar" .Values.controller.workersMax) | quote }}
- {{ printf "--worker-memory=%s" (include "stageset-controller.scalar" .Values.controller.workerMemory) | quote }}
- {{ printf "--memory-budget=%s" (include "stageset-controller.scalar" .Values.controller.memoryBudget) | quote }}
- {{ printf "--build-cache=%s" (include "stageset-controller.scalar" .Values.controller.buildCache) | quote }}
- {{ printf "--kube-api-qps=%s" (include "stageset-controller.scalar" .Values.controller.kubeApiQps) | quote }}
- {{ printf "--kube-api-burst=%s" (include "stageset-controller.scalar" .Values.controller.kubeApiBurst) | quote }}
{{- with .Values.controller.eventsAddr }}
- {{ printf "--events-addr=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.logLevel }}
- {{ printf "--log-level=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.logEncoding }}
- {{ printf "--log-encoding=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.zapLogLevel }}
- {{ printf "--zap-log-level=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.zapEncoder }}
- {{ printf "--zap-encoder=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.zapStacktraceLevel }}
- {{ printf "--zap-stacktrace-level=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.controller.zapTimeEncoding }}
- {{ printf "--zap-time-encoding=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
- {{ printf "--zap-devel=%s" (include "stageset-controller.scalar" .Values.controller.zapDevel) | quote }}
{{- with .Values.controller.kubeconfig }}
- {{ printf "--kubeconfig=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- end }}
{{- define "stageset-controller.args.mcp" -}}
- {{ printf "--enable-mcp=%s" (include "stageset-controller.scalar" .Values.mcp.enabled) | quote }}
- {{ printf "--mcp-allow-mutations=%s" (include "stageset-controller.scalar" .Values.mcp.allowMutations) | quote }}
- {{ printf "--mcp-auth=%s" (include "stageset-controller.scalar" .Values.mcp.auth) | quote }}
{{- end }}
{{- define "stageset-controller.args.s3" -}}
{{- with .Values.rollbackStore.s3.endpoint }}
- {{ printf "--rollback-store-s3-endpoint=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.rollbackStore.s3.bucket }}
- {{ printf "--rollback-store-s3-bucket=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.rollbackStore.s3.prefix }}
- {{ printf "--rollback-store-s3-prefix=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- with .Values.rollbackStore.s3.region }}
- {{ printf "--rollback-store-s3-region=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
- {{ printf "--rollback-store-s3-use-ssl=%s" (include "stageset-controller.scalar" .Values.rollbackStore.s3.useSSL) | quote }}
- {{ printf "--rollback-store-s3-anonymous=%s" (include "stageset-controller.scalar" .Values.rollbackStore.s3.anonymous) | quote }}
- {{ printf "--rollback-store-s3-sse=%s" (include "stageset-controller.scalar" .Values.rollbackStore.s3.sse) | quote }}
{{- with .Values.rollbackStore.s3.sseKmsKeyId }}
- {{ printf "--rollback-store-s3-sse-kms-key=%s" (include "stageset-controller.scalar" .) | quote }}
{{- end }}
{{- end }}
{{- define "stageset-controller.nulls" -}}
{{- range $path := list "namespace.create" "namespace.pssLevel" "replicas.min" "replicas.max" "image.repository" "image.pullPolicy" "serviceAccount.create" "controller.leaderElect" "controller.shards" "controller.concurrent" "controller.defaultInterval" "controller.inventoryMode" "controller.inventoryShardCap" "controller.driftWatch" "controller.maxTeardownWait" "controller.tenantAuth" "controller.noCrossNamespaceRefs" "controller.allowLoopbackArtifacts" "controller.insecureKubeconfigTls" "controller.workers" "controller.workersMax" "controller.workerMemory" "controller.memoryBudget" "controller.buildCache" "controller.kubeApiQps" "controller.kubeApiBurst" "controller.webhookCaLimit" "controller.zapDevel" "rbac.clusterAdmin" "rbac.watchedKinds" "crds.create" "webhook.enabled" "webhook.certMode" "webhook.certValidity" "gate.enabled" "mcp.enabled" "mcp.allowMutations" "mcp.auth" "rollbackStore.backend" "rollbackStore.pvc.accessModes" "rollbackStore.pvc.size" "rollbackStore.s3.useSSL" "rollbackStore.s3.anonymous" "rollbackStore.s3.sse" "metrics.enabled" "metrics.serviceMonitor.enabled" "metrics.prometheusRule.enabled" "metrics.prometheusRule.thresholds.reconcileErrors" "metrics.prometheusRule.thresholds.workqueueDepth" "metrics.prometheusRule.thresholds.reconcileLatencySeconds" "metrics.prometheusRule.thresholds.podDown" "metrics.prometheusRule.thresholds.certRenewalFailures" "metrics.dashboard.enabled" "networkPolicy.enabled" -}}
{{- $at := $.Values -}}
{{- range splitList "." $path }}{{ $at = index (default dict $at) . }}{{ end -}}
{{- if kindIs "invalid" $at }}{{ fail (printf "%s is null: leave it out, and it has its default" $path) }}{{ end -}}
{{- end -}}
{{- end }}
