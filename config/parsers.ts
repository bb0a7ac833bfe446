/**
 * Parsers for single values from the environment. Each one is total: for any text it returns a
 * value, or a sentence that says what would be valid.
 */
import { isAbsolute, resolve } from 'node:path'

export type Parsed<T> = { value: T } | { problem: string }

export type ListenAddress = { host: string; port: number } | { path: string }
export interface HostPort {
  host: string
  port: number
}
/** The address of one of our listeners as options for a request with `node:http`. */
export function requestTarget(
  listen: ListenAddress,
): { socketPath: string } | { host: string; port: number } {
  return 'path' in listen ? { socketPath: listen.path } : { host: listen.host, port: listen.port }
}

/** `prefix` is empty, or a path without a slash at either end. */
export type StoreChoice = { kind: 'fs' } | { kind: 's3'; bucket: string; prefix: string }

/** `sun_path` of unix(7) holds 108 bytes, the last one NUL. */
export const maxSocketPathBytes = 107

const units: Record<string, number> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A whole number from `min` to `max`, decimal digits only. */
export function wholeNumber(min: number, max: number) {
  return (text: string): Parsed<number> => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max
      ? { value }
      : { problem: `must be a whole number from ${min} to ${max}` }
  }
}

/** Bytes as a whole number, or with one of the suffixes KiB, MiB, GiB. */
export function byteCount(min: number, max: number) {
  return (text: string): Parsed<number> => {
    const match = /^(\d{1,16})(|KiB|MiB|GiB)$/.exec(text)
    const value = match ? Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN) : Number.NaN
    if (value >= min && value <= max) return { value }
    return {
      problem: `must be a number of bytes from ${min} to ${max}, as digits or with KiB, MiB or GiB`,
    }
  }
}

/**
 * A path made absolute against the working directory. What a person copied with a blank or a line
 * break, or wrote for a shell, would otherwise name a folder that nobody looks into.
 */
export function filePath(text: string): Parsed<string> {
  if (/^\s|\s$|\p{Cc}/u.test(text))
    return { problem: 'must be a path without blanks at its ends and without control characters' }
  if (/^~(?:\/|$)/.test(text))
    return { problem: 'must be a path written in full: only a shell replaces ~' }
  if (text.startsWith('unix:')) return { problem: 'must be a path alone, without unix:' }
  return { value: resolve(text) }
}

/** The path of a unix socket, short enough for the kernel. */
export function socketPath(text: string): Parsed<string> {
  const path = filePath(text)
  if ('problem' in path || Buffer.byteLength(path.value) <= maxSocketPathBytes) return path
  return {
    problem: `must be a path of at most ${maxSocketPathBytes} bytes, the kernel's limit for unix sockets`,
  }
}

const addressHint = 'must be host:port such as 127.0.0.1:8440, [::1]:8440, or unix:/path/to/socket'

/** `host:port`, `[v6]:port` or `unix:/path`. */
export function listenAddress(text: string): Parsed<ListenAddress> {
  if (text.startsWith('unix:')) {
    const path = absoluteSocketPath(text.slice('unix:'.length))
    return 'problem' in path ? path : { value: { path: path.value } }
  }
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65535) return { problem: addressHint }
  return { value: { host, port } }
}

function absoluteSocketPath(text: string): Parsed<string> {
  const path = text.startsWith('//') ? text.slice(2) : text
  return isAbsolute(path) ? socketPath(path) : { problem: 'must be an absolute path after unix:' }
}

const redisHint =
  'must be redis://host:port, rediss://host:port (a /number may follow), unix:/path/to/socket, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,host:port'

/**
 * `redis://`, `rediss://`, `unix:/path`, `redis-sentinel://` or `redis-cluster://`. The problem
 * never repeats the text: it may hold a password. What may follow the hosts is read by src/queue.
 */
export function redisUrl(text: string): Parsed<string> {
  if (text.startsWith('unix:')) {
    const path = absoluteSocketPath(text.slice('unix:'.length))
    return 'problem' in path ? path : { value: `unix:${path.value}` }
  }
  if (/^redis-(sentinel|cluster):/.test(text))
    return severalHosts.test(text) ? { value: text } : { problem: redisHint }
  const url = URL.canParse(text) ? new URL(text) : null
  const isRedis = url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== ''
  if (!isRedis || !/^(?:|\/|\/\d{1,5})$/.test(url.pathname)) return { problem: redisHint }
  return { value: text }
}

