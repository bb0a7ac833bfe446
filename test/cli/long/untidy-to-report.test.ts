import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { makeMachine } from '../../support/machine.ts'
import { sha256 } from '../../support/sealed.ts'
import { commandDay, runHere } from '../support/run-here.ts'

const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')
const zip = zipSync({ 'story.txt': strToU8('그들이 그를 데려갔습니다.') })
const unpacked = 'attachments/unpacked'
/** What a source may seal by hand, with `age` from their distribution and without a form. */
const contents: readonly [
  kind: string,
  bytes: Uint8Array,
  narrative: string | null,
  kept: string,
][] = [
  ['a photo', jpeg, null, unpacked],
  ['a zip', zip, null, unpacked],
  [
    'a text',
    Buffer.from('누나가 심양에서 잡혀갔습니다.\n'),
    '누나가 심양에서 잡혀갔습니다.',
    unpacked,
  ],
  [
    'a text in UTF-16',
    Buffer.from('\ufeff누나가 잡혀갔습니다.', 'utf16le'),
    '누나가 잡혀갔습니다.',
    unpacked,
  ],
  [
    'a lone tip.json',
    Buffer.from('{"narrative":"누나가 잡혀갔습니다.","topic":"detention"}'),
    '누나가 잡혀갔습니다.',
    'tip.json',
  ],
  [
    'other JSON',
    Buffer.from('{"story":["누나가 잡혀갔습니다."]}'),
    '{"story":["누나가 잡혀갔습니다."]}',
    unpacked,
  ],
]

describe.each(contents)(
  '%s that stock age sealed, without a tip',
  (_kind, bytes, narrative, kept) => {
    it('becomes a case that is corrected, triaged and reported', async () => {
      const machine = await makeMachine(commandDay)
      const run = async (...args: string[]) => {
        const done = await runHere(machine, args)
        expect(done.status, `${args.join(' ')}: ${done.stderr}`).toBe(0)
        return done
      }
      const to = machine.keyring.recipients.flatMap((each) => ['-r', each.recipient_x25519])
      const sealed = spawnSync('age', to, { input: bytes })
      expect(sealed.status, sealed.stderr.toString()).toBe(0)
      const receipt = await machine.store(sealed.stdout)
      await run('export', 'stick')
      await run('open', 'stick', '--identity', machine.identityPath, '--casebook', 'casebook')
      const id = receipt.slice(0, 8)
      const row = async () =>
        (
          JSON.parse((await run('case', 'list', '--json')).stdout) as {
            tier: number
            title: string
            act_by: string | null
          }[]
        )[0]
      expect((await row())?.tier).toBe(1)
      const shown = (await run('case', 'show', id)).stdout
      if (narrative !== null) expect(shown).toContain(narrative)

      const fields = {
        narrative: 'A woman was taken by the police.',
        'persons.0.names.0.text': 'Ri Yong-hui',
        'persons.0.sex': 'female',
        'persons.0.nationality': 'KP',
        'persons.0.status': 'held',
        'event.detained_when': '2026-11-20',
        'event.where_taken.text': 'Shenyang',
        'event.where_taken.country': 'CN',
        'event.authority': 'cn_public_security',
        'event.return_risk.to_country': 'KP',
        'steps.actions.0.action': 'none_unsafe',
        'consent_meta.family_agrees': 'yes',
      }
      for (const [field, value] of Object.entries(fields))
        await run('case', 'set', id, field, value)
      for (const recipient of ['un', 'ngo'])
        await run('case', 'consent', id, recipient, 'named', '--given-by', 'her sister, by phone')
      expect(await row()).toMatchObject({ title: 'Ri Yong-hui', act_by: '2026-12-04' })

      writeFileSync(
        machine.at('org.txt'),
        'organisation: Org\naddress: Geneva\nphone: +41 22 000 00 00\n',
      )
      const form = await run('report', 'wgeid', id, '--submitter', 'org.txt', '-o', 'form.html')
      expect(form.stdout).toContain('6 of 6')
      expect(readFileSync(machine.at('form.html'), 'utf8')).toContain('Ri Yong-hui')
      await run('report', 'uwazi', id, '--for', 'ngo', '-o', 'uwazi.csv')
      const csv = readFileSync(machine.at('uwazi.csv'), 'utf8')
      expect(csv).toContain('Ri Yong-hui')
      for (const words of ['누나', '심양', 'unpacked']) expect(csv).not.toContain(words)
      expect(sha256(readFileSync(machine.at('casebook', 'tips', receipt, kept)))).toBe(
        sha256(bytes),
      )
      expect((await run('verify', 'casebook')).stdout).toContain('all as it was')
    })
  },
)
