import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { AgeError } from './errors.ts'
import { maxHeaderBytes } from './header.ts'
import type { Piece, ReadRanges } from './stream.ts'
import { payloadNonceBytes } from './stream.ts'

const pieceBytes = 1024 * 1024
const beginningBytes = maxHeaderBytes + payloadNonceBytes

/**
 * Reads a file from its beginning, or from `start`, into one reused buffer: a yielded piece is
 * valid until the next one is requested.
 */
export async function* readPieces(file: FileHandle, start = 0): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes)
  for (let position = start; ; ) {
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/**
 * An age file whose payload the engine reads directly: the header as bytes, then the rest as one
 * file range.
 */
export async function* rangesOf(file: FileHandle): AsyncGenerator<Piece> {
  const { size } = await file.stat()
  const beginning = new Uint8Array(Math.min(size, beginningBytes))
  const reads = [{ fd: file.fd, position: 0, length: beginning.length, at: 0 }]
  readRanges(beginning, reads)
  yield beginning
  if (size > beginning.length)
    yield { fd: file.fd, position: beginning.length, length: size - beginning.length }
}

/** A whole file of `bytes` bytes as one file range, which the engine reads directly. */
export async function* wholeFile(file: FileHandle, bytes: number): AsyncGenerator<Piece> {
  if (bytes > 0) yield { fd: file.fd, position: 0, length: bytes }
}

/** Reads synchronously in the thread that processes the batch. */
export const readRanges: ReadRanges = (input, reads) => {
  for (const { fd, position, length, at } of reads) {
    for (let done = 0; done < length; ) {
      const bytesRead = readSync(fd, input, at + done, length - done, position + done)
      if (bytesRead === 0)
        throw new AgeError('SOURCE_CHANGED', 'a file became shorter while it was read: try again')
      done += bytesRead
    }
  }
}
