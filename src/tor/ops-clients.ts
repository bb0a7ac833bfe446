import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base32nopad, base64urlnopad } from '@scure/base'
import { TorError } from './errors.ts'
import type { TorLayout } from './layout.ts'

/** A client's name is also used as a file name. */
const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/
const suffix = '.auth'

/** The target of the ops onion: a unix socket, or a port on this machine. */
export type OpsTarget = { path: string } | { host: string; port: number }

/**
 * The names of the people who may reach the ops onion, by the client keys that tor checks
 * (rend-spec-v3, appendix G.1). Without a client there is no ops onion: its configuration is
 * written after the first client's key, and removed before the last one.
 */
export async function listClients({ ops }: TorLayout): Promise<string[]> {
  const names = await readdir(clientsDir(ops)).catch(() => [])
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort()
}

/**
 * @returns the secret key in base32, as Tor Browser asks for it; no copy of it is kept.
 * @throws TorError `NAME_INVALID`, `NAME_TAKEN`; errors of the file system.
 */
export async function addClient(
  layout: TorLayout,
  name: string,
  target: OpsTarget,
): Promise<string> {
  const path = clientPath(layout.ops, name)
  const { publicKey, secretKey } = makeClientKey()
  // tor refuses folders that other users may read.
  for (const dir of [layout.ops, clientsDir(layout.ops), layout.extra])
    await mkdir(dir, { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, `descriptor:x25519:${publicKey}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new TorError(
      'NAME_TAKEN',
      `${name} has a key already: remove it first, or choose another name`,
      cause,
    )
  }
  await writeFile(configPath(layout), configText(layout, target), { mode: 0o600 })
  return secretKey
}

/** @throws TorError `NAME_INVALID`, `NAME_UNKNOWN`; errors of the file system. */
export async function removeClient(layout: TorLayout, name: string): Promise<void> {
  const path = clientPath(layout.ops, name)
  const names = await listClients(layout)
  if (!names.includes(name))
    throw new TorError('NAME_UNKNOWN', `nobody here is called ${name}: see tumen ops-onion list`)
  if (names.length === 1) await rm(configPath(layout), { force: true })
  await rm(path)
}

function clientPath(ops: string, name: string): string {
  if (!namePattern.test(name))
    throw new TorError(
      'NAME_INVALID',
      'a name has 1 to 32 letters a to z, digits and hyphens between them',
    )
  return join(clientsDir(ops), `${name}${suffix}`)
}

function clientsDir(ops: string): string {
  return join(ops, 'authorized_clients')
}

function configPath({ extra }: TorLayout): string {
  return join(extra, 'ops.conf')
}

function configText({ ops }: TorLayout, target: OpsTarget): string {
  const place = 'path' in target ? `unix:${target.path}` : `${target.host}:${target.port}`
  return `# Written by tumen ops-onion.\nHiddenServiceDir ${ops}\nHiddenServiceVersion 3\nHiddenServicePort 80 ${place}\n`
}

function makeClientKey(): { publicKey: string; secretKey: string } {
  const { x = '', d = '' } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  return {
    publicKey: base32nopad.encode(base64urlnopad.decode(x)),
    secretKey: base32nopad.encode(base64urlnopad.decode(d)),
  }
}
