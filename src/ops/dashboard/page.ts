import type { Figures } from '../figures.ts'
import type { Health } from '../health.ts'
import type { Problem } from '../problems.ts'
import { countChart, stateChart } from './chart.ts'
import { nowGroups, steppedGroups } from './figure-groups.ts'
import type { FigureGroup, FigureRow } from './figure-groups.ts'
import type { History } from './history.ts'
import { escapeHtml, sentenceHtml } from './html.ts'
import { shapeSvg } from './shapes.ts'
import type { State } from './state.ts'
import { stateOf, stateSentence, stateWords } from './state.ts'
import { documentHtml } from './style.ts'

/** A fixed value for everyone, so that the rate of requests reveals nothing. */
export const refreshSeconds = 30

export interface Seen {
  health: Health
  figures: Figures | null
  history: History
  stepMinutes: number
  now: Date
  /**
   * Whether automatic refresh is off, for people who need longer to read the page (WCAG 2.2
   * §2.2.1).
   */
  isHeld: boolean
}

/** The whole page. All of its content comes from fixed texts, our own codes, and numbers. */
export function dashboardHtml({
  health,
  figures,
  history,
  stepMinutes,
  now,
  isHeld,
}: Seen): string {
  const state = stateOf(health)
  return documentHtml({
    title: `${state === 'now' ? 'LOOK NOW' : stateWords[state]} · Tumen`,
    body: `<header><p class="name">Tumen</p><p class="made">looked at ${now.toISOString().slice(11, 16)} UTC</p></header>
<main>
${stateHtml(state, health)}
${problemsHtml(health.problems)}
${historyHtml(history)}
<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
<p class="hint">${figures === null ? 'There are no figures yet: they come at the next step. ' : ''}What runs is as of now. All else moves ${stepText(stepMinutes)} and is rounded up to 10, 100, 1000 …, so that it never tells when a tip came.</p>
<div class="groups">${[...nowGroups(health), ...steppedGroups(figures)].map(groupHtml).join('\n')}</div>
</section>
</main>
<footer><nav aria-label="More"><a href="/runbook">Runbook</a> <a href="/queues/">Queues</a> <a href="/metrics">Metrics</a> <a href="/readyz">readyz</a> <a href="/livez">livez</a></nav>
<p>${isHeld ? 'This page stands still. <a href="/">Let it renew itself</a>' : `This page renews itself every ${refreshSeconds} seconds. <a href="/?still">Hold it still</a>`}</p></footer>`,
  })
}

export function stepText(stepMinutes: number): string {
  return stepMinutes === 1 ? 'every minute' : `every ${stepMinutes} minutes`
}

function stateHtml(state: State, health: Health): string {
  return `<div class="state ${state}">${shapeSvg(state)}<div><h1>${stateWords[state]}</h1><p>${sentenceHtml(stateSentence(health))}</p></div></div>`
}

/**
 * Problems sorted by severity, the worst first: an exhausted person should read first what to do
 * first.
 */
function problemsHtml(problems: readonly Problem[]): string {
  if (problems.length === 0) return ''
  const sorted = [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity !== 'error'),
  ]
  return `<section aria-labelledby="todo"><h2 id="todo">What is wrong, and what to do</h2>
<ol class="problems">
${sorted.map(problemHtml).join('\n')}
</ol></section>`
}

function problemHtml({ code, severity, detail, wayOut }: Problem): string {
  const state = severity === 'error' ? (code.endsWith('DRAINING') ? 'draining' : 'now') : 'soon'
  return `<li class="${state}"><p class="what">${shapeSvg(state)}<span>${sentenceHtml(detail)}</span></p>
<p class="do"><b>Do this:</b> ${sentenceHtml(wayOut)}</p>
<p class="more">${severity === 'error' ? 'Now' : 'Soon'} · <a href="/runbook#${escapeHtml(code)}"><code>${escapeHtml(code)}</code> in the runbook</a></p></li>`
}

function historyHtml(history: History): string {
  const day = history.cells({ hours: 24, cellMinutes: 15 })
  const week = history.cells({ hours: 7 * 24, cellMinutes: 120 })
  if (week.every((cell) => cell === null))
    return '<p class="hint begin">There is no history yet: it begins a minute after ops starts.</p>'
  return `<section aria-labelledby="past"><h2 id="past">Until now</h2>
<div class="charts">
${stateChart('State, a day:', day, 24)}
${stateChart('State, a week:', week, 7 * 24)}
${countChart(
  'In the spool:',
  day.map((cell) => cell && cell.spool),
  24,
)}
${countChart(
  'In the vault:',
  day.map((cell) => cell && cell.vault),
  24,
)}
</div>
<p class="hint">The taller, the worse, or the more: a low bar is all well, half look soon or closed, a full one look now. A thin grey line: not known, as is all from before ops started.</p></section>`
}

function groupHtml({ title, rows }: FigureGroup): string {
  return `<div class="group"><h3>${escapeHtml(title)}</h3>\n<dl>${rows.map(rowHtml).join('\n')}</dl></div>`
}

function rowHtml({ label, value, unit }: FigureRow): string {
  const shown =
    value === null
      ? '<i>not known</i>'
      : escapeHtml(`${value.toLocaleString('en')}${unit === undefined ? '' : ` ${unit}`}`)
  return `<div><dt>${escapeHtml(label)}</dt><dd>${shown}</dd></div>`
}
