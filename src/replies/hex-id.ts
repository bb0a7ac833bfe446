/** Whether a value from outside is 16 bytes as lower-case hex digits: an id or a tag. */
export function isHexId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

/** Whether a value from outside is a SHA-256 as lower-case hex digits. */
export function isHexDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
