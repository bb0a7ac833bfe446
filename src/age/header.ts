import { base64nopad } from '@scure/base'
import { ascii, concat } from './bytes.ts'
import { AgeError } from './errors.ts'

/** age §2.2: the file key, wrapped to one recipient. */
export interface Stanza {
  /** The type, then its arguments. Never empty. */
  args: readonly string[]
  body: Uint8Array
}

export interface Header {
  stanzas: readonly Stanza[]
  mac: Uint8Array
  /** The bytes that the MAC covers: the header up to and including `---`. */
  macInput: Uint8Array
  /** Length of the whole header in bytes, its last newline included. */
  bytes: number
}

/** Enough for the most stanzas that the intake accepts: 32 post-quantum ones take 52 KiB. */
export const maxHeaderBytes = 64 * 1024

/** A header of a few recipients fits. The buffer grows by doubling as far as a header needs. */
const firstBufferBytes = 4 * 1024

const versionLine = 'age-encryption.org/v1'
const armorLine = '-----BEGIN AGE ENCRYPTED FILE-----'
const bodyColumns = 64
const macBytes = 32
const lf = 0x0a

/**
 * Parses an age header (§2.2) while its bytes arrive, as strictly as the spec requires: LF only,
 * canonical unpadded base64, no empty argument, one short line at the end of each body. Until the
 * header is complete only its bytes are kept: parsed into objects, ten thousand empty stanzas would
 * take fifty times as much memory in every unfinished upload.
 */
export class HeaderParser {
  readonly #checkStanza: (type: string, number: number) => void
  #stanzas = 0
  #buffer = new Uint8Array(firstBufferBytes)
  #length = 0
  #lineStart = 0
  #scanned = 0
  #isInBody = false
  #isPastVersion = false

  /**
   * @param checkStanza is called for each stanza as soon as its first line has arrived, with its
   *   type and its number from 1 on. It may throw.
   */
  constructor(checkStanza: (type: string, number: number) => void = () => {}) {
    this.#checkStanza = checkStanza
  }

  /**
   * Takes the next bytes of the file.
   * @returns null while more bytes are needed; then the header, and the number of bytes of this
   *   chunk that belonged to it.
   * @throws AgeError `NOT_AGE`, `ARMORED`, `HEADER_INVALID` or `HEADER_TOO_LARGE`.
   */
  push(chunk: Uint8Array): { header: Header; consumed: number } | null {
    const before = this.#length
    for (let at = 0; at < chunk.length; at = this.#length - before) {
      this.#take(chunk.subarray(at))
      const header = this.#readLines()
      if (header) return { header, consumed: header.bytes - before }
      if (!this.#isPastVersion) this.#checkBeginning()
      if (this.#length === maxHeaderBytes) {
        throw new AgeError(
          'HEADER_TOO_LARGE',
          `the age header is longer than ${maxHeaderBytes} bytes`,
        )
      }
    }
    return null
  }

  /** Copies as many bytes as there is room for. A full buffer is first replaced by a larger one. */
  #take(bytes: Uint8Array): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#length)
      larger.set(this.#buffer)
      this.#buffer = larger
    }
    const taken = bytes.subarray(0, this.#buffer.length - this.#length)
    this.#buffer.set(taken, this.#length)
    this.#length += taken.length
  }

  #readLines(): Header | null {
    for (; this.#scanned < this.#length; this.#scanned++) {
      if (this.#buffer[this.#scanned] !== lf) continue
      const line = this.#buffer.subarray(this.#lineStart, this.#scanned)
      const header = this.#takeLine(decodeLine(line))
      this.#lineStart = this.#scanned + 1
      if (header) return header
    }
    return null
  }

  #takeLine(line: string): Header | null {
    if (!this.#isPastVersion) {
      this.#checkBeginning()
      if (line !== versionLine)
        throw new AgeError('NOT_AGE', `the file does not begin with "${versionLine}"`)
      this.#isPastVersion = true
    } else if (this.#isInBody) {
      this.#takeBodyLine(line)
    } else if (line.startsWith('-> ')) {
      const [type = ''] = parseArgs(line.slice(3))
      this.#stanzas += 1
      this.#checkStanza(type, this.#stanzas)
      this.#isInBody = true
    } else if (line.startsWith('--- ')) {
      return this.#finish(line)
    } else {
      throw invalid('a header line is neither a stanza nor the MAC')
    }
    return null
  }

