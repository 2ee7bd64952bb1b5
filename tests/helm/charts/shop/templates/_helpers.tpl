{{- define "shop.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
# the chart's version changes on each release: keep it out of the selector
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}
