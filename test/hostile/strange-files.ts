import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { sha256 } from '../support/sealed.ts'

export interface StrangeFile {
  name: string
  receipt: string
  code: string
}

export interface StrangeFiles {
  files: StrangeFile[]
  /** Files that this user cannot create, each with the reason. */
  skipped: string[]
  close: () => void
}

/** Creates entries that are listed in the sums under an envelope's name, but are not envelopes. */
export async function makeStrangeFiles(stick: string, outside: string): Promise<StrangeFiles> {
  const files: StrangeFile[] = []
  const skipped: string[] = []
  const add = (name: string, code: string, make: (path: string) => void) => {
    const receipt = sha256(Buffer.from(`strange ${name}`))
    make(join(stick, `${receipt}.age`))
    files.push({ name, receipt, code })
  }
  add('a link to a file outside', 'ENVELOPE_NOT_A_FILE', (path) => symlinkSync(outside, path))
  add('a link to /dev/zero', 'ENVELOPE_NOT_A_FILE', (path) => symlinkSync('/dev/zero', path))
  add('a link to itself', 'ENVELOPE_NOT_A_FILE', (path) => symlinkSync(path, path))
  add('a link to nothing', 'ENVELOPE_NOT_A_FILE', (path) =>
    symlinkSync(join(stick, 'nothing'), path),
  )
  add('a folder', 'ENVELOPE_NOT_A_FILE', (path) => mkdirSync(path))
  add('a pipe', 'ENVELOPE_NOT_A_FILE', (path) => run('mkfifo', path))
  if (process.getuid?.() === 0)
    add('a device without an end', 'ENVELOPE_NOT_A_FILE', (path) =>
      run('mknod', path, 'c', '1', '5'),
    )
  else skipped.push('a device (only root makes one)')
  add('nothing', 'ENVELOPE_MISSING', () => undefined)
  add('an empty file', 'HEADER_INVALID', (path) => writeFileSync(path, ''))
  const server = await listen(join(stick, 's'))
  add('a link to a socket', 'ENVELOPE_NOT_A_FILE', (path) => symlinkSync(join(stick, 's'), path))
  return { files, skipped, close: () => server.close() }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

function listen(path: string): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) =>
    server.once('error', reject).listen(path, () => resolve(server)),
  )
}
