import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refreshCasebook } from '../../src/desk/view/refresh.ts'
import type { DetentionTip } from '../../src/tip/schema.ts'
import { generateTips } from '../../test/desk/corpus/generate-tips.ts'
import { makeCasebook } from '../../test/desk/support/make-casebook.ts'

export const cases = 5_000
const now = '2017-11-10T10:00:00Z'

/** Realistic lengths of a narrative: mostly some hundred characters, one in fifty some thousand. */
const lengths = [60, 200, 350, 600, 900, 1_500] as const
const long = 8_000

export interface LargeCasebook {
  folder: string
  /**
   * Seconds of the first `case refresh`, which records the tier of every case, and of one with no
   * changes.
   */
  firstRefresh: number
  refresh: number
  pages: number
  close: () => Promise<void>
}

export async function makeLargeCasebook(): Promise<LargeCasebook> {
  const folder = await mkdtemp(join(tmpdir(), 'tumen-large-casebook-'))
  await makeCasebook(folder, generateTips(cases).map(lengthen), {
    openedAt: (index) =>
      new Date(Date.parse(now) - (index % 200) * 3_600_000).toISOString().replace('.000', ''),
  })
  const refresh = async () => {
    const start = performance.now()
    const { pages } = await refreshCasebook({
      casebook: folder,
      role: 'analyst',
      tool: 'tumen 0.1.0',
      now: () => new Date(now),
    })
    return { pages, seconds: (performance.now() - start) / 1000 }
  }
  const first = await refresh()
  const again = await refresh()
  return {
    folder,
    firstRefresh: first.seconds,
    refresh: again.seconds,
    pages: again.pages,
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

function lengthen(tip: DetentionTip, index: number): DetentionTip {
  const wanted = index % 50 === 0 ? long : (lengths[index % lengths.length] ?? 0)
  const { narrative } = tip
  return {
    ...tip,
    narrative: `${narrative} `
      .repeat(Math.ceil(wanted / (narrative.length + 1)))
      .slice(0, Math.max(wanted, narrative.length)),
  }
}
