#!/bin/sh
# Begins as root with the few capabilities of docker-compose.yml: nodes of cameras, owners, then it
# gives everything up and becomes the agent's user for good.
set -eu

install -d -o pontive -g pontive -m 0750 /run/pontive-edge
chown pontive:pontive /data

# A container sees /sys, but no node of a camera that was plugged in after the release was built.
for device in /sys/class/video4linux/*/dev; do
    [ -r "$device" ] || continue
    name=$(basename "$(dirname "$device")")
    number=$(cat "$device")
    if [ ! -e "/dev/$name" ]; then
        mknod -m 0660 "/dev/$name" c "${number%%:*}" "${number##*:}" && chown root:video "/dev/$name"
    fi
done
# LED and buzzer are a door's: a camera site has no business with them.
if [ "${PONTIVE_ROLE:-}" = door ] && [ -e /dev/gpiochip0 ]; then
    chown root:pontive /dev/gpiochip0 && chmod 0660 /dev/gpiochip0
fi

# The update lock lies in a folder of the supervisor's; the agent holds it while people are scanned.
lock=${BALENA_APP_LOCK_PATH:-}
if [ -n "$lock" ] && [ -d "${lock%/*}" ]; then
    chown pontive:pontive "${lock%/*}"
fi

exec setpriv --reuid=pontive --regid=pontive --init-groups --inh-caps=-all --bounding-set=-all \
    --no-new-privs /usr/local/bin/agent.sh
