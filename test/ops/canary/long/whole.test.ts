import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, freePort, startSupervisor, until } from '../../../supervise/start.ts'
import { startHttp } from '../../notify/servers.ts'

afterEach(cleanUp)

describe('the whole of it, as it is started', { timeout: 240_000 }, () => {
  it('sends canaries that leave no trace, and a note on the minute', async () => {
    const hook = await startHttp()
    const opsPort = await freePort()
    const run = await startSupervisor({
      mains: [],
      env: {
        TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
        TUMEN_CANARY_MINUTES: '1',
        TUMEN_SWEEP_SECONDS: '1',
        TUMEN_NOTIFY_MINUTES: '1',
        TUMEN_NOTIFY_WEBHOOK: `http://127.0.0.1:${hook.port}/hunter2`,
      },
    })
    const filesIn = (folder: string): Promise<string[]> =>
      readdir(join(run.dataDir, folder)).catch(() => [])
    await until(
      async () => (await filesIn('canary')).length > 0,
      () => `a canary: ${run.output()}`,
      120_000,
    )
    await until(
      async () => (await filesIn('canary')).length === 0 && (await filesIn('sealed')).length === 0,
      () => 'it to go',
      60_000,
    )
    await until(
      () => hook.heard.some(({ isOver }) => isOver),
      () => 'a note',
      90_000,
    )
    const [note] = hook.heard
    expect(note?.bytes.toString()).toContain('"state":0,"waiting":0')
    // Notes are sent ten seconds after the minute; a busy machine may be a little off.
    expect(((note?.atMs ?? 0) % 60_000) / 1000).toBeGreaterThanOrEqual(9.5)
    expect(await (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).json()).toEqual({
      ready: true,
      problems: [],
    })
    expect(await readFile(join(run.dataDir, 'ledger.jsonl'), 'utf8')).toBe('')
    expect(run.output()).not.toContain('hunter2')
    run.child.kill('SIGTERM')
    expect(await run.exit).toEqual([0, null])
  })
})
