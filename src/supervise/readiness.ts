import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestTarget } from '../../config/parsers.ts'
import type { Settings } from '../../config/settings.ts'
import { opsAuthorization } from '../../config/token-file.ts'

const pollMs = 200
const maxPolls = 15
const maxAnswerBytes = 64 * 1024

type Asked = Pick<Settings, 'opsListen' | 'opsTokenFile'>

/**
 * Polls `/readyz` until it reports no error, for a few seconds at most. Returns the codes of the
 * remaining errors. Returns none if ops does not answer at all, because its restarts are reported
 * anyway.
 */
export async function untilReadyByOps(ops: Asked, stop: AbortSignal): Promise<string[]> {
  let codes: string[] = []
  for (let polls = 0; polls < maxPolls && !stop.aborted; polls += 1) {
    const answer = await readyz(ops).catch(() => null)
    if (answer === null) return []
    codes = errorCodes(answer)
    if (codes.length === 0) return []
    await sleep(pollMs, undefined, { signal: stop }).catch(() => undefined)
  }
  return codes
}

function readyz({ opsListen: listen, opsTokenFile }: Asked): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(
      {
        ...requestTarget(listen),
        path: '/readyz',
        headers: { host: 'localhost', ...opsAuthorization(opsTokenFile) },
        timeout: 2000,
        agent: false,
      },
      (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => {
          if (body.length < maxAnswerBytes) body += chunk.toString()
        })
        response.on('end', () => resolve(body))
        response.on('error', () => resolve(null))
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(null))
  })
}

function errorCodes(body: string): string[] {
  try {
    const { problems } = JSON.parse(body) as { problems: Array<{ code: string; severity: string }> }
    return problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  } catch {
    return []
  }
}
