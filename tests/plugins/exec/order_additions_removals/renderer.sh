cat >/dev/null
cat <<'END'
apiVersion: v1
kind: Secret
metadata:
  name: new   # by the program
---
{"apiVersion": "batch/v1", "kind": "Job",
 "metadata": {"generateName": "migrate-", "annotations": {"helm.sh/hook": "pre-upgrade"}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec: {replicas: 2, paused: "no"}
END
