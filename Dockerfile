# Three images from one file: app (intake, worker, ops), redis, tor. The last stages begin from nothing and hold the
# programs, the libraries they load and no shell: `docker compose build`.

# `node scripts/pin-base-image.mjs` adds the digest of the day, where a registry can be reached.
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS base
ENV DEBIAN_FRONTEND=noninteractive
# The users of the three zones, and the one group whose members may reach each other's sockets.
RUN groupadd --gid 10000 tumen \
 && useradd --uid 10001 --gid 10000 --home-dir /var/lib/tumen --shell /usr/sbin/nologin tumen \
 && useradd --uid 10002 --gid 10000 --home-dir /var/lib/tumen-tor --shell /usr/sbin/nologin tumen-tor \
 && useradd --uid 10003 --gid 10000 --home-dir /var/lib/redis --shell /usr/sbin/nologin tumen-redis
# dpkg need not sync each file to the disk: a build that is interrupted is begun anew.
RUN echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/unsafe-io \
 && apt-get update && apt-get install -y --no-install-recommends ca-certificates npm redis-server tor

FROM base AS build
# For a build behind a proxy with a certificate of its own: the path of a file mounted into the build.
ARG NODE_EXTRA_CA_CERTS
WORKDIR /app
# Debian's npm is too old to install everything: it installs the npm and the Node of scripts/bootstrap, whose lock
# file has their digests.
COPY scripts/bootstrap /opt/npm
RUN npm ci --prefix /opt/npm --ignore-scripts --no-audit --no-fund \
 && ln -s /opt/npm/node_modules/node-linux-*/bin/node /usr/local/bin/node
COPY package.json package-lock.json ./
RUN node /opt/npm/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs \
 && node /opt/npm/node_modules/npm/bin/npm-cli.js uninstall --no-save --omit=dev --ignore-scripts --no-audit \
      --no-fund vite esbuild \
 && rm -rf node_modules/.cache scripts vite.config.ts tsconfig.json node_modules/node-linux-* \
 && cp --dereference /usr/local/bin/node /usr/local/lib/node
COPY config/image/gather.sh /gather.sh
RUN sh /gather.sh app /usr/local/lib/node /usr/bin/flock \
 && sh /gather.sh redis /usr/bin/redis-server /usr/bin/redis-cli \
 && sh /gather.sh tor /usr/local/lib/node /usr/bin/tor

FROM scratch AS app
COPY --from=build /rootfs/app /
COPY --from=build /app /app
WORKDIR /app
USER 10001:10000
ENV NODE_ENV=production
ENTRYPOINT ["/usr/local/lib/node"]

FROM scratch AS redis
COPY --from=build /rootfs/redis /
COPY config/redis.conf /etc/tumen/redis.conf
USER 10003:10000
ENTRYPOINT ["/usr/bin/redis-server", "/etc/tumen/redis.conf"]

FROM scratch AS tor
COPY --from=build /rootfs/tor /
COPY --from=build /app /app
WORKDIR /app
USER 10002:10000
ENV NODE_ENV=production
ENTRYPOINT ["/usr/local/lib/node"]
