/** A file sealed with a passphrase, whose stanza now asks for another work factor. */
export function withWorkFactor(sealed: Uint8Array, logN: number): Uint8Array {
  const text = Buffer.from(sealed).toString('latin1')
  return Buffer.from(text.replace(/(-> scrypt \S+) \d+/, `$1 ${logN}`), 'latin1')
}
