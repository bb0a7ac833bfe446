import { spawnSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sendEnvelope } from '../faults/source.ts'
import { mayNotMount, mountSmallDisk } from '../support/small-disk.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import {
  acknowledgeTips,
  commandsFor,
  exportTips,
  startGreen,
  tumen,
  untilGreen,
} from './green-site.ts'
import type { WatchedSite } from './watched-site.ts'

const redisProblems: ReadonlyArray<[code: string, setting: string, value: string]> = [
  ['REDIS_MEMORY_FULL', 'maxmemory', '1'],
  ['REDIS_POLICY_WRONG', 'maxmemory-policy', 'allkeys-lru'],
  ['REDIS_AOF_OFF', 'appendonly', 'no'],
]

describe('the commands that /readyz prints', { timeout: 120_000 }, () => {
  it.each(redisProblems)('make the site green again after %s', async (code, setting, value) => {
    const site = await startGreen()
    await site.redis.client().config('SET', setting, value)
    const commands = await commandsFor(site, code, 'redis-cli')
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) runShell(command)
    await site.untilTold(code, { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after REDIS_MEMORY_HIGH', async () => {
    const site = await startGreen()
    const used = /^used_memory:(\d+)/m.exec(await site.redis.client().info('memory'))?.[1]
    await site.redis.client().config('SET', 'maxmemory', Math.round(Number(used) * 1.15))
    const commands = await commandsFor(site, 'REDIS_MEMORY_HIGH', 'redis-cli')
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) runShell(command)
    await site.untilTold('REDIS_MEMORY_HIGH', { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after Redis became a replica', async () => {
    const site = await startGreen()
    await site.redis.client().replicaof('127.0.0.1', '1')
    const [look = '', ...more] = await commandsFor(site, 'REDIS_READ_ONLY', 'redis-cli')
    expect(runShell(look)).toContain('role:slave')
    for (const command of more) runShell(command)
    await site.untilTold('REDIS_READ_ONLY', { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after a failed rewrite, once its folder is repaired', async () => {
    const site = await startGreen()
    const folder = join(site.redis.dir, 'data', 'appendonlydir')
    // Root may write anywhere, so the path is blocked by a file instead.
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
    await site.redis
      .client()
      .bgrewriteaof()
      .catch(() => {})
    const [rewrite = ''] = await commandsFor(site, 'REDIS_AOF_REWRITE_FAILED', 'redis-cli')
    await rm(folder)
    await mkdir(folder)
    runShell(rewrite)
    await site.untilTold('REDIS_AOF_REWRITE_FAILED', { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after `tumen drain`', async () => {
    const site = await startGreen()
    await tumen(site, ['drain'])
    expect(await commandsFor(site, 'DRAINING', 'tumen')).toEqual(['tumen drain --off'])
    await tumen(site, ['drain', '--off'])
    await site.untilTold('DRAINING', { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after a dead letter', async () => {
    const site = await startGreen()
    // The intake refuses this file, so only a person with access to the machine can put it there.
    const { receipt } = makeEnvelope()
    await writeFile(join(site.dataDir, 'incoming', `${receipt}.age`), 'no envelope')
    expect(await commandsFor(site, 'QUARANTINE_NOT_EMPTY', 'tumen')).toEqual([
      'tumen queue inspect',
    ])
    expect(await tumen(site, ['queue', 'inspect'])).toContain(receipt.slice(0, 12))
    await tumen(site, ['queue', 'discard', receipt.slice(0, 12), '--yes'])
    await site.untilTold('QUARANTINE_NOT_EMPTY', { isGone: true })
    await untilGreen(site)
  })

  it('make the site green again after the disk was filled with tips', async (context) => {
    const disk = await mountSmallDisk('size=24m', 'a disk filled with tips')
    if (disk === null) return context.skip(mayNotMount)
    onTestFinished(() => disk.unmount())
    const site = await startGreen({
      dataDir: join(disk.dir, 'var'),
      env: { TUMEN_RESERVE_BYTES: '1MiB' },
    })
    await sendUntilRefused(site)
    const commands = await commandsFor(site, 'DISK_FULL', 'tumen')
    expect(commands).toEqual(['tumen free-space', 'tumen export'])
    await site.untilTold('SPOOL_NOT_DRAINED', { isGone: true })

    // Nothing is acknowledged yet: the command says so, and deletes nothing.
    expect(await tumen(site, ['free-space', '--yes'])).toMatch(/^nothing to delete: no desk has/)
    await site.untilTold('DISK_FULL')

    const receipts = await exportTips(site)
    expect(receipts.length).toBeGreaterThan(10)
    await acknowledgeTips(site, receipts)
    const freed = await tumen(site, ['free-space', '--yes'])
    expect(freed).toMatch(/^deleted \d+ envelopes \(\d+(?:\.\d+)? MiB\)\n$/)
    await site.untilTold('DISK_FULL', { isGone: true })
    await site.untilTold('DISK_NEARLY_FULL', { isGone: true })
    await untilGreen(site)
    expect(await sendOne(site)).toBe(201)
    expect(await readdir(join(site.dataDir, 'collected'))).toEqual([])
    expect(await tumen(site, ['status'])).toContain('ready')
  })
})

function runShell(command: string): string {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

async function sendOne({ socket }: WatchedSite): Promise<number> {
  const agent = new Agent()
  try {
    const { bytes } = makeEnvelope(900_000)
    return (await sendEnvelope({ socket, agent, bytes })).status
  } finally {
    agent.destroy()
  }
}

async function sendUntilRefused(site: WatchedSite): Promise<void> {
  for (let sent = 0; sent < 100; sent += 1) if ((await sendOne(site)) === 507) break
  // Fill the remaining space with smaller tips.
  const agent = new Agent()
  for (let sent = 0; sent < 100; sent += 1) {
    const { bytes } = makeEnvelope(60_000)
    if ((await sendEnvelope({ socket: site.socket, agent, bytes })).status === 507) break
  }
  agent.destroy()
}
