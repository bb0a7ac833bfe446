/** Whether this machine stores words as the unrolled functions read them. */
export const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** Whether the bytes can be seen as words in place. */
export function isAligned(bytes: Uint8Array): boolean {
  return bytes.byteOffset % 4 === 0
}

/** The whole words of aligned bytes, in place; up to three bytes at the end are left out. */
export function wordsIn(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
}
