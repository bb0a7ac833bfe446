import { createConnection } from 'node:net'

/** All expected answers are one line long. */
const maxAnswerBytes = 512
const timeoutMs = 2000

/**
 * Sends one inline command to the Redis on a unix socket. Returns the first line of the answer, or
 * null if there is no answer, as after SHUTDOWN.
 */
export function askRedis(path: string, command: 'PING' | 'SHUTDOWN'): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    let answer = ''
    function finish(line: string | null): void {
      socket.destroy()
      resolve(line)
    }
    socket.setTimeout(timeoutMs, () => finish(null))
    socket.on('error', () => finish(null))
    socket.on('close', () => finish(null))
    socket.on('connect', () => socket.write(`${command}\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      const end = answer.indexOf('\r\n')
      if (end >= 0 || answer.length > maxAnswerBytes) finish(end >= 0 ? answer.slice(0, end) : null)
    })
  })
}
