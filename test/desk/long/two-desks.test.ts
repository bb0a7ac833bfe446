import { createHash } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { addSigner } from '../../../src/keyring/edit.ts'
import { formatKeyring } from '../../../src/keyring/keyring.ts'
import {
  formatKeyId,
  formatPublicKeyLine,
  formatSecretKey,
  generateSigningKey,
  parseSecretKey,
} from '../../../src/keyring/minisign.ts'
import { signKeyring } from '../../../src/keyring/sign.ts'
import { openDrop } from '../../../src/replies/open-drop.ts'
import { checkArrival, readSignedIndex } from '../../../src/reply-store/check-arrival.ts'
import { carriedFiles, storedFiles } from '../../../src/reply-store/reply-source.ts'
import { takeIn } from '../../../src/reply-store/take-in.ts'
import { primitives } from '../../support/ceremony.ts'
import { makeMachine } from '../../support/machine.ts'
import { sourceWith, TalkingDesk } from '../replies/talking-desk.ts'

const source = sourceWith(1)
let first: TalkingDesk
let second = { casebook: 'casebook-2', key: '', indexName: '' }

/** A server and two desks, each with its own casebook and signing key. */
beforeEach(async () => {
  const machine = await makeMachine('2026-11-20')
  const key = generateSigningKey()
  const keyring = addSigner(
    machine.keyring,
    {
      format: 'tumen-card',
      version: 1,
      kind: 'signer',
      name: 'second desk',
      purpose: 'acknowledgement',
      public_key: formatPublicKeyLine(key.publicKey),
    },
    { validFrom: machine.day, validUntil: null },
  )
  const bytes = formatKeyring(keyring)
  const root = parseSecretKey(readFileSync(machine.at('var', 'demo', 'root.key'), 'utf8'))
  writeFileSync(machine.at('keys', 'keyring.json'), bytes)
  writeFileSync(machine.at('keys', 'keyring.json.minisig'), signKeyring(bytes, root))
  writeFileSync(machine.at('second.key'), formatSecretKey(key))
  const indexName = `index-${formatKeyId(key.publicKey.keyId)}.json`
  second = { casebook: 'casebook-2', key: machine.at('second.key'), indexName }
  first = new TalkingDesk({ ...machine, keyring })
})

const onSecond = async (...args: string[]) => {
  const done = await first.run(...args, '--casebook', second.casebook)
  expect(done, args.join(' ')).toMatchObject({ status: 0 })
  return done.stdout
}
const openOnSecond = (stick: string) => onSecond('open', stick, '-i', first.machine.identityPath)
const acknowledgeOnSecond = (stick: string) => onSecond('acknowledge', stick, '--key', second.key)

async function replyOn(casebook: string, receipt: string, text: string): Promise<string> {
  const file = first.write('answer.txt', text)
  const done = await first.run(
    'case',
    'reply',
    receipt,
    '--text-file',
    file,
    '--yes',
    '--json',
    '--casebook',
    casebook,
  )
  expect(done.status, done.stderr).toBe(0)
  return JSON.parse(done.stdout).message
}

/** What the server does with each index of a stick, by the code of its own commands. */
async function serverTakesIn(stick: string): Promise<void> {
  const { machine } = first
  const stored = storedFiles(machine.at('var', 'replies'))
  const clock = { now: () => new Date('2026-11-24T12:00:00Z') }
  for (const name of ['index.json', second.indexName]) {
    const carried = carriedFiles(machine.at(stick, 'replies'))
    const parts = { carried, stored, keyring: machine.keyring, day: '2026-11-24' }
    const arrival = await checkArrival(parts, name, await readSignedIndex(parts, name))
    if (arrival === 'unchanged') continue
    await takeIn(arrival, { folder: machine.at('var', 'replies'), keyring: machine.keyring, clock })
  }
}

/** Every message for the source in the drops that an index of the server names. */
async function foundAtServer(): Promise<string[]> {
  const found: string[] = []
  const served = (name: string) => readFileSync(first.machine.at('var', 'replies', name))
  for (const name of ['index.json', second.indexName])
    for (const { id, sha256 } of JSON.parse(served(name).toString('utf8')).drops) {
      const bytes = served(`${id}.tar`)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      const { messages } = await openDrop(primitives, source, id, bytes)
      found.push(...messages.map((message) => message.id))
    }
  return found
}

const statesOn = async (casebook: string, receipt: string) => {
  const done = await first.run('case', 'show', receipt, '--json', '--casebook', casebook)
  return JSON.parse(done.stdout).conversation.messages.map(
    ({ id, state }: { id: string; state: string }) => [id, state],
  )
}

describe('two desks that answer one source', () => {
  it('write on one stick, are served by one server, and each sees its own answer published', async () => {
    const receipt = await first.send(source)
    const stick = await first.open()
    await openOnSecond(stick)
    const one = await replyOn('casebook', receipt, '읽었습니다.')
    const two = await replyOn(second.casebook, receipt, '저희도 읽었습니다.')
    await first.acknowledge(stick)
    await acknowledgeOnSecond(stick)
    expect(first.drops(stick)).toHaveLength(2)
    await serverTakesIn(stick)
    expect((await foundAtServer()).toSorted()).toEqual([one, two].toSorted())

    const next = await first.open(stick)
    await openOnSecond(next)
    expect(await statesOn('casebook', receipt)).toEqual([[one, 'published']])
    expect(await statesOn(second.casebook, receipt)).toEqual([[two, 'published']])
  })

  it('take nothing from each other when one writes again, in either order', async () => {
    const receipt = await first.send(source)
    const stick = await first.open()
    await openOnSecond(stick)
    const one = await replyOn('casebook', receipt, '읽었습니다.')
    const two = await replyOn(second.casebook, receipt, '저희도 읽었습니다.')
    await acknowledgeOnSecond(stick)
    await first.acknowledge(stick)
    await acknowledgeOnSecond(stick)
    await first.acknowledge(stick)
    await serverTakesIn(stick)
    // An answer that has no answer yet is repeated, and the reader shows it once.
    expect(new Set(await foundAtServer())).toEqual(new Set([one, two]))
  })

  it('each carry a stick of their own, and an old copy of the other changes nothing', async () => {
    const receipt = await first.send(source)
    const stick = await first.open()
    cpSync(first.machine.at(stick), first.machine.at('stick-of-second'), { recursive: true })
    await openOnSecond('stick-of-second')
    const one = await replyOn('casebook', receipt, '읽었습니다.')
    const two = await replyOn(second.casebook, receipt, '저희도 읽었습니다.')
    await first.acknowledge(stick)
    await acknowledgeOnSecond('stick-of-second')
    for (const [each, name] of [
      [stick, 'index.json'],
      ['stick-of-second', second.indexName],
    ] as const) {
      const { drops } = first.index(each, name)
      expect(drops).toHaveLength(1)
      for (const { id } of drops) expect(first.drops(each)).toContain(id)
    }
    expect(one).not.toBe(two)
  })
})
