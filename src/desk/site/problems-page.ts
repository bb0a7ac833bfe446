import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Check } from 'typebox/schema'
import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { readBounded } from '../../disk/small-files.ts'
import { layoutOf } from '../files/layout.ts'
import { AsideRecord } from '../opening/aside.ts'
import type { CaseView } from '../files/case-view.ts'
import { caseTitle } from './case-words.ts'
import { scrolling, sheetHref } from './page.ts'
import { minuteOf, said } from './said.ts'

const maxAsideBytes = 64 * 1024

/**
 * Records of what was put aside. Any other file in that folder is skipped; `tumen verify` names it.
 */
export async function readAside(casebook: string): Promise<AsideRecord[]> {
  const folder = layoutOf(casebook).aside
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .sort()
  const records: AsideRecord[] = []
  for (const name of names) {
    const value = parse(await readBounded(join(folder, name), maxAsideBytes))
    if (Check(AsideRecord, value)) records.push(value)
  }
  return records
}

export function problemsPage(
  views: readonly CaseView[],
  aside: readonly AsideRecord[],
  path: string,
): ComponentChild[] {
  const odd = views.filter(({ opened }) => opened.problems.length > 0)
  return [
    h('h1', null, 'Problems'),
    h('h2', null, `Put aside (${aside.length})`),
    aside.length === 0
      ? h('p', { class: 'meta' }, 'Every envelope was opened.')
      : scrolling(
          'Put aside',
          h(
            'table',
            null,
            h(
              'thead',
              null,
              h(
                'tr',
                null,
                ['Why', 'What it means', 'Receipt', 'Noted', 'Export of', 'Kept'].map((name) =>
                  h('th', { scope: 'col' }, name),
                ),
              ),
            ),
            h(
              'tbody',
              null,
              aside.map(({ code, detail, receipt, at, signer, kept }) =>
                h(
                  'tr',
                  null,
                  h('td', null, code),
                  h('td', null, said(detail)),
                  h('td', { class: 'digest' }, receipt),
                  h('td', null, minuteOf(at)),
                  h('td', null, said(signer)),
                  h('td', null, kept ? 'in originals' : 'no'),
                ),
              ),
            ),
          ),
        ),
    h('h2', null, `Odd (${odd.length})`),
    odd.length === 0
      ? h('p', { class: 'meta' }, 'None.')
      : h(
          'ul',
          null,
          odd.map((view) =>
            h(
              'li',
              null,
              h('a', { href: sheetHref(path, view.id) }, caseTitle(view)),
              h(
                'ul',
                null,
                view.opened.problems.map(({ code, detail }) =>
                  h('li', null, `${code}: `, said(detail)),
                ),
              ),
            ),
          ),
        ),
  ]
}

function parse(bytes: Uint8Array | null): unknown {
  try {
    return bytes === null || bytes.length > maxAsideBytes
      ? null
      : JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
