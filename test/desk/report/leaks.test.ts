import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { consentLevels, consentRecipients } from '../../../src/tip/codes.ts'
import type { ConsentLevel, ConsentRecipient } from '../../../src/tip/consent.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { fullChanges, fullTip } from '../disclose/full-tip.ts'
import { makeCasebook } from '../support/make-casebook.ts'

/*
 * Everything that leaves, made by the commands that people type, over a tip with a marker of its own in every field: what of it
 * may go stands here by hand, and nothing else may be found in any file, in its name, or in what is packed in it.
 */
const stamp = { at: '2017-11-05T11:00:00Z', by: 'Marker-analyst' }
const contents = {
  'Marker-clean.jpg': 'Marker-content-clean',
  'Marker-kept.jpg': 'Marker-content-kept',
  'Marker-unsaid.pdf': 'Marker-content-unsaid',
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const tip: DetentionTip = {
  ...fullTip,
  attachments: (fullTip.attachments ?? []).map((each) => ({
    ...each,
    bytes: contents[each.name as keyof typeof contents].length,
    sha256: sha256(contents[each.name as keyof typeof contents]),
  })),
}
const submitter = 'organisation: Marker-submitter\naddress: Street 1\nemail: un@example.org\n'

async function desk(
  level: ConsentLevel | null,
  { narrative = true, change = {} }: { narrative?: boolean; change?: Partial<DetentionTip> } = {},
) {
  const dir = await makeTempDir()
  const consent: Change[] =
    level === null
      ? []
      : consentRecipients.map((recipient) => ({
          kind: 'consent',
          ...stamp,
          recipient,
          level,
          given_by: 'Marker-consent-given-by',
          reason: 'Marker-consent-reason',
        }))
  const set: Change[] = narrative
    ? [
        {
          kind: 'set',
          ...stamp,
          field: 'narrative',
          value: 'Marker-summary',
          reason: 'Marker-set-reason',
        },
      ]
    : []
  const { receipts } = await makeCasebook(join(dir, 'casebook'), [{ ...tip, ...change }], {
    changes: () => [...fullChanges, ...consent, ...set],
    attachments: () => contents,
  })
  await writeFile(join(dir, 'casebook', 'submitter.txt'), submitter)
  return { dir, receipt: receipts[0] ?? '' }
}

const named = [
  'authority',
  'ethnicity',
  'from',
  'held',
  'held-admin',
  'name',
  'nickname',
  'origin',
  'reasons',
  'summary',
  'taken',
  'taken-admin',
  'to',
  'when',
]
const papers = ['doc-number', 'doc-type', 'medical']
const trusted: readonly ConsentRecipient[] = ['un', 'unhcr', 'icrc', 'embassy']

function mayLeave(
  recipient: ConsentRecipient,
  level: ConsentLevel | null,
  format: string,
): string[] {
  if (level === null || level === 'no' || level === 'ask_first') return []
  const isUnForm = /^(?:wgeid|wgad)/.test(format)
  if (level === 'facts_only') return []
  return [
    ...named,
    ...(trusted.includes(recipient) ? papers : []),
    ...(isUnForm ? ['submitter'] : []),
    ...(level === 'named_photo' && /\.zip$|archive/.test(format) ? ['content-clean'] : []),
  ].map((name) => `Marker-${name}`)
}

/** Each format, and the command that makes it. */
function formatsFor(recipient: ConsentRecipient, id: string): Record<string, string[]> {
  const un =
    recipient !== 'un'
      ? {}
      : Object.fromEntries(
          ['wgeid', 'wgad'].flatMap((form) =>
            ['html', 'docx'].map((type) => [`${form}.${type}`, [form, id]] as const),
          ),
        )
  return {
    'summary.html': ['summary', id, '--for', recipient],
    'summary.docx': ['summary', id, '--for', recipient, '--lang', 'fr'],
    'uwazi.csv': ['uwazi', '--for', recipient],
    'uwazi.zip': ['uwazi', '--for', recipient, '--languages', 'en,ko'],
    'bayanat.csv': ['bayanat', '--for', recipient],
    archive: ['archive', '--for', recipient],
    ...un,
  }
}

/** All that is in a file or a folder: names, and text after unpacking. */
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

const markersIn = (text: string) =>
  [...new Set(text.match(/Marker-[a-z-]+/g) ?? [])].map((marker) => marker.replace(/-$/, '')).sort()

/** What tells who it was without any marker. */
const neverLeaves = ['spouse', 'contact_south_korea', 'official_family', 'prefer_not']
const neverInFacts = [
  '2017-11-04',
  '4 November',
  '4 novembre',
  '2017-11-03',
  '2017-11-06',
  '6 November',
  '1987',
  '41.123',
  '123.654',
  '18 November',
]

describe.each(consentRecipients)('what leaves for %s', (recipient) => {
  it.each([null, ...consentLevels])('at %s is what was allowed, in every format', async (level) => {
    const { dir, receipt } = await desk(level)
    for (const [format, args] of Object.entries(formatsFor(recipient, receipt.slice(0, 8)))) {
      const { status, stderr } = await runHere({ dir, env: {} }, ['report', ...args, '-o', format])
      expect(stderr, format).not.toContain('internal error')
      const text = await textOf(join(dir, format)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      const allowed = mayLeave(recipient, level, format)
      if (allowed.length === 0 && /html|docx/.test(format) && level !== 'facts_only')
        expect({ format, status, text }).toEqual({ format, status: 1, text: null })
      if (text === null) continue
      expect(
        markersIn(text).filter((marker) => !allowed.includes(marker)),
        format,
      ).toEqual([])
      // Else the test would be of empty files.
      if (allowed.length > 0)
        expect(markersIn(text), format).toEqual(
          expect.arrayContaining([
            'Marker-name',
            ...(format.endsWith('.csv') ? [] : ['Marker-summary']),
          ]),
        )
      for (const trace of [
        receipt.slice(0, 10),
        ...neverLeaves.slice(0, format.match(/html|docx/) ? undefined : 1),
      ])
        expect(text, `${format}: ${trace}`).not.toContain(trace)
      if (level === 'facts_only')
        for (const trace of neverInFacts) expect(text, `${format}: ${trace}`).not.toContain(trace)
    }
  })
})

describe('the exact list', () => {
  it('of markers in a WGEID form, every one of them', async () => {
    const { dir, receipt } = await desk('named_photo')
    for (const format of ['wgeid.html', 'wgeid.docx']) {
      expect(
        await runHere({ dir, env: {} }, ['report', 'wgeid', receipt, '-o', format]),
      ).toMatchObject({ status: 0 })
      expect(markersIn(await textOf(join(dir, format))), format).toEqual(
        [...named, ...papers, 'submitter'].map((name) => `Marker-${name}`).sort(),
      )
    }
  })
})

describe('when an analyst copied how to reach the source into their own words', () => {
  const contact = {
    way: 'other' as const,
    text: 'Signal +82 10-1234-5678, mail mina@example.net, after 9',
  }
  it.each([
    ['call +82 10 1234 5678'],
    ['010.1234.5678'],
    ['ask MINA@example.net'],
    ['(10)12345678'],
  ])('keeps a case with %j inside, whatever the format', async (typed) => {
    const { dir, receipt } = await desk('named', {
      narrative: false,
      change: { source: { contact } },
    })
    expect(
      await runHere({ dir, env: {} }, ['case', 'set', receipt, 'narrative', typed]),
    ).toMatchObject({ status: 0 })
    for (const [format, args] of Object.entries(formatsFor('un', receipt))) {
      const { status, stderr } = await runHere({ dir, env: {} }, ['report', ...args, '-o', format])
      expect({ format, status }).toEqual({ format, status: 1 })
      expect(stderr).toContain('SOURCE_INSIDE')
    }
  })

  it('lets dates, ages and other numbers pass', async () => {
    const { dir, receipt } = await desk('named', {
      narrative: false,
      change: { source: { contact } },
    })
    await runHere({ dir, env: {} }, [
      'case',
      'set',
      receipt,
      'narrative',
      'On 2017-11-04 about 9 people, flat 1234',
    ])
    expect(
      await runHere({ dir, env: {} }, [
        'report',
        'summary',
        receipt,
        '--for',
        'un',
        '-o',
        'x.html',
      ]),
    ).toMatchObject({ status: 0 })
  })

  it('refuses the source as the one who submits', async () => {
    const { dir, receipt } = await desk('named', { change: { source: { contact } } })
    await writeFile(
      join(dir, 'me.txt'),
      'organisation: Mina\naddress: Seoul\nphone: +82 10 1234 5678\n',
    )
    expect(
      await runHere({ dir, env: {} }, [
        'report',
        'wgeid',
        receipt,
        '--submitter',
        'me.txt',
        '-o',
        'x.html',
      ]),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('never the source') })
  })
})
