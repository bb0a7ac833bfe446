import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { makeTempDir } from '../support/temp-dir.ts'

export const has = (program: string): boolean => spawnSync('which', [program]).status === 0

/** The Debian package of each program. */
const packages = {
  exiftool: 'libimage-exiftool-perl',
  identify: 'imagemagick',
  'heif-convert': 'libheif-examples',
}

/** Whether all programs are installed; prints the missing ones. */
export function hasAll(what: string, ...programs: (keyof typeof packages)[]): boolean {
  const missing = programs.filter((program) => !has(program))
  for (const program of missing)
    console.warn(
      `skipped: ${what}, because ${program} is not installed (apt-get install ${packages[program]})`,
    )
  return missing.length === 0
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return stdout
}

/** Every tag that exiftool finds, as `Group:Tag=value`, including embedded and unknown tags. */
export async function readTags(name: string, bytes: Uint8Array): Promise<string[]> {
  const path = join(await makeTempDir(), name)
  writeFileSync(path, bytes)
  const [tags] = JSON.parse(
    run('exiftool', ['-j', '-a', '-G1', '-u', '-ee', '-api', 'RequestAll=1', path]),
  ) as [Record<string, unknown>]
  return Object.entries(tags).map(([tag, value]) => `${tag}=${String(value)}`)
}

/** Digests of the visible pixels, one for each frame, regardless of profiles and orientation. */
export async function digestPixels(name: string, bytes: Uint8Array): Promise<string> {
  const dir = await makeTempDir()
  const path = join(dir, name)
  writeFileSync(path, bytes)
  if (!/^\.(?:heic|avif)$/.test(extname(name)))
    return run('identify', ['-quiet', '-format', '%#,', path])
  run('heif-convert', [path, join(dir, 'shown.png')])
  return readdirSync(dir)
    .filter((file) => file.endsWith('.png'))
    .map((file) => run('identify', ['-format', '%#,', join(dir, file)]))
    .join('')
}
