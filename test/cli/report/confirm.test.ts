import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeCasebook } from '../../desk/support/make-casebook.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const tip: DetentionTip = {
  narrative: 'They came to our flat.',
  persons: [{ names: [{ text: 'Ri Yong-hui' }] }],
  event: { where_taken: { text: "above my brother's shop", country: 'CN' } },
  source: { contact: { way: 'other', text: 'ask the neighbour' } },
  consent: [{ recipient: 'ngo', level: 'named_photo' }],
  attachments: [{ name: 'clip.mp4', bytes: 5, sha256: sha256('video') }],
}

let dir = ''
let id = ''
let receipt = ''
beforeEach(async () => {
  dir = await makeTempDir()
  const { receipts } = await makeCasebook(join(dir, 'casebook'), [tip, { narrative: 'other' }], {
    attachments: (index): Record<string, string> => (index === 0 ? { 'clip.mp4': 'video' } : {}),
  })
  receipt = receipts[0] ?? ''
  id = receipt.slice(0, 8)
})

const tumen = async (...args: string[]) => await runHere({ dir, env: {} }, args)
const archive = async (name: string) => {
  const result = await tumen('report', 'archive', id, '--for', 'ngo', '-o', name)
  return { ...result, text: await readFile(join(dir, name, 'cases.json'), 'utf8') }
}
/** The reasons that the custody log gives for changes to the case. */
const custodyReasons = async () => {
  const log = await readFile(join(dir, 'casebook', 'custody.jsonl'), 'utf8')
  return log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; item: string; reason: string })
    .filter(({ action, item }) => action === 'case_changed' && item === receipt)
    .map(({ reason }) => reason)
    .join()
}

describe('tumen case confirm', () => {
  it('lists every wording that a report would use, and nothing of the source', async () => {
    const { status, stdout } = await tumen('case', 'confirm', id)
    expect(status).toBe(0)
    expect(stdout).toContain(`STAYS   event.where_taken.text: "above my brother's shop"`)
    expect(stdout).toContain('STAYS   persons.0.names.0.text: "Ri Yong-hui"')
    expect(stdout).not.toContain('neighbour')
  })

  it('confirms a field or a group, in the change log and the custody log', async () => {
    expect(await tumen('case', 'confirm', id, 'event.where_taken')).toMatchObject({
      status: 0,
      stdout: `${id}: event.where_taken.text is confirmed: "above my brother's shop"\n`,
    })
    expect(await custodyReasons()).toContain('confirm event.where_taken.text')
    expect((await tumen('case', 'history', id)).stdout).toContain(
      "analyst: confirmed the source's words in event.where_taken.text",
    )
    expect((await tumen('case', 'confirm', id)).stdout).toContain('may go  event.where_taken.text')
  })

  it('lets the words leave, until it is taken back or the value is corrected', async () => {
    expect((await archive('before')).text).not.toContain('shop')
    await tumen('case', 'confirm', id, 'event.where_taken.text')
    expect((await archive('confirmed')).text).toContain("above my brother's shop")
    await tumen('case', 'confirm', id, 'event.where_taken.text', '--take-back')
    expect((await archive('back')).text).not.toContain('shop')
    await tumen('case', 'confirm', id, 'event.where_taken.text')
    await tumen('case', 'set', id, 'event.where_taken.text', "ABOVE my brother's shop")
    expect((await archive('corrected')).text).not.toMatch(/shop/iu)
  })

  it.each([
    ['source.contact.text', 'never leaves the desk'],
    ['event.authority_text', 'has no words of the source'],
    ['event.nothing', 'no such field'],
  ])('refuses %s', async (field, why) => {
    expect(await tumen('case', 'confirm', id, field)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(why),
    })
  })
})

describe('tumen case release', () => {
  it('lets a file leave with a reason, after the report named it', async () => {
    const before = await archive('before')
    expect(before.stderr).toContain('the file "clip.mp4" is left out: nobody looked')
    expect(before.text).not.toContain(sha256('video'))
    expect(await tumen('case', 'release', id, '1')).toMatchObject({ status: 2 })
    expect(await tumen('case', 'release', id, '1', '--reason', 'no place in it')).toMatchObject({
      status: 0,
      stdout: `${id}: clip.mp4 is released\n`,
    })
    expect(await custodyReasons()).toContain('release')
    const after = await archive('after')
    expect(after.stderr).toContain('released: "no place in it"')
    expect(after.text).toContain(sha256('video'))
    expect(after.text).not.toContain('clip')
  })

  it("lets Dangerzone's copy leave instead of the file", async () => {
    const release = ['case', 'release', id, 'clip.mp4', '--copy', '--reason', 'x']
    expect(await tumen(...release)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no Dangerzone copy'),
    })
    const folder = join(dir, 'casebook', 'working', receipt)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'clip.mp4.pdf'), 'pixels')
    expect(await tumen(...release)).toMatchObject({ status: 0 })
    const { text } = await archive('copy')
    expect(text).toContain(sha256('pixels'))
    expect(text).toContain('application/pdf')
    expect(text).not.toContain(sha256('video'))
  })
})

describe('a report', () => {
  it('says before it writes what it leaves out, what it quotes, and what is repeated', async () => {
    await tumen('case', 'confirm', id, 'persons')
    await tumen('case', 'set', id, 'narrative', "Taken above her brother's shop.")
    const { stderr } = await tumen('report', 'summary', id, '--for', 'ngo', '-o', 's.html')
    expect(stderr).toContain(`${id}: left out, as these are words of the source`)
    expect(stderr).toContain('event.where_taken.text')
    expect(stderr).toContain('  persons.0.names.0.text: "Ri Yong-hui"')
    expect(stderr).toContain(`${id}: narrative repeats words of the source`)
    expect(stderr).toContain("brother's shop")
  })

  it('says no for a case of which another tip says no', async () => {
    const { receipts } = await makeCasebook(join(dir, 'casebook'), [
      { narrative: 'no', consent: [{ recipient: 'ngo', level: 'no' }] },
    ])
    await tumen('case', 'link', (receipts[0] ?? '').slice(0, 8), id, '--as', 'duplicate')
    expect(await tumen('report', 'archive', id, '--for', 'ngo', '-o', 'x')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another tip of this case'),
    })
  })
})
