import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity, recipientOf, revealIdentity } from '../../../src/age/keys.ts'
import { setUp, type SetupValues } from '../../../src/cli/setup/setup.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { makePlaces } from '../../doctor/places.ts'
import { primitives } from '../../support/ceremony.ts'
import { fakeContext } from '../support/fake-context.ts'
import { makeTempDir } from '../support/run-tumen.ts'

const repository = join(import.meta.dirname, '../../..')
const identity = generateIdentity(primitives, 'hybrid')
const recipient = recipientOf(identity)
const address = 'security@example.org'

let dir: string
let security: string
beforeEach(async () => {
  dir = await makeTempDir()
  security = join(dir, 'SECURITY.md')
  copyFileSync(join(repository, 'SECURITY.md'), security)
})

const document = () => readFileSync(security, 'utf8')

async function run(values: SetupValues) {
  const places = await makePlaces({ 'proc/swaps': 'Filename\n' })
  const context = fakeContext({ cwd: dir, clock: systemClock })
  const given = { run: 'hand', 'data-dir': 'var', output: '.env', yes: true, ...values }
  const status = await setUp(context, given, {
    ...places,
    log: join(places.dir, 'log'),
    security,
  })
  return { status, ...context.written }
}

describe('tumen setup and SECURITY.md', () => {
  it('fills both placeholders, and leaves nothing that speaks of placeholders', async () => {
    expect(document()).toContain('REPORTING-ADDRESS')
    const done = await run({ 'report-to': address, 'report-recipient': recipient })
    expect(done).toMatchObject({ status: 0, stderr: expect.stringContaining('SECURITY.md') })
    expect(done.stdout).not.toContain('does not say yet')
    expect(document()).toContain(
      `Write to **${address}**, sealed to this age recipient: **${recipient}**.`,
    )
    expect(document()).not.toMatch(/REPORTING-|placeholder/)
  })

  it('leaves the document as it is when nothing was answered, and says how to fill it', async () => {
    const before = document()
    expect((await run({})).stdout).toContain('does not say yet where faults are reported')
    expect(document()).toBe(before)
  })

  it('fills one now and the other later, and replaces an earlier answer', async () => {
    await run({ 'report-to': address })
    expect(document()).toContain(`**${address}**`)
    expect(document()).toContain('REPORTING-RECIPIENT')
    await run({ 'report-recipient': recipient })
    expect(document()).not.toMatch(/REPORTING-|placeholder/)
    await run({ 'report-to': 'https://example.org/report' })
    expect(document()).toContain('**https://example.org/report**')
    expect(document()).toContain(recipient)
  })

  it.each<[SetupValues, string]>([
    [{ 'report-to': 'nobody' }, '--report-to must be a mail address'],
    [{ 'report-to': 'a@b.example** [x](y)' }, '--report-to must be a mail address'],
    [{ 'report-to': `${'a'.repeat(200)}@b` }, '--report-to must be a mail address'],
    [{ 'report-recipient': 'age1none' }, '--report-recipient must be an age recipient'],
    [{ 'report-recipient': revealIdentity(identity) }, 'never a secret key'],
  ])('refuses %j and writes nothing', async (values, says) => {
    const before = document()
    await expect(run(values)).rejects.toThrow(says)
    expect(document()).toBe(before)
  })

  it('says when the document has no place to fill', async () => {
    writeFileSync(security, '# Security\n')
    await expect(run({ 'report-to': address })).rejects.toThrow('cannot be filled in')
    expect((await run({})).status).toBe(0)
  })
})
