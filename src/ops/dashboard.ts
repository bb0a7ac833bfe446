import { createHash } from 'node:crypto'
import type { Figures, Folder } from './figures.ts'
import type { Health } from './health.ts'
import type { Problem } from './problems.ts'

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
.state { font-size: 1.4rem; padding: .8rem 1rem; border-left: .5rem solid }
.good { border-color: #1b7f3b } .poor { border-color: #b26a00 } .bad { border-color: #b3261e }
table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1.5rem .2rem 0; vertical-align: top }
th { font-weight: normal } code { font-size: .9rem }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #121212 } }
`

/** For `style-src`: this one style sheet and no other. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** The whole page. Everything in it comes from fixed texts and numbers. */
export function dashboardHtml(health: Health, figures: Figures | null, stepMinutes: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>Tumen: ${health.isReady ? 'ready' : 'NOT READY'}</title>
<style>${style}</style>
</head>
<body>
<h1>Tumen</h1>
${stateHtml(health)}
${health.problems.map(problemHtml).join('\n')}
<h2>Now</h2>
${tableHtml(nowRows(health))}
<h2>In steps</h2>
<p>These figures move every ${stepMinutes} minutes and are rounded up to 10, 100, 1000 …, so that they never tell when a tip came.</p>
${tableHtml(figureRows(figures))}
<p><a href="/metrics">metrics</a> · <a href="/readyz">readyz</a> · <a href="/livez">livez</a></p>
</body>
</html>
`
}

function stateHtml(health: Health): string {
  const { isReady, problems } = health
  if (!isReady) return '<p class="state bad">Something needs you now: see below.</p>'
  if (problems.length > 0) return '<p class="state poor">Tips are taken in and stored. Something wants a look: see below.</p>'
  return '<p class="state good">All is well: tips are taken in and stored.</p>'
}

function problemHtml({ code, severity, detail, wayOut }: Problem): string {
  return `<h2>${severity === 'error' ? 'Problem' : 'Warning'}: <code>${code}</code></h2>
<p>${escapeHtml(detail)}<br><strong>What to do:</strong> ${escapeHtml(wayOut)}</p>`
}

type Row = [name: string, value: string]

function nowRows({ isRedisUp, processes, keyringDaysLeft }: Health): Row[] {
  return [
    ['Redis', isRedisUp ? 'answers' : 'does not answer'],
    ['intake processes', shown(processes && processes.intake)],
    ['worker processes', shown(processes && processes.worker)],
    ['keyring', keyringDaysLeft === null ? 'not valid' : `valid today and for ${keyringDaysLeft} more days`],
  ]
}

function figureRows(figures: Figures | null): Row[] {
  return [
    ['spool (has a receipt, not stored yet)', folderText(figures?.spool)],
    ['oldest in the spool, at least', figures?.spoolOldestMinutes == null ? 'unknown' : `${figures.spoolOldestMinutes} minutes`],
    ['vault (stored)', folderText(figures?.vault)],
    ['collected by the desk', folderText(figures?.collected)],
    ['quarantine (dead letters)', folderText(figures?.quarantine)],
    ['jobs waiting / active / delayed / failed', queueText(figures)],
    ['sealed to an old keyring', shown(figures?.sealedToOldKeyring)],
    ['shared out among many in the last hour', figures?.isCrowded == null ? 'unknown' : figures.isCrowded ? 'yes: an attack, or many people' : 'no'],
    ['room for envelopes, at least', figures?.freeBytes == null ? 'unknown' : bytesText(figures.freeBytes)],
  ]
}

function queueText(figures: Figures | null): string {
  const queue = figures?.queue
  return queue ? `${queue.waiting} / ${queue.active} / ${queue.delayed} / ${queue.failed}` : 'unknown'
}

function folderText(folder: Folder | null | undefined): string {
  if (!folder) return 'unknown'
  return folder.envelopes === 0 ? 'none' : `up to ${folder.envelopes}, up to ${bytesText(folder.bytes)}`
}

function bytesText(bytes: number): string {
  const unit = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1 ? 0 : Math.min(unit.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${bytes / 1000 ** power} ${unit[power]}`
}

function shown(value: number | null | undefined): string {
  return value == null ? 'unknown' : String(value)
}

function tableHtml(rows: Row[]): string {
  return `<table>\n${rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}\n</table>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '')
}
