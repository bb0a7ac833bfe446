import { existsSync, readFileSync, statSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TorLayout } from '../../src/tor/layout.ts'
import { torLayoutOf } from '../../src/tor/layout.ts'
import { addClient, listClients, removeClient } from '../../src/tor/ops-clients.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const target = { path: '/run/tumen/ops/ops.sock' }
let layout: TorLayout
const config = () => `${layout.extra}/ops.conf`

beforeEach(async () => {
  layout = torLayoutOf(await makeTempDir())
})

describe('addClient', () => {
  it('writes the key that tor checks, and returns the secret one, once', async () => {
    const secretKey = await addClient(layout, 'kim', target)
    const line = readFileSync(`${layout.ops}/authorized_clients/kim.auth`, 'utf8')
    // rend-spec-v3, appendix G.1.1: type, curve, and 32 bytes in base32.
    expect(line).toMatch(/^descriptor:x25519:[A-Z2-7]{52}\n$/)
    expect(secretKey).toMatch(/^[A-Z2-7]{52}$/)
    expect(line).not.toContain(secretKey)
    expect(statSync(`${layout.ops}/authorized_clients/kim.auth`).mode & 0o777).toBe(0o600)
    expect(statSync(layout.ops).mode & 0o777).toBe(0o700)
  })

  it('gives each client its own key', async () => {
    expect(await addClient(layout, 'kim', target)).not.toBe(await addClient(layout, 'lee', target))
    expect(await listClients(layout)).toEqual(['kim', 'lee'])
  })

  it('leads to the address on which ops listens', async () => {
    await addClient(layout, 'kim', target)
    expect(readFileSync(config(), 'utf8')).toContain(
      `HiddenServiceDir ${layout.ops}\nHiddenServiceVersion 3\nHiddenServicePort 80 unix:/run/tumen/ops/ops.sock\n`,
    )
    await addClient(layout, 'lee', { host: '127.0.0.1', port: 8441 })
    expect(readFileSync(config(), 'utf8')).toContain('HiddenServicePort 80 127.0.0.1:8441\n')
  })

  it('does not replace the key of somebody', async () => {
    await addClient(layout, 'kim', target)
    const before = readFileSync(`${layout.ops}/authorized_clients/kim.auth`)
    await expect(addClient(layout, 'kim', target)).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(readFileSync(`${layout.ops}/authorized_clients/kim.auth`)).toEqual(before)
  })

  it.each([
    '',
    '../kim',
    'Kim',
    'a b',
    '-kim',
    'kim-',
    'k'.repeat(33),
    'kim\n',
    '.',
    'kim/lee',
    '김',
  ])('refuses the name %j, and makes nothing', async (name) => {
    await expect(addClient(layout, name, target)).rejects.toMatchObject({ code: 'NAME_INVALID' })
    expect(existsSync(layout.ops)).toBe(false)
  })

  it.each(['k', 'kim-2', 'k'.repeat(32)])('takes the name %j', async (name) => {
    await addClient(layout, name, target)
    expect(await listClients(layout)).toEqual([name])
  })
})

describe('removeClient', () => {
  it('takes the onion away with its last client: one without clients is open to everybody', async () => {
    await addClient(layout, 'kim', target)
    await addClient(layout, 'lee', target)
    await removeClient(layout, 'kim')
    expect(existsSync(config())).toBe(true)
    await removeClient(layout, 'lee')
    expect(existsSync(config())).toBe(false)
    expect(await listClients(layout)).toEqual([])
  })

  it('refuses a name it does not know', async () => {
    await expect(removeClient(layout, 'kim')).rejects.toMatchObject({ code: 'NAME_UNKNOWN' })
    await expect(removeClient(layout, '../kim')).rejects.toMatchObject({ code: 'NAME_INVALID' })
  })
})
