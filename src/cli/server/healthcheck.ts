import { request } from 'node:http'
import { createConnection } from 'node:net'
import { readHeartbeats } from '../../queue/heartbeat.ts'
import { connectProducer } from '../../queue/redis.ts'
import { requestTarget } from '../../../config/parsers.ts'
import { redisUrlOf } from '../../../config/private-redis.ts'
import type { Settings } from '../../../config/settings.ts'
import { sharedLayoutOf } from '../../tor/layout.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'

const silenceMs = 5_000

const checks: Readonly<Record<string, (settings: Settings) => Promise<boolean>>> = {
  intake: ({ listen }) => answers(listen),
  ops: ({ opsListen }) => answers(opsListen),
  worker: hasWorker,
  tor: async ({ torDir }) => torDir !== null && (await connects(sharedLayoutOf(torDir).socks)),
}

export const command = defineCommand({
  name: 'healthcheck',
  summary: 'for containers: check that the process of a role is working',
  usage: Object.keys(checks).join('|'),
  help: 'Exit status 0: it is working. 1: it is not. Run tumen status to see what is wrong and what to do.',
  options: {},
  positionals: { min: 1, max: 1 },
  async run(context, _values, [role = '']) {
    const check = Object.hasOwn(checks, role) ? checks[role] : undefined
    if (check === undefined)
      throw usageError(`unknown role: give one of ${Object.keys(checks).join(', ')}`)
    const isServing = await check(await context.settings()).catch(() => false)
    printLine(context, isServing ? 'serving' : 'not serving')
    return isServing ? 0 : 1
  },
})

/**
 * Any answer counts: `tumen status` shows the problems that it reports, and a restart would not
 * help.
 */
function answers(listen: Settings['listen']): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request(
      {
        ...requestTarget(listen),
        method: 'HEAD',
        path: '/',
        headers: { host: 'localhost' },
        timeout: silenceMs,
      },
      (answer) => {
        answer.resume()
        resolve(true)
      },
    )
    asking.on('timeout', () => asking.destroy())
    asking.on('error', () => resolve(false))
    asking.end()
  })
}

async function hasWorker(settings: Settings): Promise<boolean> {
  const redis = connectProducer(redisUrlOf(settings))
  try {
    if (redis.status !== 'ready')
      await new Promise((resolve) => redis.once('ready', resolve).once('close', resolve))
    return (await readHeartbeats(redis)).some(({ role }) => role === 'worker')
  } finally {
    redis.disconnect()
  }
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    const finish = (isConnected: boolean) => {
      socket.destroy()
      resolve(isConnected)
    }
    socket.setTimeout(silenceMs, () => finish(false))
    socket.on('connect', () => finish(true)).on('error', () => finish(false))
  })
}
