import { spawnSync } from 'node:child_process'

export const hasMinisign = spawnSync('minisign', ['-v']).status === 0
if (!hasMinisign)
  console.warn(
    'skipped: minisign interop, because minisign is not installed (apt-get install minisign)',
  )

/** Runs minisign in `dir`. `text` is everything that it printed. */
export function minisign(
  dir: string,
  args: readonly string[],
  input = '',
): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('minisign', args, {
    cwd: dir,
    input,
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}
