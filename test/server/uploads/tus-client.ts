import { Upload as TusUpload } from 'tus-js-client'

/**
 * Retries that are fast enough for a test, and enough of them for ten broken connections and
 * several restarts of the intake without any progress.
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
  /** The statuses of all answers, in order. */
  statuses: number[]
  url: string | null
}

/** Uploads with the real tus client until that client reports success. */
export function sendWithTus(bytes: Buffer, options: TusOptions): Promise<TusResult> {
  const { onOffset, ...rest } = options
  const statuses: number[] = []
  return new Promise((resolve, reject) => {
    const upload = new TusUpload(bytes, {
      ...rest,
      retryDelays: RETRY_DELAYS_MS,
      onAfterResponse: (_request, response) => void statuses.push(response.getStatus()),
      onProgress: (sent) => onOffset?.(sent),
      // The client's own error holds whole sockets, which a test runner would print.
      onError: (error) => reject(new Error(error.message)),
      onSuccess: ({ lastResponse }) =>
        resolve({ receipt: lastResponse.getHeader('Tumen-Receipt'), statuses, url: upload.url }),
    })
    upload.start()
  })
}
