import { readdir, readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { cleanUp, freePort, isAlive, startSupervisor, until } from '../start.ts'

afterEach(cleanUp)

/** The child processes of `parent`: from the distinctive part of the command line to the PID. */
async function childrenOf(parent: number): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== parent) continue
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    found.set(
      /server\/main|workers\/main|ops\/main|redis-server/.exec(command)?.[0] ?? command,
      Number(name),
    )
  }
  return found
}

async function startReal() {
  const [port, opsPort] = [await freePort(), await freePort()]
  const run = await startSupervisor({
    mains: [],
    env: { TUMEN_LISTEN: `127.0.0.1:${port}`, TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}` },
  })
  await run.untilOutput('ready; Ctrl-C')
  const isReady = async () =>
    (await fetch(`http://127.0.0.1:${opsPort}/readyz`).catch(() => null))?.status === 200
  return {
    ...run,
    port,
    opsPort,
    isReady,
    untilReady: () => until(isReady, () => `readiness: ${run.output()}`),
  }
}

describe('the supervisor with the real processes', () => {
  it('is ready when it says so, and after each process was killed', async () => {
    const run = await startReal()
    expect(await run.isReady()).toBe(true)
    expect((await fetch(`http://127.0.0.1:${run.port}/keyring.json`)).status).toBe(200)
    const before = await childrenOf(run.child.pid ?? 0)
    expect([...before.keys()].sort()).toEqual([
      'ops/main',
      'redis-server',
      'server/main',
      'workers/main',
    ])
    for (const pid of before.values()) process.kill(pid, 'SIGKILL')
    await until(
      async () => {
        const now = await childrenOf(run.child.pid ?? 0)
        return now.size === 4 && [...now].every(([name, pid]) => before.get(name) !== pid)
      },
      () => 'four other processes',
    )
    await run.untilReady()
    run.child.kill('SIGTERM')
    expect(await run.exit).toEqual([0, null])
  })

  it('leaves no process behind when it is killed', async () => {
    const run = await startReal()
    const pids = [...(await childrenOf(run.child.pid ?? 0)).values()]
    expect(pids).toHaveLength(4)
    run.child.kill('SIGKILL')
    await until(
      () => !pids.some(isAlive),
      () => `${pids.filter(isAlive).join(', ')} to end`,
    )
  })
})
