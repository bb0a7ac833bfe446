import { boardStyle } from './style-board.ts'
import { listStyle } from './style-list.ts'
import { printStyle } from './style-print.ts'
import { sheetStyle } from './style-sheet.ts'

/**
 * Styles of every page; no fonts, no pictures, no animation. Tiers differ by number and border, not
 * by colour alone.
 */
const base = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#555d65;--paper:#faf9f7;--card:#fff;--line:#d9d6d0;--link:#0b4f8f;--pale:#c5d8ec;--t0:#a3141a;--t1:#934600;--t2:#5b5a00;--t3:#4a5560;--bad:#a3141a}
@media (prefers-color-scheme:dark){:root{--ink:#e9e7e4;--soft:#aab0b6;--paper:#16181a;--card:#1f2225;--line:#3b4046;--link:#8fbdf2;--pale:#2f4a68;--t0:#ff8d88;--t1:#f2b06b;--t2:#d9d47a;--t3:#b4bec8;--bad:#ff8d88}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,"Noto Sans","Noto Sans CJK KR","Noto Sans Arabic","Noto Serif Tibetan",sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:break-word}
bdi{overflow-wrap:anywhere}a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.15rem}main:focus{outline:none}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.4rem;background:var(--paper);padding:.3rem .6rem;z-index:1}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{border-block-end:1px solid var(--line);background:var(--card)}
nav,header p,main,footer{max-width:76rem;margin-inline:auto;padding-inline:1rem}
nav{padding-block-start:.5rem}nav ul{display:flex;flex-wrap:wrap;gap:0 1.2rem;margin:0;padding:0;list-style:none}
nav a{display:inline-block;padding:.25rem 0;text-decoration:none}nav a:hover{text-decoration:underline}nav a[aria-current]{color:var(--ink);font-weight:700;box-shadow:0 .15rem 0 var(--link)}
header p{margin-block:.2rem .5rem;color:var(--soft);font-size:.875rem}footer{color:var(--soft);font-size:.8125rem;padding-block:1rem 2rem}
main{padding-block:.6rem 2rem}
h1{font-size:1.4rem;line-height:1.25;margin:.6rem 0 .4rem}h2{font-size:1.1rem;margin:1.6rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.4rem 0}.lead{font-size:1.1rem;max-width:50rem}.meta,.hint{color:var(--soft);font-size:.875rem}.hint{border-inline-start:.25rem solid var(--line);padding-inline-start:.6rem}
main>.meta{max-width:56rem}
.others{white-space:nowrap}
.late,.meta.late{color:var(--bad);font-weight:600}.id,.digest,code{font-family:ui-monospace,"DejaVu Sans Mono",monospace}.id{white-space:nowrap}code{font-size:.85em}.digest{font-size:.75rem;color:var(--soft);overflow-wrap:anywhere}
.marks{display:flex;flex-wrap:wrap;gap:.3rem;margin:.3rem 0;padding:0;list-style:none}
.mark{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.8125rem;font-weight:600}.mark.talk{border-color:var(--link);color:var(--link)}.conversation{margin:0;padding:0;list-style:none}.conversation>li{border-inline-start:.2rem solid var(--line);padding-inline-start:.6rem;margin-block:.4rem}
.mark.late{background:var(--bad);border-color:var(--bad);color:var(--card)}
.tier{font-weight:700}.tier.t0{color:var(--t0)}.tier.t1{color:var(--t1)}.tier.t2{color:var(--t2)}.tier.t3{color:var(--t3)}
.window{margin:.4rem 0}.window p{margin:0 0 .2rem}.window svg{display:block;width:100%;height:.4rem;border-radius:.2rem}.window .all{fill:var(--line)}.window .gone{fill:var(--ink)}
dl{margin:0}dl>div{display:grid;grid-template-columns:minmax(6rem,9.5rem) minmax(0,1fr);gap:.1rem .8rem;padding:.1rem 0}dt{color:var(--soft)}dd{margin:0;min-width:0}
details>summary{cursor:pointer}summary h2{display:inline;margin:0}
.command code{display:block;overflow-wrap:anywhere;color:var(--soft)}
@media (max-width:40rem){dl>div{grid-template-columns:minmax(0,1fr);gap:0}dt{font-size:.875rem}nav ul{gap:0 .9rem}}
`

export const style = [base, boardStyle, listStyle, sheetStyle, printStyle]
  .map((part) => part.trim())
  .join('\n')
