import { request } from 'node:http'

export interface Asked {
  method: string
  path: string
  headers?: Record<string, string | number>
  body?: Uint8Array
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Sends one request over a unix socket. Rejects when the connection breaks. */
export function ask(
  socketPath: string,
  { method, path, headers = {}, body }: Asked,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': body.length }
    const outgoing = request(
      { socketPath, method, path, headers: { ...length, ...headers } },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (piece: string) => void (text += piece))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const tus = { 'tus-resumable': '1.0.0' }

export function rawPost(bytes: Uint8Array): Asked {
  const headers = { 'content-type': 'application/octet-stream', accept: 'application/json' }
  return { method: 'POST', path: '/submissions', headers, body: bytes }
}

export function formPost(bytes: Uint8Array): Asked {
  const boundary = 'boundary-of-a-test'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="envelope"; filename="a"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { method: 'POST', path: '/submissions', headers, body }
}

export function tusCreate(bytes: Uint8Array): Asked {
  return { method: 'POST', path: '/uploads', headers: { ...tus, 'upload-length': bytes.length } }
}

export function tusPatch(path: string, offset: number, body: Uint8Array): Asked {
  const type = { 'content-type': 'application/offset+octet-stream' }
  return { method: 'PATCH', path, headers: { ...tus, ...type, 'upload-offset': offset }, body }
}

/** The path in the `Location` header of the answer to `tusCreate`. */
export function uploadPath({ headers }: Answer): string {
  return new URL(String(headers['location']), 'http://intake').pathname
}
