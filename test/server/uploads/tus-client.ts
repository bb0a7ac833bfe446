import { Upload as TusUpload } from 'tus-js-client'

/**
 * Soon enough for a test, and often enough for ten cuts and some starts of a process without a byte
 * in between.
 */
const RETRY_DELAYS_MS = Array.from({ length: 100 }, (_, count) => Math.min(10 * count, 200))

export interface TusOptions {
  endpoint: string
  chunkSize?: number
  metadata?: Record<string, string>
  uploadDataDuringCreation?: boolean
  onOffset?: (bytes: number) => void
}

export interface TusResult {
  receipt: string | undefined
  /** Of all answers, in order. */
  statuses: number[]
  url: string | null
}

/** Sends with the real client until it has what it takes for success. */
export function sendWithTus(bytes: Buffer, options: TusOptions): Promise<TusResult> {
  const { onOffset, ...rest } = options
  const statuses: number[] = []
  return new Promise((resolve, reject) => {
    const upload = new TusUpload(bytes, {
      ...rest,
      retryDelays: RETRY_DELAYS_MS,
      onAfterResponse: (_request, response) => void statuses.push(response.getStatus()),
      onProgress: (sent) => onOffset?.(sent),
      // its own error holds whole sockets, which a test runner would print
      onError: (error) => reject(new Error(error.message)),
      onSuccess: ({ lastResponse }) =>
        resolve({ receipt: lastResponse.getHeader('Tumen-Receipt'), statuses, url: upload.url }),
    })
    upload.start()
  })
}
