import { join } from 'node:path'
import { compileCache } from '../../support/compile-cache.ts'
import { freePort, startSupervisor, temporaryFolder } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'

/** The whole service with a demo keyring, as `npm start` runs it, in a folder of its own. */
export interface Service {
  folder: string
  run: Started
  /** For the service, and for commands that are run beside it. */
  env: Record<string, string>
  /** Address of the intake. */
  url: string
}

/** Sweeps come every second and steps every minute, which is as often as the settings allow. */
export async function startService(): Promise<Service> {
  const folder = await temporaryFolder()
  const [port, opsPort] = [await freePort(), await freePort()]
  const env = {
    TUMEN_DATA_DIR: join(folder, 'var'),
    TUMEN_KEYS_DIR: join(folder, 'keys'),
    TUMEN_LISTEN: `127.0.0.1:${port}`,
    TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_METRICS_STEP_MINUTES: '1',
    NODE_COMPILE_CACHE: compileCache,
  }
  const run = await startSupervisor({ mains: [], dataDir: join(folder, 'var'), env })
  await run.untilOutput('ready; Ctrl-C')
  return { folder, run, env, url: `http://127.0.0.1:${port}` }
}
