const magic = Buffer.from('mozLz40\0')

export class MozLz4Error extends Error {
  override readonly name = 'MozLz4Error'
  readonly code = 'NOT_MOZLZ4'
}

export function isMozLz4(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic)
}

/**
 * Firefox stores its session as one LZ4 block after a magic number and the length, so a plain
 * search of the file finds no words.
 */
export function unpackMozLz4(bytes: Buffer): Buffer {
  if (!isMozLz4(bytes)) throw new MozLz4Error('no mozLz4 magic')
  const out = Buffer.alloc(bytes.readUInt32LE(magic.length))
  const written = unpackBlock(bytes.subarray(magic.length + 4), out)
  if (written !== out.length) throw new MozLz4Error('the block is shorter than it says')
  return out
}

/** LZ4 block format: repeated pairs of literals and a copy of earlier output. */
function unpackBlock(block: Buffer, out: Buffer): number {
  let from = 0
  let to = 0
  const readLength = (nibble: number): number => {
    let length = nibble
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) byte = block[from++] ?? 0
    return length
  }
  while (from < block.length) {
    const token = block[from++] ?? 0
    const literals = readLength(token >> 4)
    block.copy(out, to, from, from + literals)
    from += literals
    to += literals
    if (from >= block.length) break
    const distance = block.readUInt16LE(from)
    from += 2
    // Byte by byte, because a copy may overlap its own output.
    for (let left = readLength(token & 15) + 4; left > 0; left -= 1, to += 1)
      out[to] = out[to - distance] ?? 0
  }
  return to
}
