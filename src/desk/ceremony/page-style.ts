/** Black on white, A4, with no page breaks inside a block. */
export const pageStyle = `
@page { size: A4; margin: 18mm 16mm }
body { font: 11pt/1.45 system-ui, "Noto Sans", "Noto Sans CJK KR", sans-serif; color: #000; background: #fff; margin: 0 }
main { max-width: 46rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 20pt; margin: 0 0 .5rem } h2 { font-size: 14pt; margin: 1.4rem 0 .4rem; break-after: avoid } h3 { font-size: 12pt; margin: .6rem 0 .1rem; break-after: avoid }
p { margin: .2rem 0 } .what { color: #333; overflow-wrap: anywhere } .warning { border: 3px solid; padding: .4rem .8rem; font-weight: bold }
.steps li { margin: .45rem 0; break-inside: avoid } .box { display: inline-block; width: .8em; height: .8em; border: 1.5px solid; margin: 0 .5em 0 0; vertical-align: -.05em; text-align: center; font: bold .8em/1 system-ui, sans-serif }
.done { columns: 2; padding-left: 1.6rem } .done li { break-inside: avoid; margin: .15rem 0 }
.fingerprint { display: flex; gap: 1rem; align-items: center; border: 1px solid #777; padding: .5rem .8rem; margin: .5rem 0; break-inside: avoid }
.code { flex: none; width: 30mm; height: 30mm } .code svg { display: block; width: 100%; height: 100% } .fingerprint h3 { margin: 0 }
.groups { font: 15pt/1.5 ui-monospace, monospace; word-spacing: .25em } .boxes .box { margin-left: .8em } .boxes .box:first-child { margin-left: 0 }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 } th, td { border: 1px solid #777; padding: .2rem .5rem; text-align: left; height: 2.2em } tr, .whole { break-inside: avoid }
.files { margin: .2rem 0; padding-left: 1.4rem } code { font: 9pt ui-monospace, monospace }
`
