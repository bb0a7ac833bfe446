import type { Server } from 'node:http'
import type { Server as NetServer } from 'node:net'

/**
 * Stops accepting connections, lets open requests finish within a time limit, then closes the rest.
 */
export async function drainServers(options: {
  http: Server
  others: readonly NetServer[]
  boundMs: number
}): Promise<void> {
  const { http, others, boundMs } = options
  const closed = Promise.all(
    [http, ...others].map(
      (server) =>
        new Promise<void>((resolve) => {
          if (server.listening) server.close(() => resolve())
          else resolve()
        }),
    ),
  )
  http.closeIdleConnections()
  const cut = setTimeout(() => http.closeAllConnections(), boundMs)
  // a connection that becomes idle after its last answer would otherwise be kept alive
  const sweep = setInterval(() => http.closeIdleConnections(), 100)
  await closed
  clearTimeout(cut)
  clearInterval(sweep)
}
