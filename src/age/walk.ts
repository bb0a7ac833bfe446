import { AgeError } from './errors.ts'
import { HeaderParser } from './header.ts'
import { payloadNonceBytes, sealedChunkBytes, tagBytes } from './stream.ts'

/** What can be known about an age file without any key. */
export interface EnvelopeShape {
  headerBytes: number
  /** Length of the nonce and chunks in bytes. */
  payloadBytes: number
}

/**
 * The most stanzas that the intake accepts. A keyring has far fewer recipients in force, and the
 * header must stay small.
 */
export const maxStanzas = 32

/**
 * Checks the structure of an age file (§2) while its bytes arrive. It keeps at most
 * `maxHeaderBytes`, and only two numbers after the header. It refuses passphrase and ssh files,
 * which the desk cannot or must not open. By design, it cannot see to whom a file is sealed.
 */
export class EnvelopeWalker {
  #parser: HeaderParser | null = new HeaderParser(checkStanza)
  #headerBytes = 0
  #payloadBytes = 0

  /** @throws AgeError as soon as the bytes so far cannot be the start of an acceptable file. */
  push(chunk: Uint8Array): void {
    if (this.#parser === null) {
      this.#payloadBytes += chunk.length
      return
    }
    const parsed = this.#parser.push(chunk)
    if (!parsed) return
    if (parsed.header.stanzas.length === 0)
      throw new AgeError('NO_STANZAS', 'the age file is sealed to nobody')
    this.#parser = null
    this.#headerBytes = parsed.header.bytes
    this.#payloadBytes = chunk.length - parsed.consumed
  }

  /**
   * @throws AgeError `HEADER_INVALID` or `PAYLOAD_TRUNCATED` if a complete file cannot end here.
   */
  finish(): EnvelopeShape {
    if (this.#parser !== null)
      throw new AgeError('HEADER_INVALID', 'the age file ends inside its header')
    checkPayloadLength(this.#payloadBytes)
    return { headerBytes: this.#headerBytes, payloadBytes: this.#payloadBytes }
  }
}

/** Called while the header arrives, so that nothing is received after its first defect. */
function checkStanza(type: string, number: number): void {
  if (number > maxStanzas) {
    throw new AgeError(
      'TOO_MANY_STANZAS',
      `the age file has more than ${maxStanzas} stanzas; at most ${maxStanzas} are accepted`,
    )
  }
  if (type === 'scrypt') {
    throw new AgeError(
      'PASSPHRASE_STANZA',
      'the age file is sealed with a passphrase; seal it to the recipients',
    )
  }
  if (type.startsWith('ssh-')) {
    throw new AgeError(
      'SSH_STANZA',
      'the age file is sealed to an ssh key; seal it to the recipients',
    )
  }
}

// age §2.3.2: a nonce, full chunks, and a last chunk that may be empty only if it is the first.
function checkPayloadLength(payloadBytes: number): void {
  const chunkBytes = payloadBytes - payloadNonceBytes
  const lastChunkBytes = chunkBytes % sealedChunkBytes
  const isOnlyChunk = chunkBytes === tagBytes
  if (chunkBytes >= tagBytes && (lastChunkBytes === 0 || lastChunkBytes > tagBytes || isOnlyChunk))
    return
  throw new AgeError(
    'PAYLOAD_TRUNCATED',
    'the age file is cut short: it does not end with a whole chunk',
  )
}
