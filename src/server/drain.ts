import type { Server } from 'node:http'
import type { Server as NetServer } from 'node:net'

/** Stops accepting, lets what is open finish within a bound, then cuts the rest. */
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
  // a connection that turns idle after its last answer would else be kept alive
  const sweep = setInterval(() => http.closeIdleConnections(), 100)
  await closed
  clearTimeout(cut)
  clearInterval(sweep)
}
