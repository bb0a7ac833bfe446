#!/bin/sh
# gather.sh NAME PROGRAM...: lays out /rootfs/NAME, a root file system with the programs, what ldd says they load,
# the users, and the folders that volumes cover. Runs in the build stage of the Dockerfile alone.
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
  # "libfoo.so.1 => /lib/…/libfoo.so.1 (0x…)", and the loader alone on its line
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    [ -e "$root$library" ] || install -D "$library" "$root$library"
  done
done
# Host names (notifications): glibc loads these by name, so ldd does not see them.
for library in /lib/*-linux-gnu/libnss_dns.so.2 /lib/*-linux-gnu/libnss_files.so.2 /lib/*-linux-gnu/libresolv.so.2; do
  [ -e "$root$library" ] || install -D "$library" "$root$library"
done
# A named volume takes owner and mode of the folder it covers first.
chown 10001:10000 "$root/var/lib/tumen" && chmod 0700 "$root/var/lib/tumen"
chown 10002:10000 "$root/var/lib/tumen-tor" && chmod 0700 "$root/var/lib/tumen-tor"
chown 10003:10000 "$root/var/lib/redis" && chmod 0700 "$root/var/lib/redis"
# Sockets: whoever is of the group may make one and use it; the group is that of the folder (setgid).
for folder in onion redis ops tor/requests; do chown 10001:10000 "$root/run/tumen/$folder" && chmod 2770 "$root/run/tumen/$folder"; done
# tor takes a socket's folder only if it is its own, and nobody else may write to it.
chown 10002:10000 "$root/run/tumen/tor" && chmod 2750 "$root/run/tumen/tor"
chmod 1777 "$root/tmp"