  #takeBodyLine(line: string): void {
    if (line.length > bodyColumns) throw invalid('a stanza body line is longer than 64 columns')
    decodeBase64(line)
    this.#isInBody = line.length === bodyColumns
  }

  #finish(line: string): Header {
    const mac = decodeBase64(line.slice(4))
    if (mac.length !== macBytes) throw invalid('the header MAC is not 32 bytes long')
    const macInput = this.#buffer.slice(0, this.#lineStart + 3)
    const stanzas = readStanzas(
      decodeLine(this.#buffer.subarray(versionLine.length + 1, this.#lineStart)),
    )
    return { stanzas, mac, macInput, bytes: this.#scanned + 1 }
  }

  // Refuses a file as soon as a byte of its first line is wrong, without waiting for the end of the
  // line.
  #checkBeginning(): void {
    const seen = decodeLine(this.#buffer.subarray(0, Math.min(this.#length, armorLine.length)))
    if (seen.length > 1 && armorLine.startsWith(seen)) {
      if (seen === armorLine)
        throw new AgeError(
          'ARMORED',
          'the age file is armored; send the binary file (age without -a)',
        )
      return
    }
    const expected = `${versionLine}\n`
    if (expected.startsWith(seen) || seen.startsWith(expected)) return
    throw new AgeError('NOT_AGE', `the file does not begin with "${versionLine}"`)
  }
}

/**
 * Parses a complete header at the start of `file`. @throws AgeError like `HeaderParser.push`, and
 * `HEADER_INVALID` if the header is cut short.
 */
export function parseHeader(file: Uint8Array): Header {
  const parsed = new HeaderParser().push(file)
  if (!parsed) throw invalid('the header is cut short')
  return parsed.header
}

/** The header up to and including `---`: the bytes that the MAC covers. */
export function encodeHeaderWithoutMac(stanzas: readonly Stanza[]): Uint8Array {
  return ascii(`${versionLine}\n${stanzas.map(encodeStanza).join('')}---`)
}

export function encodeHeader(stanzas: readonly Stanza[], mac: Uint8Array): Uint8Array {
  return concat(encodeHeaderWithoutMac(stanzas), ascii(` ${base64nopad.encode(mac)}\n`))
}

function encodeStanza({ args, body }: Stanza): string {
  const encoded = base64nopad.encode(body)
  const lines: string[] = encoded.match(/.{1,64}/g) ?? []
  // age §2.2: the last line is shorter than 64 columns, and empty if the body fills its lines.
  if (encoded.length % bodyColumns === 0) lines.push('')
  return `-> ${args.join(' ')}\n${lines.join('\n')}\n`
}

/** Reads the stanzas from lines that `HeaderParser` has already checked. */
function readStanzas(text: string): Stanza[] {
  const stanzas: Stanza[] = []
  let args: string[] | null = null
  let body = ''
  for (const line of text.split('\n').slice(0, -1)) {
    if (args === null) {
      args = parseArgs(line.slice(3))
      body = ''
      continue
    }
    body += line
    if (line.length === bodyColumns) continue
    stanzas.push({ args, body: decodeBase64(body) })
    args = null
  }
  return stanzas
}

function parseArgs(text: string): string[] {
  const args = text.split(' ')
  if (!args.every((arg) => /^[\x21-\x7e]+$/.test(arg)))
    throw invalid('a stanza argument is empty or not printable')
  return args
}

function decodeLine(line: Uint8Array): string {
  let text = ''
  for (const byte of line) text += String.fromCharCode(byte)
  return text
}

function decodeBase64(text: string): Uint8Array {
  try {
    return base64nopad.decode(text)
  } catch (cause) {
    throw new AgeError('HEADER_INVALID', 'a header line is not canonical base64', cause)
  }
}

function invalid(message: string): AgeError {
  return new AgeError('HEADER_INVALID', message)
}
