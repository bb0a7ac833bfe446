import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildSite } from '../../../src/desk/site/build-site.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import type { Change } from '../../../src/desk/files/case-file.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'

/** Hostile text for every text field. */
const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202Etxt`
const place = { text: evil, admin: evil, country: 'CN' }
const evilTip: DetentionTip = {
  narrative: evil,
  topic: 'return_feared',
  people_count: { min: 2, max: 3 },
  persons: [
    {
      names: [{ text: evil }, { text: evil, kind: 'alias', by: 'analyst' }],
      origin_place: evil,
      ethnicity: evil,
      medical: evil,
      age_text: evil,
      id_docs: [{ type: evil, number: evil }],
      nationality: ['KP'],
      status: 'held',
    },
  ],
  as_typed: [{ field: evil, text: evil }],
  event: {
    when_text: evil,
    detained_when: '2017-11-04',
    where_taken: place,
    held_where: place,
    transfers: [{ when: '2017-11-05', from: place, to: place }],
    authority: ['cn_public_security'],
    authority_text: evil,
    reasons_given: evil,
    return_risk: { to_country: 'KP', basis: evil },
  },
  steps: { actions: [{ action: 'embassy', result: evil }] },
  source: { relation: 'spouse', contact: { way: 'other', text: evil, safe_times: evil } },
  consent_meta: { given_by: evil, detainee_wish: evil },
  attachments: [{ name: 'a.jpg', note: evil } as NonNullable<DetentionTip['attachments']>[number]],
}
const stamp = { at: '2017-11-05T10:00:00Z', by: evil }
const changes: Change[] = [
  { kind: 'note', ...stamp, text: evil },
  { kind: 'contact', ...stamp, with: 'un', day: '2017-11-05', text: evil },
  { kind: 'set', ...stamp, field: 'group', value: evil },
  { kind: 'set', ...stamp, field: 'assigned', value: evil },
  { kind: 'set', ...stamp, field: 'event.where_taken.text', value: evil },
  { kind: 'set', ...stamp, field: 'persons.0.person_id', value: evil },
  { kind: 'link', ...stamp, to: 'f'.repeat(64), as: 'related', reason: evil },
]

async function siteOf(tips: readonly DetentionTip[], title = evil) {
  const casebook = await makeTempDir()
  const views = tips.map((tip, index) => {
    const state = stateOf(title === evil ? changes : [])
    const view = sampleView(
      { ...tip, narrative: `${tip.narrative}${index}` },
      { title, state, changes: title === evil ? changes : [] },
    )
    return {
      ...view,
      persons: personsOf(view.tip, view.receipt, state, '2017-11-05'),
      opened: {
        ...view.opened,
        problems: [{ code: 'ODD', detail: title }],
        export: { signer: title, comment: null } as unknown as typeof view.opened.export,
        attachments: [{ path: 'attachments/a.jpg', bytes: 1, sha256: 'a'.repeat(64) }],
      },
    }
  })
  const { pages } = await buildSite({
    casebook,
    views,
    now: new Date('2017-11-10T10:00:00Z'),
    tool: 'tumen 0.1.0',
    indexSha256: 'a'.repeat(64),
  })
  const paths = [
    'index.html',
    ...(await readdir(join(casebook, 'site'), { recursive: true }))
      .filter((name) => name.endsWith('.html'))
      .map((name) => join('site', name)),
  ]
  return {
    casebook,
    pages,
    files: await Promise.all(
      paths.map(async (path) => ({ path, html: await readFile(join(casebook, path), 'utf8') })),
    ),
  }
}

describe('buildSite', () => {
  it('holds every text as text, on every page', async () => {
    const { files, pages } = await siteOf([evilTip, evilTip, seedTip])
    expect(files.length).toBe(pages)
    for (const { path, html } of files) {
      expect(html.match(/<script(?! type="application\/json")/g)?.length, path).toBe(1)
      expect(html, path).not.toMatch(/<img|\u202E| on\w+="/)
    }
    expect(files.find(({ path }) => path.includes('cases/'))?.html).toContain(
      '&lt;img src=x onerror=alert(1)>',
    )
  })

  it('lets nothing run or load but what its own policy names by digest', async () => {
    const { files } = await siteOf([seedTip], 'plain')
    for (const { path, html } of files) {
      const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]
      const digestOf = (tag: string) =>
        createHash('sha256')
          .update(new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '')
          .digest('base64')
      expect(policy, path).toBe(
        `default-src 'none'; script-src 'sha256-${digestOf('script')}'; style-src 'sha256-${digestOf('style')}'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
      )
      expect(html, path).not.toMatch(/https?:|\bsrc=|@import|url\(|style="/)
    }
  })

  it('leads nowhere but to its own pages', async () => {
    const { files } = await siteOf([evilTip, seedTip])
    const known = new Set(files.map(({ path }) => path))
    for (const { path, html } of files) {
      const hrefs = [...html.matchAll(/href="([^"]*)"/g)]
      expect(hrefs.length, path).toBeGreaterThan(3)
      for (const [, href = ''] of hrefs) {
        if (!href.startsWith('#'))
          expect(known, `${path} to ${href}`).toContain(join(path, '..', href))
        else if (href !== '#') expect(html, `${path} to ${href}`).toContain(`id="${href.slice(1)}"`)
      }
    }
  })

  it('names nobody in the title of a window', async () => {
    const { files } = await siteOf([seedTip])
    for (const { html } of files)
      expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).not.toContain('리영희')
  })

  it('gives the same bytes for the same cases at the same moment', async () => {
    const [one, other] = [await siteOf([evilTip, seedTip]), await siteOf([evilTip, seedTip])]
    expect(other.files).toEqual(one.files)
  })
})
