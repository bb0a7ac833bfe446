import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { retire } from '../../src/keyring/edit.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { signMinisign } from '../../src/keyring/minisign.ts'
import { dropBytes } from '../../src/replies/bounds.ts'
import { type Arrival, checkArrival, readSignedIndex } from '../../src/reply-store/check-arrival.ts'
import {
  carriedFiles,
  listCarriedIndexes,
  storedFiles,
} from '../../src/reply-store/reply-source.ts'
import { addDays } from '../../src/time/day.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { addOtherDesk, makeTestDrop, signLegacy, writeReplies } from './answering-desk.ts'

const { keyring, desk, server } = holdCeremony()
const { otherDesk, twoDesks } = addOtherDesk(keyring, day)

let stick = ''
let here = ''
beforeEach(async () => {
  const dir = await makeTempDir()
  stick = join(dir, 'stick')
  here = join(dir, 'here')
  mkdirSync(here)
})

interface Given {
  signers?: Keyring
  name?: string
  today?: string
}

async function check({
  signers = twoDesks,
  name = 'index.json',
  today = day,
}: Given = {}): Promise<Arrival | 'unchanged'> {
  const parts = {
    carried: carriedFiles(stick),
    stored: storedFiles(here),
    keyring: signers,
    day: today,
  }
  await listCarriedIndexes(stick)
  return await checkArrival(parts, name, await readSignedIndex(parts, name))
}

/** The code of the check that fails, and the message. */
async function refused(given: Given = {}): Promise<{ code: string; message: string }> {
  const result = await check(given).catch((error: unknown) => error)
  return result as { code: string; message: string }
}

const at = (name: string): string => join(stick, name)
const drop = makeTestDrop(day)

