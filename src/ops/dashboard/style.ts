import { createHash } from 'node:crypto'
import { escapeHtml } from './html.ts'

const style = `
:root { color-scheme: light dark; --page: #f4f5f2; --card: #fff; --ink: #1b211e; --soft: #55605a; --line: #d9ddd8; --link: #1f5c8f;
--well: #1d6b3f; --well-bed: #e3f1e7; --soon: #7d5200; --soon-bed: #fbf0d6; --now: #a1211b; --now-bed: #fbe5e2; --draining: #27568a; --draining-bed: #e4edf7 }
@media (prefers-color-scheme: dark) { :root { --page: #131715; --card: #1c211f; --ink: #e7ebe8; --soft: #a6b1ab; --line: #343b38; --link: #9cc7ee;
--well: #86d6a6; --well-bed: #16291e; --soon: #efc266; --soon-bed: #2c2410; --now: #ffa198; --now-bed: #351a18; --draining: #9fc6f2; --draining-bed: #18273a } }
* { box-sizing: border-box }
body { font: 1rem/1.55 system-ui, sans-serif; margin: 0 auto; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 68rem; color: var(--ink); background: var(--page) }
header, footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; color: var(--soft) }
header p, footer p { margin: 0 0 .75rem } .name { font-weight: 650; letter-spacing: .02em; color: var(--ink) }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9rem } footer a { margin-right: 1rem; display: inline-block; padding: .15rem 0 }
a { color: var(--link) } a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem } h3 { font-size: .95rem; margin: 0 0 .4rem; color: var(--soft); font-weight: 600 }
code { font: .92em/1.4 ui-monospace, monospace; overflow-wrap: anywhere } .hint { color: var(--soft); font-size: .9rem; max-width: 46rem } .begin { margin-top: 1.75rem }
.well { --tone: var(--well); --bed: var(--well-bed) } .soon { --tone: var(--soon); --bed: var(--soon-bed) }
.now { --tone: var(--now); --bed: var(--now-bed) } .draining { --tone: var(--draining); --bed: var(--draining-bed) }
.shape { flex: none; fill: var(--tone) } .shape .mark { fill: none; stroke: var(--bed, var(--card)); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round }
.state { display: flex; align-items: center; gap: clamp(1rem, 3vw, 2rem); padding: clamp(1.1rem, 3vw, 2rem); border: 2px solid var(--tone); border-radius: 1rem; background: var(--bed) }
.state .shape { width: clamp(3.25rem, 11vw, 6rem) } .state h1 { font-size: clamp(1.9rem, 6.5vw, 3.4rem); line-height: 1.1; margin: 0; color: var(--tone); letter-spacing: -.01em }
.state p { font-size: clamp(1.05rem, 2.4vw, 1.3rem); line-height: 1.4; margin: .4rem 0 0; max-width: 42rem; text-wrap: balance }
.problems { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem }
.problems li { background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--tone); border-radius: .6rem; padding: .9rem 1.1rem }
.problems p { margin: 0; max-width: 52rem } .what { display: flex; gap: .65rem; font-weight: 600 } .what .shape { width: 1.25rem; height: 1.25rem; margin-top: .15rem }
.problems .do { margin: .45rem 0; padding-left: 1.9rem } .more { font-size: .9rem; color: var(--soft); padding-left: 1.9rem }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem } figure { margin: 0; min-width: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }
figcaption { font-size: .9rem; margin-bottom: .5rem; color: var(--soft) } figcaption b { color: var(--ink) } figure svg { display: block; width: 100%; height: 3rem }
rect { fill: var(--tone) } rect.unknown, rect.none { fill: var(--line) } rect.count { fill: var(--draining) } .shape rect { fill: var(--tone) }
.axis { display: flex; justify-content: space-between; margin: .25rem 0 0; font-size: .8rem; color: var(--soft) }
.groups { columns: 18rem; column-gap: 1rem }
.group { break-inside: avoid; margin-bottom: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem } dl { margin: 0 }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 0; border-top: 1px solid var(--line) } dl div:first-child { border-top: 0 }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 600 } dd i { font-weight: 400; color: var(--soft) }
.text { max-width: 52rem; overflow-wrap: anywhere } .text h2, .text h3 { color: var(--ink); font-size: 1.2rem; margin: 2rem 0 .5rem } .text h3 { font-size: 1.05rem }
.text pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere }
td code { overflow-wrap: break-word } .wide { overflow-x: auto } table { border-collapse: collapse; font-size: .92rem } th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--line) }
:target { background: var(--soon-bed); scroll-margin-top: 1rem }
@media (max-width: 40rem) { .text table, .text tbody, .text tr, .text td { display: block } .text thead { display: none } .text td { border: 0; padding: .1rem 0 } .text tr { border-bottom: 1px solid var(--line); padding: .6rem 0 } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999; --well-bed: #fff; --soon-bed: #fff; --now-bed: #fff; --draining-bed: #fff } nav, .charts { display: none } .problems li, .group { break-inside: avoid } a { color: inherit } }
`

/** The source for `style-src`, which allows this style sheet and no other. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

export function documentHtml({ title, body }: { title: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
}
