import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openSite, type Site } from '../../../faults/site.ts'
import { freePort, until } from '../../../supervise/start.ts'

let site: Site
let port: number
const children: ChildProcess[] = []

beforeAll(async () => {
  port = await freePort()
  site = await openSite({ env: { TUMEN_LISTEN: `127.0.0.1:${port}` } })
  for (const unit of [site.intake, site.worker]) unit.start()
  for (const unit of [site.intake, site.worker]) await unit.untilReady()
}, 120_000)
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => site.dispose())

const filesIn = (folder: string): Promise<string[]> => readdir(join(site.dataDir, folder))

/** Runs the stand-in of ops and kills it at its first message. */
async function runAndKill(...args: string[]): Promise<void> {
  const keysDir = join(dirname(site.deskDir), 'keys')
  const child = fork(
    join(import.meta.dirname, 'ops-stand-in.ts'),
    [site.dataDir, keysDir, String(port), ...args],
    { execArgv: [] },
  )
  children.push(child)
  await once(child, 'message')
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('when ops is killed', { timeout: 120_000 }, () => {
  it.each(['sealed', 'noted', 'sent', 'stored', 'opened', 'finished'])(
    'after %s, the next start leaves nothing of the canary',
    async (step) => {
      for (const method of ['post', 'tus']) await runAndKill(method, step)
      await runAndKill()
      await until(
        async () =>
          (await filesIn('sealed')).length === 0 && (await filesIn('incoming')).length === 0,
        () => 'the canaries to go',
        60_000,
      )
      // The note of a canary that was never sent is kept until that canary can no longer arrive.
      if (step === 'noted')
        expect((await filesIn('canary')).map((name) => name.split('.')[1])).toEqual([
          'done',
          'done',
        ])
      else
        await until(
          async () => (await filesIn('canary')).length === (step === 'sealed' ? 0 : 2),
          () => `the notes to go: ${step}`,
          60_000,
        )
      expect(await readFile(join(site.dataDir, 'ledger.jsonl'), 'utf8')).toBe('')
      expect(site.worker.log).toBe('')
    },
  )

  it('and the worker too, in the middle of everything, no canary is taken for a tip', async () => {
    for (const method of ['post', 'tus']) {
      site.worker.signal('SIGSTOP')
      await runAndKill(method, 'sent')
      await site.worker.kill()
      site.worker.start()
      await site.worker.untilReady()
    }
    await runAndKill()
    await until(
      async () =>
        (await filesIn('sealed')).length === 0 && (await filesIn('incoming')).length === 0,
      () => 'the canaries to go',
      60_000,
    )
    expect(await readFile(join(site.dataDir, 'ledger.jsonl'), 'utf8')).toBe('')
  })
})
