#!/bin/sh
# Enrols once, then runs the agent, and ends it when its reports stop coming: no systemd stands beside
# it here to feed a watchdog. A container that ended is started anew by balena's engine.
set -eu
umask 0027

config=$PONTIVE_EDGE_CONFIG
reports=${PONTIVE_REPORTS:-/run/pontive-edge}
patience_minutes=4
first_look_s=${PONTIVE_FIRST_LOOK_S:-300}
look_every_s=30
# Long enough for a person to read why, and for the engine not to spin.
pause_s=${PONTIVE_PAUSE_S:-300}

case ${PONTIVE_ROLE:-} in
    camera | door) ;;
    *) echo "PONTIVE_ROLE is '${PONTIVE_ROLE:-}': set it to camera or door (pontive-provision fleet device)" >&2
       sleep "$pause_s"
       exit 2 ;;
esac

if [ ! -e "$config" ]; then
    if [ -z "${PONTIVE_HUB:-}" ] || [ -z "${PONTIVE_CLAIM:-}" ]; then
        echo "this device is not enrolled: set PONTIVE_HUB and PONTIVE_CLAIM (pontive-provision fleet device)" >&2
        sleep "$pause_s"
        exit 3
    fi
    pontive-edge enrol --config "$config" --hub "$PONTIVE_HUB" --code "$PONTIVE_CLAIM" --retry-for 172800
fi
unset PONTIVE_CLAIM

pontive-edge run --config "$config" &
agent=$!
trap 'kill -TERM "$agent"' TERM INT

watch() {
    sleep "$first_look_s"
    while [ -n "$(find "$reports" -name '*.status.json' -mmin "-$patience_minutes")" ]; do
        sleep "$look_every_s"
    done
    echo "no report of the agent for $patience_minutes minutes: it is ended and begins anew" >&2
    kill -TERM "$agent"
    sleep 10
    kill -KILL "$agent" 2>/dev/null || true
}
watch &
watcher=$!

code=0
wait "$agent" || code=$?
# A signal ends the waiting, not the agent: it still stops in order.
while kill -0 "$agent" 2>/dev/null; do
    code=0
    wait "$agent" || code=$?
done
kill "$watcher" 2>/dev/null || true
exit "$code"
