/**
 * `npm run bench:page [-- PART]`: the source's page in real browsers; PART is a part of a section's
 * title.
 */
import { fileURLToPath } from 'node:url'
import type { BenchRow, BenchSection } from '../report.ts'
import { runSections } from '../report.ts'
import { benchMemory } from './memory.ts'
import { benchPrimitives } from './primitives.ts'
import { benchProof } from './proof-of-work.ts'
import { startBenchSite } from './site.ts'
import { benchSpeeds } from './speeds.ts'
import { benchTimeToAnswers } from './time-to-answers.ts'
import { benchTimeToUse } from './time-to-use.ts'
import { sumOf, weighPage } from './weight.ts'

const languages = ['ko', 'zh', 'en'] as const
const built = fileURLToPath(new URL('../../dist/page', import.meta.url))

async function benchWeight(): Promise<BenchRow[]> {
  const row = (name: string, bytes: number, goal = ''): BenchRow => ({
    name,
    value: bytes / 1000,
    unit: 'kB',
    baseline: null,
    ratio: null,
    goal,
  })
  const totals = languages.flatMap((language) => {
    const { first, later } = weighPage(built, language)
    return [
      row(`first load, ${language}`, sumOf(first), '≤ 60 kB'),
      row(`what comes after, ${language}`, sumOf(later)),
    ]
  })
  const { first, later } = weighPage(built, 'ko')
  const parts = Object.entries({ ...first, ...later }).map(([name, bytes]) =>
    row(`of it, ko: ${name}`, bytes),
  )
  return [...totals, ...parts]
}

const site = await startBenchSite()
try {
  const sections: BenchSection[] = [
    {
      title: 'Page: weight',
      how: 'Gzipped as the intake does it. First load: HTML, style, app, texts, and the worker that seals. The rest is loaded while the source writes, or when a file is added.',
      measure: benchWeight,
    },
    {
      title: 'Page: time',
      how: 'At 250 kB/s and 800 ms round trip, all connections sharing one line; medians of 3 first visits, each in a browser that was just started. The baseline is one plain response of the size of the first load, over the same line.',
      measure: () => benchTimeToUse(site, sumOf(weighPage(built, 'ko').first)),
    },
    {
      title: 'Page: answers',
      how: 'The same line, with fourteen drops: from the first byte of the page until an answer is shown, when the words are entered at once; medians of 3 visits.',
      measure: benchTimeToAnswers,
    },
    {
      title: 'Page: sealing speed',
      how: 'In a worker of the page, 64 KiB chunks; one run each.',
      measure: () => benchSpeeds(site),
    },
    {
      title: 'Page: primitives',
      how: 'In one worker, 64 KiB at a time; medians of 7 rounds that alternate.',
      measure: () => benchPrimitives(site),
    },
    {
      title: 'Page: memory',
      how: 'Proportional set size of all processes of the browser, as the growth from just before a file of 1 GiB is chosen to the peak before the receipt; with the real intake, without throttling.',
      measure: () => benchMemory(site),
    },
    {
      title: 'Page: proof of work',
      how: 'What the intake asks for in a crowd, all 50,000 numbers; half of it on average. In a worker of the page with noble, and as altcha does it, a promise of WebCrypto for each number; one run each.',
      measure: () => benchProof(site),
    },
  ]
  await runSections(sections, ['chromium', 'firefox-esr'], process.argv[2])
} finally {
  await site.close()
}
