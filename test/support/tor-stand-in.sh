#!/bin/sh
# Replaces tor in tests of the program that runs tor: logs what tor logs, and the signals received.
trap 'echo "told to end" >> "$2.log"; exit 0' TERM
trap 'echo "told to reload" >> "$2.log"' HUP
echo "$$" > "$2.pid"
echo "started" >> "$2.log"
while [ -d "$2.slow" ]; do sleep 0.05; done
echo "Bootstrapped 100% (done): Done"
while :; do sleep 0.05; done
