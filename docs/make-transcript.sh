#!/usr/bin/env bash
# Makes docs/transcript.md: every pbm command, one-shot, and the prompt, against a cluster of four processes that trains `guess` and gets an environment injected.
# Usage: docs/make-transcript.sh        (after a Release build; takes about three minutes, ports 5310 and 9310)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH="$(cd "$here/.." && pwd)/Cluster.Host/bin/Release/net10.0:$PATH"
work=$(mktemp -d)
cd "$work"
at=127.0.0.1:9310
up=
end() { [ -z "$up" ] || { kill -TERM "$up" 2>/dev/null || true; wait "$up" 2>/dev/null || true; }; rm -rf "$work"; }
trap end EXIT

# All of it is read, so that nobody writes into a closed pipe.
shorten() { awk -v most="$1" 'NR <= most { print substr($0, 1, 200) } NR == most + 1 { print "..." }' | sed "s|$work|DIR|g"; }

# Shows a command and what it prints; long outputs are cut, and the folder gets a short name.
say() {
  echo "\$ $*"
  ("$@" 2>&1 || echo "(exit code $?)") | shorten 14
  echo
}
pbm() { say intellect3 pbm "$at" "$@"; }
step() { intellect3 pbm "$at" run status --json 2>/dev/null | sed -n 's/.*"step":\([0-9]*\).*/\1/p'; }
until_step() { until [ "$(step || true)" ] && [ "$(step)" -ge "$1" ]; do read -rt 0.5 <> <(:) || true; done; }

transcript() {
  echo '# A transcript'
  echo
  echo 'Made by `docs/make-transcript.sh`; do not edit. Long outputs are cut after a few lines, lines after 200 characters.'
  echo '```'
  say intellect3 env new Clock --dir ./clock
  say intellect3 env pack ./clock --out .
  say intellect3 env validate Clock.1.0.0.nupkg
  until_step 3
  pbm help
  for command in 'cluster show' 'cluster status' 'cluster leader' 'run list' 'run status' 'run status --json' 'run diagnose' 'rollout list' 'trainer status' 'weights show' 'weights history' \
    'device list' 'cluster-sharding regions' 'cluster-sharding region-stats' 'cluster-sharding shard-stats' 'actor system' 'actor hierarchy -d 2' 'log peek -n 5' 'run ledger -n 5' 'env list'; do
    # shellcheck disable=SC2086
    pbm $command
  done
  say intellect3 env push Clock.1.0.0.nupkg --to "$at"
  pbm env inject Clock --weight 0.3
  pbm env list
  pbm env inspect
  pbm env weight Clock 0.1
  pbm env withdraw Clock
  pbm env inspect
  pbm run pause
  pbm run status
  pbm run resume
  say timeout 3 intellect3 pbm "$at" rollout tail
  say timeout 3 intellect3 pbm "$at" log tail
  say timeout 3 intellect3 pbm "$at" cluster tail
  pbm rollout show prompt-1-1
  pbm cluster down-unreachable
  pbm clutser show
  pbm run status --jsn
  say intellect3 pbm 127.0.0.1:1 run status
  echo '# the prompt, in a terminal'
  printf 'cluster leader\nrun list\nexit\n' | script -qec "intellect3 pbm $at" /dev/null | tr -d '\r' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' | shorten 30
  echo
  pbm run stop
  echo '```'
}

intellect3 up --recipe guess --steps 2000 --set warmup.stop-at=0.05 --set eval.tasks=16 --run-dir run --data-dir data --port 5310 --http-port 9310 --progress none > up.log 2>&1 &
up=$!
transcript > transcript.md
cp transcript.md "$here/transcript.md"
