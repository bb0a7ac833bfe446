import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { maxSocketPathBytes } from './parsers.ts'
import type { Settings } from './settings.ts'

/** The Redis that the settings name, or else the private one of `npm start`. */
export function redisUrlOf({ redisUrl, dataDir }: Pick<Settings, 'redisUrl' | 'dataDir'>): string {
  return redisUrl ?? `unix:${privateSocketOf(dataDir)}`
}

/**
 * The socket of the private Redis: `dataDir/redis.sock`, or a short name in the temporary directory
 * if that path is too long for the kernel.
 */
export function privateSocketOf(dataDir: string): string {
  const path = join(dataDir, 'redis.sock')
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return path
  const tag = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return join(tmpdir(), `tumen-${process.getuid?.() ?? 0}-${tag}.sock`)
}
