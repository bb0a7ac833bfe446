import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Prefix of a command that runs it in new network and PID namespaces, as a container does. */
export const apart = ['unshare', '--net', '--pid', '--fork', '--mount-proc', '--kill-child']

/**
 * A real process that has locked a folder with `lockFolder`.
 *
 * @param options.isApart run it in other network and PID namespaces
 */
export async function holdFolder(
  path: string,
  { isApart = false } = {},
): Promise<{ kill(): Promise<void> }> {
  await mkdir(path, { recursive: true })
  const lockModule = join(import.meta.dirname, '../../src/disk/folder-lock.ts')
  const program = `
    import { lockFolder } from ${JSON.stringify(lockModule)}
    await lockFolder(${JSON.stringify(path)})
    console.log('locked')
    setInterval(() => {}, 1000)`
  const command = [
    ...(isApart ? apart : []),
    process.execPath,
    '--input-type=module',
    '-e',
    program,
  ]
  const child = spawn('env', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return { kill: () => killChild(child) }
}

/**
 * Sends SIGKILL; does nothing the second time. `unshare --kill-child` passes it on. Resolves when
 * the output has closed as well.
 */
async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
