/** Of every page; no fonts, no pictures. Tiers differ by their number and their edge, not by colour alone. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1d1f;--soft:#5a6066;--paper:#fff;--card:#f6f6f4;--line:#c9ccd0;--link:#0b57a4;--t0:#a3141a;--t1:#9a4a00;--t2:#5d5a00;--t3:#4a5560;--bad:#a3141a}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e3;--soft:#a9aeb3;--paper:#17191b;--card:#222528;--line:#43484d;--link:#8ab8f0;--t0:#ff8d88;--t1:#f2b06b;--t2:#d9d47a;--t3:#b4bec8;--bad:#ff8d88}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
a{color:var(--link)}a:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem}
header{border-block-end:1px solid var(--line);padding:.6rem 1rem}
header p{margin:.1rem 0;color:var(--soft);font-size:.875rem}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.2rem 0;padding:0;list-style:none}
nav a{display:inline-block;padding:.15rem 0}nav a[aria-current]{color:var(--ink);font-weight:700;text-decoration:none}
main{max-width:78rem;margin:0 auto;padding:.5rem 1rem 3rem}
h1{font-size:1.35rem;margin:.6rem 0 .3rem}h2{font-size:1.05rem;margin:1.2rem 0 .4rem}h3{font-size:1rem;margin:0}
.lead{font-size:1.1rem;margin:.3rem 0 1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:.7rem;padding:0;margin:0;list-style:none}
.card{background:var(--card);border:1px solid var(--line);border-inline-start:.4rem solid var(--t3);padding:.55rem .7rem;border-radius:.3rem;content-visibility:auto;contain-intrinsic-size:auto 11rem}
.t0{border-inline-start-color:var(--t0)}.t1{border-inline-start-color:var(--t1)}.t2{border-inline-start-color:var(--t2)}
.card p{margin:.2rem 0}.meta{color:var(--soft);font-size:.875rem}.big{font-weight:700}
.card ul{margin:.2rem 0;padding-inline-start:1.1rem;font-size:.9375rem}
.mark{display:inline-block;border:1px solid currentColor;border-radius:.2rem;padding:0 .35rem;font-size:.8125rem;font-weight:700;margin-inline-end:.3rem}
.late{color:var(--bad)}
.banner{border:2px solid var(--ink);border-radius:.3rem;padding:.5rem .7rem;margin:.6rem 0}
.banner ul{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.2rem 0;padding:0;list-style:none}
dl{margin:0}dl>div{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.1rem .8rem;padding:.12rem 0}dt{color:var(--soft)}dd{margin:0}
.text{white-space:pre-wrap;background:var(--card);padding:.6rem .8rem;border-radius:.3rem;margin:.3rem 0}
.secret{border:1px dashed var(--bad);padding:.1rem .7rem .5rem;border-radius:.3rem;margin-block-start:1rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}caption{text-align:start;font-weight:700;padding:.3rem 0}
th,td{border-block-end:1px solid var(--line);padding:.25rem .5rem;text-align:start;vertical-align:top}th{font-size:.875rem;color:var(--soft)}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}
.digest{font:.75rem/1.3 ui-monospace,monospace;color:var(--soft)}
.filters{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:end;margin:.5rem 0}.filters label{display:grid;font-size:.875rem;color:var(--soft)}
input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.25rem;padding:.3rem .4rem;max-width:100%}
tr[hidden]{display:none}
.rows tr{content-visibility:auto}
svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}
.bar{fill:var(--link)}.unsure{fill:none;stroke:var(--link);stroke-dasharray:4 3;stroke-width:1.5}.axis{stroke:var(--line)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.8rem}@media (max-width:40rem){.pair{grid-template-columns:1fr}dl>div{grid-template-columns:1fr}}
@media print{@page{size:A4;margin:14mm}body{font-size:9.5pt}header nav,.skip,.filters{display:none}main{padding:0;max-width:none}h1{font-size:14pt}h2{font-size:11pt;margin:.5rem 0 .1rem;break-after:avoid}.card,.banner,dl>div{break-inside:avoid}a{color:inherit;text-decoration:none}.text{padding:.3rem .5rem}.secret{margin-block-start:.4rem}.history{display:none}}
`.trim()
