import { createCipheriv, createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

const pieceBytes = 1024 * 1024

/** Incompressible bytes, the same for the same seed: photos and videos for tests. */
export async function* seededBytes(seed: string, bytes: number): AsyncGenerator<Uint8Array> {
  const key = createHash('sha256').update(seed).digest()
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  const zeros = new Uint8Array(Math.min(pieceBytes, bytes))
  for (let left = bytes; left > 0; left -= zeros.length)
    yield stream.update(zeros.subarray(0, Math.min(left, zeros.length)))
}

export async function writeSeeded(path: string, seed: string, bytes: number): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const piece of seededBytes(seed, bytes)) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}
