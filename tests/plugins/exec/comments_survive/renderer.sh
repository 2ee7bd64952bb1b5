# Writes what a program knows that reads values only: no comments, other quotes, sorted keys.
cat >/dev/null
cat <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: web
    team: core
  name: web
spec:
  paused: "no"
  replicas: 3
---
apiVersion: v1
data:
  a: "1"
  script: "# not a comment\nexit 0\n"
kind: ConfigMap
metadata:
  name: cfg
---
apiVersion: batch/v1
kind: Job
metadata:
  annotations:
    helm.sh/hook: pre-upgrade
  generateName: migrate-
END
