/** Where files of the server come from. */
export interface FileSource {
  fetch: typeof fetch
  origin: string
}

/** The same for every request: nothing may be stored, and nothing says where we come from. */
export const plainRequest = {
  cache: 'no-store',
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  redirect: 'error',
} as const satisfies RequestInit

/**
 * For a file that the page announces with `<link rel="preload" crossorigin>`. A browser uses what
 * it has requested early only for a request that asks for nothing special. It is as private as the
 * others: the server sets no cookie and says `no-store`, and the policy permits no other origin.
 */
export const announcedRequest = {
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
} as const satisfies RequestInit

/** @throws TypeError if the server does not answer with the file, or the file is too long */
export async function fetchBounded(
  { fetch, origin }: FileSource,
  path: string,
  maxBytes: number,
  request: RequestInit = plainRequest,
): Promise<Uint8Array> {
  const response = await fetch(new URL(path, origin), request)
  if (!response.ok || response.body === null)
    throw new TypeError(`answered with ${response.status}`)
  return await readBounded(response.body.getReader(), maxBytes)
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
