import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tumenPath } from '../cli/support/run-tumen.ts'

/** Runs `tumen` and reads from the kernel how much memory it had at its peak, in MiB. */
export async function peakMemoryOf(
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ status: number | null; peakMebibytes: number; stderr: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-peak-'))
  const [hook, report] = [join(dir, 'hook.mjs'), join(dir, 'report')]
  await writeFile(
    hook,
    `
    import { isMainThread } from 'node:worker_threads'
    import { writeFileSync } from 'node:fs'
    if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)))`,
  )
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--import', hook, tumenPath, ...args], {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => void (stderr += piece))
  const [status] = (await once(child, 'close')) as [number | null]
  const peakMebibytes = Number(await readFile(report, 'utf8')) / 1024
  await rm(dir, { recursive: true })
  return { status, peakMebibytes, stderr }
}
