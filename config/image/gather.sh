#!/bin/sh
# gather.sh NAME PROGRAM...: creates /rootfs/NAME, a root file system with the programs, the
# libraries that ldd lists for them, the users, and the folders that volumes are mounted on. Runs
# only in the build stage of the Dockerfile.
set -eu
root=/rootfs/$1
shift
mkdir -p "$root/etc" "$root/tmp" "$root/keys" "$root/var/lib/tumen" "$root/var/lib/tumen-tor" "$root/var/lib/redis" \
  "$root/run/tumen/onion" "$root/run/tumen/redis" "$root/run/tumen/ops" "$root/run/tumen/tor/requests"
grep -E '^(root|tumen)' /etc/passwd > "$root/etc/passwd"
grep -E '^(root|tumen)' /etc/group > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
for program in "$@"; do
  install -D "$program" "$root$program"
  # Lines of ldd: "libfoo.so.1 => /lib/…/libfoo.so.1 (0x…)"; the loader's line has only its path
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    [ -e "$root$library" ] || install -D "$library" "$root$library"
  done
done
# glibc loads these by name to look up host names (for notifications), so ldd does not list them.
for library in /lib/*-linux-gnu/libnss_dns.so.2 /lib/*-linux-gnu/libnss_files.so.2 /lib/*-linux-gnu/libresolv.so.2; do
  [ -e "$root$library" ] || install -D "$library" "$root$library"
done
# A new named volume gets the owner and mode of the folder that it is mounted on.
chown 10001:10000 "$root/var/lib/tumen" && chmod 0700 "$root/var/lib/tumen"
chown 10002:10000 "$root/var/lib/tumen-tor" && chmod 0700 "$root/var/lib/tumen-tor"
chown 10003:10000 "$root/var/lib/redis" && chmod 0700 "$root/var/lib/redis"
# Members of the group may create sockets here and connect to them; setgid gives the sockets the
# folder's group.
for folder in onion redis ops tor/requests; do chown 10001:10000 "$root/run/tumen/$folder" && chmod 2770 "$root/run/tumen/$folder"; done
# tor accepts the folder of a socket only if tor owns it and nobody else may write to it.
chown 10002:10000 "$root/run/tumen/tor" && chmod 2750 "$root/run/tumen/tor"
chmod 1777 "$root/tmp"
