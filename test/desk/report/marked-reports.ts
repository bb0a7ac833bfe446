import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { consentLevels, consentRecipients } from '../../../src/tip/codes.ts'
import type { ConsentLevel, ConsentRecipient } from '../../../src/tip/consent.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { command as reports } from '../../../src/cli/report/group.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { fileContents, markedTip, markerOf, markersIn } from '../disclose/marked-tip.ts'
import { makeCasebook } from '../support/make-casebook.ts'

/*
 * Checks the output of every command for a tip with a marker in each free-text field of the schema.
 * The list of what may be disclosed is written by hand.
 */
const stamp = { at: '2017-11-05T11:00:00Z', by: 'Marker_analyst_end' }
const tip = markedTip()
const submitter = 'organisation: Org\naddress: Street 1\nemail: un@example.org\n'
/** Texts written by analysts, which are never disclosed. */
const work: Change[] = [
  { kind: 'note', ...stamp, text: 'Marker_note_end' },
  { kind: 'contact', ...stamp, with: 'from_source', day: '2017-11-06', text: 'Marker_log_end' },
  { kind: 'link', ...stamp, to: 'd'.repeat(64), as: 'related', reason: 'Marker_link_end' },
  { kind: 'set', ...stamp, field: 'title', value: 'Marker_title_end' },
  { kind: 'set', ...stamp, field: 'group', value: 'Marker_group_end' },
  { kind: 'set', ...stamp, field: 'assigned', value: 'Marker_assigned_end' },
  { kind: 'set', ...stamp, field: 'persons.0.person_id', value: 'Marker_person_id_end' },
  // An answer to the source that waits for the next stick, and one that was taken back.
  ...['ab', 'cd'].map(
    (digits): Change => ({
      kind: 'reply',
      ...stamp,
      id: digits.repeat(16),
      language: 'ko',
      text: `Marker_reply_${digits}_end`,
      asks: ['un'],
    }),
  ),
  { kind: 'withdraw_reply', ...stamp, id: 'cd'.repeat(16), reason: 'Marker_withdrawn_end' },
  { kind: 'close_thread', ...stamp, closed: false, reason: 'Marker_closed_end' },
]

/** What a page of a later edition may add to a tip. */
const laterFields = {
  later_text: 'Marker_later_text_end',
  later_group: { inner: ['Marker_later_inner_end'] },
}

/** The source's way back and the answers' ids, which have no room for a marker. */
const wayBack = [tip.reply, tip.reply_next].flatMap((group) => [
  group?.tag_key ?? '',
  group?.recipient.slice(0, 60) ?? '',
])
const neverAnywhere = [...wayBack, tip.answers ?? '', 'ab'.repeat(16), 'cd'.repeat(16)]

export async function openDesk(level: ConsentLevel | null, change: Partial<DetentionTip> = {}) {
  const dir = await makeTempDir()
  const consent: Change[] =
    level === null
      ? []
      : consentRecipients.map((recipient) => ({
          kind: 'consent',
          ...stamp,
          recipient,
          level,
          given_by: 'Marker_given_by_end',
          reason: 'Marker_consent_reason_end',
        }))
  const { receipts } = await makeCasebook(
    join(dir, 'casebook'),
    [{ ...tip, ...laterFields, ...change }],
    {
      changes: () => [...work, ...consent],
      attachments: () =>
        Object.fromEntries(
          (tip.attachments ?? []).map(({ name }, index) => [name, fileContents[index] ?? '']),
        ),
    },
  )
  await writeFile(join(dir, 'casebook', 'submitter.txt'), submitter)
  return { dir, receipt: receipts[0] ?? '' }
}

const everyPerson = (field: string) => [`persons.0.${field}`, `persons.1.${field}`]
const named = [
  'narrative',
  ...everyPerson('names.0.text'),
  ...everyPerson('names.1.text'),
  ...everyPerson('origin_place'),
  ...everyPerson('ethnicity'),
  'event.when_text',
  ...[
    'where_taken',
    'held_where',
    'transfers.0.from',
    'transfers.0.to',
    'transfers.1.from',
    'transfers.1.to',
  ].flatMap((place) => [`event.${place}.text`, `event.${place}.admin`]),
  'event.authority_text',
  'event.reasons_given',
]
const papers = [
  'medical',
  'id_docs.0.type',
  'id_docs.0.number',
  'id_docs.1.type',
  'id_docs.1.number',
].flatMap(everyPerson)
const trusted: readonly ConsentRecipient[] = ['un', 'unhcr', 'icrc', 'embassy']

/** The markers that may leave once an analyst has confirmed everything that can be confirmed. */
function mayLeave(recipient: ConsentRecipient, level: ConsentLevel | null): string[] {
  if (level !== 'named' && level !== 'named_photo') return []
  const hasFiles = level === 'named_photo'
  return [
    ...named.map(markerOf),
    ...(trusted.includes(recipient) ? papers.map(markerOf) : []),
    ...(hasFiles ? ['attachments.0.name', 'attachments.0.media_type'].map(markerOf) : []),
    ...(hasFiles ? [fileContents[0] ?? ''] : []),
  ].sort()
}