/** The form of a URL with several hosts, which `URL` cannot parse. */
const severalHosts =
  /^redis-(sentinel|cluster):\/\/(?:[^@/?#]*@)?[^@/?#,]+(?:,[^@/?#,]+)*(?:[/?#].*)?$/

/**
 * `fs`, or `s3://bucket` with a prefix or without one. The rules for a bucket's name are those of
 * S3; a prefix has parts of letters, digits and `. _ -`, so that no server rewrites it.
 */
export function storeChoice(text: string): Parsed<StoreChoice> {
  if (text === 'fs') return { value: { kind: 'fs' } }
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? []
  const parts = prefix.replace(/\/$/, '')
  const isPrefix =
    parts === '' ||
    (parts.length <= 512 &&
      parts.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.+$/.test(part)))
  return bucket !== undefined && isPrefix
    ? { value: { kind: 's3', bucket, prefix: parts } }
    : { problem: 'must be fs or s3://bucket, which a /prefix of letters and digits may follow' }
}

/**
 * The address of an S3 server: only scheme, host and port. Without TLS the network between must be
 * one that nobody else sees, such as a VPN.
 */
export function s3Endpoint(text: string): Parsed<string> {
  const url = boundedUrl(text)
  const isPlain =
    url !== null &&
    url.hostname !== '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:'))
    return { value: url.origin }
  return { problem: 'must be https://host or http://host, which a :port may follow' }
}

/** A region is part of each signature. */
export function s3Region(text: string): Parsed<string> {
  return /^[a-z0-9-]{1,40}$/.test(text)
    ? { value: text }
    : { problem: 'must be a region such as us-east-1 (letters, digits and -)' }
}

export function yesOrNo(text: string): Parsed<boolean> {
  return text === 'yes' || text === 'no'
    ? { value: text === 'yes' }
    : { problem: 'must be yes or no' }
}

/** `host:port` of a proxy; port 0 means no proxy. */
export function proxyAddress(text: string): Parsed<HostPort> {
  const address = listenAddress(text)
  if ('value' in address && 'host' in address.value && address.value.port > 0)
    return { value: address.value }
  return { problem: 'must be host:port such as 127.0.0.1:9050' }
}

/**
 * rend-spec-v3 §6 of tor: 56 characters of base32 and `.onion`, in lower case, without a subdomain.
 */
export function isOnionName(text: string): boolean {
  return /^[a-z2-7]{56}\.onion$/.test(text)
}

/** A version 3 onion service with an optional port; the default is 80. */
export function onionAddress(text: string): Parsed<HostPort> {
  const [, host = '', port = '80'] = /^([^:]*)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (!isOnionName(host) || Number(port) < 1 || Number(port) > 65535)
    return { problem: 'must be 56 letters and digits followed by .onion' }
  return { value: { host, port: Number(port) } }
}

const maxUrlBytes = 2048

/**
 * A URL that notes are posted to. The connection must be protected: by TLS, by Tor (an onion
 * address), or by staying on this machine. The problem never repeats the text, which may contain a
 * password or a token.
 */
export function webhookUrl(text: string): Parsed<URL> {
  const url = boundedUrl(text)
  const isPrivate =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isNearHost(url.hostname))
  if (url !== null && isPrivate && url.hostname !== '') return { value: url }
  return { problem: 'must be https://…; http:// only to 127.0.0.1, [::1] or an onion' }
}

/**
 * A mail server. `smtps:` is TLS from the first byte; `smtp:` requires STARTTLS unless the server
 * is this machine or an onion. The problem never repeats the text.
 */
export function mailServerUrl(text: string): Parsed<URL> {
  const url = boundedUrl(text)
  if (url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== '') return { value: url }
  return { problem: 'must be smtps://host (TLS) or smtp://host (STARTTLS, port 587)' }
}

function boundedUrl(text: string): URL | null {
  return text.length <= maxUrlBytes ? URL.parse(text) : null
}

/** Whether a connection to this host needs no TLS: it stays on this machine or inside Tor. */
export function isNearHost(hostname: string): boolean {
  return isLoopback(hostname) || isOnion(hostname)
}

/** Onion names. Only Tor can resolve them; asking a name server would reveal the name. */
export function isOnion(hostname: string): boolean {
  return /\.onion\.?$/i.test(hostname)
}

/**
 * Expects the host as a URL writes it. The only accepted name is `localhost`, which no name server
 * is asked for.
 */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true
  // Digits that are no address, such as 127.0.0.256, are a name like any other.
  return /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(hostname)
}

/** One plain address without characters that could start another header line. */
export function mailAddress(text: string): Parsed<string> {
  const isOne =
    text.length <= 254 && /^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(text)
  return isOne ? { value: text } : { problem: 'must be one mail address such as name@example.org' }
}

/** Enough for a team; for more people, use a mailing list on the mail server. */
const maxMailAddresses = 20

/** Addresses separated by commas. */
export function mailAddresses(text: string): Parsed<readonly string[]> {
  const addresses = text.split(',').map((address) => address.trim())
  const isGood =
    addresses.length <= maxMailAddresses &&
    addresses.every((address) => 'value' in mailAddress(address))
  return isGood
    ? { value: addresses }
    : {
        problem: `must be 1 to ${maxMailAddresses} mail addresses such as a@example.org,b@example.org`,
      }
}
