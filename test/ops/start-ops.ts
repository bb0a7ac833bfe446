import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { compileCache } from '../support/compile-cache.ts'
import { createTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { freePort } from '../supervise/start.ts'

/** A real ops process with its own Redis, keyring and data folder. */
export interface RealOps {
  readonly child: ChildProcess
  readonly port: number
  readonly redis: TestRedis
  readonly folder: string
  readonly dataDir: string
  dispose(): Promise<void>
}

export async function startRealOps(env: Record<string, string> = {}): Promise<RealOps> {
  const redis = await createTestRedis()
  const folder = await mkdtemp(join(tmpdir(), 'tumen-ops-'))
  const [dataDir, keysDir, port] = [join(folder, 'var'), join(folder, 'keys'), await freePort()]
  await createDemoCeremony({
    keysDir,
    dataDir,
    day: dayOfInstant(new Date()),
    primitives: await loadSodiumPrimitives(),
  })
  const child = fork(fileURLToPath(new URL('../../src/ops/main.ts', import.meta.url)), {
    env: {
      NODE_COMPILE_CACHE: compileCache,
      TUMEN_DATA_DIR: dataDir,
      TUMEN_KEYS_DIR: keysDir,
      TUMEN_REDIS_URL: redis.url,
      TUMEN_OPS_LISTEN: `127.0.0.1:${port}`,
      TUMEN_CANARY_MINUTES: '0',
      TUMEN_METRICS_STEP_MINUTES: '1',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exit = once(child, 'exit')
  await Promise.race([once(child, 'message'), exit])
  return {
    child,
    port,
    redis,
    folder,
    dataDir,
    async dispose() {
      child.kill('SIGKILL')
      await exit
      await redis.dispose()
      await rm(folder, { recursive: true })
    },
  }
}