/** Each format, with the arguments of `tumen report` that produce it. */
export function formatsFor(recipient: ConsentRecipient, id: string): Record<string, string[]> {
  const un =
    recipient !== 'un'
      ? {}
      : Object.fromEntries(
          ['wgeid', 'wgad'].flatMap((form) =>
            ['html', 'docx'].map((type) => [`${form}.${type}`, [form, id]] as const),
          ),
        )
  const counts = ['counts', '--from', '2017-01-01', '--to', '2017-12-31', '--for', recipient]
  return {
    'summary.html': ['summary', id, '--for', recipient],
    'summary.docx': ['summary', id, '--for', recipient, '--lang', 'fr'],
    'uwazi.csv': ['uwazi', '--for', recipient],
    'uwazi.zip': ['uwazi', '--for', recipient, '--languages', 'en,ko'],
    'bayanat.csv': ['bayanat', '--for', recipient],
    'counts.html': counts,
    'counts.docx': counts,
    'counts.csv': counts,
    archive: ['archive', '--for', recipient],
    ...un,
  }
}

/** All text in a file or folder: names, and contents after unpacking. */
async function textOf(path: string): Promise<string> {
  if (!/\.\w+$/.test(path)) {
    const names = await readdir(path, { recursive: true })
    const texts = await Promise.all(
      names
        .filter((name) => /\./.test(name) || name === 'SHA256SUMS')
        .map(async (name) => await readFile(join(path, name), 'utf8')),
    )
    return [...names, ...texts].join('\n')
  }
  const bytes = await readFile(path)
  if (!/\.(?:docx|zip)$/.test(path)) return bytes.toString('utf8')
  return Object.entries(unzipSync(bytes))
    .map(([name, content]) => `${name}\n${Buffer.from(content).toString('utf8')}`)
    .join('\n')
}

/** Produces every format. The text is null if the file was not written. */
async function makeAll(dir: string, recipient: ConsentRecipient, receipt: string) {
  const texts = new Map<string, string | null>()
  for (const [format, args] of Object.entries(formatsFor(recipient, receipt.slice(0, 8)))) {
    const { stderr } = await runHere({ dir, env: {} }, ['report', ...args, '-o', format])
    expect(stderr, format).not.toContain('internal error')
    const text = await textOf(join(dir, format)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    texts.set(format, text)
    expect(text ?? '', format).not.toContain(receipt.slice(0, 10))
    for (const secret of neverAnywhere) expect(text ?? '', format).not.toContain(secret)
  }
  return texts
}

const confirmAll = async (dir: string, receipt: string) =>
  await runHere({ dir, env: {} }, [
    'case',
    'confirm',
    receipt,
    'narrative',
    'persons',
    'event',
    'attachments',
  ])

/** Values without a marker that reveal the source, or what a person is punished for. */
const neverInDocuments = ['contact_south_korea', 'official_family', 'prefer_not']
const neverInFacts = ['2017-11-04', '4 November', '4 novembre', '30 years']

/**
 * Defines the tests: a tip with a marker in each free-text field is reported in every format for
 * these recipients, at every level of consent.
 */
export function testWhatLeaves(recipients: readonly ConsentRecipient[]): void {
  it('looks at every subcommand of report, and at every field of edition 2', () => {
    const tried = Object.values(formatsFor('un', 'x')).map(([name]) => `report ${name}`)
    const commands = reports.subcommands.map(({ name }) => name)
    expect([...new Set(tried)].toSorted()).toEqual(commands.toSorted())
    expect(neverAnywhere.map(({ length }) => length)).toEqual([64, 60, 64, 60, 32, 32, 32])
  })

  describe.each(recipients)('what leaves for %s', (recipient) => {
    it.each([null, ...consentLevels])(
      'at %s has no words of the source that nobody confirmed',
      async (level) => {
        const { dir, receipt } = await openDesk(level)
        for (const [format, text] of await makeAll(dir, recipient, receipt)) {
          const isFile = /zip|archive/.test(format) && level === 'named_photo'
          expect(markersIn(text ?? ''), format).toEqual(isFile ? [fileContents[0]] : [])
          if (level === 'facts_only')
            for (const trace of neverInFacts)
              expect(text ?? '', `${format}: ${trace}`).not.toContain(trace)
          for (const trace of neverInDocuments)
            if (/html|docx|csv/.test(format)) expect(text ?? '', format).not.toContain(trace)
        }
      },
    )

    it.each([null, ...consentLevels])(
      'at %s has the words that an analyst confirmed, as far as consent goes',
      async (level) => {
        const { dir, receipt } = await openDesk(level)
        expect(await confirmAll(dir, receipt)).toMatchObject({ status: 0 })
        const allowed = mayLeave(recipient, level)
        for (const [format, text] of await makeAll(dir, recipient, receipt)) {
          const found = markersIn(text ?? '')
          expect(
            found.filter((marker) => !allowed.includes(marker)),
            format,
          ).toEqual([])
          if (format === 'archive') expect(found).toEqual(allowed)
          else if (allowed.length > 0 && !format.startsWith('counts'))
            expect(found, format).toContain(markerOf('persons.0.names.0.text'))
          else if (allowed.length > 0)
            expect(found, format).toContain(markerOf('event.where_taken.admin'))
        }
      },
    )
  })
}
