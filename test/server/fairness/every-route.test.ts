import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Intake, RawClient, startIntake } from '../harness.ts'

/*
 * The description of the API is generated from the routes, so a new route is tested without a change
 * here.
 */
const document = parse(
  readFileSync(join(import.meta.dirname, '../../../docs/http-api.yaml'), 'utf8'),
) as { paths: Record<string, Record<string, unknown>> }

const methods = ['get', 'head', 'post', 'patch', 'delete', 'options', 'put']
const routes = Object.entries(document.paths).flatMap(([path, described]) =>
  methods.filter((method) => method in described).map((method) => ({ method, path })),
)

const circuitRequests = 2

let intake: Intake
beforeAll(async () => {
  intake = await startIntake({ fairness: { circuitRequests } })
})
afterAll(() => intake.stop())

const nameOf = (path: string): string =>
  path
    .replace('{name}', 'nothing')
    .replace('{id}', 'a'.repeat(32))
    .replace('{receipt}', 'a'.repeat(64))

async function statusOf(circuit: number, method: string, path: string): Promise<string> {
  const client = new RawClient(intake.onionPath)
  const proxy = `PROXY TCP6 fc00:dead:beef:4dad::0:${circuit.toString(16)} ::1 ${circuit} 80\r\n`
  client.write(
    `${proxy}${method.toUpperCase()} ${nameOf(path)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`,
  )
  const answer = await client.until(/\r\n\r\n/)
  client.socket.destroy()
  return answer.slice(9, 12)
}

describe('the limit of requests', () => {
  it('is asked on more routes than the page alone has', () => {
    expect(routes.length).toBeGreaterThan(20)
  })

  it.each(
    [...routes, { method: 'get', path: '/no-such-route' }].map((route, at) => ({
      ...route,
      circuit: 100 + at,
    })),
  )('is asked by $method $path', async ({ method, path, circuit }) => {
    for (let before = 0; before < circuitRequests; before += 1)
      expect(await statusOf(circuit, method, path)).not.toBe('429')
    expect(await statusOf(circuit, method, path)).toBe('429')
    // A request of one route counts for all others.
    expect(await statusOf(circuit, 'get', '/keyring.json')).toBe('429')
  })
})
