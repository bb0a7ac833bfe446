import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeSite } from '../../src/front-page/write-site.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { filesBelow } from './files-below.ts'
import { isThere, startCaddy, startNginx } from './web-server.ts'

const onion = `${'tumen'.repeat(11)}d.onion`

describe.each([
  ['nginx', startNginx],
  ['caddy', startCaddy],
] as const)('the sample for %s', (program, start) => {
  if (!isThere(program))
    console.warn(`skipped: the page on the open web behind ${program}, which is not installed`)

  it.skipIf(!isThere(program))(
    'serves the page, names the onion, accepts no input and logs no visitor',
    async () => {
      const dir = await makeTempDir()
      await writeSite({ folder: join(dir, 'site'), onion })
      const server = await start(join(dir, 'site'), join(dir, program))
      onTestFinished(server.close)
      const ask = (path: string, method = 'GET') =>
        fetch(
          `http://127.0.0.1:${server.port}${path}`,
          method === 'POST' ? { method, body: 'a tip' } : { method },
        )
      for (const path of ['/', '/ko/', '/zh/']) {
        const answer = await ask(path)
        expect([answer.status, answer.headers.get('onion-location')]).toEqual([
          200,
          `http://${onion}${path}`,
        ])
        expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
        expect(await answer.text()).toContain(onion)
      }
      expect((await ask('/onion.svg')).headers.get('content-type')).toBe('image/svg+xml')
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
        expect([method, (await ask('/ko/', method)).status]).toEqual([method, 405])
      expect((await ask('/nothing-here')).status).toBe(404)
      // Whatever the web server wrote, it must contain nothing about the requests.
      const written = filesBelow(join(dir, program))
        .map((name) => readFileSync(join(dir, program, name), 'utf8'))
        .join()
      expect(written).not.toMatch(/nothing-here|a tip/)
      expect(filesBelow(join(dir, program)).filter((name) => name.endsWith('.log'))).toEqual([])
    },
  )
})