describe('checkArrival', () => {
  it('accepts the first index, and names the drops that are not here yet', async () => {
    writeReplies(stick, desk, { seq: 1, day, drops: [drop] })
    expect(await check()).toMatchObject({
      name: 'index.json',
      index: { seq: 1 },
      drops: [{ name: `${drop.id}.tar` }],
    })
  })

  it('does not need a drop that is here already', async () => {
    writeReplies(here, desk, { seq: 1, day, drops: [drop] })
    const newer = makeTestDrop(day)
    writeReplies(stick, desk, { seq: 2, day, drops: [newer, drop] })
    rmSync(at(`${drop.id}.tar`))
    expect(await check()).toMatchObject({ drops: [{ name: `${newer.id}.tar` }] })
  })

  it('gives the index of a further desk its own name, whatever it is called on the stick', async () => {
    writeReplies(stick, otherDesk, { seq: 1, day })
    expect(await check()).toMatchObject({
      name: expect.stringMatching(/^index-[0-9A-F]{16}\.json$/),
    })
  })

  it('says that the same index is unchanged', async () => {
    writeReplies(here, desk, { seq: 3, day })
    writeReplies(stick, desk, { seq: 3, day })
    expect(await check()).toBe('unchanged')
  })

  describe('refuses', () => {
    it.each<[string, string, () => Given | undefined | void]>([
      ['UNSIGNED', 'an index without a signature', () => rmSync(at('index.json.minisig'))],
      [
        'SIGNER_UNKNOWN',
        'an index that the export key signed',
        () => void writeReplies(stick, server, { seq: 2, day }),
      ],
      [
        'SIGNER_UNKNOWN',
        'an index of a desk that was retired',
        () => ({ signers: retire(keyring, 'desk', day) }),
      ],
      [
        'SIGNATURE_INVALID',
        'an index that was changed',
        () =>
          writeFileSync(
            at('index.json'),
            readFileSync(at('index.json'), 'utf8').replace('"seq": 2', '"seq": 3'),
          ),
      ],
      [
        'SIGNATURE_INVALID',
        'a legacy signature of an index, which the page refuses too',
        () =>
          writeFileSync(at('index.json.minisig'), signLegacy(desk, readFileSync(at('index.json')))),
      ],
      [
        'SIGNATURE_INVALID',
        'a legacy signature of a drop',
        () => writeFileSync(at(`${drop.id}.tar.minisig`), signLegacy(desk, drop.bytes)),
      ],
      [
        'INDEX_INVALID',
        'what the desk signed but is no index',
        () => {
          writeFileSync(at('index.json'), '{}\n')
          writeFileSync(
            at('index.json.minisig'),
            signMinisign({ secretKey: desk, message: Buffer.from('{}\n'), trustedComment: 'x' }),
          )
        },
      ],
      [
        'NOT_NEWER',
        'a lower number',
        () => void writeReplies(here, desk, { seq: 3, day: addDays(day, -1) }),
      ],
      [
        'NOT_NEWER',
        'the same number with other content',
        () => void writeReplies(here, desk, { seq: 2, day }),
      ],
      ['DAY_TO_COME', 'a day in the future', () => ({ today: addDays(day, -1), signers: early() })],
      ['DROP_MISSING', 'a drop that is nowhere', () => rmSync(at(`${drop.id}.tar`))],
      [
        'DROP_CHANGED',
        'a drop with other bytes',
        () => writeFileSync(at(`${drop.id}.tar`), Buffer.alloc(dropBytes)),
      ],
      [
        'DROP_CHANGED',
        'a drop that is cut short',
        () => writeFileSync(at(`${drop.id}.tar`), drop.bytes.subarray(1)),
      ],
      [
        'DROP_CHANGED',
        'a drop that is one byte longer',
        () => writeFileSync(at(`${drop.id}.tar`), Buffer.concat([drop.bytes, Buffer.of(0)])),
      ],
      ['DROP_UNSIGNED', 'a drop without a signature', () => rmSync(at(`${drop.id}.tar.minisig`))],
      [
        'SIGNER_UNKNOWN',
        'a drop that the export key signed',
        () =>
          writeFileSync(
            at(`${drop.id}.tar.minisig`),
            signMinisign({ secretKey: server, message: drop.bytes, trustedComment: 'x' }),
          ),
      ],
      [
        'DROP_CHANGED',
        'a drop whose name belongs to another desk',
        () =>
          void writeReplies(here, otherDesk, {
            seq: 1,
            day,
            drops: [{ ...makeTestDrop(day), id: drop.id }],
          }),
      ],
      [
        'NOT_A_FILE',
        'a link in place of a drop',
        () => {
          renameSync(at(`${drop.id}.tar`), at('elsewhere'))
          symlinkSync(at('elsewhere'), at(`${drop.id}.tar`))
        },
      ],
      [
        'NOT_A_FILE',
        'a link in place of the folder',
        () => {
          renameSync(stick, `${stick}-elsewhere`)
          symlinkSync(`${stick}-elsewhere`, stick)
        },
      ],
      [
        'NOT_A_FILE',
        'a folder in place of the index',
        () => {
          rmSync(at('index.json'))
          mkdirSync(at('index.json'))
        },
      ],
      [
        'TOO_MANY',
        'more indexes than there are desks',
        () => {
          for (let number = 0; number < 9; number += 1)
            writeFileSync(at(`index-000000000000000${number}.json`), '')
        },
      ],
      [
        'TOO_MANY',
        'a folder of endless names',
        () => {
          for (let number = 0; number < 4097; number += 1) writeFileSync(at(String(number)), '')
        },
      ],
    ])('%s: %s', async (code, _what, spoil) => {
      writeReplies(stick, desk, { seq: 2, day, drops: [drop] })
      const given = spoil() ?? {}
      const { message, ...error } = await refused(given)
      expect({ ...error, message }).toMatchObject({ code })
      expect(message).toMatch(/^[^A-Z]/)
    })

    it('names the first check that fails, in their order', async () => {
      writeReplies(here, desk, { seq: 9, day })
      writeReplies(stick, desk, { seq: 2, day: addDays(day, 1), drops: [drop] })
      rmSync(at(`${drop.id}.tar`))
      expect(await refused()).toMatchObject({ code: 'NOT_NEWER' })
      rmSync(join(here, 'index.json'))
      expect(await refused()).toMatchObject({ code: 'DAY_TO_COME' })
      expect(await refused({ today: addDays(day, 1) })).toMatchObject({ code: 'DROP_MISSING' })
      writeFileSync(at('index.json'), 'changed')
      expect(await refused()).toMatchObject({ code: 'SIGNATURE_INVALID' })
    })
  })
})

/** A keyring that was already in force on the day before. */
function early(): Keyring {
  return {
    ...keyring,
    signers: keyring.signers.map((entry) => ({ ...entry, valid_from: addDays(day, -9) })),
  }
}
