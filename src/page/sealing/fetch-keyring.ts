import { maxKeyringBytes, maxSignatureFileBytes } from '../../keyring/bounds.ts'
import { SealingError } from './sealer.ts'

/** The bytes as fetched. They must not be parsed before their signature has been checked. */
export interface KeyringFiles {
  /** The file `keyring.json`. */
  bytes: Uint8Array
  /** The file `keyring.json.minisig`. */
  signature: Uint8Array
}

/** @throws SealingError `KEYRING_UNREACHABLE` */
export async function fetchKeyring(source: {
  fetch: typeof fetch
  origin: string
}): Promise<KeyringFiles> {
  const [bytes, signature] = await Promise.all([
    fetchBounded(source, '/keyring.json', maxKeyringBytes),
    fetchBounded(source, '/keyring.json.minisig', maxSignatureFileBytes),
  ])
  return { bytes, signature }
}

async function fetchBounded(
  source: { fetch: typeof fetch; origin: string },
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    const { fetch, origin } = source
    const response = await fetch(new URL(path, origin), {
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    })
    if (!response.ok || response.body === null)
      throw new TypeError(`answered with ${response.status}`)
    return await readBounded(response.body.getReader(), maxBytes)
  } catch (cause) {
    throw new SealingError('KEYRING_UNREACHABLE', `${path} could not be loaded`, cause)
  }
}

async function readBounded(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxBytes)
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (length + next.value.length > maxBytes) {
      void reader.cancel().catch(() => undefined)
      throw new TypeError(`longer than ${maxBytes} bytes`)
    }
    bytes.set(next.value, length)
    length += next.value.length
  }
  return bytes.slice(0, length)
}
