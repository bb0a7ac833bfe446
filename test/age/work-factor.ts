/** Replaces the work factor in the stanza of a file that is sealed with a passphrase. */
export function withWorkFactor(sealed: Uint8Array, logN: number): Uint8Array {
  const text = Buffer.from(sealed).toString('latin1')
  return Buffer.from(text.replace(/(-> scrypt \S+) \d+/, `$1 ${logN}`), 'latin1')
}
